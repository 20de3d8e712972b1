from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Subscriber(models.Model):
    """A reader who asked for the weekly round-up. Nobody is written to before they have confirmed."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for confirmation")

    email = models.EmailField(_("e-mail"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PENDING)
    signed_up_at = models.DateTimeField(_("signed up"), auto_now_add=True)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-signed_up_at", "-pk"]
        permissions = [("send_issue", _("Can send an issue of the newsletter"))]
        constraints = [models.UniqueConstraint(Lower("email"), name="subscriber_once")]

    def __str__(self) -> str:
        return self.email
