"""The round-up of the demonstration magazine: its readers, last week's issue in the archive, a draft for this week.

The addresses are of example.org, which is nobody's (RFC 2606); nothing is sent.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from articles.models import Magazine
from newsletter import mail, roundup
from newsletter.models import Batch, Delivery, Issue, Newsletter, Pace, Said, Subscriber, Wording
from newsletter.states import DeliveryState

READERS: Final = 120
WEEKS: Final = 10
"""Over how many weeks they signed up, more of them lately."""
MORNING: Final = time(9)
NAME: Final = "The Crossing"

LAST_WEEK: Final = {
    "preheader": "Also: what the magazine looked at over the past days, in order of appearance.",
    "intro": "<p>Good morning. The first frost came, and with it the letters of those who had told us it would. "
    "Below is what we printed in the past days; the longest of it wants a chair and a lamp.</p>",
    "outro": "<p>That was the week. Answers to this letter are read, most of them on Mondays.</p>",
}
THIS_WEEK: Final = {
    "intro": "<p>Good morning. A short week, and a full one: here is what you may have missed between two ferries.</p>",
}


def fill(at: datetime, by: Any) -> None:
    """Give the demonstration magazine, loaded before in the caller's transaction, its round-up as it stands at `at`."""
    newsletter = Newsletter.objects.current()
    zone = newsletter.zone(Magazine.objects.current())
    morning = datetime.combine((at.astimezone(zone) - timedelta(days=7)).date(), MORNING, zone)
    settle(newsletter, at)
    readers = sign_up(at)
    last = issue_of(morning, by, since=morning - timedelta(days=14), **LAST_WEEK)
    deliver(last, [reader for reader in readers if reader.signed_up_at < morning], morning)
    part(readers, morning)
    issue_of(at, by, since=morning, **THIS_WEEK)


def settle(newsletter: Newsletter, at: datetime) -> None:
    newsletter.name, newsletter.weekly = NAME, True
    newsletter.test_addresses = "desk@example.org"
    newsletter.drafted_for = roundup.last_slot(newsletter, Magazine.objects.current(), at)
    newsletter.save()


def sign_up(at: datetime) -> list[Subscriber]:
    """Readers who signed up over ten weeks and confirmed, each a few minutes later; the newest have yet to."""
    wording = Wording.objects.current("The newsletter. Every Friday, by post.", at - timedelta(weeks=WEEKS))
    readers = []
    for number in range(READERS):
        came = at - timedelta(weeks=WEEKS) * (1 - (number / READERS) ** 0.7) - timedelta(hours=3)
        reader = Subscriber.objects.note_pending(f"reader{number + 1:03}@example.org", came)
        if number < READERS - 4:
            reader.confirm(came + timedelta(minutes=4), Said(page="/newsletter/", wording=wording))
            readers.append(reader)
    return readers


def issue_of(at: datetime, by: Any, *, since: datetime, **words: str) -> Issue:
    issue = roundup.compose(since, at, by=by, fewest=1)
    if issue is None:
        raise ValueError("The demonstration magazine has pieces in each week.")
    for name, text in words.items():
        setattr(issue, name, text)
    issue.save()
    return issue


def deliver(issue: Issue, readers: Sequence[Subscriber], at: datetime) -> None:
    """The issue as it looks after it was sent to them: two addresses refused it."""
    mail.freeze(issue, at)
    for move in ("schedule", "prepare", "send"):
        issue.move(move, at)
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            issue=issue,
            subscriber=reader,
            state=DeliveryState.FAILED if number in {11, 47} else DeliveryState.SENT,
            attempts=1,
            at=at + timedelta(seconds=number // 4),
            reply="550 5.1.1 No such user" if number in {11, 47} else "",
        )
        for number, reader in enumerate(readers)
    )
    failed = sum(delivery.state == DeliveryState.FAILED for delivery in deliveries)
    Batch.objects.create(
        issue=issue,
        first=deliveries[0].pk,
        last=deliveries[-1].pk,
        done=True,
        sent=len(deliveries) - failed,
        failed=failed,
    )
    Pace.objects.create(issue=issue, minute=at, sent=len(deliveries) - failed, failed=failed)
    done = at + timedelta(seconds=len(deliveries) // 4)
    issue.began_at, issue.scheduled_for, issue.finished_at = at, at, done
    issue.move("finish", done)
    issue.save()


def part(readers: Sequence[Subscriber], at: datetime) -> None:
    """What the days after an issue bring: some leave, some mail comes back, one rests."""
    for number, days in ((3, 1), (20, 2), (38, 5)):
        readers[number].leave(at + timedelta(days=days), Said(page="/newsletter/leave/"))
    for number in (11, 47):
        readers[number].bounce(at + timedelta(minutes=1), Said(note="550 5.1.1 No such user"), hard=True)
    readers[60].pause(at + timedelta(days=1), Said(page="/newsletter/preferences/"))
