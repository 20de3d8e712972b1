"""What stands in the way of an issue: looked at when it is scheduled, and again before it is sent."""

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Final, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles import notices
from articles.html import words_in
from articles.links import Answer
from articles.models import AuditEntry, Magazine
from articles.roles import who_has
from newsletter import mail, mail_pictures
from newsletter.mail_pictures import SMALL, NoSuchPicture
from newsletter.models import Issue, Item, ItemKind
from newsletter.states import FROZEN
from newsletter.tokens import LEAVE_HERE

Level = Literal["stop", "warn"]
Ask = Callable[[Iterable[str]], Mapping[str, Answer]]

CLIPPED: Final = 100 * 1024
"""Octets of HTML after which Gmail shows no more of a mail (102 kB), and with it the link to leave."""
LARGE: Final = 80 * 1024
FEWEST_WORDS: Final = 20
OTHER_SCHEMES: Final = frozenset({"mailto", "tel"})


@dataclass(frozen=True)
class Finding:
    """A fault: "stop" lets nobody send, "warn" is for the person who does. `code` names the rule."""

    level: Level
    code: str
    text: str


def check(issue: Issue, at: datetime, ask: Ask | None = None) -> list[Finding]:
    """All that is wrong with an issue that goes out at `at` (or later, if it is scheduled for later), stops first.

    `ask` asks links of other sites whether they answer, as articles.links.check does; not where the operator has turned
    CHECK_LINKS off. It takes seconds, so not in a transaction.
    """
    magazine = Magazine.objects.current()
    with translation.override(magazine.language):
        goes = mail.goes_out(issue, at)
        rendered = frozen(issue) if issue.state in FROZEN else mail.render(issue, at)
        found = [
            *about_words(issue, magazine),
            *about_items(issue, goes),
            *about_parts(rendered),
            *about_page(rendered.html, ask if settings.CHECK_LINKS else None),
        ]
        return sorted(found, key=lambda finding: finding.level != "stop")


def frozen(issue: Issue) -> mail.Rendered:
    """What goes out is what was frozen, so that is what is looked at."""
    return mail.Rendered(issue.subject, issue.preheader, issue.html, issue.text, issue.web)


def stops(found: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.level == "stop"]


# ---------------------------------------------------------------- the rules


def about_words(issue: Issue, magazine: Magazine) -> Iterator[Finding]:
    if not magazine.postal_address.strip():
        yield stop("postal_address", _("The magazine has no postal address. The law of many countries wants one."))
    if not issue.subject.strip():
        yield stop("subject", _("The issue has no subject."))
    if not issue.preheader.strip():
        yield stop("preheader", _("The issue has no preheader, the line behind the subject."))


def about_items(issue: Issue, goes: datetime) -> Iterator[Finding]:
    items = mail.items_of(issue)
    shown = [item for item in items if is_public(item, goes)]
    earlier = Issue.objects.frozen().exclude(pk=issue.pk)
    had = set(Item.objects.filter(issue__in=earlier, kind=ItemKind.PIECE).values_list("article", flat=True))
    if not any(item.kind == ItemKind.PIECE for item in shown):
        yield stop("empty", _("There is no piece in the issue."))
    for item in items:
        title = {"title": str(item) or _("A piece that was deleted")}
        if item not in shown:
            yield stop("withdrawn", _("“%(title)s” is not on the site when the issue goes out.") % title)
        elif item.kind == ItemKind.PIECE and not item.pinned and item.article_id in had:
            yield warn("again", _("“%(title)s” was in an earlier issue. Pin it if that is meant.") % title)
        if item in shown and not picture_is_there(item):
            yield warn("picture", _("The picture of “%(title)s” is left out: its file is not there.") % title)


def is_public(item: Item, at: datetime) -> bool:
    return item.article is not None and item.article.is_published(at)


def picture_is_there(item: Item) -> bool:
    picture = item.picture or (item.article and item.article.lead_picture)
    try:
        return not (picture and item.shows_picture and picture.in_newsletter) or bool(
            mail_pictures.made(picture, SMALL)
        )
    except NoSuchPicture:
        return False


def about_parts(rendered: mail.Rendered) -> Iterator[Finding]:
    if LEAVE_HERE not in rendered.html or LEAVE_HERE not in rendered.text:
        yield stop("unsubscribe", _("The link to unsubscribe is missing in the HTML or in the text."))
    if words_in(rendered.text) < FEWEST_WORDS or "<html" in rendered.text:
        yield stop("text", _("The text part says nothing."))
    size = mail.size(rendered.html)
    words = {"size": round(size / 1024), "limit": CLIPPED // 1024}
    if size > CLIPPED:
        yield stop("size", _("The mail has %(size)d KB of HTML; above %(limit)d KB it is cut off.") % words)
    elif size > LARGE:
        yield warn("size", _("The mail has %(size)d KB of HTML; above %(limit)d KB it is cut off.") % words)


def about_page(page: str, ask: Ask | None) -> Iterator[Finding]:
    """Of the HTML as it is: its links and its pictures."""
    seen = Looking()
    seen.feed(page)
    bare = [picture for picture in seen.pictures if not picture.get("alt", "").strip()]
    if bare:
        yield stop("alt", _("%(count)d pictures have no alt text.") % {"count": len(bare)})
    if not all(picture.get("width", "").isdecimal() for picture in seen.pictures):
        yield stop("width", _("A picture has no width: Outlook would show it as large as it is."))
    sources = [picture.get("src", "") for picture in seen.pictures]
    faults = [finding for address in dict.fromkeys([*seen.links, *sources]) if (finding := about_link(address))]
    yield from one_each(faults)
    yield from about_answers(seen.links, ask)


def about_link(address: str) -> Finding | None:
    """An address in a mail leads there from anywhere, over TLS; a laptop's own may lead to itself."""
    words = {"address": address[:200]}
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return stop("link", _("“%(address)s” is no address.") % words)
    if parts.scheme in OTHER_SCHEMES or (parts.scheme == "https" and host):
        return None
    ours = urlsplit(settings.SITE_URL)
    if parts.scheme == "http" and parts.netloc == ours.netloc and ours.scheme == "http" and is_here(host):
        return warn("laptop", _("This site has no public address: the links work on this computer only."))
    return stop("link", _("“%(address)s” is not an https address.") % words)


def is_here(host: str) -> bool:
    """Whether a name means this computer or its own network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".test"))


def about_answers(addresses: Iterable[str], ask: Ask | None) -> Iterator[Finding]:
    """Links of other sites that do not answer. Our own lead to pieces, and those are looked at as items."""
    ours = f"{settings.SITE_URL}/"
    others = [each for each in dict.fromkeys(addresses) if each.startswith("https://") and not each.startswith(ours)]
    for address, answer in (ask(others) if ask and others else {}).items():
        words: dict[str, str | Promise] = {"address": address[:200], "reason": answer.reason}
        if answer.is_dead:
            yield stop("dead", _("“%(address)s” does not answer: %(reason)s.") % words)
        elif answer.state in {"unsure", "not asked"}:
            yield warn("unsure", _("Look at “%(address)s” yourself: %(reason)s.") % words)


def stop(code: str, text: str) -> Finding:
    return Finding("stop", code, text)


def warn(code: str, text: str) -> Finding:
    return Finding("warn", code, text)


def one_each(found: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(found))


@dataclass
class Looking(HTMLParser):
    """Finds where a mail leads and which pictures it shows."""

    links: list[str] = field(default_factory=list)
    pictures: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "img":
            self.pictures.append(given)


# ---------------------------------------------------------------- what was withdrawn


def drop_withdrawn(issue: Issue, at: datetime) -> list[Item]:
    """Take out of a held issue the items whose pieces are not public at `at`; staff are told, and the log has it.

    Whoever calls it freezes the issue anew.
    """
    gone = [item for item in mail.items_of(issue) if not is_public(item, at)]
    if gone:
        titles = " · ".join(str(item) or _("a piece that was deleted") for item in gone)
        with transaction.atomic():
            issue.items.filter(pk__in=[item.pk for item in gone]).delete()
            AuditEntry.objects.note("drop_withdrawn", issue, by=None, at=at, note=titles[:500])
            tell_of_dropped(issue, titles, at)
    return gone


def tell_of_dropped(issue: Issue, titles: str, at: datetime) -> None:
    notices.tell(
        who_has("newsletter.send_issue"),
        reason="round_up",
        title=str(issue),
        address=reverse("admin:newsletter_issue_change", args=[issue.pk]),
        text=_("No longer on the site, so left out of the issue: %(titles)s") % {"titles": titles},
        at=at,
    )
