"""Keeps the pulse of an issue while it is sent: how fast, how much is refused, and when it has to stop."""

import time
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from newsletter.delivery.outcomes import Kind
from newsletter.models import Issue, Newsletter, Pace

ENOUGH: Final = 100
"""So many have to be tried before a percentage says anything."""


class Watch:
    """What one connection saw of an issue since it last wrote it down; the counts of all are in the database."""

    def __init__(self, issue: Issue, newsletter: Newsletter) -> None:
        self.issue, self.newsletter = issue, newsletter
        self.sent = self.failed = self.refused = 0
        self.broken = False
        self.trouble = issue.why
        self.written = time.monotonic()

    def see(self, kind: Kind) -> None:
        if kind is Kind.SENT:
            self.sent += 1
            self.refused, self.broken = 0, True
        elif kind in {Kind.DEFERRED, Kind.FAILED, Kind.DOUBT}:
            self.failed += kind is Kind.FAILED
            self.refused += 1

    def write(self, at: datetime, trouble: str = "") -> None:
        """Put it down, and that the issue is worked on; `trouble` is for the person who looks."""
        self.written = time.monotonic()
        if self.sent or self.failed:
            minute = at.replace(second=0, microsecond=0)
            pace, _created = Pace.objects.get_or_create(issue=self.issue, minute=minute)
            Pace.objects.filter(pk=pace.pk).update(sent=F("sent") + self.sent, failed=F("failed") + self.failed)
        in_a_row = self.refused if self.broken else F("in_a_row") + self.refused
        Issue.objects.filter(pk=self.issue.pk).update(worked_at=at, in_a_row=in_a_row)
        if trouble or (self.trouble and self.broken):
            Issue.objects.filter(pk=self.issue.pk, state="sending").update(why=trouble[:300])
            self.trouble = trouble
        self.sent = self.failed = self.refused = 0
        self.broken = False

    def too_many(self) -> str:
        """Why the issue has to be paused, after what all workers wrote down; empty where it may go on."""
        issue, limits = Issue.objects.only("in_a_row", "watched_from").get(pk=self.issue.pk), self.newsletter
        if limits.failures_in_row and issue.in_a_row >= limits.failures_in_row:
            return _("{number} in a row were refused.").format(number=issue.in_a_row)
        paces = Pace.objects.filter(issue=issue, minute__gte=issue.watched_from)
        counts = paces.aggregate(sent=Sum("sent", default=0), failed=Sum("failed", default=0))
        tried, failed = counts["sent"] + counts["failed"], counts["failed"]
        if limits.failure_percent and tried >= ENOUGH and Decimal(failed) * 100 >= limits.failure_percent * tried:
            return _("{failed} of {tried} were refused.").format(failed=failed, tried=tried)
        return ""
