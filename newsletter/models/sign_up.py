"""What a visitor typed into a form, until the worker answers it."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from newsletter import limits
from newsletter.models.consent import Wording

KEPT: Final = timedelta(days=7)


class Wish(models.TextChoices):
    SIGN_UP = "sign_up", _("To be signed up")
    PREFERENCES = "preferences", _("A link to the preferences")
    ADDRESS = "address", _("Another address")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def waiting(self, at: datetime) -> Self:
        """Those to be answered now. While one of an address is held, the others of that address wait with it."""
        held = SignUp.objects.filter(key=OuterRef("key"), handled_at=None, held_until__gt=at)
        return self.filter(~Exists(held), handled_at=None)

    def of_address(self, key: str) -> Self:
        """All of an address that are not answered, held or not, for whoever answers them."""
        return self.select_for_update().filter(key=key, handled_at=None).order_by("pk")

    def mailed_lately(self, key: str, at: datetime) -> Self:
        """What went to an address within a day, the newest first."""
        return self.filter(key=key, mailed_at__gt=at - limits.DAY).order_by("-mailed_at")

    def before_in_block(self, wish: "SignUp") -> int:
        """How many the network of one had asked for before it, within the hour."""
        since = wish.at - limits.NETWORK_WINDOW
        return self.filter(block=wish.block, at__gt=since, pk__lt=wish.pk).count()

    def in_the_wave(self, at: datetime) -> Self:
        return self.filter(at__gt=at - limits.WAVE_WINDOW).order_by()

    def purge(self, at: datetime) -> int:
        """Forget what is a week old; gives back how many."""
        return self.filter(at__lt=at - KEPT).delete()[0]

    purge.alters_data = True  # type: ignore[attr-defined]


class SignUp(models.Model):
    """One wish of somebody who typed an address: to be signed up, or for a link. The page that takes it looks at
    nobody's state: it writes this row and thanks, so that its answer and the time it takes tell nothing. Who the
    address belongs to, and whether it gets a mail, is seen to later (newsletter.signing_up)."""

    kind = models.CharField(_("what"), max_length=11, choices=Wish.choices, default=Wish.SIGN_UP)
    email = models.EmailField(_("e-mail"), max_length=254)
    key = models.CharField(_("key of the address"), max_length=32)
    subscriber = models.ForeignKey(
        "newsletter.Subscriber", verbose_name=_("of"), null=True, on_delete=models.CASCADE, related_name="wishes"
    )
    """Who wants another address."""
    at = models.DateTimeField(_("when"))
    page = models.CharField(_("page"), max_length=300, blank=True)
    wording = models.ForeignKey(Wording, verbose_name=_("wording"), null=True, on_delete=models.PROTECT)
    network = models.CharField(_("from the network address"), max_length=45, blank=True)
    block = models.CharField(_("network"), max_length=45, blank=True)
    """What is limited: the address itself, of IPv6 its /64."""
    held_until = models.DateTimeField(_("held until"), null=True)
    """A worker is at it, or it is to be tried again then."""
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    handled_at = models.DateTimeField(_("answered"), null=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["at", "pk"]
        default_permissions = []
        constraints = [models.CheckConstraint(condition=Q(kind__in=Wish.values), name="wish_known")]
        indexes = [
            models.Index(fields=["block", "at"], name="sign_up_block"),
            models.Index(fields=["key", "mailed_at"], name="sign_up_key"),
            models.Index(fields=["at"], name="sign_up_at"),
            models.Index(fields=["at"], condition=Q(handled_at__isnull=True), name="sign_up_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
