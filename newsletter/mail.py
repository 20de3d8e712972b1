"""An issue as mail: subject, HTML and text, made once and frozen; and the archive's page of it.

What is frozen holds tokens.LEAVE_HERE where each reader's own token goes, which is as long: `with_token` puts it there
in text or bytes, and no length changes. No line of the HTML is too long for 8bit mail, so nothing is encoded anew.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import formataddr
from itertools import groupby
from typing import Any, Final, Protocol, TypeVar

from css_inline import CSSInliner
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Prefetch
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import uri_to_iri
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles import html
from articles.addresses import absolute
from articles.html.text import one_line
from articles.models import Article, Magazine, Picture
from articles.models.byline import bylines_and_authors
from articles.rights import Use, why_not
from newsletter import lines, mail_pictures
from newsletter.mail_pictures import LARGE, SMALL, MailPicture, NoSuchPicture
from newsletter.models import Issue, Item, ItemKind, Newsletter
from newsletter.tokens import LEAVE_HERE

LONGEST_BLURB: Final = 280
INLINER: Final = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
"""Asks nobody for a stylesheet: an address in a mail's HTML must not lead our server anywhere."""
FILLER: Final = "\u034f " * 60
"""Behind the preheader, so that a mail program does not go on with the first words of the page."""
LONGEST_ADDRESS: Final = 500
POINT: Final = re.compile("<li>(<p>)?")
T = TypeVar("T", str, bytes)


@dataclass(frozen=True)
class Rendered:
    """An issue as it is sent, and `web`, its page in the archive: stored HTML without head, frame or token."""

    subject: str
    preheader: str
    html: str
    text: str
    web: str


class Mail(Protocol):
    """A Rendered, or an Issue that is frozen."""

    @property
    def subject(self) -> str: ...
    @property
    def preheader(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Entry:
    """An item as readers see it. `path` is the piece's on the site, `address` where its link in the mail leads."""

    title: str
    path: str
    address: str
    section: str
    section_path: str
    colour: str
    byline: str
    blurb: str
    alt: str = ""
    credit: str = ""
    picture: MailPicture | None = None
    large: MailPicture | None = None
    updated: datetime | None = None


@dataclass(frozen=True)
class Group:
    """Entries below the heading of their section, or below none."""

    heading: str
    colour: str
    entries: list[Entry]


@dataclass(frozen=True)
class Sheet:
    """What an issue shows: the first piece, the others, and what has changed in pieces readers had before."""

    lead: Entry | None = None
    groups: list[Group] = field(default_factory=list)
    updates: list[Entry] = field(default_factory=list)


# ---------------------------------------------------------------- made


def render(issue: Issue, at: datetime, *, to_send: bool = False) -> Rendered:
    """The issue as it would go out at `at`, or when it is scheduled for if that is later.

    Only what is made `to_send` counts clicks, if staff want that: those links lead nowhere before readers have it.

    Pieces that are not public then are not in it, so that no text gets out that readers may not see. As many queries
    however many pieces there are; pictures for mail that are not there yet are made.
    """
    magazine, newsletter = Magazine.objects.current(), Newsletter.objects.current()
    goes = goes_out(issue, at)
    with translation.override(magazine.language), timezone.override(magazine.zone):
        shown = sheet(issue, goes, counts=to_send and newsletter.counts_clicks)
        context: dict[str, Any] = {
            "magazine": magazine,
            "name": newsletter.short_name,
            "issue": issue,
            "goes": goes,
            "subject": one_line(issue.subject),
            "preheader": one_line(issue.preheader),
            "filler": FILLER,
            "sheet": shown,
            "start": "right" if magazine.direction == "rtl" else "left",
            "end": "left" if magazine.direction == "rtl" else "right",
            **links(issue),
        }
        words = words_of(issue, goes)
        return Rendered(
            subject=context["subject"],
            preheader=context["preheader"],
            html=as_html(words, context),
            text=as_text(words, context),
            web=render_to_string("newsletter/web.html", {**context, **words}),
        )


def as_it_stands(issue: Issue, at: datetime) -> Rendered:
    """The frozen copy where there is one, else the issue as it would go out: what staff see is what is sent."""
    if issue.frozen_at and not issue.is_draft:
        return Rendered(issue.subject, issue.preheader, issue.html, issue.text, issue.web)
    return render(issue, at)


def goes_out(issue: Issue, at: datetime) -> datetime:
    return max(at, issue.scheduled_for) if issue.scheduled_for else at


def links(issue: Issue) -> dict[str, str]:
    """The addresses at the foot of the mail."""
    archive = reverse("newsletter_issue", args=[issue.number]) if issue.number else reverse("newsletter_issues")
    return {
        "archive": absolute(archive),
        "leave": absolute(reverse("newsletter_leave", args=[LEAVE_HERE])),
        "preferences": absolute(reverse("newsletter_preferences")),
        "site": absolute(reverse("front")),
    }


def words_of(issue: Issue, at: datetime) -> dict[str, str]:
    """What staff wrote around the pieces: clean already where a form took it, and cleaned again changes nothing."""
    return {name: mail_pictures.in_words(html.clean(getattr(issue, name)), at) for name in ("intro", "outro")}


def as_html(words: dict[str, str], context: dict[str, Any]) -> str:
    words = {name: html.with_absolute_links(text, absolute("/")) for name, text in words.items()}
    return lines.folded(INLINER.inline(render_to_string("newsletter/mail/issue.html", {**context, **words})))


def as_text(words: dict[str, str], context: dict[str, Any]) -> str:
    words = {name: spelt_out(text) for name, text in words.items()}
    return lines.wrapped(render_to_string("newsletter/mail/issue.txt", {**context, **words}))


def spelt_out(words: str) -> str:
    """Stored HTML as plain text: the address of a link behind its words, a dash before each point of a list."""
    parts, address = [], ""
    words = POINT.sub(r"<li>\1– ", html.with_absolute_links(words, absolute("/")))
    for token in html.TOKEN.finditer(words):
        start = token[0].startswith('<a href="')
        address = token[0].split('"')[1] if start else address
        if token[0] == "</a>" and address:
            parts.append(f" ({address})")
        parts.append(token[0])
    return html.plain("".join(parts)).replace("\n", "\n\n")


# ---------------------------------------------------------------- what it shows


def sheet(issue: Issue, at: datetime, *, counts: bool = False) -> Sheet:
    items = list(shown_items(issue, at))
    first = next((item for item in items if item.kind == ItemKind.PIECE), None)
    entries = [(item, entry_of(item, at, first=item is first, counts=counts)) for item in items]
    rest = [entry for item, entry in entries if item is not first and item.kind == ItemKind.PIECE]
    return Sheet(
        lead=next((entry for item, entry in entries if item is first), None),
        groups=in_sections(rest) if issue.by_section else [Group("", "", rest)] if rest else [],
        updates=[entry for item, entry in entries if item.kind == ItemKind.UPDATE],
    )


def shown_items(issue: Issue, at: datetime) -> Iterable[Item]:
    """The items whose pieces are public at an instant, in their order."""
    return [item for item in items_of(issue) if item.article and item.article.is_published(at)]


def items_of(issue: Issue) -> Sequence[Item]:
    if issue.pk is None:
        return []
    articles = Article.objects.select_related("section", "lead_picture").prefetch_related(bylines_and_authors())
    articles = articles.defer("body", "search_text")
    return list(issue.items.select_related("picture").prefetch_related(Prefetch("article", articles)))


def in_sections(entries: Sequence[Entry]) -> list[Group]:
    """Below the headings of their sections, in the order in which these first come."""
    order = list(dict.fromkeys(entry.section for entry in entries))
    ranked = sorted(entries, key=lambda entry: order.index(entry.section))
    groups = [(name, list(found)) for name, found in groupby(ranked, key=lambda entry: entry.section)]
    return [Group(name, found[0].colour, found) for name, found in groups]


def entry_of(item: Item, at: datetime, *, first: bool, counts: bool) -> Entry:
    article = item.article
    assert article is not None
    assert article.section is not None  # a constraint of what is published
    is_update = item.kind == ItemKind.UPDATE
    path = article.get_absolute_url()
    entry = Entry(
        title=one_line(item.title or article.headline),
        path=path,
        address=in_mail(counted(item) if counts and item.issue.number else path),
        section=article.section.name,
        section_path=article.section.get_absolute_url(),
        colour=article.section.colour,
        byline="" if is_update else byline(article),
        blurb=one_line(item.blurb) or ("" if is_update else blurb_of(article)),
        updated=article.shown_update if is_update else None,
    )
    return entry if is_update else with_picture(entry, item, at, first=first)


def in_mail(path: str) -> str:
    """The address of a path. Percent signs make nine octets of a letter that has three: one that would not fit a line
    of mail with them is written in its own letters (RFC 3987)."""
    address = absolute(path)
    return address if len(address) <= LONGEST_ADDRESS else uri_to_iri(address)


def counted(item: Item) -> str:
    """The path over which a click is counted, of an item of an issue that has its number."""
    return reverse("newsletter_click", args=[item.issue.number, item.pk])


def blurb_of(article: Article) -> str:
    """The dek, or the first words of the piece."""
    return one_line(article.dek) or Truncator(one_line(html.plain(article.opening))).chars(LONGEST_BLURB)


def picture_of(item: Item, at: datetime) -> Picture | None:
    """The picture an item shows when it goes out at an instant; rights come before everything."""
    picture = item.picture or (item.article.lead_picture if item.article else None)
    if picture is None or not item.shows_picture or why_not(picture.rights, Use.NEWSLETTER, at):
        return None
    return picture


def alt_of(item: Item, picture: Picture) -> str:
    """What the picture shows; of one that shows nothing, whither it leads, since it is a link."""
    assert item.article is not None
    if picture.decorative:
        return one_line(item.title or item.article.headline)
    return one_line(picture.alt if item.picture else item.article.lead_alt_text)


def with_picture(entry: Entry, item: Item, at: datetime, *, first: bool) -> Entry:
    picture = picture_of(item, at)
    if picture is None:
        return entry
    alt = alt_of(item, picture)
    try:
        large = mail_pictures.made(picture, LARGE)
        shown = large if first else mail_pictures.made(picture, SMALL)
        return replace(entry, alt=alt, credit=one_line(picture.credit), large=large, picture=shown)
    except NoSuchPicture:  # the list before sending says so
        return entry


def byline(article: Article) -> str:
    """Its byline without links: "By A and B, with C"."""
    if article.byline_override:
        return one_line(article.byline_override)
    plain = [author.name for author, role in article.credits() if not role]
    others = [f"{role} {author.name}" for author, role in article.credits() if role]
    names = [f" {_('and')} ".join(filter(None, [", ".join(plain[:-1]), *plain[-1:]]))] if plain else []
    text = ", ".join([f"{_('by')} {each}" for each in names] + others)
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- kept


def freeze(issue: Issue, at: datetime) -> None:
    """Fix what is sent, on a held row and in the caller's transaction: subject, HTML, text, page, digest, number."""
    with transaction.atomic():
        issue.number = issue.number or next_number()
        rendered = render(issue, at, to_send=True)
        issue.subject, issue.preheader = rendered.subject, rendered.preheader
        issue.html, issue.text, issue.web = rendered.html, rendered.text, rendered.web
        issue.sha256, issue.frozen_at = digest(rendered), at
        issue.save(
            update_fields=[
                *("number", "subject", "preheader", "html", "text", "web", "sha256", "frozen_at", "saved_at"),
            ]
        )


def next_number() -> int:
    """The number after the highest, while nobody else takes one: the newsletter's row is held for it."""
    Newsletter.objects.held()
    return (Issue.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def digest(mail: Mail) -> str:
    """The SHA-256 of what is sent, in hexadecimal: 64 digits."""
    parts = [mail.subject, mail.preheader, mail.html, mail.text]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def size(text: str) -> int:
    """The size of the HTML part as mail programs count it before they clip: octets in UTF-8."""
    return len(text.encode())


def with_token(text: T, token: str) -> T:
    """A part of a mail, as text or as bytes, with a reader's token where it belongs; its length stays."""
    if len(token) != len(LEAVE_HERE):
        raise ValueError("The token of another length would change the frozen mail.")
    if isinstance(text, bytes):
        return text.replace(LEAVE_HERE.encode(), token.encode())
    return text.replace(LEAVE_HERE, token)


def sender(newsletter: Newsletter, magazine: Magazine) -> str:
    """The From of the round-up, as the settings of the newsletter say or else the site's."""
    address = newsletter.from_address or settings.DEFAULT_FROM_EMAIL
    return formataddr((one_line(newsletter.from_name or magazine.name), address)) if "<" not in address else address
