"""What became of an issue, in numbers. Nothing is counted of single readers: not who opened it or followed a link.

What is cheap is asked each time. That the domains of what failed are counted from a million deliveries is done once
when the issue has ended, and kept (models.Figures).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Min, QuerySet, Sum, Value
from django.db.models.functions import Lower, StrIndex, Substr

from newsletter.models import Batch, Bounce, BounceKind, Consent, Deed, Delivery, Figures, Issue, Pace
from newsletter.states import DeliveryState, IssueState

TOP: Final = 10
BARS: Final = 60
"""So many steps of time a chart has, at most."""
STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440))
BEFORE: Final = 5
"""So many earlier issues stand beside it."""
ENDED: Final = frozenset({IssueState.SENT, IssueState.CANCELLED, IssueState.FAILED})
COMES_BACK: Final = (BounceKind.HARD, BounceKind.SOFT, BounceKind.POLICY)


@dataclass(frozen=True)
class Line:
    """An issue in one line. `left` and `came` are those who did from its beginning to that of the next issue."""

    issue: Issue
    total: int
    sent: int
    failed: int
    skipped: int
    in_doubt: int
    bounced: int
    complained: int
    left: int
    came: int
    clicks: int

    def share(self, number: int) -> float:
        """Percent of those to whom it went out."""
        return round(number * 100 / self.sent, 2) if self.sent else 0.0


@dataclass(frozen=True)
class Numbers:
    """All that the page of an issue shows when it has ended, or is held."""

    line: Line
    earlier: list[Line]
    bounces: dict[str, int]
    times: list[tuple[datetime, int, int]]
    """(when a step of time begins, sent, failed)."""
    domains: list[tuple[str, int]]
    clicks: list[tuple[str, int]] = field(default_factory=list)
    """(what the piece was called, how often it was opened); empty unless that is counted."""


def of(issue: Issue, at: datetime) -> Numbers:
    items = list(issue.items.all())
    clicked = any(item.clicks for item in items)
    return Numbers(
        line=line(issue, at),
        earlier=[line(each, at) for each in before(issue)],
        bounces=kinds_of(issue.bounces.all()),
        times=over_time(issue),
        domains=failing_domains(issue, at),
        clicks=[(str(item), item.clicks) for item in items] if clicked else [],
    )


def before(issue: Issue) -> QuerySet[Issue]:
    """The issues that went out before it, the newest first."""
    sent = Issue.objects.filter(state=IssueState.SENT, began_at__isnull=False).defer("html", "text", "web")
    earlier = sent.filter(began_at__lt=issue.began_at) if issue.began_at else sent.none()
    return earlier.order_by("-began_at")[:BEFORE]


def line(issue: Issue, at: datetime) -> Line:
    names = ("sent", "failed", "skipped", "in_doubt")
    counts = Batch.objects.filter(issue=issue).aggregate(total=Sum("size"), **{name: Sum(name) for name in names})
    back, until = kinds_of(issue.bounces.all()), end_of(issue, at)
    since = issue.began_at or until
    return Line(
        issue=issue,
        **{name: number or 0 for name, number in counts.items()},
        bounced=sum(back[kind] for kind in COMES_BACK),
        complained=back[BounceKind.COMPLAINT],
        left=deeds(Deed.LEFT, since, until),
        came=deeds(Deed.CONFIRMED, since, until),
        clicks=issue.items.aggregate(number=Sum("clicks"))["number"] or 0,
    )


def end_of(issue: Issue, at: datetime) -> datetime:
    """Until when what readers do is put down to this issue: until the next one goes out."""
    if issue.began_at is None:
        return at
    following = Issue.objects.filter(began_at__gt=issue.began_at, began_at__lte=at)
    return following.aggregate(first=Min("began_at"))["first"] or at


def kinds_of(bounces: QuerySet[Bounce]) -> dict[str, int]:
    found = dict(bounces.order_by().values_list("kind").annotate(Count("pk")))
    return {kind.value: found.get(kind.value, 0) for kind in BounceKind}


def deeds(deed: str, since: datetime, until: datetime) -> int:
    return Consent.objects.filter(deed=deed, at__gte=since, at__lt=until).count()


# ---------------------------------------------------------------- over time


def over_time(issue: Issue) -> list[tuple[datetime, int, int]]:
    """What went out, in as many steps of time as a chart has room for, from the first minute to the last."""
    paces = list(Pace.objects.filter(issue=issue).order_by("minute").values_list("minute", "sent", "failed"))
    if not paces:
        return []
    first, last = paces[0][0], paces[-1][0]
    step = step_for(last - first)
    begin = datetime.fromtimestamp(first.timestamp() // step.total_seconds() * step.total_seconds(), tz=first.tzinfo)
    sums = [[0, 0] for _place in range(min(BARS, (last - begin) // step + 1))]
    for minute, sent, failed in paces:
        place = min((minute - begin) // step, len(sums) - 1)
        sums[place][0] += sent
        sums[place][1] += failed
    return [(begin + step * place, sent, failed) for place, (sent, failed) in enumerate(sums)]


def step_for(length: timedelta) -> timedelta:
    return next((step for step in STEPS if length < step * (BARS - 1)), STEPS[-1])


# ---------------------------------------------------------------- by domain: counted once


def failing_domains(issue: Issue, at: datetime) -> list[tuple[str, int]]:
    """The domains that refused most. Of an issue that has ended and in which nothing is in doubt it is kept."""
    kept = Figures.objects.filter(issue=issue).first()
    if kept:
        return [(domain, number) for domain, number in kept.counted["domains"]]
    found = list(count_domains(issue))
    doubtful = Batch.objects.filter(issue=issue, in_doubt__gt=0).exists()
    if issue.state in ENDED and issue.began_at and not doubtful:
        Figures.objects.update_or_create(issue=issue, defaults={"at": at, "counted": {"domains": found}})
    return found


def count_domains(issue: Issue) -> Iterator[tuple[str, int]]:
    """Found by the numbers of the deliveries, for no index knows their issue or state."""
    batches = Batch.objects.filter(issue=issue, failed__gt=0).aggregate(first=Min("first"), last=Max("last"))
    if batches["first"] is None:
        return
    failed = Delivery.objects.filter(
        pk__range=(batches["first"], batches["last"]), issue=issue, state=DeliveryState.FAILED
    )
    domain = Lower(Substr("subscriber__email", StrIndex("subscriber__email", Value("@")) + 1))
    rows = failed.filter(subscriber__isnull=False).order_by().values(domain=domain).annotate(number=Count("pk"))
    yield from rows.order_by("-number", "domain").values_list("domain", "number")[:TOP]
