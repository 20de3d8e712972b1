"""The settings of the round-up: what a person can have meant is taken, the rest is named."""

from datetime import UTC, datetime

import pytest

from articles.models import Magazine
from newsletter.admin.settings import next_draft
from newsletter.models import Newsletter
from tests.articles.admin.browser import send

pytestmark = pytest.mark.django_db

FORM = "/admin/newsletter/newsletter/1/change/"


@pytest.fixture
def newsletter(magazine) -> Newsletter:
    return Newsletter.objects.current()


def saved(desk, **changes) -> str:
    return send(desk, FORM, "newsletter_form", **changes).content.decode()


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("warm_up", "500;1000  2000,", "500, 1000, 2000"),
        ("warm_up", " 500 ", "500"),
        ("warm_up", "  ", ""),
        (
            "test_addresses",
            " ann@example.org \n\nANN@example.org\r\nbob@example.org",
            "ann@example.org\nbob@example.org",
        ),
        ("time_zone", "Europe/Lisbon", "Europe/Lisbon"),
    ],
)
def test_what_is_meant_is_kept(desk, newsletter, field, given, kept):
    saved(desk, warm_up_from="2026-06-01", **{field: given})
    newsletter.refresh_from_db()
    assert getattr(newsletter, field) == kept


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"warm_up": "five hundred"}, "with commas between them"),
        ({"warm_up": "500, -1"}, "with commas between them"),
        ({"warm_up": "٥٠٠"}, "with commas between them"),
        ({"warm_up": "9" * 100}, "with commas between them"),
        ({"warm_up": "0, 500"}, "from 1 to"),
        ({"warm_up": "500, 100"}, "fewer mails than the day before"),
        ({"warm_up": "500", "warm_up_from": ""}, "On which day"),
        ({"test_addresses": "ann@example.org\nbob"}, "“bob” is no e-mail address."),
        ({"test_addresses": "\n".join(f"a{number}@example.org" for number in range(11))}, "At most 10"),
        ({"time_zone": "Europe/Atlantis"}, "time zone"),
        ({"by_itself": "on"}, "let it be made every week too"),
        ({"fewest_pieces": "20"}, "more than the most pieces"),
        ({"failure_percent": "0"}, "above 0"),
        ({"failure_percent": "101"}, "above 0"),
        ({"failures_in_row": "1"}, "At least 2"),
        ({"per_second": "2000000"}, "0 is no limit"),
    ],
)
def test_what_cannot_be_meant_is_named_and_nothing_is_saved(desk, newsletter, changes, words):
    before = Newsletter.objects.values().get()
    assert words in saved(desk, **changes)
    assert Newsletter.objects.values().get() == before


def test_the_page_says_when_the_next_draft_is_made_in_the_zone_of_the_round_up(desk, newsletter):
    wednesday = datetime(2026, 11, 25, 20, tzinfo=UTC)
    assert "No draft is made by itself" in next_draft(newsletter, Magazine.objects.get(), wednesday)
    newsletter.weekly, newsletter.time_zone = True, "America/New_York"
    said = next_draft(newsletter, Magazine.objects.get(), wednesday)
    assert said == "The next draft is made on Friday 27 November, 9:00 New York time."
    newsletter.by_itself = True
    assert "by itself 60 minutes later" in next_draft(newsletter, Magazine.objects.get(), wednesday)
    Newsletter.objects.update(weekly=True)
    assert "The next draft is made on Friday" in desk.get(FORM).content.decode()
