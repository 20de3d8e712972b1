"""Old texts that were saved by themselves are thinned by a rule; whatever somebody meant, said or was shown stays.

Times are cut into stretches that lie inside one another: ten minutes, an hour, a day. A stretch counts as a whole as
old as its end, and of each the last text stays; so thinning today and again next week leaves what thinning next week
would have left.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from articles.models import Article, AuditEntry, Comment, GuestLink, Revision, SignOff
from articles.models.revision import RevisionQuerySet

KEPT_WHOLE: Final = timedelta(hours=1)
"""Of the last hour everything is kept."""

START: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """From this age on, the last text of each stretch of a sitting is kept; or only the last of the whole sitting."""

    older_than: timedelta
    stretch: timedelta
    keeps: bool = True

    def of(self, at: datetime) -> int:
        """The number of the stretch that an instant lies in."""
        return (at - START) // self.stretch

    def has_come(self, at: datetime, now: datetime) -> bool:
        """Whether the whole stretch around `at` is old enough."""
        return START + (self.of(at) + 1) * self.stretch <= now - self.older_than


STEPS: Final = (
    Step(timedelta(days=30), timedelta(days=1), keeps=False),
    Step(timedelta(days=7), timedelta(days=1)),
    Step(timedelta(days=1), timedelta(hours=1)),
    Step(KEPT_WHOLE, timedelta(minutes=10)),
)
"""The oldest first; each stretch is made of whole ones of the next, and `test_thinning` holds that to be so."""


def thin(article: Article, at: datetime) -> int:
    """Remove what the rule spares no longer of one article, and say how many. A handful of queries."""
    with transaction.atomic():
        # Held, so that nobody comments on a text between the question and the deed.
        gone = surplus(article, at, held=True)
        if gone:
            Revision.objects.filter(pk__in=gone).delete()
    return len(gone)


def surplus(article: Article, at: datetime, *, held: bool = False) -> list[int]:
    """The primary keys of the texts that the rule spares no longer."""
    old = old_autosaves(at).filter(article=article).order_by("at", "number")
    rows = list((old.select_for_update(of=("self",)) if held else old).values_list("pk", "sitting", "at", "number"))
    if not rows:
        return []
    spoken_of = set(AuditEntry.objects.about(article).values_list("revision", flat=True))
    may_go = set(spared_by_nothing(old).values_list("pk", flat=True))
    may_go -= {pk for pk, _sitting, _saved, number in rows if number in spoken_of}
    return too_many([(pk, sitting, saved) for pk, sitting, saved, _number in rows], may_go, at)


def too_many(rows: Iterable[tuple[int, str, datetime]], may_go: Container[int], at: datetime) -> list[int]:
    """The rule itself, on texts by key, sitting and time, the oldest first: which of those that may go do.

    What stays anyway stands for its stretch too.
    """
    gone: list[int] = []
    last: dict[tuple[str, Step, int], int] = {}
    for key, sitting, saved in rows:
        step = next((step for step in STEPS if step.has_come(saved, at)), None)
        if step is None:
            continue
        stretch = (sitting, step, step.of(saved))
        if not step.keeps:
            gone.append(key)
        elif stretch in last:
            gone.append(last[stretch])
        last[stretch] = key
    return [key for key in gone if key in may_go]


def old_autosaves(at: datetime) -> RevisionQuerySet:
    return Revision.objects.filter(kind=Revision.Kind.AUTOSAVE, at__lt=at - KEPT_WHOLE)


def spared_by_nothing(autosaves: RevisionQuerySet) -> RevisionQuerySet:
    """Those that bear no mark and are not the last of their sitting, not the newest or the live text of their article,
    not commented, signed off, or what a guest has seen."""
    sitting = {"article": OuterRef("article"), "sitting": OuterRef("sitting")}
    later = Revision.objects.filter(**sitting, number__gt=OuterRef("number")).exclude(sitting="")
    this = OuterRef("pk")
    return (
        autosaves.filter(Exists(later), note="", approved_at=None, live_at=None, went_live_at=None)
        .exclude(article__latest_revision=F("pk"))
        .exclude(article__live_revision=F("pk"))
        .exclude(Exists(Comment.objects.filter(revision=this)))
        .exclude(Exists(SignOff.objects.filter(revision=this)))
        .exclude(Exists(GuestLink.objects.filter(seen_revision=this)))
    )


def with_old_autosaves(at: datetime) -> Iterator[Article]:
    """The articles that may have something to thin, without their texts."""
    old = old_autosaves(at).values("article")
    return Article.objects.filter(pk__in=old).only("pk").order_by("pk").iterator()
