"""What a visitor typed into the box, until the worker answers it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.consent import Wording


class SignUp(models.Model):
    """One wish to be signed up. The page that takes it looks at nobody's state: it writes this row and thanks, so that
    its answer and the time it takes tell nothing. Who the address belongs to, and whether it gets a mail, is seen to
    later (newsletter.signing_up)."""

    email = models.EmailField(_("e-mail"), max_length=254)
    key = models.CharField(_("key of the address"), max_length=32)
    at = models.DateTimeField(_("when"))
    page = models.CharField(_("page"), max_length=300, blank=True)
    wording = models.ForeignKey(Wording, verbose_name=_("wording"), null=True, on_delete=models.PROTECT)
    network = models.CharField(_("from the network address"), max_length=45, blank=True)
    block = models.CharField(_("network"), max_length=45, blank=True)
    """What is limited: the address itself, of IPv6 its /64."""
    handled_at = models.DateTimeField(_("answered"), null=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["at", "pk"]
        default_permissions = []
        indexes = [
            models.Index(fields=["block", "at"], name="sign_up_block"),
            models.Index(fields=["key", "mailed_at"], name="sign_up_key"),
            models.Index(fields=["at"], condition=models.Q(handled_at__isnull=True), name="sign_up_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
