"""Which workers are at work, and what of their chores was begun when: what the admin says when nobody sends."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models

GONE_AFTER: Final = timedelta(minutes=2)
FORGOTTEN_AFTER: Final = timedelta(days=1)


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self, at: datetime) -> Self:
        return self.filter(seen_at__gt=at - GONE_AFTER)

    def beat(self, name: str, at: datetime, doing: str = "") -> None:
        """The worker of this name is there."""
        if not self.filter(name=name).update(seen_at=at, doing=doing[:100]):
            self.create(name=name, started_at=at, seen_at=at, doing=doing[:100])

    def forget_gone(self, at: datetime) -> int:
        """Those that did not say goodbye and have not been seen for a day."""
        return self.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()[0]

    beat.alters_data = True  # type: ignore[attr-defined]
    forget_gone.alters_data = True  # type: ignore[attr-defined]


class Worker(models.Model):
    """A process of `manage.py worker`, by the name under which it holds leases."""

    name = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    doing = models.CharField(max_length=100, blank=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return self.name


class ChoreQuerySet(models.QuerySet["Chore"]):
    def claim(self, name: str, since: datetime, at: datetime) -> bool:
        """Whether it is the caller's to do now: nobody has begun it since then. Of several workers one gets True."""
        if self.filter(name=name, begun_at__lt=since).update(begun_at=at):
            return True
        return self.get_or_create(name=name, defaults={"begun_at": at})[1]

    claim.alters_data = True  # type: ignore[attr-defined]


class Chore(models.Model):
    """Something that is done each minute, hour or night by one of the workers, and when one last began it."""

    name = models.CharField(max_length=40, unique=True)
    begun_at = models.DateTimeField()

    objects = ChoreQuerySet.as_manager()

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return self.name
