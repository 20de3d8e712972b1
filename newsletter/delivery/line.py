"""One connection's work: take a lot, send its messages one by one, note what became of each."""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from articles.models import Magazine
from newsletter import sending
from newsletter.delivery import notes
from newsletter.delivery.claims import NOBODY
from newsletter.delivery.limits import Limits
from newsletter.delivery.lots import Lot, take
from newsletter.delivery.message import Addressee, Message, NoSender
from newsletter.delivery.outcomes import Kind, Outcome
from newsletter.delivery.transports import Transport
from newsletter.delivery.watching import Watch
from newsletter.models import Delivery, Issue, Newsletter, OnDoubt, Subscriber
from newsletter.states import IssueState, WrongState

DROPS: Final = 3
"""So often a connection may break on one message before the message is put off, as if the server had said: later."""
EACH: Final = 2.0
"""Seconds between two notes of the lease and the pace."""
PATIENCE: Final = timedelta(seconds=2)
"""So long a line waits for its turn with a batch in hand; for an hour's or a day's limit it lets go."""
LONGEST_REST: Final = 60
SLICE: Final = 0.05

log = logging.getLogger(__name__)


class Line:
    """Works under a name of its own, in a thread of its own where there are several."""

    def __init__(
        self, owner: str, transport: Transport, clock: Callable[[], datetime], stop: Callable[[], bool], until: float
    ) -> None:
        self.owner, self.transport, self.clock, self.stop, self.until = owner, transport, clock, stop, until
        self.newsletter, self.magazine = Newsletter.objects.current(), Magazine.objects.current()
        self.limits = Limits(self.newsletter, self.newsletter.zone(self.magazine))
        self.late = timedelta(hours=self.newsletter.late_hours)
        self.messages: dict[int, Message] = {}
        self.sent = self.rests = 0
        self.over = False
        """Nothing more in this run: a limit of the hour or the day is used up."""

    def goes_on(self) -> bool:
        return not self.over and not self.stop() and time.monotonic() < self.until

    def run(self) -> int:
        """Send until there is nothing to send, or time is up; gives back how many were sent."""
        try:
            while self.goes_on():
                at = self.clock()
                lot = take(self.owner, at - self.late, at)
                if lot is None:
                    break
                self.sent += self.work_off(lot)
        finally:
            self.transport.close()
            self.limits.hand_back()
        return self.sent

    def work_off(self, lot: Lot) -> int:
        try:
            return Work(self, lot).off()
        except NoSender as error:
            lot.release(self.clock())
            self.pause(lot.issue, _("It has no sender that mail can come from: {why}").format(why=error))
            return 0

    def pause(self, issue: Issue, why: str) -> None:
        with suppress(WrongState):  # another worker was faster
            sending.pause(issue, by=None, at=self.clock(), why=why)

    def message(self, issue: Issue) -> Message:
        if issue.pk not in self.messages:
            self.messages[issue.pk] = Message(issue, self.newsletter, self.magazine, self.clock())
        return self.messages[issue.pk]


class Work:
    """A lot in the hands of a line."""

    def __init__(self, line: Line, lot: Lot) -> None:
        self.line, self.lot = line, lot
        self.message = line.message(lot.issue)
        self.watch = Watch(lot.issue, line.newsletter)
        self.waiting = deque(lot.addressees)
        self.drops: Counter[int] = Counter()
        self.former: Addressee = NOBODY
        """Sent, and not noted yet: that is done in one commit with the claim of the next."""
        self.sent = 0
        self.given_up = False
        """The lot is not ours any more, or the issue is not being sent."""
        self.not_before: datetime | None = None

    def off(self) -> int:
        """Send what waits in the lot, then let it go."""
        try:
            while self.waiting and self.goes_on():
                self.step(self.waiting.popleft())
                if time.monotonic() - self.watch.written > EACH:
                    self.keep()
        finally:
            self.note_former()
            self.watch.write(self.line.clock())
            self.lot.release(self.line.clock(), self.not_before)
        return self.sent

    def goes_on(self) -> bool:
        return not self.given_up and self.line.goes_on()

    def step(self, to: Addressee) -> None:
        if not self.has_turn(to):
            return
        former, self.former = self.former, NOBODY
        claimed = self.lot.advance(former, to, self.line.clock())
        self.count(former)
        if claimed:
            self.settle(to, self.line.transport.send(self.message, to, self.then()))
        else:
            self.see_why_not(to)

    def then(self) -> Addressee | None:
        """Who comes next at once, if there is no limit to wait for."""
        return self.waiting[0] if self.waiting and self.goes_on() and not self.line.limits.any() else None

    def count(self, former: Addressee) -> None:
        if former is not NOBODY:
            self.sent += 1
            self.watch.see(Kind.SENT)

    def note_former(self) -> None:
        """Where no next one is claimed."""
        if self.former is not NOBODY:
            former, self.former = self.former, NOBODY
            self.lot.advance(former, NOBODY, self.line.clock())
            self.count(former)

    # ------------------------------------------------------------ before

    def has_turn(self, to: Addressee) -> bool:
        """Whether the limits let this one go, be it after a moment; a domain that is full makes its readers wait."""
        domain, limits = to.email.rpartition("@")[2].lower(), self.line.limits
        while until := limits.take(domain, at := self.line.clock()):
            if limits.is_full(domain, at):
                self.not_before = until
                return False
            if until - at > PATIENCE:
                self.line.over = True
                return False
            self.rest((until - at).total_seconds())
            if not self.goes_on():
                return False
        return True

    def see_why_not(self, to: Addressee) -> None:
        """It was not claimed: is the lot lost, the issue paused, the reader gone, or has the address changed?"""
        at = self.line.clock()
        going = Issue.objects.filter(pk=self.lot.issue.pk, state=IssueState.SENDING).exists()
        if not going or not self.lot.renew(at):
            self.given_up = True
        elif Delivery.objects.filter(pk=to.delivery, state=self.lot.waiting).exists():
            reader = Subscriber.objects.mailable(at).filter(pk=to.subscriber).first()
            if reader is None:
                notes.left_out(self.lot, to, at)
            else:
                self.waiting.appendleft(Addressee(to.delivery, reader.pk, reader.email, reader.key))

    # ------------------------------------------------------------ after

    def settle(self, to: Addressee, outcome: Outcome) -> None:
        at, kind = self.line.clock(), outcome.kind
        if kind in {Kind.AGAIN, Kind.DOUBT} and self.may_try_again(to, kind):
            notes.back(self.lot, to, outcome, at, tried=kind is Kind.DOUBT)
            self.waiting.appendleft(to)
            return
        if kind is Kind.SENT:
            self.former = to
        elif kind in {Kind.DEFERRED, Kind.AGAIN}:
            self.refused(Kind.DEFERRED if notes.put_off(self.lot, to, outcome, at) else Kind.FAILED, outcome)
        elif kind is Kind.FAILED:
            notes.fail(self.lot, to, outcome, at)
            self.refused(kind, outcome)
        elif kind is Kind.DOUBT:
            notes.doubtful(self.lot, to, outcome, at)
            self.refused(kind, outcome)
        else:
            self.nothing_left(to, outcome)
        if kind is not Kind.DOWN:
            self.line.rests = 0

    def may_try_again(self, to: Addressee, kind: Kind) -> bool:
        """At once: what broke off before its end a few times; what is in doubt only if the issue says so."""
        self.drops[to.delivery] += 1
        asked = kind is Kind.AGAIN or self.lot.issue.on_doubt == OnDoubt.RESEND
        return asked and self.drops[to.delivery] < DROPS

    def refused(self, kind: Kind, outcome: Outcome) -> None:
        """Too many of these, and the issue is paused."""
        self.watch.see(kind)
        self.watch.write(self.line.clock())
        if why := self.watch.too_many():
            self.pause(f"{why} {outcome.text}")

    def nothing_left(self, to: Addressee, outcome: Outcome) -> None:
        """No server, or one that wants nothing of this from us: that is nobody's fault but ours."""
        notes.back(self.lot, to, outcome, self.line.clock())
        self.waiting.appendleft(to)
        if outcome.kind is Kind.STOP:
            self.pause(_("The mail server refuses it: {reply}").format(reply=outcome.text))
            return
        log.warning("The mail server cannot be reached: %s", outcome.text)
        trouble = _("The mail server cannot be reached: {reply}").format(reply=outcome.text)
        self.watch.write(self.line.clock(), trouble)
        self.line.rests += 1
        self.rest(min(LONGEST_REST, 2.0 ** (self.line.rests - 1)))

    def pause(self, why: str) -> None:
        self.given_up = True
        self.line.pause(self.lot.issue, why)

    # ------------------------------------------------------------ meanwhile

    def rest(self, seconds: float) -> None:
        """Wait with nothing on its way, and without losing the lease."""
        self.note_former()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.goes_on():
            time.sleep(min(left, SLICE))
            if time.monotonic() - self.watch.written > EACH:
                self.keep()

    def keep(self) -> None:
        at = self.line.clock()
        self.watch.write(at)
        if not self.lot.renew(at):
            self.given_up = True
