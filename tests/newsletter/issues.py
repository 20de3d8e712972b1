"""Issues for the tests of the desk."""

from datetime import timedelta

from django.utils import timezone

from articles.models import Article
from newsletter.models import Issue, Item, Subscriber
from newsletter.states import IssueState, Reader
from tests.factories import make_article

WORDS = (
    "<p>What the harbour did while nobody looked, and what it will do next, in the words of those who were there.</p>"
)


def make_issue(*pieces: Article, subject: str = "The week at sea", state: str = IssueState.DRAFT, **fields) -> Issue:
    """A draft that can be sent, or with `state` one that looks as if it had got there."""
    values = {"preheader": "Ice, tides and a tram", "intro": WORDS} | fields
    if state != IssueState.DRAFT:
        now = timezone.now()
        values = {
            "number": 7,
            "frozen_at": now,
            "html": "<p>frozen</p>",
            "text": "frozen",
            "scheduled_for": now,
        } | values
    issue = Issue.objects.create(subject=subject, state=state, **values)
    for position, article in enumerate(pieces, 1):
        Item.objects.create(issue=issue, article=article, position=position)
    return issue


def make_pieces(count: int, **fields) -> list[Article]:
    """Pieces that appeared in the last days, the newest first."""
    now = timezone.now()
    return [
        make_article(headline=f"Piece {number}", published_at=now - timedelta(hours=number), **fields)
        for number in range(1, count + 1)
    ]


def make_readers(count: int) -> None:
    now = timezone.now()
    for number in range(count):
        Subscriber.objects.create(email=f"reader{number}@example.org", state=Reader.ACTIVE, confirmed_at=now)


def page(issue: Issue, name: str = "change") -> str:
    return f"/admin/newsletter/issue/{issue.pk}/{name}/"


def headlines(issue: Issue) -> list[str]:
    return [item.article.headline for item in issue.items.order_by("position")]
