"""The line of an article's time: its texts, and what was done with them between, the newest first.

The texts' contents are never read for it: whatever they are and however many, it is a handful of queries.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db.models import Count
from django.db.models.fields.json import KT
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.deeds import SHOWN_BY_TEXTS, who, words_of
from articles.forms import shown_name
from articles.models import Article, AuditEntry, Comment, Revision, SignOff
from articles.templatetags.desk import DAY_AND_TIME, WORDS
from articles.workflow import NEWER, Stage, State

SHOWN = 150
EVENTS_SHOWN = 300
LARGEST_NUMBER = 2_000_000_000
Kind = Revision.Kind


@dataclass
class Line:
    """One text; or those of one sitting that were saved by themselves, with nothing between them."""

    texts: list[Revision]
    stands_at: datetime | None = None
    previous: Revision | None = None
    badges: list[tuple[str, str]] = field(default_factory=list)
    comments: int = 0
    sign_offs: int = 0

    rank = 0

    @property
    def text(self) -> Revision:
        """The last of them."""
        return self.texts[0]

    @property
    def first(self) -> Revision:
        return self.texts[-1]

    @property
    def at(self) -> datetime:
        return self.text.at

    @property
    def place(self) -> tuple[datetime, int, int]:
        return self.stands_at or self.at, self.rank, self.text.number

    @property
    def who(self) -> str:
        if self.text.by:
            return shown_name(self.text.by)
        return "" if self.text.kind == Kind.FOUND else _("Somebody whose login is gone")

    @property
    def title(self) -> str:
        if len(self.texts) > 1:
            count = ngettext("%(count)d save by itself", "%(count)d saves by themselves", len(self.texts))
            return count % {"count": len(self.texts)}
        restored = self.text.kind == Kind.RESTORED and self.text.note
        return restored or self.text.get_kind_display()

    @property
    def note(self) -> str:
        return "" if self.text.kind == Kind.RESTORED else self.text.note

    @property
    def length(self) -> str:
        """How much longer or shorter the body got, in characters."""
        return length_since(self.text, self.previous)

    @property
    def each(self) -> list[tuple[Revision, int, str]]:
        """The texts of a sitting, each with the number of the one before it and how much longer it got."""
        before = [*self.texts[1:], self.previous]
        return [
            (text, older.number if older else 0, length_since(text, older))
            for text, older in zip(self.texts, before, strict=True)
        ]


@dataclass
class Event:
    """A deed of the workflow between the texts."""

    entry: AuditEntry

    rank = 1  # what was done with a text stands above it
    is_event = True

    @property
    def at(self) -> datetime:
        return self.entry.at

    @property
    def place(self) -> tuple[datetime, int, int]:
        return self.at, self.rank, self.entry.pk

    @property
    def words(self) -> str:
        return words_of(self.entry.deed)

    @property
    def who(self) -> str:
        return who(self.entry)

    @property
    def note(self) -> str:
        """What was said with it; or the instant at which a text is set to go live, as people read it."""
        if self.entry.deed != "publish_later":
            return self.entry.note
        try:
            return moment(datetime.fromisoformat(self.entry.note))
        except ValueError:
            return self.entry.note


@dataclass
class Timeline:
    """A page of it, by days; `older` is the number below which the next page begins."""

    days: list[tuple[date, list[Line | Event]]]
    lines: list[Line]
    older: int | None


def timeline(article: Article, at: datetime, before: int | None = None) -> Timeline:
    """The texts with a number below `before` (the newest, if there is none) and what happened in their time."""
    found = list(texts_of(article, before)[: SHOWN + 1])
    texts, more = found[:SHOWN], found[SHOWN:]
    lines = in_lines(texts)
    follow(lines, [text for text in found if text.kind != Kind.ASIDE])
    tell_apart(lines, article, at)
    events = events_of(article, since=texts[-1].at if more else None, until=newer_at(article, before))
    entries = sorted([*lines, *events], key=lambda entry: entry.place, reverse=True)
    days = groupby(entries, key=lambda entry: timezone.localdate(entry.place[0]))
    return Timeline([(day, list(these)) for day, these in days], lines, texts[-1].number if more else None)


def texts_of(article: Article, before: int | None = None):
    """Without their contents; of the body only its length."""
    rows = Revision.objects.filter(article=article, number__lt=before or LARGEST_NUMBER).order_by("-number")
    return rows.defer("content").select_related("by", "approved_by").annotate(length=Length(KT("content__body")))


def newer_at(article: Article, before: int | None) -> datetime | None:
    rows = Revision.objects.filter(article=article, number=before) if before else Revision.objects.none()
    return rows.values_list("at", flat=True).first()


def events_of(article: Article, since: datetime | None, until: datetime | None) -> list[Event]:
    entries = AuditEntry.objects.about(article).exclude(deed__in=SHOWN_BY_TEXTS)
    entries = entries.filter(at__gte=since) if since else entries
    entries = entries.filter(at__lt=until) if until else entries
    return [Event(entry) for entry in entries[:EVENTS_SHOWN]]


def in_lines(texts: Iterable[Revision]) -> list[Line]:
    """The texts, the newest first, with the runs of one sitting as one line. What was put aside does not part a run."""
    found: list[Line] = []
    run: Line | None = None
    for text in texts:
        if run and belongs(text, run):
            run.texts.append(text)
            continue
        found.append(Line([text]))
        if text.kind != Kind.ASIDE:
            run = found[-1]
    return found


def follow(lines: list[Line], texts: list[Revision]) -> None:
    """Give each line the text of the article's own line that it was made after, and its place: the numbers decide,
    whatever the clocks said."""
    at = lines[0].at if lines else None
    for line in lines:
        line.stands_at = at = min(line.at, at)
        line.previous = next((text for text in texts if text.number < line.first.number), None)


def belongs(text: Revision, run: Line) -> bool:
    """Whether it was saved by itself in the same sitting, and nothing was said of it that deserves a line."""
    both = (text, run.text)
    return (text.sitting, text.by_id) == (run.text.sitting, run.text.by_id) and all(
        each.kind == Kind.AUTOSAVE and not (each.note or each.approved_at or each.went_live_at or each.live_at)
        for each in both
    )


def stops(article: Article) -> list[int]:
    """The numbers of the texts that stand for a line each, the first one first: where looking through them stops."""
    rows = Revision.objects.filter(article=article).order_by("-number").defer("content")
    return [line.text.number for line in in_lines(rows) if line.text.kind != Kind.ASIDE][::-1]


# ---------------------------------------------------------------- what is said of each


def tell_apart(lines: list[Line], article: Article, at: datetime) -> None:
    """Give the lines their badges and their numbers of comments and sign-offs."""
    numbers = [text.pk for line in lines for text in line.texts]
    comments, sign_offs = counted(Comment, numbers), counted(SignOff, numbers)
    for line in lines:
        line.badges = list(badges(line.text, article, at))
        line.comments = sum(comments.get(text.pk, 0) for text in line.texts)
        line.sign_offs = sum(sign_offs.get(text.pk, 0) for text in line.texts)


def counted(model: type[Comment] | type[SignOff], revisions: list[int]) -> dict[int, int]:
    found = model.objects.filter(revision__in=revisions).order_by().values("revision").annotate(number=Count("pk"))
    return dict(found.values_list("revision", "number"))


def badges(text: Revision, article: Article, at: datetime) -> Iterator[tuple[str, str]]:
    """(the kind of badge, the words) for how far a text got."""
    if text.pk == article.live_revision_id and article.status == State.PUBLISHED:
        yield live_badge(article, at)
    elif text.went_live_at and text.went_live_at <= at:
        yield "was-live", _("Was live from {date}").format(date=moment(text.went_live_at))
    if text.approved_at:
        name = shown_name(text.approved_by)
        yield "approved", _("Approved by {name}, {date}").format(name=name, date=moment(text.approved_at))
    if text.pk == article.latest_revision_id:
        yield from newest_badge(text, article)


def live_badge(article: Article, at: datetime) -> tuple[str, str]:
    if article.is_published(at):
        return "live", _("Live now")
    return "scheduled", _("Goes live {date}").format(date=moment(article.published_at))


def newest_badge(text: Revision, article: Article) -> Iterator[tuple[str, str]]:
    if article.stage == Stage.WAITING and text.live_at:
        yield "scheduled", _("Goes live by itself {date}").format(date=moment(text.live_at))
    elif article.stage in NEWER and not text.approved_at:
        yield article.stage.replace("_", "-"), str(WORDS[article.stage])
    elif was_discarded(article):
        yield "discarded", _("Discarded")


def was_discarded(article: Article) -> bool:
    """Whether the newest text was left for the live one."""
    settled = article.status == State.PUBLISHED and article.stage == Stage.SETTLED
    return settled and article.latest_revision_id != article.live_revision_id


def length_since(text: Revision, previous: Revision | None) -> str:
    more = (text.length or 0) - ((previous.length or 0) if previous else 0)
    if more == 0:
        return ""
    words = (
        ngettext("%(count)d character more", "%(count)d characters more", more)
        if more > 0
        else ngettext("%(count)d character fewer", "%(count)d characters fewer", -more)
    )
    return words % {"count": abs(more)}


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), DAY_AND_TIME)
