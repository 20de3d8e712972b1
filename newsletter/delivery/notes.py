"""What is written down of a message that was not simply taken: on the delivery, and of the reader if it is theirs."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from newsletter import replies
from newsletter.delivery.lots import Lot
from newsletter.delivery.message import Addressee
from newsletter.delivery.outcomes import Outcome
from newsletter.models import Bounce, BounceKind, Delivery, Said, Subscriber
from newsletter.states import DeliveryState

RETRY_AFTER: Final = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)


def put_off(lot: Lot, to: Addressee, outcome: Outcome, at: datetime) -> bool:
    """Try it again later; after the fifth time never: then it has failed, and False is given back."""
    with transaction.atomic():
        if not lot.note(to, DeliveryState.DEFERRED, shown(outcome, to), at):
            return True
        tries = Delivery.objects.values_list("attempts", flat=True).get(pk=to.delivery)
        if tries <= len(RETRY_AFTER):
            lot.put_off(to, at + RETRY_AFTER[tries - 1])
            return True
        lot.settled(to)
        Delivery.objects.filter(pk=to.delivery).update(state=DeliveryState.FAILED)
    return False


def fail(lot: Lot, to: Addressee, outcome: Outcome, at: datetime) -> None:
    """It is refused for good. If nobody is there, the reader's address is shut; a mailbox that is full counts half a
    point; a policy is not the reader's fault."""
    with transaction.atomic():
        if not lot.note(to, DeliveryState.FAILED, shown(outcome, to), at):
            return
        lot.settled(to)
        kind = replies.kind(outcome.code, outcome.reply) if outcome.code >= 500 else ""
        reader = Subscriber.objects.filter(pk=to.subscriber).first()
        if kind and reader:
            bounced(lot, reader, to, kind, shown(outcome, to), at)


def bounced(lot: Lot, reader: Subscriber, to: Addressee, kind: str, reply: str, at: datetime) -> None:
    Bounce.objects.get_or_create(
        fingerprint=f"smtp {to.delivery}",
        defaults={
            "issue": lot.issue,
            "subscriber": reader,
            "kind": kind,
            "source": "smtp",
            "at": at,
            "detail": reply,
        },
    )
    if kind != BounceKind.POLICY and reader.key == to.key:
        reader.bounce(at, Said(note=reply), hard=kind == BounceKind.HARD)


def doubtful(lot: Lot, to: Addressee, outcome: Outcome, at: datetime) -> None:
    with transaction.atomic():
        if lot.note(to, DeliveryState.IN_DOUBT, shown(outcome, to), at):
            lot.settled(to)


def back(lot: Lot, to: Addressee, outcome: Outcome, at: datetime, *, tried: bool = False) -> None:
    """It waits again, in this lot."""
    lot.note(to, lot.waiting, shown(outcome, to), at, tried=tried)


def left_out(lot: Lot, to: Addressee, at: datetime) -> None:
    """The reader does not want it any more."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(pk=to.delivery, state=lot.waiting)
        waiting.update(state=DeliveryState.SKIPPED, at=at)
        lot.settled(to)


def shown(outcome: Outcome, to: Addressee) -> str:
    """What the server said, without the reader's address, which servers like to repeat."""
    text = outcome.text
    for address in {to.email, to.email.lower()} - {""}:
        text = text.replace(address, "…")
    return " ".join(text.replace("\x00", "").split())[:300]
