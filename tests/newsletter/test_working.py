"""The worker goes on whatever one job does, does each chore once among many workers, and ends when it is asked to."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections

from articles.models import Magazine
from newsletter import working
from newsletter.models import Chore, Worker
from newsletter.working import HOUR, MINUTE, NIGHT, TICK, Job, Turn, Work
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connection_stays(request, monkeypatch):
    """A test in one transaction keeps its connection; a worker replaces one that looks left open."""
    if "own_tables" not in request.fixturenames:
        monkeypatch.setattr(working, "close_old_connections", lambda: None)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def worker(*jobs: Job, clock: Clock, name: str = "one") -> Work:
    return Work(jobs=jobs, owner=name, clock=clock)


def breaks(error: Exception):
    def run(_now):
        raise error

    return run


# ---------------------------------------------------------------- one job and the others


def test_a_job_that_raises_is_told_with_its_traceback_and_the_others_go_on(clock, caplog):
    done = []
    bad, good = Job("bad", TICK, breaks(ValueError("ink ran out"))), Job("good", TICK, lambda now: done.append(now.at))
    work = worker(bad, good, clock=clock)
    work.round([Turn(bad), Turn(good)])
    assert done == [NOON]
    assert "“bad” failed" in caplog.text
    assert "ValueError: ink ran out" in caplog.text


def test_a_job_that_goes_on_failing_is_tried_ever_more_seldom_and_at_once_again_when_it_works(clock):
    turn = Turn(Job("bad", TICK, breaks(ValueError())))
    pauses = [turn.put_off(working.LONGEST_PAUSE) for _ in range(12)]
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses[-1] == working.LONGEST_PAUSE
    turn.rest()
    assert (turn.failures, turn.next_at) == (0, 0.0)


def test_a_database_that_is_away_is_one_line_in_the_log_and_asked_again_soon(clock, caplog):
    turn = Turn(Job("mail", TICK, breaks(OperationalError("connection refused\nIs the server running?"))))
    for _ in range(10):
        worker(clock=clock).attempt(turn)
    assert caplog.records[0].getMessage() == "“mail”: the database does not answer (connection refused). Again in 2 s."
    assert "Again in 15 s" in caplog.records[-1].getMessage()
    assert "Traceback" not in caplog.text


def test_a_worker_that_cannot_show_itself_goes_on(clock, caplog, monkeypatch):
    monkeypatch.setattr(type(Worker.objects.all()), "beat", lambda *_words: breaks(OperationalError("gone"))(None))
    worker(clock=clock).beat()
    assert "one cannot show itself: gone" in caplog.text


def test_what_may_have_more_to_do_comes_again_without_a_pause(clock):
    left = [3]
    job = Job("mail", TICK, lambda _now: left.append(left.pop() - 1) or left[0])
    work = worker(job, clock=clock)
    assert [work.round([Turn(job)]) for _ in range(3)] == [True, True, False]


def test_jobs_are_done_in_the_language_and_the_zone_of_the_magazine(clock):
    Magazine.objects.update_or_create(pk=1, defaults={"language": "de", "time_zone": "Europe/Vienna"})
    found = []
    job = Job(
        "mail",
        TICK,
        lambda _now: found.append((working.translation.get_language(), working.timezone.get_current_timezone_name())),
    )
    worker(job, clock=clock).attempt(Turn(job))
    assert found == [("de", "Europe/Vienna")]


def test_what_debug_notes_of_queries_does_not_pile_up(clock, settings):
    settings.DEBUG = True
    job = Job("mail", TICK, lambda _now: Worker.objects.count())
    work = worker(job, clock=clock)
    work.attempt(Turn(job))
    first = len(connection.queries_log)
    for _ in range(20):
        work.attempt(Turn(job))
    assert len(connection.queries_log) <= first


# ---------------------------------------------------------------- chores


def test_of_several_workers_one_does_a_chore_and_again_when_it_is_due(clock):
    done = []
    job = Job("purge", HOUR, lambda now: done.append((now.owner, now.at)))
    for minutes in (0, 30, 59, 61):
        clock.now = NOON + timedelta(minutes=minutes)
        for name in ("one", "two"):
            worker(job, clock=clock, name=name).attempt(Turn(job))
    assert done == [("one", NOON), ("one", NOON + timedelta(minutes=61))]


def test_a_chore_of_the_night_is_done_once_after_half_past_three_where_the_magazine_is(clock):
    Magazine.objects.update_or_create(pk=1, defaults={"time_zone": "America/New_York"})
    done = []
    job = Job("thin", NIGHT, lambda now: done.append(now.at.day))
    Chore.objects.create(name="thin", begun_at=datetime(2026, 6, 1, 8, tzinfo=UTC))
    for hour in (0, 6, 7.4, 7.6, 9, 23):  # 3:30 in New York is 7:30 UTC
        clock.now = datetime(2026, 6, 2, tzinfo=UTC) + timedelta(hours=hour)
        worker(job, clock=clock).attempt(Turn(job))
    clock.now = datetime(2026, 6, 3, 8, tzinfo=UTC)
    worker(job, clock=clock).attempt(Turn(job))
    assert done == [2, 3]


def test_a_chore_that_says_how_much_it_did_is_not_done_again_for_that(clock):
    job = Job("purge", MINUTE, lambda _now: 7)
    assert worker(job, clock=clock).attempt(Turn(job)) is False


# ---------------------------------------------------------------- showing itself, and the end


def test_a_worker_shows_itself_and_names_no_other_gone_too_early(clock):
    work = worker(clock=clock)
    work.doing["mail"] = "sending"
    work.beat()
    assert list(Worker.objects.values_list("name", "started_at", "seen_at", "doing")) == [
        ("one", NOON, NOON, "sending")
    ]
    clock.now = NOON + timedelta(minutes=1)
    work.beat()
    assert Worker.objects.alive(NOON + timedelta(minutes=2, seconds=59)).exists()
    assert not Worker.objects.alive(NOON + timedelta(minutes=3)).exists()


def test_names_of_workers_are_their_own_and_short_enough_to_hold_a_lease(monkeypatch):
    monkeypatch.setattr(working.socket, "gethostname", lambda: "a-long-name-for-a-machine" * 4)
    names = {working.new_name() for _ in range(50)}
    assert len(names) == 50
    assert max(map(len, names)) <= 50


def test_workers_that_never_said_goodbye_are_forgotten_after_a_day(clock):
    worker(clock=clock).beat()
    Worker.objects.forget_gone(NOON + timedelta(hours=23))
    assert Worker.objects.exists()
    Worker.objects.forget_gone(NOON + timedelta(hours=25))
    assert not Worker.objects.exists()


@pytest.fixture
def own_tables(transactional_db):
    """For threads, which have connections of their own."""
    yield
    connections.close_all()


def test_a_worker_that_is_asked_to_stop_finishes_what_is_in_hand_and_leaves(own_tables, clock):
    begun, done = threading.Event(), []

    def send(now):
        begun.set()
        now.stop.wait()
        done.append("the mail in hand")

    work = worker(Job("mail", TICK, send, lane="mail"), Job("desk", TICK, lambda _now: 0), clock=clock)
    threading.Thread(target=lambda: begun.wait() and work.asked.put(15)).start()
    assert work.until_stopped() is True
    assert done == ["the mail in hand"]
    assert not Worker.objects.exists()


@pytest.mark.postgresql
def test_a_connection_that_broke_is_replaced(own_tables, clock, caplog):
    found = []
    job = Job("mail", TICK, lambda _now: found.append(Worker.objects.count()))
    work, turn = worker(job, clock=clock), Turn(job)
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    work.attempt(turn)
    work.attempt(turn)
    assert found[-1] == 0
    assert "Traceback" not in caplog.text


def test_a_lane_that_breaks_ends_the_worker_and_is_said(own_tables, clock, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _said: None)
    work = worker(Job("mail", TICK, breaks(SystemExit())), clock=clock)
    assert work.until_stopped() is False


def test_one_round_does_all_that_is_due_and_says_whether_it_could(own_tables, clock, caplog):
    caplog.set_level(logging.CRITICAL)
    left, done = [0, 1, 2, 3, 4], []
    jobs = [Job("mail", TICK, lambda _now: left and left.pop()), Job("purge", HOUR, lambda _now: done.append(1))]
    assert worker(*jobs, clock=clock).once() is True
    assert (left, done) == ([], [1])
    work = worker(Job("bad", TICK, breaks(ValueError())), *jobs, clock=clock)
    assert work.once() is False
    assert work.failed == {"bad"}
