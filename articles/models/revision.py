"""Revisions: every text an article has had, each as it was saved (DESIGN, idea 2)."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import content as contents
from articles.workflow import Stage, State

MARKS = frozenset({"approved_at", "approved_by", "live_at", "scheduled_by", "material", "went_live_at"})


class RevisionKept(Exception):
    """Somebody tried to change a text that was saved, or to delete one that has to stay."""


class RevisionQuerySet(models.QuerySet["Revision"]):
    def due(self, at: datetime) -> Self:
        """Those that replace a live text by themselves, whose instant has come, the earliest first."""
        return self.waiting().filter(live_at__lte=at)

    def waiting(self) -> Self:
        """Those that will replace a live text by themselves, the earliest first."""
        newest = models.Q(article__latest_revision=models.F("pk"), article__stage=Stage.WAITING)
        return self.filter(newest, live_at__isnull=False, article__status=State.PUBLISHED).order_by("live_at", "pk")

    def in_line(self) -> Self:
        """The article's own line of texts, without those that were put aside in a conflict."""
        return self.exclude(kind=Revision.Kind.ASIDE)


class Revision(models.Model):
    """The whole content of an article as somebody saved it. The content never changes; the marks below it are set once.

    `sitting` is one form opened by one person: its autosaves belong together.
    """

    class Kind(models.TextChoices):
        FOUND = "found", _("As it was before")
        SAVE = "save", _("Saved")
        AUTOSAVE = "autosave", _("Saved by itself")
        RESTORED = "restored", _("Restored")
        ASIDE = "aside", _("Put aside")

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SAVE)
    content = models.JSONField(_("content"))
    digest = models.CharField(max_length=64)
    text_digest = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="revisions"
    )
    at = models.DateTimeField(_("saved"))
    sitting = models.CharField(max_length=36, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    live_at = models.DateTimeField(_("goes live"), null=True, blank=True)
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    material = models.BooleanField(_("a material change"), default=False)
    went_live_at = models.DateTimeField(_("went live"), null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["found", "save", "autosave", "restored", "aside"]),
                name="revision_kind_known",
            ),
        ]
        indexes = [
            models.Index(fields=["live_at"], condition=models.Q(live_at__isnull=False), name="revision_goes_live"),
            models.Index(fields=["sitting"], condition=~models.Q(sitting=""), name="revision_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.content.get('headline') or _('Without a headline')} ({self.number})"

    def save(self, *args: Any, **options: Any) -> None:
        """Written once; marks are set by `mark`."""
        if not self._state.adding:
            raise RevisionKept(_("What was saved is not changed."))
        self.content = contents.normal(self.content)
        self.digest = contents.digest(self.content)
        self.text_digest = contents.digest(self.content, contents.READ)
        super().save(*args, **options)

    def mark(self, **marks: Any) -> None:
        """Set one of the marks below the content: what is said of the text, not the text."""
        unknown = marks.keys() - MARKS
        if unknown:
            raise RevisionKept(_("What was saved is not changed."))
        for name, value in marks.items():
            setattr(self, name, value)
        Revision.objects.filter(pk=self.pk).update(**marks)

    mark.alters_data = True
