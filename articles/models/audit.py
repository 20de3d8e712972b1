"""The audit log: who did what to which thing and when. It is only ever added to."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogIsKept(Exception):
    """Somebody tried to change or delete what was noted."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def note(
        self, deed: str, thing: models.Model, *, by: Any, at: datetime, note: str = "", number: int | None = None
    ) -> None:
        """Note in the caller's transaction that `by` (a user, or None for the magazine itself) did it.

        A thing whose own name may not stay for ever has a `name_in_log`.
        """
        self.create(
            deed=deed,
            at=at,
            actor_id=getattr(by, "pk", None),
            actor=name_of(by),
            kind=thing._meta.label_lower,
            thing_id=str(thing.pk),
            thing=str(getattr(thing, "name_in_log", thing))[:200],
            revision=number,
            note=note,
        )

    def about(self, thing: models.Model) -> "AuditQuerySet":
        return self.filter(kind=thing._meta.label_lower, thing_id=str(thing.pk))

    def update(self, **values: Any) -> int:
        raise LogIsKept(_("The audit log is not changed."))

    def delete(self) -> Any:
        raise LogIsKept(_("The audit log is not changed."))

    delete.queryset_only = True  # type: ignore[attr-defined]


def name_of(user: Any) -> str:
    """A person by name and login, as it stays in the log when the login is gone."""
    if user is None:
        return ""
    name, login = user.get_full_name(), user.get_username()
    return f"{name} ({login})" if name else login


class AuditEntry(models.Model):
    """Names and numbers, no foreign keys: what was deleted stays in the log, and nothing in it changes by a cascade."""

    at = models.DateTimeField(_("when"), db_index=True)
    deed = models.CharField(_("what"), max_length=30, db_index=True)
    actor_id = models.PositiveBigIntegerField(null=True)
    actor = models.CharField(_("who"), max_length=310, blank=True)
    kind = models.CharField(_("kind of thing"), max_length=60)
    thing_id = models.CharField(_("number"), max_length=40)
    thing = models.CharField(_("thing"), max_length=200)
    revision = models.PositiveIntegerField(_("revision"), null=True)
    note = models.TextField(_("note"), blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]
        permissions = [("export_auditentry", _("Can export the audit log"))]
        indexes = [models.Index(fields=["kind", "thing_id"], name="audit_thing")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.deed} {self.thing}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise LogIsKept(_("The audit log is not changed."))
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        raise LogIsKept(_("The audit log is not changed."))
