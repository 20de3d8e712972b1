"""A file of subscribers that staff bring from elsewhere, and what became of each line."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Intake(models.Model):
    """Kept in the database and not among the pictures, which are public; the lines go when they have been read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    name = models.CharField(_("file"), max_length=200)
    lines = models.TextField(blank=True)
    statement = models.TextField(_("statement of consent"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("brought"))
    finished_at = models.DateTimeField(_("done"), null=True)
    total = models.PositiveIntegerField(_("lines"), default=0)
    read = models.PositiveIntegerField(_("read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    known = models.PositiveIntegerField(_("known already"), default=0)
    refused = models.JSONField(_("refused"), default=list)
    """[[number of the line, the line, why], …]"""
    owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        ordering = ["-at", "-pk"]
        default_permissions = []

    def __str__(self) -> str:
        return self.name
