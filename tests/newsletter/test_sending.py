from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, AuditEntry, Notice
from newsletter import mail, sending
from newsletter.models import Batch, Delivery, Issue, Newsletter, OnDoubt, Pace, Suppression
from newsletter.states import DeliveryState, IssueState, Reader, Shut, WrongState
from tests.factories import NOON, make_person
from tests.newsletter.mailing import Clock, make_frozen, make_reader, make_readers, make_sending, run, start
from tests.newsletter.paper import make_issue, make_magazine, make_pieces

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def published(settings):
    settings.SITE_URL = "https://magazine.example"
    make_magazine()


@pytest.fixture
def publisher():
    return make_person(role="Publisher")


def make_scheduled(publisher, *, pieces: int = 3) -> Issue:
    issue = make_issue(*make_pieces(count=pieces))
    sending.schedule(issue, LATER, by=publisher, at=NOON)
    return issue


def deeds(issue: Issue) -> list[str]:
    return list(AuditEntry.objects.about(issue).order_by("pk").values_list("deed", flat=True))


# ---------------------------------------------------------------- scheduling


def test_scheduling_freezes_the_issue_and_says_when_and_who(publisher):
    Newsletter.objects.update_or_create(pk=1, defaults={"on_doubt": OnDoubt.RESEND})
    issue = make_scheduled(publisher)
    assert issue.state == IssueState.SCHEDULED
    assert (issue.scheduled_for, issue.scheduled_by) == (LATER, publisher)
    assert issue.sha256 == mail.digest(issue)
    assert issue.frozen_at == NOON
    assert issue.number
    assert issue.on_doubt == OnDoubt.RESEND
    assert deeds(issue) == ["schedule_issue"]


def test_what_is_frozen_is_what_is_sent_whatever_changes_meanwhile(publisher, mailoutbox):
    issue = make_scheduled(publisher)
    article = issue.items.first().article
    headline = article.headline
    Article.objects.filter(pk=article.pk).update(headline="Another headline")
    make_reader(email="ada@readers.example")
    assert sending.start_due(LATER) == [issue]
    run(Clock(LATER))
    assert headline in mailoutbox[0].body
    assert "Another headline" not in mailoutbox[0].body


def test_an_issue_the_preflight_stops_is_not_scheduled(publisher):
    issue = make_issue(*make_pieces(count=1), subject="")
    with pytest.raises(sending.NotReady) as refused:
        sending.schedule(issue, LATER, by=publisher, at=NOON)
    assert [finding.code for finding in refused.value.findings] == ["subject"]
    issue.refresh_from_db()
    assert issue.is_draft
    assert deeds(issue) == []


def test_a_draft_again_it_goes_by_itself_no_more(publisher):
    issue = make_scheduled(publisher)
    sending.back_to_draft(issue, by=publisher, at=NOON)
    assert issue.is_draft
    assert sending.start_due(LATER) == []
    assert deeds(issue) == ["schedule_issue", "issue_back_to_draft"]


@pytest.mark.parametrize("verb", ["pause", "resume"])
@pytest.mark.parametrize("state", [IssueState.SCHEDULED, IssueState.SENT, IssueState.CANCELLED])
def test_what_is_not_being_sent_is_neither_paused_nor_resumed(verb, state):
    issue = make_frozen(state=state)
    with pytest.raises(WrongState):
        getattr(sending, verb)(issue, by=None, at=NOON)
    issue.refresh_from_db()
    assert issue.state == state


def test_a_cancelled_issue_is_sent_to_nobody_else(mailoutbox, publisher):
    make_readers(number=5)
    issue = make_sending()
    sending.pause(issue, by=publisher, at=NOON, why="A mistake in the lead.")
    assert issue.why == "A mistake in the lead."
    sending.cancel(issue, by=publisher, at=NOON)
    assert run() == 0
    assert mailoutbox == []
    with pytest.raises(WrongState):
        sending.resume(issue, by=publisher, at=NOON)
    with pytest.raises(WrongState):
        sending.settle_doubt(issue, "resend", by=publisher, at=NOON)
    assert deeds(issue) == ["pause_issue", "cancel_issue"]


# ---------------------------------------------------------------- starting


def test_an_issue_goes_to_those_who_are_subscribed_and_to_nobody_else(publisher):
    make_reader(email="ada@readers.example")
    for number, state in enumerate(set(Reader.values) - {Reader.ACTIVE}):
        make_reader(email=f"other{number}@readers.example", state=state)
    make_reader(email="resting@readers.example", paused_until=LATER + timedelta(days=1))
    make_reader(email="rested@readers.example", paused_until=LATER)
    shut = make_reader(email="shut@readers.example")
    Suppression.objects.shut(shut.key, Shut.STAFF, NOON)
    issue = make_scheduled(publisher)
    sending.start_due(LATER)
    to = set(Delivery.objects.filter(issue=issue).values_list("subscriber__email", flat=True))
    assert to == {"ada@readers.example", "rested@readers.example"}


def test_it_starts_when_it_is_due_once_and_not_before(publisher):
    make_readers(number=3)
    issue = make_scheduled(publisher)
    assert sending.start_due(LATER - timedelta(seconds=1)) == []
    assert sending.start_due(LATER) == [issue]
    assert sending.start_due(LATER) == []
    assert Delivery.objects.count() == 3
    issue.refresh_from_db()
    assert issue.state == IssueState.SENDING
    assert issue.began_at == LATER


def test_a_kill_while_it_is_prepared_leaves_it_to_be_prepared_again_without_doubles(publisher, monkeypatch):
    make_readers(number=250)
    issue = make_scheduled(publisher)

    def killed(*_args, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Issue, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            sending.start_due(LATER)
    issue.refresh_from_db()
    if issue.state == IssueState.SCHEDULED:  # the kill came before it was marked as being prepared
        Issue.objects.filter(pk=issue.pk).update(state=IssueState.PREPARING, worked_at=LATER)
    assert sending.start_due(LATER) == [issue]
    assert Delivery.objects.filter(issue=issue).count() == 250
    batches = Batch.objects.filter(issue=issue)
    assert sum(batches.values_list("size", flat=True)) == 250


def test_an_issue_to_nobody_is_sent_at_once(publisher):
    issue = make_scheduled(publisher)
    sending.start_due(LATER)
    assert run(Clock(LATER)) == 0
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT


def test_a_piece_that_was_withdrawn_drops_out_and_staff_are_told(publisher, mailoutbox):
    make_reader(email="ada@readers.example")
    issue = make_scheduled(publisher)
    gone = issue.items.first().article
    gone.unpublish(at=NOON + timedelta(hours=1))
    sending.start_due(LATER)
    run(Clock(LATER))
    assert gone.headline not in mailoutbox[0].body
    assert Notice.objects.filter(user=publisher, reason="round_up", text__contains=gone.headline).exists()


def test_an_issue_with_nothing_left_is_held_and_never_sent(publisher):
    make_reader(email="ada@readers.example")
    issue = make_scheduled(publisher, pieces=1)
    issue.items.get().article.unpublish(at=NOON)
    assert sending.start_due(LATER) == []
    issue.refresh_from_db()
    assert issue.state == IssueState.MISSED
    assert issue.why
    assert not Delivery.objects.exists()


def test_a_text_that_is_not_the_frozen_one_is_not_sent(publisher):
    make_reader(email="ada@readers.example")
    issue = make_scheduled(publisher)
    Issue.objects.filter(pk=issue.pk).update(html=issue.html + "<p>slipped in</p>")
    assert sending.start_due(LATER) == []
    issue.refresh_from_db()
    assert issue.state == IssueState.MISSED


# ---------------------------------------------------------------- too late, and old backups


def test_what_is_too_late_is_held_for_a_person_who_is_told(publisher):
    make_reader(email="ada@readers.example")
    issue = make_scheduled(publisher)
    late = LATER + timedelta(hours=6, seconds=1)
    assert sending.start_due(late) == []
    issue.refresh_from_db()
    assert issue.state == IssueState.MISSED
    assert "too late" in issue.why
    assert Notice.objects.filter(user=publisher, reason="round_up").exists()
    assert not Delivery.objects.exists()
    sending.schedule(issue, late, by=publisher, at=late)
    assert sending.start_due(late) == [issue]


def test_an_old_backup_restored_does_not_send(mailoutbox, publisher):
    """Restored a week later, whatever stood in it stays where it is until a person has looked."""
    make_readers(number=5)
    scheduled = make_scheduled(publisher)
    preparing = make_frozen(state=IssueState.PREPARING, worked_at=NOON)
    going = make_sending()
    week = NOON + timedelta(days=7)
    assert run(Clock(week)) == 0
    assert sending.start_due(week) == []
    assert run(Clock(week)) == 0
    assert mailoutbox == []
    states = {issue.pk: issue.state for issue in Issue.objects.all()}
    assert states == {
        scheduled.pk: IssueState.MISSED,
        preparing.pk: IssueState.MISSED,
        going.pk: IssueState.PAUSED,
    }
    assert all(Issue.objects.values_list("why", flat=True))
    sending.resume(going, by=publisher, at=week)
    assert run(Clock(week)) == 5


def test_nor_does_a_young_one_when_the_operator_says_that_it_is_one(mailoutbox, publisher):
    """An hour is not too late for anything; only who put the backup back knows that these have gone out since."""
    make_readers(number=5)
    scheduled = make_scheduled(publisher)
    preparing = make_frozen(state=IssueState.PREPARING, worked_at=LATER)
    going, sent = make_sending(at=LATER), make_frozen(state=IssueState.SENT)
    hour = LATER + timedelta(hours=1)
    assert sending.hold_restored(hour) == 3
    assert sending.start_due(hour) == []
    assert run(Clock(hour)) == 0
    assert mailoutbox == []
    assert {issue.pk: issue.state for issue in Issue.objects.all()} == {
        scheduled.pk: IssueState.MISSED,
        preparing.pk: IssueState.MISSED,
        going.pk: IssueState.PAUSED,
        sent.pk: IssueState.SENT,
    }
    assert Notice.objects.filter(user=publisher, text__contains="backup").count() == 3
    assert sending.hold_restored(hour) == 0


# ---------------------------------------------------------------- progress


def test_progress_counts_each_delivery_once_and_says_how_long_it_takes(mailoutbox):
    make_readers(number=300)
    issue = make_sending()
    assert sending.progress(issue, NOON).queued == 300
    run(stop=lambda: len(mailoutbox) >= 100)
    at = NOON + timedelta(seconds=30)
    progress = sending.progress(issue, at)
    assert (progress.total, progress.sent, progress.queued) == (300, 100, 200)
    assert progress.per_minute == 200.0
    assert progress.seconds_left == 60


def test_progress_asks_as_few_questions_of_many_deliveries_as_of_few():
    make_readers(number=1000)
    issue = make_sending()
    Batch.objects.filter(pk=Batch.objects.first().pk).update(owner="somebody")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        progress = sending.progress(issue, NOON)
    assert progress.total == progress.queued == 1000
    assert len(queries) <= 6


def test_what_is_held_is_counted_as_it_is_now(mailoutbox):
    make_readers(number=100)
    issue = make_sending()
    batch = Batch.objects.order_by("pk").first()
    Batch.objects.filter(pk=batch.pk).update(owner="somebody")
    Delivery.objects.filter(pk=batch.first).update(state=DeliveryState.SENT)
    assert sending.progress(issue, NOON).sent == 1


def test_where_nothing_goes_nobody_is_told_when_it_ends():
    make_readers(number=3)
    issue = make_sending()
    assert sending.progress(issue, NOON).seconds_left is None
    Pace.objects.create(issue=issue, minute=NOON, sent=30)
    sending.pause(issue, by=None, at=NOON)
    assert sending.progress(issue, NOON + timedelta(seconds=20)).seconds_left is None


def test_batches_are_short_for_a_short_list_so_that_each_connection_has_one():
    make_readers(number=700)
    issue = make_sending()
    sizes = list(Batch.objects.filter(issue=issue).values_list("size", flat=True))
    assert sum(sizes) == 700
    assert len(sizes) >= 100


def test_two_issues_at_once_are_two_sets_of_deliveries():
    make_readers(number=20)
    first, second = make_sending(), make_frozen(state=IssueState.PREPARING)
    start(second)
    for issue in (first, second):
        assert Delivery.objects.filter(issue=issue).count() == 20
        assert sending.progress(issue, NOON).total == 20
