"""Who gets an issue, and how far it has come: a row for each reader, in batches that workers take in turns."""

from collections import Counter
from datetime import datetime
from typing import Final

from django.db import connections, models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Issue
from newsletter.models.subscriber import Subscriber
from newsletter.states import DeliveryState

LARGEST: Final = 500
LEAST: Final = 100
"""A batch holds at most 500 deliveries, and a short list makes a hundred of them, so that every connection has some."""

PREPARE: Final = """
    INSERT INTO newsletter_delivery (issue_id, subscriber_id, state, attempts, reply)
    SELECT %s, reader.id, 'queued', 0, '' FROM ({readers}) AS reader WHERE 1 = 1 ORDER BY reader.id
"""
CUT: Final = """
    INSERT INTO newsletter_batch
        (issue_id, first, last, size, done, owner, sent, failed, skipped, deferred, in_doubt)
    SELECT %s, MIN(id), MAX(id), COUNT(*), FALSE, '', 0, 0, 0, 0, 0
    FROM (
        SELECT id, (ROW_NUMBER() OVER (ORDER BY id) - 1) / %s AS cut
        FROM newsletter_delivery WHERE id > %s AND issue_id = %s
    ) AS numbered
    GROUP BY cut ORDER BY cut
"""
COUNTED: Final = ("sent", "failed", "skipped", "deferred", "in_doubt")
"""The states a batch keeps count of, by the names of its columns; the rest of it waits."""


class BatchQuerySet(models.QuerySet["Batch"]):
    def states(self) -> Counter[str]:
        """How many deliveries of these batches are in which state, counted one by one."""
        ranges = Q()
        for first, last in self.values_list("first", "last"):
            ranges |= Q(pk__range=(first, last))
        if not ranges:
            return Counter()
        issues = self.order_by().values_list("issue", flat=True).distinct()
        counts = Delivery.objects.filter(ranges, issue__in=list(issues)).values_list("state").annotate(Count("pk"))
        return Counter(dict(counts))

    def tally(self) -> None:
        """Count what has become of these batches and keep it."""
        for number in self.values_list("pk", flat=True):
            batch = Batch.objects.filter(pk=number)
            states = batch.states()
            batch.update(**{name: states[name] for name in COUNTED})

    tally.alters_data = True  # type: ignore[attr-defined]


class Batch(models.Model):
    """A run of deliveries, by their numbers, that one worker holds at a time: owner and lease.

    Workers claim batches, never deliveries by state: after a million updates an index on the state costs more than the
    mail. The counts are those of when it was last let go; of a batch that is held, the deliveries themselves are asked.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="batches")
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    done = models.BooleanField(default=False)
    owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    """Until then it rests, because what is left of it goes to domains that get no more this minute."""
    size = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    deferred = models.PositiveIntegerField(default=0)
    in_doubt = models.PositiveIntegerField(default=0)

    objects = BatchQuerySet.as_manager()

    class Meta:
        default_permissions = []
        indexes = [models.Index(fields=["issue"], condition=Q(done=False), name="batch_open")]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.first}-{self.last}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def prepare(self, issue: Issue, at: datetime) -> int:
        """A delivery for each reader who gets mail at an instant, cut into batches; the caller holds the issue.

        Two statements, whatever the number: a million rows take seconds. The readers' own order is kept, which is
        nobody's alphabet and mixes the domains.
        """
        readers, values = Subscriber.objects.mailable(at).order_by().values("id").query.sql_with_params()
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT COALESCE(MAX(id), 0) FROM newsletter_delivery")
            (before,) = cursor.fetchone()
            cursor.execute(PREPARE.format(readers=readers), [issue.pk, *values])
            number = cursor.rowcount
            cursor.execute(CUT, [issue.pk, min(LARGEST, max(1, number // LEAST)), before, issue.pk])
        return number

    prepare.alters_data = True  # type: ignore[attr-defined]


class Delivery(models.Model):
    """No index on the state, so that marking a million rows one by one stays cheap. The reader's row may be gone.

    The database checks no foreign key here: a million checks of the same issue took longer than the rows themselves.
    """

    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False, db_index=False
    )
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

    objects = DeliveryQuerySet.as_manager()

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


class Pace(models.Model):
    """What went out of an issue in a minute: how fast it goes, and whether too much of it is refused."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="paces")
    minute = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["issue", "minute"], name="one_pace_a_minute")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.minute:%Y-%m-%d %H:%M}"


class Allowance(models.Model):
    """What all workers together have used of a limit since the present second, minute, hour or day began."""

    name = models.CharField(max_length=300, unique=True)
    since = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.name}: {self.used}"


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
