"""Every line of the worker's table works, and does what its name says."""

import threading
from datetime import timedelta

import pytest

from articles.models import Article, Edition, Notice
from newsletter import jobs, working
from newsletter.inbox import InboxFailed
from newsletter.models import Bounce, SignUp, Subscriber
from newsletter.working import Moment, Turn, Work
from tests.factories import NOON, make_article, make_user
from tests.newsletter import returned_mail
from tests.newsletter.mailed import envelope_of, mailed_to, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connection_stays(monkeypatch):
    """A test in one transaction keeps its connection."""
    monkeypatch.setattr(working, "close_old_connections", lambda: None)


def moment(at=NOON) -> Moment:
    return Moment(at, "one", lambda: at, threading.Event())


def do_all(at=NOON) -> Work:
    work = Work(jobs=jobs.JOBS, owner="one", clock=lambda: at)
    work.finish([Turn(job) for job in jobs.JOBS])
    return work


def test_every_job_has_a_name_of_its_own_that_fits_its_row():
    names = [job.name for job in jobs.JOBS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 40


def test_every_job_finds_nothing_to_do_in_a_new_magazine():
    assert do_all().failed == set()
    assert do_all(NOON + timedelta(days=1)).failed == set()


def test_a_schedule_that_is_due_turns_the_edition_without_any_reader():
    make_article(published_at=NOON + timedelta(hours=1))
    Edition.objects.turn(NOON)
    before = Edition.objects.get().key
    jobs.turn_edition(moment(NOON))
    assert Edition.objects.get().key == before
    jobs.turn_edition(moment(NOON + timedelta(hours=2)))
    assert Edition.objects.get().key != before
    assert Article.objects.published(NOON + timedelta(hours=2)).count() == 1


def test_readers_who_do_not_confirm_and_their_wishes_are_forgotten_after_a_week():
    make_reader(state="pending")
    SignUp.objects.create(email="other@example.org", key="0" * 32, at=NOON, handled_at=NOON)
    do_all(NOON + timedelta(days=6))
    assert (Subscriber.objects.count(), SignUp.objects.count()) == (1, 1)
    do_all(NOON + timedelta(days=8))
    assert (Subscriber.objects.count(), SignUp.objects.count()) == (0, 0)


def test_bounces_are_read_where_a_mailbox_is_set(tmp_path, settings):
    (tmp_path / "new").mkdir()
    delivery = mailed_to(make_reader())
    (tmp_path / "new" / "1").write_bytes(returned_mail.notification(to=envelope_of(delivery)))
    settings.BOUNCE_INBOX = {"PATH": str(tmp_path)}
    do_all()
    assert Bounce.objects.get().issue == delivery.issue


def test_staff_are_told_that_the_mailbox_cannot_be_read_and_the_worker_hears_of_it(tmp_path, settings):
    make_user()
    settings.BOUNCE_INBOX = {"PATH": str(tmp_path / "nowhere")}
    for minutes in (0, 5, 10):
        with pytest.raises(InboxFailed):
            jobs.read_bounces(moment(NOON + timedelta(minutes=minutes)))
    assert "cannot be read" in Notice.objects.get().text
