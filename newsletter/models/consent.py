"""What a reader agreed to, in which words, when and from where: a record that is only added to."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordIsKept(Exception):
    """Somebody tried to change or delete what was agreed to."""


class Deed(models.TextChoices):
    SIGNED_UP = "signed_up", _("Signed up")
    CONFIRMED = "confirmed", _("Confirmed")
    NOT_ME = "not_me", _("Said: that was not me")
    LEFT = "left", _("Left")
    PAUSED = "paused", _("Paused for four weeks")
    WENT_ON = "went_on", _("Ended the pause")
    MOVED_AWAY = "moved_away", _("Changed to another address")
    MOVED_HERE = "moved_here", _("Came from another address")
    EXPORTED = "exported", _("Took a copy of the data")
    ERASED = "erased", _("Erased")
    BOUNCED = "bounced", _("Mail came back for good")
    COMPLAINED = "complained", _("Complained of spam")
    IMPORTED = "imported", _("Imported with a statement of consent")
    SUPPRESSED = "suppressed", _("Closed by staff")
    LIFTED = "lifted", _("Opened again by staff")


class WordingQuerySet(models.QuerySet["Wording"]):
    def current(self, text: str, at: datetime) -> "Wording":
        """The version of these words; new words make a new one."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        return self.get_or_create(sha256=digest, defaults={"text": text, "first_used_at": at})[0]


class Wording(models.Model):
    """The exact words beside a sign-up form, or of a statement of consent; its number is the version."""

    text = models.TextField(_("words"))
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    first_used_at = models.DateTimeField(_("first used"))

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")

    def __str__(self) -> str:
        return f"{self.pk}: {self.text[:60]}"


@dataclass(frozen=True)
class Said:
    """How something was done: on which page, to which words, from which network, by which token or member of staff.

    `network` is REMOTE_ADDR as the TrustedProxies middleware left it, never what a request says of itself; `token` is
    tokens.token_id() of the token; `by` the login of staff; `note` anything worth keeping, with no address in it.
    """

    page: str = ""
    wording: Wording | None = None
    network: str = ""
    token: str = ""
    by: str = ""
    note: str = ""


class ConsentQuerySet(models.QuerySet["Consent"]):
    def note(self, key: str, deed: str, at: datetime, said: Said) -> None:
        self.create(
            key=key,
            deed=deed,
            at=at,
            page=said.page[:300],
            wording=said.wording,
            network=said.network[:45],
            token=said.token,
            by=said.by,
            note=said.note[:300],
        )

    def blank_networks(self, *keys: str) -> None:
        """The one change the record takes: when a reader is forgotten, whence they came goes too."""
        models.QuerySet.update(self.filter(key__in=keys), network="")

    def now_known_as(self, key: str) -> str:
        """The key under which the reader of an address is to be found now, after changes of address."""
        seen = {key, ""}
        while moved := self.filter(key=key, deed=Deed.MOVED_AWAY).order_by("-at", "-pk").first():
            if moved.note in seen:
                break
            key = moved.note
            seen.add(key)
        return key

    def update(self, **values: Any) -> int:
        raise RecordIsKept(_("What was agreed to is not changed."))

    def delete(self) -> Any:
        raise RecordIsKept(_("What was agreed to is not changed."))

    delete.queryset_only = True  # type: ignore[attr-defined]


class Consent(models.Model):
    """No foreign key to the reader: the record is known by the key of the address and outlives an erasure."""

    key = models.CharField(_("key of the address"), max_length=32, db_index=True)
    deed = models.CharField(_("what"), max_length=12, choices=Deed.choices)
    at = models.DateTimeField(_("when"))
    page = models.CharField(_("page"), max_length=300, blank=True)
    wording = models.ForeignKey(Wording, verbose_name=_("wording"), null=True, on_delete=models.PROTECT)
    network = models.CharField(_("from the network address"), max_length=45, blank=True)
    token = models.CharField(_("token"), max_length=16, blank=True)
    by = models.CharField(_("by"), max_length=150, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["at", "pk"]
        default_permissions = ["view"]
        indexes = [models.Index(fields=["deed", "at"], name="consent_by_deed")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_deed_display()}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise RecordIsKept(_("What was agreed to is not changed."))
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        raise RecordIsKept(_("What was agreed to is not changed."))
