"""How many mails may go: a second, an hour, a day of the warm-up plan, and a minute to one domain.

All workers share one count in the database (newsletter.Allowance), so that a limit holds however many there are and
whatever happens to them. Where mails are many they take some of it at once and hand back what they did not use; what a
killed worker had taken is lost, which errs on the slow side. Without limits nothing is asked.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F

from newsletter.delivery.claims import adapted
from newsletter.models import Allowance, Newsletter

TAKE: Final = """
    INSERT INTO newsletter_allowance (name, since, used) VALUES (%(name)s, %(since)s, %(some)s)
    ON CONFLICT (name) DO UPDATE SET
        used = CASE WHEN newsletter_allowance.since < excluded.since THEN 0 ELSE newsletter_allowance.used END
            + excluded.used,
        since = excluded.since
    WHERE newsletter_allowance.since < excluded.since
        OR (newsletter_allowance.since = excluded.since AND newsletter_allowance.used + excluded.used <= %(most)s)
    RETURNING used
"""
SECOND: Final = timedelta(seconds=1)
DOMAIN: Final = "domain "


@dataclass
class Limit:
    """At most `most` in each span; some of it is taken at a time and used up here."""

    name: str
    most: int
    since: datetime
    until: datetime
    share: int = 1
    left: int = 0

    def take(self) -> bool:
        if not self.left:
            some = max(1, self.most // self.share)
            values = {"name": self.name, "since": adapted(self.since), "some": some, "most": self.most}
            with connection.cursor() as cursor:
                cursor.execute(TAKE, values)
                self.left = some if cursor.fetchone() else 0
        if not self.left:
            return False
        self.left -= 1
        return True


@dataclass
class Limits:
    """The limits of the newsletter's settings, as one connection uses them."""

    newsletter: Newsletter
    zone: ZoneInfo
    running: dict[str, Limit] = field(default_factory=dict)
    full: dict[str, datetime] = field(default_factory=dict)
    """Domains that get no more before an instant."""

    def take(self, domain: str, at: datetime) -> datetime | None:
        """Take what one mail to this domain needs; or until when there is none of it."""
        if self.is_full(domain, at):
            return self.full[domain]
        taken: list[Limit] = []
        for limit in [*self.general(at), *self.of_domain(domain, at)]:
            if not limit.take():
                for other in taken:
                    other.left += 1
                if limit.name.startswith(DOMAIN):
                    self.full[domain] = limit.until
                return limit.until
            taken.append(limit)
        return None

    def any(self) -> bool:
        newsletter = self.newsletter
        return bool(newsletter.per_second or newsletter.per_hour or newsletter.per_domain or newsletter.warm_up)

    def is_full(self, domain: str, at: datetime) -> bool:
        """Whether it is this domain that has to wait, and not everybody."""
        return self.full.get(domain, at) > at

    def general(self, at: datetime) -> list[Limit]:
        """Those that do not ask to whom a mail goes, the longest first."""
        found, newsletter = [], self.newsletter
        if most := planned(newsletter, at, self.zone):
            midnight = at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
            found.append(self.limit("day", most, midnight, timedelta(days=1), 1000))
        if newsletter.per_hour:
            hour = at.replace(minute=0, second=0, microsecond=0)
            found.append(self.limit("hour", newsletter.per_hour, hour, timedelta(hours=1), 1000))
        if newsletter.per_second:
            found.append(self.limit("second", newsletter.per_second, at.replace(microsecond=0), SECOND, 10))
        return found

    def of_domain(self, domain: str, at: datetime) -> list[Limit]:
        most, minute = self.newsletter.per_domain, at.replace(second=0, microsecond=0)
        return [self.limit(f"{DOMAIN}{domain}"[:300], most, minute, timedelta(minutes=1), most)] if most else []

    def hand_back(self) -> None:
        """What was taken and not used, for others."""
        for limit in self.running.values():
            if limit.left:
                used = Allowance.objects.filter(name=limit.name, since=limit.since, used__gte=limit.left)
                used.update(used=F("used") - limit.left)
                limit.left = 0

    def limit(self, name: str, most: int, since: datetime, span: timedelta, share: int) -> Limit:
        """The limit as it runs since an instant; `share`: into how many portions a span's allowance is cut."""
        found = self.running.get(name)
        if found is None or found.since != since or found.most != most:
            found = self.running[name] = Limit(name, most, since, since + span, share)
        return found


def planned(newsletter: Newsletter, at: datetime, zone: ZoneInfo) -> int:
    """Mails of the warm-up plan for the day; 0 where there is none, or it is over."""
    plan = [int(number) for number in re.findall(r"\d+", newsletter.warm_up)]
    if not plan or newsletter.warm_up_from is None:
        return 0
    day = max(0, (at.astimezone(zone).date() - newsletter.warm_up_from).days)
    return plan[day] if day < len(plan) else 0
