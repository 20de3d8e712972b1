"""From draft to scheduled and back: what stands in the way is said, deeds are by POST and by those who may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from articles.links import Answer
from articles.models import Article, AuditEntry, Magazine
from newsletter.models import Issue, Newsletter, OnDoubt, Worker
from newsletter.states import IssueState
from tests.articles.admin.browser import fields_of
from tests.factories import make_article, make_person, make_user
from tests.newsletter.issues import make_issue, make_pieces, make_readers, page

pytestmark = pytest.mark.django_db
FRIDAY = "2099-12-04T09:00"


@pytest.fixture
def issue(magazine, settings) -> Issue:
    settings.CHECK_LINKS = False
    return make_issue(*make_pieces(3))


def soon(hours: int = 20) -> str:
    return f"{timezone.localtime(timezone.now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def ask(desk, issue: Issue, **said):
    return desk.post(page(issue, "schedule"), {"now": "at", "when": soon(), "on_doubt": "hold"} | said)


def sure(desk, issue: Issue, answer):
    return desk.post(page(issue, "schedule"), {**fields_of(answer, "confirm_form"), "_sure": "1"}, follow=True)


def test_the_numbers_are_shown_before_anything_is_scheduled(desk, issue):
    make_readers(3)
    words = ask(desk, issue).content.decode()
    assert "3 readers, as it stands now" in words
    issue.refresh_from_db()
    assert issue.is_draft


def test_a_sure_answer_schedules_it_as_it_was_seen(desk, issue):
    answer = sure(desk, issue, ask(desk, issue, on_doubt="resend"))
    issue.refresh_from_db()
    assert issue.state == IssueState.SCHEDULED
    assert issue.on_doubt == OnDoubt.RESEND
    assert issue.number == 1
    assert f"{timezone.localtime(issue.scheduled_for):%Y-%m-%dT%H:%M}" == soon()
    assert "The issue is scheduled" in answer.content.decode()
    assert "data-countdown" in answer.content.decode()
    assert AuditEntry.objects.about(issue).filter(deed="schedule_issue").exists()


def test_now_is_now(desk, issue):
    before = timezone.now()
    sure(desk, issue, ask(desk, issue, now="now", when=""))
    issue.refresh_from_db()
    assert before <= issue.scheduled_for <= timezone.now()


def test_an_issue_changed_in_between_is_not_scheduled(desk, issue):
    answer = ask(desk, issue)
    issue.subject = "Changed"
    issue.save()
    assert "was changed while you looked at it" in sure(desk, issue, answer).content.decode()
    issue.refresh_from_db()
    assert issue.is_draft
    assert issue.scheduled_for is None


def test_what_was_not_looked_at_is_not_scheduled(desk, issue):
    """Neither without the page before it, nor for another time than the one it showed."""
    said = {"now": "now", "on_doubt": "hold", "_sure": "1"}
    shown = fields_of(ask(desk, issue), "confirm_form")
    for seen in ("", "x", "\x00", issue.saved_at.isoformat(), shown["seen"]):
        desk.post(page(issue, "schedule"), {**said, "seen": seen})
    issue.refresh_from_db()
    assert issue.is_draft


def test_links_of_others_are_asked_before_it_can_be_scheduled(desk, issue, settings, monkeypatch):
    settings.CHECK_LINKS = True
    gone = Answer("https://gone.example/", "refuses", 404, "there is no such page")
    monkeypatch.setattr("articles.links.check", lambda addresses: {gone.address: gone})
    Issue.objects.filter(pk=issue.pk).update(intro=f'{issue.intro}<p><a href="{gone.address}">There</a></p>')
    assert "“https://gone.example/” does not answer" in ask(desk, issue).content.decode()
    assert "confirm_form" not in ask(desk, issue).content.decode()


def test_what_stops_it_is_said_with_the_way_to_mend_it_and_there_is_no_button(desk, issue):
    Magazine.objects.filter(pk=1).update(postal_address="")
    words = desk.get(page(issue, "schedule")).content.decode()
    assert "no postal address" in words
    assert "/admin/articles/magazine/1/change/" in words
    assert "schedule_form" not in words
    assert "confirm_form" not in ask(desk, issue).content.decode()
    forged = {"now": "now", "on_doubt": "hold", "_sure": "1", "seen": issue.saved_at.isoformat()}
    desk.post(page(issue, "schedule"), forged)
    issue.refresh_from_db()
    assert issue.is_draft


def test_a_piece_that_appears_before_the_issue_goes_is_in_it_and_a_later_one_stops_it(desk, issue):
    ahead = make_article(headline="Tomorrow", published_at=timezone.now() + timedelta(hours=10))
    issue.items.create(article=ahead, position=9)
    assert "schedule_form" in desk.get(page(issue, "schedule")).content.decode()
    assert "“Tomorrow” is not on the site when the issue goes out" in ask(desk, issue, when=soon(5)).content.decode()
    sure(desk, issue, ask(desk, issue))
    issue.refresh_from_db()
    assert issue.state == IssueState.SCHEDULED
    assert "Tomorrow" in issue.html


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("", "Say when"),
        ("2020-01-01T09:00", "This time has passed"),
        (FRIDAY, "more than a year ahead"),
        ("soon", "Enter a valid date/time."),
        ("9" * 400, "Enter a valid date/time."),
        ("\x00", "Enter a valid date/time."),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_clearly(desk, issue, when, words):
    assert words in ask(desk, issue, when=when).content.decode()
    issue.refresh_from_db()
    assert issue.is_draft


def test_an_hour_that_the_clock_leaves_out_is_refused_clearly(desk, issue, time_machine):
    Magazine.objects.filter(pk=1).update(time_zone="Europe/London")
    Article.objects.all().update(published_at=datetime(2027, 3, 1, tzinfo=UTC))
    time_machine.move_to(datetime(2027, 3, 20, 12, tzinfo=UTC), tick=False)
    desk.force_login(make_user())
    words = ask(desk, issue, when="2027-03-28T01:30").content.decode()
    assert "There is no 01:30 on that day: the clocks are put forward then." in words
    words = ask(desk, issue, when="2027-03-28T02:30").content.decode()
    assert "confirm_form" in words


def test_an_hour_that_the_clock_shows_twice_is_the_first_and_the_page_says_which(desk, issue, time_machine):
    Magazine.objects.filter(pk=1).update(time_zone="Europe/London")
    Article.objects.all().update(published_at=datetime(2027, 10, 1, tzinfo=UTC))
    time_machine.move_to(datetime(2027, 10, 20, 12, tzinfo=UTC), tick=False)
    desk.force_login(make_user())
    answer = ask(desk, issue, when="2027-10-31T01:30")
    assert "BST, Europe/London" in answer.content.decode()
    sure(desk, issue, answer)
    issue.refresh_from_db()
    assert issue.scheduled_for == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_who_may_not_send_sees_why_there_is_no_button(client, issue):
    make_person(role="Publisher", username="paula")
    client.force_login(make_person(role="Editor", username="ed"))
    words = client.get(page(issue, "schedule")).content.decode()
    assert "to send it you need the permission for that" in words
    assert "paula" in words
    assert "schedule_form" not in words
    assert ask(client, issue).status_code == 403


def test_it_is_said_when_no_worker_is_running(desk, issue):
    assert "No worker is running." in desk.get(page(issue, "schedule")).content.decode()
    Worker.objects.create(name="one", started_at=timezone.now(), seen_at=timezone.now())
    assert "No worker is running." not in desk.get(page(issue, "schedule")).content.decode()


# ---------------------------------------------------------------- after that


def test_back_to_draft_is_one_press(desk, issue):
    sure(desk, issue, ask(desk, issue))
    desk.post(page(issue, "move/back_to_draft"))
    issue.refresh_from_db()
    assert issue.is_draft
    assert desk.get(page(issue)).context["form"].instance == issue


def test_looking_at_a_move_changes_nothing(desk, issue):
    sure(desk, issue, ask(desk, issue))
    for name in ("back_to_draft", "cancel"):
        assert desk.get(page(issue, f"move/{name}")).status_code == 200
    issue.refresh_from_db()
    assert issue.state == IssueState.SCHEDULED


def test_cancelling_asks_first(desk, issue):
    assert "this cannot be taken back" in desk.get(page(issue, "move/cancel")).content.decode()
    desk.post(page(issue, "move/cancel"))
    issue.refresh_from_db()
    assert issue.state == IssueState.CANCELLED


def test_a_move_that_is_not_open_is_a_message_and_no_error(desk, issue):
    answer = desk.post(page(issue, "move/back_to_draft"), follow=True)
    assert "is not possible: the issue is “Draft”." in answer.content.decode()
    for others in ("prepare", "finish", "nonsense"):
        assert desk.post(page(issue, f"move/{others}")).status_code == 404


def test_a_scheduled_issue_is_not_scheduled_again(desk, issue):
    sure(desk, issue, ask(desk, issue))
    answer = desk.get(page(issue, "schedule"), follow=True)
    assert "cannot be scheduled" in answer.content.decode()


def test_a_missed_issue_says_what_happened_and_offers_both_ways(desk, magazine):
    issue = make_issue(*make_pieces(3), state=IssueState.MISSED, why="It was due on Friday and is too late.")
    words = desk.get(page(issue)).content.decode()
    assert "It was due on Friday and is too late." in words
    assert "Schedule anew" in words
    assert page(issue, "move/back_to_draft") in words


def test_who_may_not_send_moves_nothing(client, issue):
    client.force_login(make_person(role="Editor"))
    for name in ("back_to_draft", "cancel"):
        assert client.post(page(issue, f"move/{name}")).status_code == 403
    issue.refresh_from_db()
    assert issue.is_draft


# ---------------------------------------------------------------- a test


def test_a_test_goes_to_the_saved_list_or_to_what_is_typed(desk, issue):
    Newsletter.objects.current()
    Newsletter.objects.update(test_addresses="ann@example.org\nben@example.org")
    saved = fields_of(desk.get(page(issue, "test")), "test_form")
    assert saved["addresses"].split() == ["ann@example.org", "ben@example.org"]
    answer = desk.post(page(issue, "test"), saved, follow=True)
    assert "The test went to 2 addresses." in answer.content.decode()
    assert [one.to for one in mail.outbox] == [["ann@example.org"], ["ben@example.org"]]
    assert mail.outbox[0].subject.startswith("[Test]")
    desk.post(page(issue, "test"), {"addresses": "cleo@example.org, ann@example.org"})
    assert len(mail.outbox) == 4


@pytest.mark.parametrize(
    "odd", ["", "nobody", "a@b", "x\x00@example.org", "a@example.org\n" * 2 + "nonsense", "y" * 4000]
)
def test_a_test_to_what_is_no_address_goes_nowhere_and_says_so(desk, issue, odd):
    answer = desk.post(page(issue, "test"), {"addresses": odd})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not mail.outbox


def test_a_mail_server_that_is_away_is_a_message_and_no_error(desk, issue, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = desk.post(page(issue, "test"), {"addresses": "ann@example.org"}, follow=True)
    assert "The mail server did not take the test" in answer.content.decode()
