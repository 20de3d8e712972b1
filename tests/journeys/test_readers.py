"""Staff bring readers from elsewhere and watch an issue go out, in a real browser."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from newsletter import importing
from newsletter.models import Batch, Delivery, Issue, Subscriber, Worker
from newsletter.states import Reader
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db(transaction=True)

STATEMENT = "They ticked the box beside “Send me the week” at the spring fair on 3 May 2026."
LIVE = 12_000
"""Milliseconds in which the page sees a change by itself: it asks every other second, the rest is the machine's."""


@pytest.fixture
def desk(page: Page, live_server) -> Page:
    client = Client()
    client.force_login(make_user(username="chief"))
    key = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    Worker.objects.create(name="w1", started_at=timezone.now(), seen_at=timezone.now())
    return page


def test_a_file_is_brought_watched_and_taken_back(desk, live_server, axe):
    desk.goto(f"{live_server.url}/admin/newsletter/subscriber/")
    desk.get_by_role("link", name="Add subscribers").click()
    axe(desk)
    lines = "".join(f"Reader {number};reader{number}@example.org\n" for number in range(3_000))
    raw = f"Name;E-Mail\n{lines}Nobody;at all\n".encode()
    desk.get_by_label("File").set_input_files({"name": "fair.csv", "mimeType": "text/csv", "buffer": raw})
    desk.get_by_label("Statement of consent").fill(STATEMENT)
    desk.get_by_label("They are subscribed at once").check()
    desk.get_by_role("button", name="Begin the import").click()
    expect(desk.get_by_text("0 of 3001 lines read")).to_be_visible()
    axe(desk)
    read(2_000)
    expect(desk.get_by_role("progressbar")).to_have_attribute("value", "66", timeout=LIVE)
    expect(desk.get_by_text("66 percent read")).to_be_attached()
    read()
    expect(desk.get_by_text("3001 of 3001 lines read")).to_be_visible(timeout=LIVE)
    expect(desk.get_by_role("cell", name="That is no e-mail address")).to_be_visible()
    axe(desk)
    desk.get_by_role("link", name="Erase those this import added").click()
    axe(desk)
    desk.get_by_role("button", name="Yes, erase them").click()
    read()
    expect(desk.get_by_text("Undone", exact=True).first).to_be_visible(timeout=LIVE)
    assert not Subscriber.objects.exists()


def read(lines: int = 100_000) -> None:
    """The worker, for as many lines."""
    importing.AT_A_TIME, whole = 1, importing.AT_A_TIME
    done = 0
    while done < lines and (more := importing.read_some(timezone.now(), "w1")):
        done += more
    importing.AT_A_TIME = whole


def test_an_issue_is_watched_paused_and_looked_at_afterwards(desk, live_server, axe):
    began = timezone.now() - timedelta(minutes=5)
    issue = Issue.objects.create(
        subject="The week in tides", state="sending", number=1, frozen_at=NOON, began_at=began, worked_at=timezone.now()
    )
    readers = [
        Subscriber.objects.create(email=f"a{number}@example.org", state=Reader.ACTIVE, confirmed_at=NOON)
        for number in range(4)
    ]
    rows = [Delivery.objects.create(issue=issue, subscriber=reader) for reader in readers]
    Batch.objects.create(issue=issue, first=rows[0].pk, last=rows[-1].pk, size=4)
    desk.goto(f"{live_server.url}/admin/newsletter/issue/{issue.pk}/progress/")
    expect(desk.get_by_text("0 of 4 are done.")).to_be_visible()
    desk.get_by_role("button", name="Pause").focus()
    Batch.objects.update(sent=2)
    expect(desk.get_by_text("2 of 4 are done.")).to_be_visible(timeout=LIVE)
    expect(desk.get_by_role("button", name="Pause")).to_be_focused()
    axe(desk)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Nothing goes out until somebody lets it go on.")).to_be_visible()
    desk.get_by_role("button", name="Go on sending").click()
    expect(desk.get_by_role("button", name="Pause")).to_be_visible()
    Batch.objects.update(sent=3, failed=1, done=True)
    Issue.objects.filter(pk=issue.pk).update(state="sent", finished_at=timezone.now())
    expect(desk.get_by_role("heading", name="What became of it")).to_be_visible(timeout=LIVE)
    axe(desk)


def test_the_lists_of_readers_are_accessible(desk, live_server, axe):
    reader = Subscriber.objects.create(email="ann@example.org", state=Reader.ACTIVE, confirmed_at=timezone.now())
    for where in ("", f"{reader.pk}/change/", f"{reader.pk}/delete/"):
        desk.goto(f"{live_server.url}/admin/newsletter/subscriber/{where}")
        axe(desk)
