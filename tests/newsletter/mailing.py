"""Readers and issues for the tests of sending, keyword-only as in tests/factories.py, and a worker's steps."""

from datetime import datetime, timedelta

from newsletter import mail, states, tokens
from newsletter.delivery import work
from newsletter.models import Delivery, Issue, Newsletter, Subscriber
from newsletter.states import IssueState, Reader
from tests.factories import NOON

HTML = f'<p>Grüße — one piece.</p>\n<p><a href="https://magazine.example/newsletter/leave/{tokens.LEAVE_HERE}/">Leave</a></p>'
TEXT = f".\nGrüße — one piece.\n\nLeave: https://magazine.example/newsletter/leave/{tokens.LEAVE_HERE}/\n"


def make_reader(
    *, email: str, state: str = Reader.ACTIVE, confirmed_at: datetime | None = NOON, **fields
) -> Subscriber:
    return Subscriber.objects.create(email=email, state=state, signed_up_at=NOON, confirmed_at=confirmed_at, **fields)


def make_readers(*, number: int, domain: str = "readers.example") -> list[Subscriber]:
    names = [f"reader{index:06}@{domain}" for index in range(number)]
    made = [
        Subscriber(email=name, key=tokens.key_of(name), state=Reader.ACTIVE, signed_up_at=NOON, confirmed_at=NOON)
        for name in names
    ]
    return Subscriber.objects.bulk_create(made, batch_size=1000)


def make_frozen(*, state: str = IssueState.SCHEDULED, subject: str = "The week — in pieces", **fields) -> Issue:
    """An issue as it is when it was scheduled, without the pieces it was made of."""
    number = fields.pop("number", None) or Issue.objects.exclude(number=None).count() + 1
    issue = Issue(state=state, number=number, subject=subject, preheader="And more", html=HTML, text=TEXT, web="<p/>")
    for name, value in fields.items():
        setattr(issue, name, value)
    issue.sha256, issue.frozen_at = mail.digest(issue), NOON
    issue.scheduled_for = fields.get("scheduled_for", NOON)
    issue.save()
    return issue


def start(issue: Issue, at: datetime = NOON) -> Issue:
    """As sending.start_due does when nothing stands in the way."""
    Delivery.objects.prepare(issue, at)
    issue.state = states.after(IssueState.PREPARING, "send")
    issue.began_at = issue.watched_from = issue.worked_at = at
    issue.save()
    return issue


def make_sending(*, at: datetime = NOON, **fields) -> Issue:
    return start(make_frozen(**fields), at)


def set_newsletter(**fields) -> Newsletter:
    newsletter = Newsletter.objects.current()
    for name, value in fields.items():
        setattr(newsletter, name, value)
    newsletter.save()
    return newsletter


class Clock:
    """An instant that goes on by a little each time it is asked."""

    def __init__(self, at: datetime = NOON, step: timedelta = timedelta(milliseconds=1)) -> None:
        self.at, self.step = at, step

    def __call__(self) -> datetime:
        self.at += self.step
        return self.at


def run(clock: Clock | None = None, *, owner: str = "worker", stop=lambda: False, seconds: float = 20) -> int:
    return work(owner, clock or Clock(), stop, seconds)


def states_of(issue: Issue) -> dict[str, str]:
    """The state of each delivery by its reader's address."""
    return dict(Delivery.objects.filter(issue=issue).values_list("subscriber__email", "state"))
