"""The states of readers, issues and deliveries, and which may follow which: rules as data."""

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reader(models.TextChoices):
    """What a subscriber is to us."""

    PENDING = "pending", _("Waiting for confirmation")
    ACTIVE = "active", _("Subscribed")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("Mail comes back")
    COMPLAINED = "complained", _("Complained")


class Shut(models.TextChoices):
    """Why an address gets no mail, whether or not we know its reader."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("Mail comes back")
    COMPLAINED = "complained", _("Complained")
    STAFF = "staff", _("Closed by staff")


LIFTED_BY_READER: Final = frozenset({Shut.UNSUBSCRIBED, Shut.BOUNCED})
"""What the reader's own confirmed POST lifts; the rest only staff."""


class Why(models.TextChoices):
    """Why a line of a file of readers is refused."""

    NO_ADDRESS = "no_address", _("There is no address in it")
    NOT_ADDRESS = "not_address", _("That is no e-mail address")
    LONG = "long", _("Too long")
    CONTROL = "control", _("There are control characters in it")
    QUOTE = "quote", _("A quotation mark is opened and never closed")
    TWICE = "twice", _("It stands in the file twice")
    LEFT = "unsubscribed", _("This reader left or was erased: only they can come back, by signing up")
    BOUNCED = "bounced", _("Mail to this address comes back")
    COMPLAINED = "complained", _("This reader complained of spam")
    CLOSED = "staff", _("Staff closed this address")


class IssueState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PREPARING = "preparing", _("Preparing")
    SENDING = "sending", _("Sending")
    PAUSED = "paused", _("Paused")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")
    MISSED = "missed", _("Missed")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    DEFERRED = "deferred", _("Tried again later")
    FAILED = "failed", _("Refused")
    SKIPPED = "skipped", _("Left out")
    IN_DOUBT = "in_doubt", _("In doubt")


@dataclass(frozen=True)
class Move:
    """A move of an issue: the button's words, whence and whither."""

    label: Promise
    sources: frozenset[str]
    target: str


S = IssueState
MOVES: Final[dict[str, Move]] = {
    "schedule": Move(_("Schedule"), frozenset({S.DRAFT, S.MISSED}), S.SCHEDULED),
    "back_to_draft": Move(_("Back to draft"), frozenset({S.SCHEDULED, S.MISSED}), S.DRAFT),
    "prepare": Move(_("Prepare"), frozenset({S.SCHEDULED}), S.PREPARING),
    "miss": Move(_("Hold as missed"), frozenset({S.SCHEDULED, S.PREPARING}), S.MISSED),
    "send": Move(_("Send"), frozenset({S.PREPARING}), S.SENDING),
    "pause": Move(_("Pause"), frozenset({S.SENDING}), S.PAUSED),
    "resume": Move(_("Go on sending"), frozenset({S.PAUSED}), S.SENDING),
    "finish": Move(_("Finish"), frozenset({S.SENDING}), S.SENT),
    "send_doubtful": Move(_("Send those in doubt again"), frozenset({S.SENT}), S.SENDING),
    "cancel": Move(_("Cancel"), frozenset({S.DRAFT, S.SCHEDULED, S.PREPARING, S.PAUSED, S.MISSED}), S.CANCELLED),
    "fail": Move(_("Give up"), frozenset({S.SENDING}), S.FAILED),
}

FROZEN: Final = frozenset(set(S.values) - {S.DRAFT, S.CANCELLED, S.FAILED})
"""The states in which an issue is fixed and its pieces are spoken for: readers have them, or will."""
SHOWN: Final = frozenset({S.SENDING, S.PAUSED, S.SENT})
"""The states in which readers have an issue: it stands in the archive."""


class WrongState(Exception):
    """The issue is not in a state that allows the move."""


def after(state: str, move: str) -> str:
    """The state a move leads to; WrongState where it is not open."""
    if state not in MOVES[move].sources:
        words = {"move": MOVES[move].label, "state": IssueState(state).label}
        raise WrongState(_("“%(move)s” is not possible: the issue is “%(state)s”.") % words)
    return MOVES[move].target
