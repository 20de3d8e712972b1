"""Who is told of what, on the desk and by e-mail: one digest of what has gathered, not a flood.

A notice is a row (`Notice`), made in the transaction of the deed. Mail leaves after the transaction, and what does not
leave then is sent by `manage.py tell_staff`. Each digest reaches somebody **at least once**: first the person is
claimed (`StaffMember.told_at` moves on, for one process only), then the mail goes, then its notices count as told. A
process that is killed, or a mail server that is down, leaves them untold, and ten minutes later they are tried again;
only who is killed in the moment between the mail and the mark sends it twice. Work that nobody hears of is worse.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time
from functools import partial
from itertools import groupby
from smtplib import SMTPRecipientsRefused
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from articles.addresses import absolute
from articles.html.text import one_line
from articles.models import Article, Byline, Comment, Magazine, Notice, StaffMember
from articles.roles import given_to, may, who_may
from articles.workflow import Stage, State

Mail = StaffMember.Mail

PATIENCE: Final = timedelta(minutes=10)
"""The shortest time between two mails to one person, and after which a mail that failed is tried again."""
MORNING: Final = clock_time(8)
INBOX_REACHES: Final = timedelta(days=7)
KEPT: Final = timedelta(days=30)
SHOWN: Final = 50
IN_A_REQUEST: Final = 5
"""Seconds that somebody who presses a button waits for the mail server, at each step of one mail; when it has taken
that long in all, the rest is left to `tell_staff`."""

log = logging.getLogger(__name__)


# ---------------------------------------------------------------- who is told of what


@dataclass(frozen=True)
class Telling:
    """What a move of the workflow is to others: the words, who hears of it, and whether it still stands."""

    words: Promise | str
    audience: Callable[[Article], Q]
    stands: Callable[[Article], bool]


def writers(article: Article) -> Q:
    """Whoever began it, and the logins of its byline."""
    named = Byline.objects.filter(article=article, author__user__isnull=False).values("author__user")
    return Q(pk=article.created_by_id) | Q(pk__in=named)


def those_who_may(deed: str, article: Article) -> Q:
    return Q(pk__in=who_may(deed, article).order_by().values("pk"))


TELLINGS: Final[dict[str, Telling]] = {
    "submit": Telling(
        _lazy("{name} submitted it for review."),
        partial(those_who_may, "approve"),
        lambda article: article.stage == Stage.IN_REVIEW,
    ),
    "ask_for_changes": Telling(
        _lazy("{name} asks for changes."), writers, lambda article: article.stage == Stage.NEEDS_CHANGES
    ),
    "approve": Telling(
        _lazy("{name} approved it."),
        lambda article: writers(article) | those_who_may("publish", article),
        lambda article: article.stage == Stage.APPROVED,
    ),
    "publish": Telling(_lazy("{name} published it."), writers, lambda article: article.status == State.PUBLISHED),
    "publish_later": Telling(
        _lazy("{name} set its new text to go live by itself."), writers, lambda article: article.stage == Stage.WAITING
    ),
    "unpublish": Telling(
        _lazy("{name} took it off the site."), writers, lambda article: article.status == State.UNPUBLISHED
    ),
}
"""By the move's name, which is the notice's reason too. Of other moves nobody is told."""

ABOUT_TALK: Final = frozenset({"comment", "mention"})
"""Reasons that are settled when nothing that was said of the article is open any more."""
READ_IN_THE_TALK: Final = ABOUT_TALK | {"guest"}


def moved(article: Article, name: str, *, by: Any, at: datetime, note: str = "") -> None:
    """Somebody moved an article: tell those whom it concerns, and not who did it."""
    telling = TELLINGS.get(name)
    if telling is None:
        return
    words = telling.words
    if name == "publish" and article.is_scheduled(at):
        words = _("{name} scheduled it.")
    text = str(words).format(name=shown_name(by)) + (f" “{note}”" if note else "")
    people = who_may("view", article).filter(telling.audience(article)).exclude(pk=by.pk)
    tell(people, article=article, reason=name, text=text, at=at)


def commented(comment: Comment, *, by: Any, at: datetime) -> list[str]:
    """Tell of a comment those who write the piece, those who talk in its thread and those who are mentioned. Gives back
    the @names that are nobody's who may see the article."""
    article, who = comment.article, shown_name(by)
    here = {user.username.casefold(): user for user in who_may("view", article)}
    mentioned, strangers = mentions(comment.text, here)
    quote = Truncator(comment.quote).chars(60).translate(INNER_QUOTES)
    about = _("on “{quote}”").format(quote=quote) if quote else ""
    said = " ".join(filter(None, [who, _("answers") if comment.parent_id else _("comments"), about]))
    concerned = Q(pk__in=[user.pk for user in here.values()]) & (writers(article) | Q(pk__in=talkers(comment)))
    others = who_may("view", article).filter(concerned).exclude(pk__in=[by.pk, *(user.pk for user in mentioned)])
    tell(others, article=article, reason="comment", text=f"{said}: {comment.text}", at=at)
    told = [user for user in mentioned if user.pk != by.pk]
    tell(told, article=article, reason="mention", text=f"{said}: {comment.text}", at=at)
    return strangers


def talkers(comment: Comment) -> QuerySet[Any]:
    """Who has said something in a comment's thread."""
    first = comment.parent_id or comment.pk
    return Comment.objects.filter(Q(pk=first) | Q(parent=first), by__isnull=False).order_by().values("by")


INNER_QUOTES: Final = {ord("“"): "‘", ord("”"): "’"}
MENTION: Final = re.compile(r"(?<![\w.+@-])@([\w.+@-]+)")


def mentions(text: str, here: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """Of the @names in a text those of the people here (by their name in lower case), and the names of nobody here."""
    found, strangers = [], []
    for name in dict.fromkeys(MENTION.findall(text)):
        bare = name.rstrip(".@+-")
        user = here.get(name.casefold()) or here.get(bare.casefold())
        if user:
            found.append(user)
        elif bare:
            strangers.append(bare)
    return list(dict.fromkeys(found)), strangers


def shown_name(user: Any) -> str:
    return one_line(user.get_full_name() or user.get_username())


def tell(
    users: Iterable[Any],
    *,
    reason: str,
    text: str,
    at: datetime,
    article: Article | None = None,
    title: str = "",
    address: str = "",
) -> None:
    """As `Notice.objects.tell`; and who wants to be told soon gets a mail right after the transaction."""
    people = list(users)
    if people:
        Notice.objects.tell(people, article=article, title=title, address=address, reason=reason, text=text, at=at)
        numbers = [user.pk for user in people]
        transaction.on_commit(partial(send_soon, numbers, at), robust=True)


# ---------------------------------------------------------------- what still stands


def standing(user: Any, notices: Iterable[Notice]) -> list[Notice]:
    """Those that still hold, of articles whose drafts the person may see, and of what is no article; of each move of an
    article the newest."""
    found = list(notices) if user.is_staff else []
    numbers = {notice.article_id for notice in found if notice.article_id}
    seen = seen_by(user, numbers)
    talked = set(
        Comment.objects.filter(article__in=numbers, parent=None, resolved_at=None).values_list("article", flat=True)
    )
    newest = {(notice.article_id, notice.reason): notice.pk for notice in sorted(found, key=lambda each: each.pk)}
    return [
        notice
        for notice in found
        if (notice.article_id is None or notice.article_id in seen)
        and (notice.reason not in TELLINGS or newest[notice.article_id, notice.reason] == notice.pk)
        and still_holds(notice, talked)
    ]


def seen_by(user: Any, numbers: set[int]) -> set[int]:
    """Of these articles those whose drafts the person may see, now."""
    if not numbers or not may(user, "view"):
        return set()
    return set(given_to(user).filter(pk__in=numbers).values_list("pk", flat=True))


def still_holds(notice: Notice, talked: set[int]) -> bool:
    if notice.reason in ABOUT_TALK:
        return notice.article_id in talked
    telling = TELLINGS.get(notice.reason)
    return telling is None or notice.article is None or telling.stands(notice.article)


def inbox(user: Any, at: datetime) -> list[Notice]:
    """What waits for a person, or came in the last days, the newest first."""
    recent = Notice.objects.filter(Q(at__gte=at - INBOX_REACHES) | Q(told_at=None), user=user)
    return standing(user, with_articles(recent.order_by("-at", "-pk"))[:SHOWN])


def with_articles(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    long = [f"article__{name}" for name in ("body", "opening", "search_text")]
    return notices.select_related("article").defer(*long)


def address_of(notice: Notice) -> str:
    """The page of the desk where the person sees to it, as a path."""
    if notice.article_id is None:
        return notice.address
    page = "talk" if notice.reason in READ_IN_THE_TALK else "change"
    return reverse(f"admin:articles_article_{page}", args=[notice.article_id])


# ---------------------------------------------------------------- the digest


@dataclass
class Outcome:
    """How many were told, and whom (by login) the mail could not be sent to."""

    told: int = 0
    failed: list[str] = field(default_factory=list)


def digest(user: Any, notices: Sequence[Notice], magazine: Magazine) -> EmailMessage:
    """One plain-text mail, grouped by article, in the language and zone of the magazine (which the caller sets)."""
    count = len(notices)
    subject = ngettext(
        "%(count)d thing waits for you at %(magazine)s", "%(count)d things wait for you at %(magazine)s", count
    )
    by_article = sorted(notices, key=lambda notice: (notice.article_id or 0, notice.about, notice.at, notice.pk))
    groups = [list(group) for _key, group in groupby(by_article, key=lambda notice: (notice.article_id, notice.about))]
    context = {
        "magazine": magazine,
        "user": user,
        "groups": [{"about": group[0].about, "lines": [line(notice) for notice in group]} for group in groups],
        "choice": absolute(reverse("mine")),
        "desk": absolute(reverse("admin:index")),
    }
    return EmailMessage(
        subject=one_line(subject % {"count": count, "magazine": magazine.name}),
        body=render_to_string("articles/mail/digest.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no out-of-office answers
    )


def line(notice: Notice) -> dict[str, Any]:
    return {"text": notice.text, "at": notice.at, "address": absolute(address_of(notice))}


def send_soon(numbers: Sequence[int], at: datetime) -> None:
    """Right after a deed: to those of these logins who want to be told soon and were not in the last ten minutes.

    Somebody waits for the answer to their request, so it neither raises nor takes long.
    """
    enlist(numbers)
    ripe = due(at).filter(user__in=numbers, mail=Mail.SOON)
    send(ripe, at, patience=IN_A_REQUEST)


def send_due(at: datetime) -> Outcome:
    """To all whose time has come; and the notices that nobody needs any more go."""
    set_aside(at)
    enlist(list(Notice.objects.not_told().order_by().values_list("user", flat=True).distinct()))
    return send(due(at), at)


def enlist(numbers: Sequence[int]) -> None:
    """A row for each of these logins that has none: what they want is the default."""
    there = set(StaffMember.objects.filter(user__in=numbers).values_list("user", flat=True))
    missing = [StaffMember(user_id=number) for number in numbers if number not in there]
    StaffMember.objects.bulk_create(missing, ignore_conflicts=True)


def set_aside(at: datetime) -> None:
    """What is mailed to nobody does not wait, so that a later change of mind brings no flood; old notices go."""
    nobody = Q(user__staff_member__mail=Mail.NEVER) | Q(user__email="") | Q(user__is_active=False)
    Notice.objects.not_told().filter(nobody).update(told_at=at)
    Notice.objects.filter(told_at__lt=at - KEPT).delete()


def due(at: datetime) -> QuerySet[StaffMember]:
    """Those for whom something waits and whose time has come."""
    waiting = Notice.objects.not_told().filter(user=OuterRef("user"))
    morning = last_morning(at, Magazine.objects.current().zone)
    soon = Q(Exists(waiting), mail=Mail.SOON)
    daily = Q(Exists(waiting.filter(at__lt=morning)), mail=Mail.DAILY)
    rested = Q(told_at=None) | Q(told_at__lte=at - PATIENCE)
    people = StaffMember.objects.filter(rested, soon | daily, user__is_active=True).exclude(user__email="")
    return people.select_related("user").order_by("pk")


def last_morning(at: datetime, zone: ZoneInfo) -> datetime:
    """The last time it was eight o'clock."""
    today = datetime.combine(at.astimezone(zone).date(), MORNING, zone)
    return today if today <= at else datetime.combine(today.date() - timedelta(days=1), MORNING, zone)


def send(people: Iterable[StaffMember], at: datetime, patience: float | None = None) -> Outcome:
    """Their digests, one after the other; stops where the mail server does not answer.

    `patience`: seconds for each step of a mail and for all of them, where somebody waits.
    """
    magazine, outcome, began = Magazine.objects.current(), Outcome(), time.monotonic()
    connection = get_connection(timeout=patience)
    with translation.override(magazine.language), timezone.override(magazine.zone):
        for person in people:
            if patience and time.monotonic() - began > patience:
                break
            try:
                outcome.told += send_one(person, at, magazine, connection)
            except (SMTPRecipientsRefused, ValueError) as error:  # this address; the others may be right
                fail(outcome, person, error)
            except OSError as error:
                fail(outcome, person, error)
                break
    close(connection)
    return outcome


def send_one(person: StaffMember, at: datetime, magazine: Magazine, connection: Any) -> bool:
    waiting = list(with_articles(Notice.objects.not_told().filter(user=person.user)))
    notices = standing(person.user, waiting)
    if notices:
        if not claim(person, at):
            return False
        connection.open()
        connection.send_messages([digest(person.user, notices, magazine)])
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(told_at=at)
    return bool(notices)


def claim(person: StaffMember, at: datetime) -> bool:
    """Of several processes one gets the person; for ten minutes nobody else does."""
    return bool(StaffMember.objects.filter(pk=person.pk, told_at=person.told_at).update(told_at=at))


def fail(outcome: Outcome, person: StaffMember, error: Exception) -> None:
    outcome.failed.append(person.user.get_username())
    log.error("The digest for %s could not be sent", person.user.get_username(), exc_info=error)


def close(connection: Any) -> None:
    """What is sent is sent; a server that is gone by now does not make it a failure."""
    try:
        connection.close()
    except OSError:
        log.warning("The mail server did not say goodbye")
