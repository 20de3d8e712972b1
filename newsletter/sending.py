"""The sending of an issue, as staff and the clock see it: scheduled, prepared, under way, held, done.

Each verb holds the issue's row, notes in the audit log what was done, and raises states.WrongState where the issue is
in no state for it. The mails themselves are sent by newsletter.delivery.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import notices
from articles.models import AuditEntry
from articles.roles import who_has
from newsletter import mail, preflight, states
from newsletter.models import Batch, Delivery, Issue, Newsletter, Pace, Retry
from newsletter.models.delivery import COUNTED
from newsletter.states import DeliveryState, IssueState

DOUBT_CHOICES: Final = frozenset({"resend", "leave"})
FORSAKEN: Final = ((IssueState.SENDING, "pause"), (IssueState.PREPARING, "miss"))
"""How an issue that was in hand is held for a person."""


class NotReady(Exception):
    """The preflight stops the issue; `findings` say why (preflight.Finding)."""

    def __init__(self, findings: list[preflight.Finding]) -> None:
        self.findings = findings
        super().__init__(" ".join(finding.text for finding in findings))


# ---------------------------------------------------------------- what staff do


def schedule(issue: Issue, when: datetime, *, by: Any, at: datetime) -> None:
    """Freeze the issue and let it go at `when`, which may be now; NotReady where the preflight stops it.

    `by` is None where the magazine does it by itself.
    """
    states.after(issue.state, "schedule")
    if stops := preflight.stops(preflight.check(issue, max(at, when))):
        raise NotReady(stops)
    with transaction.atomic():
        held = hold(issue)
        states.after(held.state, "schedule")
        held.scheduled_for, held.scheduled_by = when, by
        mail.freeze(held, at)
        held.on_doubt = Newsletter.objects.current().on_doubt
        held.save()
        held.move("schedule", at)
        AuditEntry.objects.note("schedule_issue", held, by=by, at=at, note=f"{when:%Y-%m-%d %H:%M %Z}")
    issue.refresh_from_db()


def back_to_draft(issue: Issue, *, by: Any, at: datetime) -> None:
    """Undo: the issue is edited again and goes by itself no more."""
    with transaction.atomic():
        held = hold(issue)
        held.move("back_to_draft", at)
        Issue.objects.filter(pk=held.pk).update(scheduled_for=None, scheduled_by=None)
        AuditEntry.objects.note("issue_back_to_draft", held, by=by, at=at)
    issue.refresh_from_db()


def pause(issue: Issue, *, by: Any, at: datetime, why: str = "") -> None:
    """Send no more of it; what is on its way is finished. Where the magazine pauses it (`by` None), staff are told."""
    with transaction.atomic():
        held = hold(issue)
        held.move("pause", at, why)
        AuditEntry.objects.note("pause_issue", held, by=by, at=at, note=why)
        if by is None:
            tell_senders(held, _("It is paused: {why}").format(why=why), at)
    issue.refresh_from_db()


def resume(issue: Issue, *, by: Any, at: datetime) -> None:
    """Go on; the failures up to now are forgiven, so that it does not stop again because of them."""
    with transaction.atomic():
        held = hold(issue)
        held.move("resume", at)
        Issue.objects.filter(pk=held.pk).update(watched_from=at, in_a_row=0)
        AuditEntry.objects.note("resume_issue", held, by=by, at=at)
    issue.refresh_from_db()


def cancel(issue: Issue, *, by: Any, at: datetime) -> None:
    """Give it up for good. Whoever has got it has it; nobody else gets it."""
    with transaction.atomic():
        held = hold(issue)
        held.move("cancel", at)
        Retry.objects.filter(issue=held).delete()
        Issue.objects.filter(pk=held.pk, began_at__isnull=False).update(finished_at=at)
        AuditEntry.objects.note("cancel_issue", held, by=by, at=at)
    issue.refresh_from_db()


def settle_doubt(issue: Issue, choice: str, *, by: Any, at: datetime) -> int:
    """What becomes of the deliveries in doubt, and how many they were: "resend" sends them again, with the Message-ID
    they had; "leave" counts them as left out."""
    if choice not in DOUBT_CHOICES:
        raise ValueError(choice)
    with transaction.atomic():
        held = hold(issue)
        if held.state not in {IssueState.SENDING, IssueState.PAUSED, IssueState.SENT, IssueState.CANCELLED}:
            raise states.WrongState(_("Nothing of this issue is in doubt."))
        again = choice == "resend"
        if again and held.state == IssueState.CANCELLED:
            raise states.WrongState(_("The issue is cancelled: nothing of it is sent again."))
        number = settle(held, again, at)
        if number and again and held.state == IssueState.SENT:
            held.move("send_doubtful", at)
            Issue.objects.filter(pk=held.pk).update(finished_at=None, watched_from=at, in_a_row=0)
        AuditEntry.objects.note("settle_doubt", held, by=by, at=at, note=f"{choice}: {number}")
    issue.refresh_from_db()
    return number


def settle(issue: Issue, again: bool, at: datetime) -> int:
    """The deliveries in doubt of a held issue, batch by batch, since no index knows them."""
    doubtful, number = Batch.objects.filter(Q(in_doubt__gt=0) | ~Q(owner=""), issue=issue), 0
    for batch in doubtful.select_for_update().order_by("pk"):
        found = Delivery.objects.filter(pk__range=(batch.first, batch.last), issue=issue, state=DeliveryState.IN_DOUBT)
        reply = "" if again else _("It was in doubt; staff left it as it was.")
        count = found.update(state=DeliveryState.QUEUED if again else DeliveryState.SKIPPED, reply=reply, at=at)
        if count and again:
            Batch.objects.filter(pk=batch.pk).update(done=False, not_before=None)
        Batch.objects.filter(pk=batch.pk).tally()
        number += count
    return number


def hold(issue: Issue) -> Issue:
    return Issue.objects.held().get(pk=issue.pk)


def tell_senders(issue: Issue, text: str, at: datetime) -> None:
    """A notice to those who may send issues, with the way to its page of the desk."""
    address = reverse("admin:newsletter_issue_change", args=[issue.pk])
    people = who_has("newsletter.send_issue")
    notices.tell(people, reason="round_up", text=text, at=at, title=str(issue), address=address)


# ---------------------------------------------------------------- what the clock does


def start_due(at: datetime) -> list[Issue]:
    """Start what is due, hold what is too late; gives back the issues that are being sent from now on.

    A worker calls it often. It may be killed at any instant: what is half prepared is prepared again.
    """
    limit = at - timedelta(hours=Newsletter.objects.current().late_hours)
    hold_forsaken(limit, at)
    for number in numbers(Issue.objects.filter(state=IssueState.SCHEDULED, scheduled_for__lte=at)):
        begin(number, limit, at)
    waiting = numbers(Issue.objects.filter(state=IssueState.PREPARING))
    return [issue for number in waiting if (issue := prepare(number, at))]


def numbers(issues: QuerySet[Issue]) -> list[int]:
    return list(issues.order_by("scheduled_for", "pk").values_list("pk", flat=True))


def free(number: int, state: str) -> Issue | None:
    """An issue, held, if it is in this state and no other worker has it in hand."""
    return Issue.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=number, state=state).first()


def hold_restored(at: datetime) -> int:
    """Hold all that would go by itself, and say how many issues that were. Of a backup younger than the limit only the
    operator knows that it is one, and that what has gone out since is not in it."""
    why = _("A backup was put back: what has gone out since it was made is not in it. It does not go on by itself.")
    held = 0
    for state, move in (*FORSAKEN, (IssueState.SCHEDULED, "miss")):
        for number in numbers(Issue.objects.filter(state=state)):
            with transaction.atomic():
                if issue := free(number, state):
                    stop(issue, move, why, at)
                    held += 1
    return held


def hold_forsaken(limit: datetime, at: datetime) -> None:
    """What nobody worked on for so long is an old backup, or the end of an outage: a person decides."""
    why = _("Nobody worked on it since {since}: a long outage, or an old backup. It does not go on by itself.")
    for state, move in FORSAKEN:
        for number in numbers(Issue.objects.filter(state=state, worked_at__lt=limit)):
            with transaction.atomic():
                issue = free(number, state)
                if issue and issue.worked_at and issue.worked_at < limit:
                    stop(issue, move, why.format(since=f"{issue.worked_at:%Y-%m-%d %H:%M %Z}"), at)


def begin(number: int, limit: datetime, at: datetime) -> None:
    with transaction.atomic():
        issue = free(number, IssueState.SCHEDULED)
        if issue is None or issue.scheduled_for is None or issue.scheduled_for > at:
            return
        if issue.scheduled_for < limit:
            due = f"{issue.scheduled_for:%Y-%m-%d %H:%M %Z}"
            stop(issue, "miss", _("It was due at {due} and is too late. It does not go by itself.").format(due=due), at)
        else:
            issue.move("prepare", at)


def prepare(number: int, at: datetime) -> Issue | None:
    """The deliveries of an issue, in one transaction with the beginning of its sending: all of them or none."""
    with transaction.atomic():
        issue = free(number, IssueState.PREPARING)
        if issue is None:
            return None
        if preflight.drop_withdrawn(issue, at):
            mail.freeze(issue, at)
        if why := what_stops(issue, at):
            stop(issue, "miss", why, at)
            return None
        Delivery.objects.prepare(issue, at)
        issue.move("send", at)
        issue.began_at, issue.watched_from = at, at.replace(second=0, microsecond=0)
        issue.save(update_fields=["began_at", "watched_from"])
        AuditEntry.objects.note("send_issue", issue, by=None, at=at)
    return issue


def what_stops(issue: Issue, at: datetime) -> str:
    """Why a frozen issue may not go now; the links were asked when it was scheduled."""
    if mail.digest(issue) != issue.sha256:
        return _("The frozen text is not the one that was scheduled.")
    return " ".join(finding.text for finding in preflight.stops(preflight.check(issue, at)))


def stop(issue: Issue, move: str, why: str, at: datetime) -> None:
    """The magazine itself holds an issue for a person, and says so."""
    issue.move(move, at, why)
    AuditEntry.objects.note(f"{move}_issue", issue, by=None, at=at, note=why)
    tell_senders(issue, why, at)


def finish(issue: Issue, at: datetime) -> bool:
    """The issue is sent if nothing of it waits any more; what is in doubt may stay so and be settled later."""
    if waits(issue):
        return False
    with transaction.atomic():
        held = free(issue.pk, IssueState.SENDING)
        if held is None or waits(held):
            return False
        held.move("finish", at)
        held.finished_at = at
        held.save(update_fields=["finished_at"])
        AuditEntry.objects.note("finish_issue", held, by=None, at=at)
    return True


def waits(issue: Issue) -> bool:
    return Batch.objects.filter(issue=issue, done=False).exists() or Retry.objects.filter(issue=issue).exists()


# ---------------------------------------------------------------- how far it has come


@dataclass(frozen=True)
class Progress:
    """Numbers of deliveries; `queued` are all that wait or are on their way. `per_minute` is the rate of the last
    one or two minutes; `seconds_left` is None where nothing goes."""

    total: int
    queued: int
    sent: int
    failed: int
    deferred: int
    skipped: int
    in_doubt: int
    per_minute: float
    seconds_left: int | None


def progress(issue: Issue, at: datetime) -> Progress:
    """How far an issue has come: cheap, since only batches that are held are counted one by one."""
    batches = Batch.objects.filter(issue=issue)
    total = batches.aggregate(total=Sum("size"))["total"] or 0
    kept = batches.filter(owner="").aggregate(**{name: Sum(name) for name in COUNTED})
    live: Counter[str] = batches.exclude(owner="").states()
    counts = {name: (kept[name] or 0) + live[name] for name in COUNTED}
    queued = max(0, total - sum(counts.values()))
    per_minute = rate(issue, at)
    moving = issue.state == IssueState.SENDING and per_minute and queued
    return Progress(
        total=total,
        queued=queued,
        **counts,
        per_minute=per_minute,
        seconds_left=round(queued / per_minute * 60) if moving else None,
    )


def rate(issue: Issue, at: datetime) -> float:
    """Mails a minute, over this minute and the one before."""
    began = at.replace(second=0, microsecond=0) - timedelta(minutes=1)
    if issue.began_at:
        began = max(began, issue.began_at)
    done = Pace.objects.filter(issue=issue, minute__gte=at.replace(second=0, microsecond=0) - timedelta(minutes=1))
    number = done.aggregate(number=Sum(F("sent") + F("failed")))["number"] or 0
    return round(number * 60 / max(1.0, (at - began).total_seconds()), 1)
