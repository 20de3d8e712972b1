"""A task runs at least once, whatever becomes of its worker; one that broke is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsletter import queueing
from newsletter.models import Newsletter, Worker
from tests.newsletter import tasks_of_tests as tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsletter():
    return Newsletter.objects.current()


@pytest.fixture(autouse=True)
def connection_stays(monkeypatch):
    """A test in one transaction keeps its connection; the queue's worker replaces one that looks left open."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


def left_behind(owner: str, minutes: int = 10, starts: int = 1) -> DBTaskResult:
    tasks.rename.enqueue("Friday's letter")
    begun = timezone.now() - timedelta(minutes=minutes)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=begun, worker_ids=[owner] * starts)
    return DBTaskResult.objects.get()


def status() -> str:
    return DBTaskResult.objects.get().status


def test_a_task_that_waits_is_done(newsletter):
    tasks.rename.enqueue("Friday's letter")
    assert queueing.run_next("one") is True
    assert queueing.run_next("one") is False
    newsletter.refresh_from_db()
    assert (newsletter.name, status()) == ("Friday's letter", TaskResultStatus.SUCCESSFUL)
    assert DBTaskResult.objects.get().worker_ids == ["one"]


def test_a_task_that_breaks_is_logged_and_kept_with_its_traceback(caplog):
    tasks.break_down.enqueue()
    queueing.run_next("one")
    assert "the task broke down" in caplog.text
    assert "the task broke down" in DBTaskResult.objects.get().traceback
    queueing.forget_old(timezone.now() + timedelta(days=29))
    assert status() == TaskResultStatus.FAILED
    queueing.forget_old(timezone.now() + timedelta(days=31))
    assert not DBTaskResult.objects.exists()


def test_a_task_that_a_killed_worker_left_begins_anew(newsletter):
    left_behind("killed")
    assert queueing.put_back(timezone.now()) == 1
    queueing.run_next("one")
    assert (status(), DBTaskResult.objects.get().worker_ids) == (TaskResultStatus.SUCCESSFUL, ["killed", "one"])


def test_a_task_in_the_hands_of_a_living_worker_stays_there():
    now = timezone.now()
    Worker.objects.beat("busy", now)
    left_behind("busy", minutes=600)
    assert queueing.put_back(now) == 0
    assert status() == TaskResultStatus.RUNNING


def test_a_task_that_has_just_begun_stays_where_it_is():
    left_behind("new", minutes=1)
    assert queueing.put_back(timezone.now()) == 0


def test_a_task_that_takes_its_workers_with_it_is_given_up(caplog):
    left_behind("killed", starts=queueing.STARTS)
    assert queueing.put_back(timezone.now()) == 0
    assert status() == TaskResultStatus.FAILED
    assert "never ended" in caplog.text


def test_tasks_kept_elsewhere_are_not_ours(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    assert queueing.run_next("one") is False
