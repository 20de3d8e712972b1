"""What a worker takes at a time: a batch, or some deliveries to be tried again. Held by owner and lease."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from newsletter.delivery.claims import BY_BATCH, BY_RETRY, Claims
from newsletter.delivery.message import Addressee
from newsletter.models import Batch, Delivery, Issue, OnDoubt, Retry
from newsletter.models.delivery import BatchQuerySet
from newsletter.states import DeliveryState, IssueState

LEASE: Final = timedelta(minutes=5)
"""Longer than the slowest answer of a server. After it a worker that is not heard of has lost what it held."""
AT_ONCE: Final = 100
"""Retries that are taken together."""


class Lot(ABC):
    """Deliveries of one issue that this owner holds; `claims` notes and claims them, `addressees` says to whom."""

    issue: Issue
    claims: Claims
    addressees: list[Addressee]
    waiting: str
    """The state of a delivery of it that waits."""

    @abstractmethod
    def renew(self, at: datetime) -> bool:
        """Hold it longer; False where it is somebody else's by now."""

    @abstractmethod
    def release(self, at: datetime, not_before: datetime | None = None) -> None:
        """Let it go, done or not, with nothing of it on its way."""

    def advance(self, former: Addressee, to: Addressee, at: datetime) -> bool:
        """Note the former as sent (NOBODY: none) and claim the next, in one commit; False: it is not claimed."""
        return self.claims.next(former, DeliveryState.SENT, to, at)

    def note(self, to: Addressee, state: str, reply: str, at: datetime, *, tried: bool = True) -> bool:
        """Note what became of the one that is claimed; False where it is ours no more."""
        return self.claims.note(to, state, reply, at, tried=tried)

    @abstractmethod
    def put_off(self, to: Addressee, due: datetime) -> None:
        """It is tried again when it is due."""

    def settled(self, to: Addressee) -> None:  # noqa: B027 - of a batch nothing is left to be taken away
        """It is not tried again."""


class BatchLot(Lot):
    waiting = DeliveryState.QUEUED

    def __init__(self, batch: Batch) -> None:
        self.number, self.owner, self.issue = batch.pk, batch.owner, batch.issue
        self.range = (batch.first, batch.last)
        self.claims = Claims(held=BY_BATCH, waiting=self.waiting, issue=batch.issue_id, lot=batch.pk, owner=batch.owner)
        self.addressees = addressees(self.deliveries().filter(state=DeliveryState.QUEUED))

    def deliveries(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(pk__range=self.range, issue=self.issue)

    def ours(self) -> BatchQuerySet:
        return Batch.objects.filter(pk=self.number, owner=self.owner)

    def renew(self, at: datetime) -> bool:
        return bool(self.ours().update(lease_until=at + LEASE))

    def release(self, at: datetime, not_before: datetime | None = None) -> None:
        with transaction.atomic():
            if self.ours().select_for_update().first() is None:
                return
            doubt(self.deliveries(), self.issue, at)
            waits = self.deliveries().filter(state=DeliveryState.QUEUED).exists()
            self.ours().tally()
            self.ours().update(owner="", lease_until=None, not_before=not_before, done=not waits)

    def put_off(self, to: Addressee, due: datetime) -> None:
        Retry.objects.create(delivery_id=to.delivery, issue=self.issue, due_at=due)


class RetryLot(Lot):
    waiting = DeliveryState.DEFERRED

    def __init__(self, issue: Issue, owner: str) -> None:
        self.issue, self.owner = issue, owner
        self.claims = Claims(held=BY_RETRY, waiting=self.waiting, issue=issue.pk, lot=0, owner=owner)
        deliveries = Delivery.objects.filter(retry__owner=owner, retry__issue=issue, state=DeliveryState.DEFERRED)
        self.addressees = addressees(deliveries)

    def ours(self) -> QuerySet[Retry]:
        return Retry.objects.filter(issue=self.issue, owner=self.owner)

    def renew(self, at: datetime) -> bool:
        return bool(self.ours().update(lease_until=at + LEASE))

    def release(self, at: datetime, not_before: datetime | None = None) -> None:
        with transaction.atomic():
            if not_before:
                self.ours().filter(due_at__lt=not_before).update(due_at=not_before)
            self.ours().update(owner="", lease_until=None)
            recount(self.issue, [to.delivery for to in self.addressees])

    def advance(self, former: Addressee, to: Addressee, at: datetime) -> bool:
        with transaction.atomic():
            claimed = super().advance(former, to, at)
            self.settled(former)
        return claimed

    def put_off(self, to: Addressee, due: datetime) -> None:
        self.ours().filter(delivery=to.delivery).update(due_at=due, owner="", lease_until=None)

    def settled(self, to: Addressee) -> None:
        self.ours().filter(delivery=to.delivery).delete()


def addressees(deliveries: QuerySet[Delivery]) -> list[Addressee]:
    """In their order. Of a reader who is erased nothing is left but the delivery, which is never claimed."""
    rows = deliveries.order_by("pk").values_list("pk", "subscriber_id", "subscriber__email", "subscriber__key")
    return [Addressee(number, reader or 0, email or "", key or "") for number, reader, email, key in rows]


def recount(issue: Issue, deliveries: Iterable[int]) -> None:
    """The counts of the batches that these deliveries are of, but for those that somebody holds."""
    batches: set[int] = set()
    for number in deliveries:
        batches.update(issue.batches.filter(first__lte=number, last__gte=number).values_list("pk", flat=True))
    Batch.objects.filter(pk__in=batches, owner="").tally()


# ---------------------------------------------------------------- taking one


def take(owner: str, limit: datetime, at: datetime) -> Lot | None:
    """Something to send, held by `owner` from now on; of issues that nobody worked on since `limit`, nothing.

    What is due to be tried again comes first.
    """
    going = Issue.objects.filter(state=IssueState.SENDING, worked_at__gte=limit)
    return take_retries(owner, going, at) or take_batch(owner, going, at)


def take_batch(owner: str, going: QuerySet[Issue], at: datetime) -> Lot | None:
    rested = Q(not_before=None) | Q(not_before__lte=at)
    waiting = Batch.objects.filter(rested, done=False, owner="", issue__in=going).order_by("pk")
    with transaction.atomic():
        batch = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if batch is None or not Batch.objects.filter(pk=batch.pk, owner="").update(owner=owner, lease_until=at + LEASE):
            return None
    return BatchLot(Batch.objects.select_related("issue").get(pk=batch.pk))


def take_retries(owner: str, going: QuerySet[Issue], at: datetime) -> Lot | None:
    waiting = Retry.objects.filter(owner="", due_at__lte=at, issue__in=going).order_by("due_at", "pk")
    with transaction.atomic():
        first = waiting.first()
        if first is None:
            return None
        due = waiting.filter(issue=first.issue_id).select_for_update(skip_locked=True, of=("self",))
        numbers = list(due.values_list("pk", flat=True)[:AT_ONCE])
        if not Retry.objects.filter(pk__in=numbers, owner="").update(owner=owner, lease_until=at + LEASE):
            return None
    return RetryLot(first.issue, owner)


# ---------------------------------------------------------------- when somebody is not heard of any more


def recover(at: datetime) -> int:
    """Free what is held by workers whose lease is over: batches, and deliveries to be tried again; gives back how many.

    What they had claimed is in doubt, or is sent again with the same Message-ID, as the issue says (`on_doubt`).
    """
    lost = Batch.objects.exclude(owner="").filter(done=False, lease_until__lt=at)
    batches = sum(recover_batch(number, at) for number in lost.values_list("pk", flat=True))
    retries = Retry.objects.exclude(owner="").filter(lease_until__lt=at)
    return batches + sum(recover_retry(number, at) for number in retries.values_list("pk", flat=True))


def recover_batch(number: int, at: datetime) -> bool:
    with transaction.atomic():
        lost = Batch.objects.select_related("issue").exclude(owner="").filter(pk=number, lease_until__lt=at)
        batch = lost.select_for_update(skip_locked=True, of=("self",)).first()
        if batch is None:
            return False
        deliveries = Delivery.objects.filter(pk__range=(batch.first, batch.last), issue=batch.issue)
        doubt(deliveries, batch.issue, at)
        waits = deliveries.filter(state=DeliveryState.QUEUED).exists()
        Batch.objects.filter(pk=number).tally()
        Batch.objects.filter(pk=number).update(owner="", lease_until=None, done=not waits)
    return True


def doubt(deliveries: QuerySet[Delivery], issue: Issue, at: datetime) -> None:
    """What was claimed by somebody who is gone. Those that are being tried again are somebody else's."""
    again = issue.on_doubt == OnDoubt.RESEND
    orphans = deliveries.filter(state=DeliveryState.CLAIMED, retry=None).values("pk")
    state = DeliveryState.QUEUED if again else DeliveryState.IN_DOUBT
    Delivery.objects.filter(pk__in=list(orphans.values_list("pk", flat=True))).update(
        state=state, at=at, attempts=F("attempts") + 1
    )


def recover_retry(number: int, at: datetime) -> bool:
    with transaction.atomic():
        lost = Retry.objects.select_related("issue").exclude(owner="").filter(pk=number, lease_until__lt=at)
        retry = lost.select_for_update(skip_locked=True, of=("self",)).first()
        if retry is None:
            return False
        claimed = Delivery.objects.filter(pk=retry.delivery_id, state=DeliveryState.CLAIMED)
        if retry.issue.on_doubt == OnDoubt.HOLD and claimed.update(state=DeliveryState.IN_DOUBT, at=at):
            retry.delete()
        else:
            claimed.update(state=DeliveryState.DEFERRED, at=at)
            Retry.objects.filter(pk=number).update(owner="", lease_until=None)
        recount(retry.issue, [retry.delivery_id])
    return True
