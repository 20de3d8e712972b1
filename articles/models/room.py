"""Guests: links by which somebody without a login sees a draft, and what they said of it."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


class GuestLinkQuerySet(models.QuerySet["GuestLink"]):
    def open(self, at: datetime) -> Self:
        """Those that let somebody in at an instant."""
        return self.filter(withdrawn_at__isnull=True, expires_at__gt=at)


class GuestLink(models.Model):
    """A way to one article's newest text without a login. The address is made of the nonce and signed with the site's
    key, so who reads the database does not have it (articles.guests)."""

    class Purpose(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        REVIEW = "review", _("Review room")

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="guest_links")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    nonce = models.CharField(max_length=32, unique=True, default=new_nonce)
    guest = models.CharField(
        _("for whom"), max_length=120, blank=True, help_text=_("The interviewee, the lawyer, the fact checker.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last visit"), null=True, blank=True)
    seen_revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = GuestLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest link")
        verbose_name_plural = _("guest links")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=["preview", "review"]), name="guest_purpose_known")
        ]

    def __str__(self) -> str:
        return self.guest or str(self.get_purpose_display())

    def is_open(self, at: datetime) -> bool:
        return self.withdrawn_at is None and self.expires_at > at


class SignOff(models.Model):
    """A guest's word that the text as it stood is right. It holds for that text alone."""

    link = models.ForeignKey(GuestLink, on_delete=models.CASCADE, related_name="sign_offs")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="sign_offs")
    text_digest = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=120)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    at = models.DateTimeField(_("signed off"))

    holds: bool = False
    """Whether it holds for the newest text: said by articles.guests.sign_offs."""

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%Y-%m-%d}"


class Comment(models.Model):
    """A remark on a field of a revision or a paragraph of its body, by staff or a guest; answers hang below it."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="comments")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    field = models.CharField(_("field"), max_length=30, default="body")
    block = models.PositiveIntegerField(_("paragraph"), null=True, blank=True)
    block_key = models.CharField(max_length=16, blank=True)
    quote = models.TextField(_("what it is about"), blank=True)
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    guest = models.ForeignKey(GuestLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments")
    name = models.CharField(_("name"), max_length=310)
    at = models.DateTimeField(_("said"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"
