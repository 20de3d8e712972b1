"""What the tests of the round-up are set in: a magazine that may send, sections with pieces, an issue of them."""

from datetime import timedelta

from articles.models import Article, Magazine, Section
from newsletter import mail
from newsletter.models import Issue, Item, Newsletter
from tests.factories import NOON, make_article, make_author, make_picture, make_section

WEEK_AGO = NOON - timedelta(days=7)
COLOURS = ("teal", "rust", "slate", "moss", "plum", "ochre", "rose")


def make_magazine(**fields) -> Magazine:
    Magazine.objects.current()
    Magazine.objects.update(**{"name": "The Causeway", "postal_address": "9 Ropewalk Quay\nSaltholm", **fields})
    return Magazine.objects.current()


def set_newsletter(**fields) -> Newsletter:
    Newsletter.objects.current()
    Newsletter.objects.update(**fields)
    return Newsletter.objects.current()


def make_pieces(*, count: int = 3, sections: int = 3, pictures: bool = False, before=NOON, **fields) -> list[Article]:
    """Pieces in sections by turns, each an hour older than the one before it."""
    here = [make_section(colour=COLOURS[number % 7]) for number in range(sections)]
    picture = make_picture(size=(1200, 800)) if pictures else None
    return [
        make_article(
            section=here[number % sections],
            published_at=before - timedelta(hours=number + 1),
            authors=(make_author(),),
            lead_picture=picture,
            **fields,
        )
        for number in range(count)
    ]


def make_issue(*pieces: Article, state: str = "draft", at=NOON, **fields) -> Issue:
    """An issue of these pieces; in another state than draft it is frozen as of `at`."""
    words = {"subject": "The week in tides", "preheader": "Boats, bread and ice", **fields}
    issue = Issue.objects.create(since=at - timedelta(days=7), until=at, **words)
    Item.objects.bulk_create(Item(issue=issue, article=piece, position=n) for n, piece in enumerate(pieces, 1))
    if state != "draft":
        mail.freeze(issue, at)
        Issue.objects.filter(pk=issue.pk).update(state=state, began_at=at)
        issue.refresh_from_db()
    return issue


def in_section(section: Section, *hours: int) -> list[Article]:
    """Pieces of a section, so many hours old."""
    return [make_article(section=section, published_at=NOON - timedelta(hours=each)) for each in hours]
