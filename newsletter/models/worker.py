"""Which workers are at work: what the admin says when nobody sends."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models

GONE_AFTER: Final = timedelta(minutes=2)


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self, at: datetime) -> Self:
        return self.filter(seen_at__gt=at - GONE_AFTER)


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
