"""A file of subscribers that staff bring from elsewhere, and what became of each line."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.states import Why

UNDO_WITHIN: Final = timedelta(days=7)
REPORT_KEPT: Final = timedelta(days=30)


class IntakeQuerySet(models.QuerySet["Intake"]):
    def open_to(self, owner: str, at: datetime) -> Self:
        """Those with something to do that no other worker holds, the oldest first."""
        free = Q(lease_until=None) | Q(lease_until__lte=at) | Q(owner=owner)
        return self.filter(free, state__in=Intake.OPEN).order_by("at", "pk")

    def with_old_report(self, at: datetime) -> Self:
        """Those whose refused lines have been kept long enough."""
        return self.filter(finished_at__lt=at - REPORT_KEPT, refused_lines__isnull=False)


class Intake(models.Model):
    """Kept in the database and not among the pictures, which are public; its portions go when they have been read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    OPEN = frozenset({State.WAITING, State.RUNNING, State.UNDOING})

    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    name = models.CharField(_("file"), max_length=200)
    statement = models.TextField(_("statement of consent"))
    confirmed_elsewhere = models.BooleanField(_("confirmed elsewhere"), default=False)
    """They are subscribed at once; the others get a mail that asks them to confirm."""
    ignored = models.CharField(_("columns that were not read"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("brought"))
    finished_at = models.DateTimeField(_("done"), null=True)
    total = models.PositiveIntegerField(_("lines"), default=0)
    read = models.PositiveIntegerField(_("read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    known = models.PositiveIntegerField(_("known already"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    erased = models.PositiveIntegerField(_("erased again"), default=0)
    owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        ordering = ["-at", "-pk"]
        default_permissions = []

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        return self.read * 100 // self.total if self.total else 100

    def may_be_undone(self, at: datetime) -> bool:
        return self.state not in {self.State.UNDOING, self.State.UNDONE} and at - self.at <= UNDO_WITHIN


class Portion(models.Model):
    """Lines that wait to be read: they are read and this row goes in one transaction, so a kill repeats nothing."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="portions")
    lines = models.JSONField()
    """newsletter.address_file.Line as lists: [[number, what stands there, why it is refused already], …]"""

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.intake_id}: {self.pk}"


class RefusedLine(models.Model):
    """For the report; kept for thirty days, since it names people who are no readers of ours."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="refused_lines")
    number = models.PositiveIntegerField(_("line"))
    line = models.CharField(_("what stands there"), max_length=200)
    why = models.CharField(_("why"), max_length=12, choices=Why.choices)

    class Meta:
        ordering = ["number", "pk"]
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.number}: {self.get_why_display()}"
