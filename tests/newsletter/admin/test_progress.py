"""Whoever sends an issue sees how far it is, why it stopped, and what became of it; and can stop it."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import AuditEntry
from newsletter.models import Batch, Bounce, Consent, Deed, Delivery, Issue, Item, Pace, Said, Subscriber
from newsletter.states import Reader
from tests.factories import NOON, make_person

pytestmark = pytest.mark.django_db


def make_issue(state: str, *, number: int = 1, **fields) -> Issue:
    began = None if state in {"scheduled", "missed"} else timezone.now() - timedelta(minutes=10)
    fields = {"subject": "The week", "frozen_at": NOON, "began_at": began, "scheduled_for": NOON, **fields}
    return Issue.objects.create(state=state, number=number, **fields)


def make_batch(issue: Issue, **states: int) -> None:
    """Readers with deliveries in these states, in one batch."""
    deliveries = []
    for state, number in states.items():
        for each in range(number):
            address = f"{state}{each}.{issue.pk}@example.org"
            reader = Subscriber.objects.create(email=address, state=Reader.ACTIVE, confirmed_at=NOON)
            deliveries.append(Delivery.objects.create(issue=issue, subscriber=reader, state=state))
    counted = {state: number for state, number in states.items() if state != "queued"}
    Batch.objects.create(
        issue=issue,
        first=deliveries[0].pk,
        last=deliveries[-1].pk,
        size=len(deliveries),
        done="queued" not in states,
        **counted,
    )


def page_of(issue: Issue, name: str = "") -> str:
    return f"/admin/newsletter/issue/{issue.pk}/progress/{name}"


def shown(client, issue: Issue) -> str:
    return " ".join(client.get(page_of(issue)).content.decode().split())


def pressed(client, issue: Issue, deed: str) -> str:
    return client.post(page_of(issue, "deed/"), {"deed": deed}, follow=True).content.decode()


# ---------------------------------------------------------------- while it runs


def test_the_page_says_how_far_it_is_how_fast_it_goes_and_how_long_it_takes(desk):
    issue = make_issue("sending")
    make_batch(issue, sent=6, failed=1, deferred=1, skipped=1, queued=11)
    Pace.objects.create(issue=issue, minute=timezone.now().replace(second=0, microsecond=0), sent=6, failed=1)
    page = shown(desk, issue)
    assert "8 of 20 are done." in page
    assert 'value="40"' in page
    assert "a minute, about" in page
    state = desk.get(page_of(issue, "state/")).json()
    assert state["open"] is True
    assert state["words"] == "40 percent are done."
    assert "8 of 20 are done." in " ".join(state["html"].split())


def test_what_the_page_asks_again_and_again_costs_as_much_at_ten_batches_as_at_a_thousand(desk):
    issue = make_issue("sending")

    def queries() -> int:
        desk.get(page_of(issue, "state/"))
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page_of(issue, "state/")).status_code == 200
        assert not any("newsletter_delivery" in query["sql"] for query in captured.captured_queries)
        return len(captured)

    Batch.objects.bulk_create(
        Batch(issue=issue, first=number, last=number, size=1, sent=1, done=True) for number in range(10)
    )
    few = queries()
    Batch.objects.bulk_create(
        Batch(issue=issue, first=number, last=number, size=1, sent=1, done=True) for number in range(10, 1000)
    )
    assert queries() == few


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("scheduled", "Goes out Monday 1 June, 12:00."),
        ("preparing", "The list of those who get it is being made."),
        ("paused", "Too much was refused."),
        ("missed", "Too much was refused."),
        ("failed", "Too much was refused."),
    ],
)
def test_each_state_says_what_it_is_waiting_for_or_why_it_stopped(desk, state, words):
    issue = make_issue(state, why="Too much was refused." if state in {"paused", "missed", "failed"} else "")
    assert words in shown(desk, issue)


def test_a_draft_has_no_progress_and_leads_to_its_form(desk):
    issue = Issue.objects.create(subject="The week")
    assert desk.get(page_of(issue))["Location"] == f"/admin/newsletter/issue/{issue.pk}/change/"


def test_whoever_watches_pauses_it_and_lets_it_go_on(desk):
    issue = make_issue("sending")
    assert "It is paused." in pressed(desk, issue, "pause")
    issue.refresh_from_db()
    assert issue.state == "paused"
    assert "It goes on." in pressed(desk, issue, "resume")
    issue.refresh_from_db()
    assert issue.state == "sending"
    assert list(AuditEntry.objects.order_by("pk").values_list("deed", "actor")) == [
        ("pause_issue", "chief"),
        ("resume_issue", "chief"),
    ]


def test_a_move_that_is_not_open_any_more_is_a_message_and_no_error(desk):
    issue = make_issue("sent", finished_at=NOON)
    assert "is not possible" in pressed(desk, issue, "pause")
    assert desk.post(page_of(issue, "deed/"), {"deed": "finish"}).status_code == 404
    assert desk.post(page_of(issue, "deed/")).status_code == 404
    assert desk.get(page_of(issue, "deed/")).status_code == 405


@pytest.mark.parametrize(("choice", "state"), [("resend", "queued"), ("leave", "skipped")])
def test_what_is_in_doubt_is_explained_and_settled_by_a_person(desk, choice, state):
    issue = make_issue("paused")
    make_batch(issue, sent=2, in_doubt=3)
    page = shown(desk, issue)
    assert "Of 3 mails nobody knows whether they went out." in page
    assert "the same Message-ID" in page
    pressed(desk, issue, choice)
    assert Delivery.objects.filter(state=state).count() == 3
    assert "nobody knows" not in shown(desk, issue)


def test_only_who_may_send_moves_it(client):
    issue = make_issue("sending")
    make_batch(issue, sent=1, in_doubt=1, queued=1)
    client.force_login(make_person(role="Editor"))
    page = shown(client, issue)
    assert "Only those who may send issues can pause it." in page
    assert 'name="deed"' not in page
    for deed in ("pause", "resume", "resend", "leave"):
        assert client.post(page_of(issue, "deed/"), {"deed": deed}).status_code == 403
    issue.refresh_from_db()
    assert issue.state == "sending"


# ---------------------------------------------------------------- afterwards


def make_story() -> Issue:
    issue = make_issue("sent", finished_at=timezone.now())
    make_batch(issue, sent=4, failed=2)
    Item.objects.create(issue=issue, position=1, title="=Tides", clicks=9)
    Bounce.objects.create(issue=issue, kind="hard", source="dsn", at=timezone.now(), fingerprint="1")
    Pace.objects.create(issue=issue, minute=timezone.now().replace(second=0, microsecond=0), sent=4, failed=2)
    Consent.objects.note("0" * 32, Deed.LEFT, timezone.now() - timedelta(minutes=1), Said())
    return issue


def test_afterwards_the_numbers_stand_there_and_as_charts_with_tables(desk):
    issue = make_story()
    page = shown(desk, issue)
    for words in ("What became of it", "Sent over time", "Who refused most", "Pieces opened from the mail", "=Tides"):
        assert words in page
    assert 'role="img"' in page
    assert "As a table" in page
    assert "It is the first that went out." in page
    assert "Nobody counts who opened it" in page
    assert " style=" not in page.partition('id="content"')[2]


def test_the_numbers_come_as_a_file_without_formulas(desk):
    issue = make_story()
    answer = desk.get(page_of(issue, "numbers/"))
    found = [tuple(row) for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))]
    for row in [("sent", "", "4"), ("failed", "", "2"), ("left", "", "1"), ("bounced", "hard", "1")]:
        assert row in found
    assert ("failed at", "example.org", "2") in found
    assert ("clicks", "'=Tides", "9") in found
    assert "attachment" in answer["Content-Disposition"]


def test_who_does_not_look_after_readers_is_told_no_domain(client):
    issue = make_story()
    client.force_login(make_person(role="Editor"))
    assert "example.org" not in shown(client, issue)
    assert "example.org" not in client.get(page_of(issue, "numbers/")).content.decode()


@pytest.mark.parametrize("state", ["scheduled", "sending"])
def test_there_are_no_numbers_before_it_has_ended(desk, state):
    issue = make_issue(state)
    assert desk.get(page_of(issue, "numbers/")).status_code == 404
    assert "Sent over time" not in shown(desk, issue)


@pytest.mark.parametrize("number", ["0", "9" * 30, "424242"])
def test_an_issue_that_is_not_there_is_not_found(desk, number):
    for name in ("", "state/", "numbers/"):
        assert desk.get(f"/admin/newsletter/issue/{number}/progress/{name}").status_code == 404
    assert desk.post(f"/admin/newsletter/issue/{number}/progress/deed/", {"deed": "pause"}).status_code == 404
