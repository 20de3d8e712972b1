"""A reader of the round-up, and why an address may get no mail."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter import tokens
from newsletter.models.consent import Consent, Deed, Said
from newsletter.models.intake import Intake
from newsletter.models.sign_up import SignUp
from newsletter.states import LIFTED_BY_READER, Reader, Shut

PENDING_KEPT: Final = timedelta(days=7)
AT_ONCE: Final = 500
PAUSE: Final = timedelta(weeks=4)

SOFT: Final = Decimal("0.5")
OUT: Final = Decimal(5)
STALE: Final = timedelta(days=7)
"""Mailman's rule: a mail that comes back softly counts half a point, once a day; at five points the reader is out;
after a week without one the points are forgotten. Days are those of the calendar in the zone that is active, which is
the magazine's: so a mail that comes back each week, a little earlier or later in the day, goes on counting."""


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def shut(self, key: str, reason: str, at: datetime) -> None:
        """No mail to this address any more. What only staff may lift is not made lighter by the reader."""
        found, created = self.get_or_create(key=key, defaults={"reason": reason, "at": at})
        if not created and found.reason in LIFTED_BY_READER and found.reason != reason:
            self.filter(pk=found.pk).update(reason=reason, at=at)

    shut.alters_data = True  # type: ignore[attr-defined]


class Suppression(models.Model):
    """An address that gets no mail, known by its key only, so that it outlives the erasure of its reader."""

    key = models.CharField(_("key of the address"), max_length=32, unique=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Shut.choices)
    at = models.DateTimeField(_("since"))

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.get_reason_display()}"


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def mailable(self, at: datetime) -> Self:
        """Those who get the round-up at an instant; the one place that says so."""
        shut = Suppression.objects.filter(key=OuterRef("key"))
        rested = Q(paused_until=None) | Q(paused_until__lte=at)
        return self.filter(rested, ~Exists(shut), state=Reader.ACTIVE)

    def of(self, address: str) -> "Subscriber | None":
        return self.filter(key=tokens.key_of(address)).first()

    def note_pending(self, address: str, at: datetime) -> "Subscriber":
        """The reader of an address, new as one who has yet to confirm; who asks again has another week for it."""
        found, created = self.get_or_create(
            key=tokens.key_of(address), defaults={"email": address, "signed_up_at": at, "state": Reader.PENDING}
        )
        if not created and found.state == Reader.PENDING:
            self.filter(pk=found.pk, state=Reader.PENDING).update(signed_up_at=at)
        return found

    def purge_pending(self, at: datetime) -> int:
        """Forget those who did not confirm within a week, and whence they came; gives back how many."""
        late, forgotten = self.filter(state=Reader.PENDING, signed_up_at__lt=at - PENDING_KEPT), 0
        while True:
            with transaction.atomic():
                some = list(late.select_for_update().values_list("key", flat=True)[:AT_ONCE])
                Consent.objects.blank_networks(*some)
                late.filter(key__in=some).delete()
            forgotten += len(some)
            if len(some) < AT_ONCE:
                return forgotten

    note_pending.alters_data = True  # type: ignore[attr-defined]
    purge_pending.alters_data = True  # type: ignore[attr-defined]


class Subscriber(models.Model):
    """A reader who asked for the weekly round-up. Nobody is written to before they have confirmed.

    Each change of state is a method; it runs in a transaction of its own or in the caller's, on the row as it is now,
    and notes in the consents what was done.
    """

    email = models.EmailField(_("e-mail"), max_length=254)
    key = models.CharField(_("key of the address"), max_length=32, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=Reader.choices, default=Reader.PENDING)
    signed_up_at = models.DateTimeField(_("signed up"), default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    bounce_score = models.DecimalField(_("bounce points"), max_digits=4, decimal_places=1, default=0, editable=False)
    bounced_at = models.DateTimeField(_("mail last came back"), null=True, editable=False)
    brought_by = models.ForeignKey(
        Intake, null=True, editable=False, on_delete=models.SET_NULL, related_name="subscribers", db_index=False
    )
    """The import that added the reader."""

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-signed_up_at", "-pk"]
        permissions = [("export_subscriber", _("Can export the addresses of subscribers"))]
        indexes = [
            models.Index(fields=["state", "-signed_up_at", "-id"], name="subscriber_by_state"),
            models.Index(fields=["brought_by"], condition=Q(brought_by__isnull=False), name="subscriber_brought"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Reader.values), name="subscriber_state_known"),
            models.CheckConstraint(
                condition=~Q(state=Reader.ACTIVE) | Q(confirmed_at__isnull=False), name="active_has_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **options: Any) -> None:
        self.key = tokens.key_of(self.email)
        super().save(*args, **options)

    @property
    def name_in_log(self) -> str:
        """What the audit log calls the reader: it is never changed, so no address may stand in it."""
        return str(_("Reader %(number)s") % {"number": self.pk})

    def is_mailable(self, at: datetime) -> bool:
        """SubscriberQuerySet.mailable for one who is at hand."""
        rested = self.paused_until is None or self.paused_until <= at
        return self.state == Reader.ACTIVE and rested and not Suppression.objects.filter(key=self.key).exists()

    # ------------------------------------------------------------ what the reader does

    def confirm(self, at: datetime, said: Said) -> bool:
        """The reader pressed the button: they are subscribed, and what they may lift is lifted.

        False where only staff may let the address in again. Again for one who is subscribed it changes nothing.
        """
        with transaction.atomic():
            self._hold()
            if Suppression.objects.filter(key=self.key).exclude(reason__in=LIFTED_BY_READER).exists():
                return False
            Suppression.objects.filter(key=self.key).delete()
            if self.state != Reader.ACTIVE:
                self.confirmed_at, self.left_at, self.paused_until = at, None, None
                self.bounce_score, self.bounced_at = Decimal(0), None
                self._become(Reader.ACTIVE, Deed.CONFIRMED, at, said)
        return True

    def leave(self, at: datetime, said: Said) -> None:
        """Out, by whatever link or button; again it changes nothing."""
        with transaction.atomic():
            self._hold()
            Suppression.objects.shut(self.key, Shut.UNSUBSCRIBED, at)
            if self.state in {Reader.ACTIVE, Reader.PENDING}:
                self.left_at = at
                self._become(Reader.UNSUBSCRIBED, Deed.LEFT, at, said)

    def pause(self, at: datetime, said: Said) -> None:
        """Four weeks without mail; then it comes again by itself."""
        with transaction.atomic():
            self._hold()
            self.paused_until = at + PAUSE
            self._become(self.state, Deed.PAUSED, at, said)

    def go_on(self, at: datetime, said: Said) -> None:
        """End a pause early."""
        with transaction.atomic():
            self._hold()
            self.paused_until = None
            self._become(self.state, Deed.WENT_ON, at, said)

    def change_address(self, address: str, at: datetime, said: Said) -> bool:
        """The reader has confirmed a new address as theirs; False where it is somebody's already, or shut.

        Links in older mails go on working: the record says under which key the reader is to be found from now on.
        """
        with transaction.atomic():
            self._hold()
            key = tokens.key_of(address)
            if key == self.key:
                self.email = address
                self.save(update_fields=["email", "key"])
                return True
            others = Subscriber.objects.filter(key=key).exclude(pk=self.pk)
            if others.exclude(state=Reader.PENDING).exists() or Suppression.objects.filter(key=key).exists():
                return False
            others.delete()
            Consent.objects.note(self.key, Deed.MOVED_AWAY, at, replace(said, note=key))
            self.email, self.bounce_score, self.bounced_at = address, Decimal(0), None
            self._become(self.state, Deed.MOVED_HERE, at, said)
        return True

    def erase(self, at: datetime, said: Said) -> None:
        """Forget the reader. What stays holds no address: the suppression, so that nobody signs them up again unasked,
        the consents, without the network they came from, and deliveries and bounces, without what a server said."""
        with transaction.atomic():
            self._hold()
            self.deliveries.update(reply="")
            self.bounces.update(detail="")
            SignUp.objects.filter(key=self.key).delete()
            Suppression.objects.shut(self.key, Shut.UNSUBSCRIBED, at)
            Consent.objects.note(self.key, Deed.ERASED, at, said)
            Consent.objects.blank_networks(self.key)
            self.delete()

    # ------------------------------------------------------------ what comes back, and what staff do

    def bounce(self, at: datetime, said: Said, *, hard: bool) -> None:
        """A mail came back: for good, and the reader is out at once; or for now, and it counts half a point a day."""
        with transaction.atomic():
            self._hold()
            if not hard:
                since = timezone.localdate(at) - timezone.localdate(self.bounced_at) if self.bounced_at else None
                if since == timedelta(0):
                    return
                fresh = since is not None and since <= STALE
                self.bounce_score = (self.bounce_score if fresh else Decimal(0)) + SOFT
                self.bounced_at = at
                self.save(update_fields=["bounce_score", "bounced_at", "key"])
            if hard or self.bounce_score >= OUT:
                self._shut_out(Reader.BOUNCED, Shut.BOUNCED, Deed.BOUNCED, at, said)

    def complain(self, at: datetime, said: Said) -> None:
        """The reader told their provider that it is spam: only staff let them in again."""
        with transaction.atomic():
            self._hold()
            self._shut_out(Reader.COMPLAINED, Shut.COMPLAINED, Deed.COMPLAINED, at, said)

    def suppress(self, at: datetime, said: Said) -> None:
        """Staff close the address."""
        with transaction.atomic():
            self._hold()
            self._shut_out(Reader.UNSUBSCRIBED, Shut.STAFF, Deed.SUPPRESSED, at, said)

    def lift(self, at: datetime, said: Said) -> None:
        """Staff take away whatever shuts the address out; the reader still has to sign up and confirm."""
        with transaction.atomic():
            self._hold()
            Suppression.objects.filter(key=self.key).delete()
            state = Reader.UNSUBSCRIBED if self.state in {Reader.BOUNCED, Reader.COMPLAINED} else self.state
            self._become(state, Deed.LIFTED, at, said)

    for _verb in (confirm, leave, pause, go_on, change_address, erase, bounce, complain, suppress, lift):
        _verb.alters_data = True  # type: ignore[attr-defined]
    del _verb

    def _hold(self) -> None:
        """The row as it is now, nobody else changing it until the transaction ends."""
        self.refresh_from_db(from_queryset=Subscriber.objects.select_for_update())

    def _shut_out(self, state: str, reason: str, deed: str, at: datetime, said: Said) -> None:
        Suppression.objects.shut(self.key, reason, at)
        if self.state != state or deed == Deed.SUPPRESSED:
            self.left_at = self.left_at or at
            self._become(state, deed, at, said)

    def _become(self, state: str, deed: str, at: datetime, said: Said) -> None:
        self.state = state
        self.save()
        Consent.objects.note(self.key, deed, at, said)
