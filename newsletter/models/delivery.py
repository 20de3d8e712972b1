"""Who gets an issue, and how far it has come: a row for each reader, in batches that workers take in turns."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Issue
from newsletter.models.subscriber import Subscriber
from newsletter.states import DeliveryState


class Batch(models.Model):
    """A run of deliveries, by their numbers, that one worker holds at a time: owner and lease.

    Workers claim batches, never deliveries by state: after a million updates an index on the state costs more than the
    mail. The counts are filled in when the batch is done.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="batches")
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    done = models.BooleanField(default=False)
    owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = []
        indexes = [models.Index(fields=["issue"], condition=Q(done=False), name="batch_open")]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.first}-{self.last}"


class Delivery(models.Model):
    """No index on the state, so that marking a million rows one by one stays cheap. The reader's row may be gone."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    subscriber = models.ForeignKey(
        Subscriber,
        null=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    at = models.DateTimeField(_("last change"), null=True)
    reply = models.CharField(_("what the server said"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "issue"], name="one_delivery_each"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_state_display()}"


class Retry(models.Model):
    """When a delivery that was put off is tried again: a small table beside the large one."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="retry")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="retries")
    due_at = models.DateTimeField(db_index=True)
    owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.due_at:%Y-%m-%d %H:%M}"


class BounceKind(models.TextChoices):
    HARD = "hard", _("For good")
    SOFT = "soft", _("For now")
    POLICY = "policy", _("Policy or spam filter: not the reader’s fault")
    COMPLAINT = "complaint", _("Complaint of spam")


class Bounce(models.Model):
    """Something that came back. `source` says how we know: dsn, verp, webhook, smtp."""

    issue = models.ForeignKey(Issue, null=True, on_delete=models.SET_NULL, related_name="bounces")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="bounces")
    kind = models.CharField(_("kind"), max_length=9, choices=BounceKind.choices)
    source = models.CharField(_("known by"), max_length=10)
    at = models.DateTimeField(_("when"))
    detail = models.CharField(_("what the other side said"), max_length=300, blank=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    """The same report, read twice, counts once."""

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        ordering = ["-at", "-pk"]
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"
