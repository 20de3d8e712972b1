"""How many readers came and went, week by week."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db.models import CharField, Count, F, QuerySet
from django.db.models.functions import Cast, Substr

from newsletter.models import Consent, Deed, Subscriber

WEEKS: Final = 26
KEPT_SECONDS: Final = 600
"""A million rows take a moment to count, and a chart of half a year is not wrong after ten minutes."""
WENT: Final = (Deed.LEFT, Deed.BOUNCED, Deed.COMPLAINED, Deed.SUPPRESSED)


@dataclass(frozen=True)
class Week:
    monday: date
    came: int
    went: int


def weeks(at: datetime) -> list[Week]:
    """The last half year, the oldest week first; whoever was erased since is not among those who came."""
    return cache.get_or_set(f"newsletter.growth.{at:%Y-%m-%d}", lambda: counted(at), KEPT_SECONDS) or []


def counted(at: datetime) -> list[Week]:
    this = monday_of(at.date())
    mondays = [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    since = at - timedelta(weeks=WEEKS)
    came = by_week(Subscriber.objects.filter(confirmed_at__gte=since), "confirmed_at")
    went = by_week(Consent.objects.filter(deed__in=WENT, at__gte=since), "at")
    return [Week(monday, came[monday], went[monday]) for monday in mondays]


def by_week(rows: QuerySet[Any], name: str) -> Counter[date]:
    """Counted by day in the database, for the text of an instant begins with its day everywhere."""
    days = rows.order_by().annotate(day=Substr(Cast(F(name), CharField()), 1, 10)).values("day")
    found: Counter[date] = Counter()
    for day, number in days.annotate(number=Count("pk")).values_list("day", "number"):
        found[monday_of(date.fromisoformat(day))] += number
    return found


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
