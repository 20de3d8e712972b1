"""The real process: what operators start, stop, and have cron start."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsletter import queueing
from newsletter.models import Batch, Delivery, Worker
from newsletter.states import DeliveryState
from tests import postgres
from tests.newsletter import tasks_of_tests as tasks
from tests.newsletter.mailing import make_readers, make_sending
from tests.newsletter.sink import Sink
from tests.settings import POSTGRESQL_FOLDER

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 30


def database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{postgres.url(POSTGRESQL_FOLDER).rpartition('/')[0]}/{name}"


def start(*arguments: str, **variables: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "magazine.settings", "DATABASE_URL": database()},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def process() -> Iterator[subprocess.Popen]:
    process = start()
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_shows_itself_and_ends_cleanly_when_it_is_asked_to(process):
    wait_until(Worker.objects.exists)
    process.send_signal(signal.SIGTERM)
    _out, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, log
    assert not Worker.objects.exists()
    assert "has ended." in log
    assert "Traceback" not in log


def test_asked_to_stop_while_it_sends_it_leaves_nothing_in_doubt_and_another_sends_the_rest():
    make_readers(number=200)
    issue = make_sending(at=timezone.now())
    deliveries = Delivery.objects.filter(issue=issue)
    with Sink(latency=0.01) as sink:
        mails = f"smtp://127.0.0.1:{sink.port}?tls=0"
        first = start(EMAIL_URL=mails)
        wait_until(lambda: len(sink.messages) > 20)
        first.send_signal(signal.SIGTERM)
        _out, log = first.communicate(timeout=PATIENCE)
        assert first.returncode == 0, log
        assert set(deliveries.values_list("state", flat=True)) == {DeliveryState.SENT, DeliveryState.QUEUED}
        assert deliveries.filter(state=DeliveryState.SENT).count() == len(sink.messages)
        assert not Batch.objects.exclude(owner="").exists()
        second = start("--once", EMAIL_URL=mails)
        _out, log = second.communicate(timeout=PATIENCE)
    assert set(deliveries.values_list("state", flat=True)) == {DeliveryState.SENT}, log
    assert sorted(sink.recipients) == sorted(deliveries.values_list("subscriber__email", flat=True))


def test_a_second_signal_ends_it_at_once_and_the_task_it_had_is_not_lost(process):
    tasks.never_end.enqueue()
    wait_until(DBTaskResult.objects.running().exists)
    process.send_signal(signal.SIGINT)
    wait_until(lambda: "is ending" in process.stderr.readline())
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == -signal.SIGINT
    assert queueing.put_back(timezone.now() + timedelta(minutes=3)) == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def test_cron_runs_what_is_due_once_and_hears_of_what_failed():
    tasks.rename.enqueue("Friday's letter")
    process = start("--once", BOUNCE_INBOX="maildir:///nowhere")
    _out, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "Not done, and said why above: bounces." in log
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
    process = start("--once")
    _out, log = process.communicate(timeout=PATIENCE)
    assert (process.returncode, log.count("ERROR")) == (0, 0), log
