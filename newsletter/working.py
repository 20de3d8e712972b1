"""How `manage.py worker` works: jobs in lanes, a heartbeat, and an end that leaves nothing half done.

What the jobs are stands in newsletter.jobs. Each lane is a thread with a connection of its own to the database, so that
a long one (sending, a slow mailbox) keeps no other waiting. Any number of workers may run at once: a job that is done
every second is safe for that by itself (leases, conditional updates), and one that is done each minute, hour or night
is claimed by one of them (`Chore`).

This is the edge of the process, where an exception becomes a message: a job that raises is logged with its traceback
and tried again later, ever more seldom, and the others go on.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Final
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connections, reset_queries
from django.utils import timezone, translation

from articles.models import Magazine
from newsletter.models import Chore, Worker

TICK: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
NIGHT: Final = timedelta(days=1)
"""A job of the night is done once after AT_NIGHT, in the magazine's time zone."""
AT_NIGHT: Final = clock_time(3, 30)

BEAT: Final = 20.0
LONGEST_PAUSE: Final = 300.0
"""Seconds after which a job that goes on failing is tried again."""
LONGEST_OUTAGE: Final = 15.0
"""The same while the database does not answer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Moment:
    """What a job is given: the instant, the worker's name (owner of leases), the clock, and whether to stop."""

    at: datetime
    owner: str
    clock: Callable[[], datetime]
    stop: threading.Event


@dataclass(frozen=True)
class Job:
    """`run` gives back something true when there may be more to do: a job of every tick then comes again at once."""

    name: str
    every: timedelta
    run: Callable[[Moment], object]
    lane: str = "desk"

    @property
    def is_chore(self) -> bool:
        return self.every > TICK

    def since(self, at: datetime, zone: ZoneInfo) -> datetime:
        """It is to be done if it was last begun before this instant."""
        return last_night(at, zone) if self.every == NIGHT else at - self.every


def last_night(at: datetime, zone: ZoneInfo) -> datetime:
    today = datetime.combine(at.astimezone(zone).date(), AT_NIGHT, zone)
    return today if today <= at else datetime.combine(today.date() - timedelta(days=1), AT_NIGHT, zone)


def new_name() -> str:
    """A name no other worker has, by which an operator finds the process; of at most 50 characters, as leases want."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


@dataclass
class Turn:
    """A job in a worker: when (on the monotonic clock) it is looked at next, and how often in a row it failed."""

    job: Job
    next_at: float = 0.0
    failures: int = 0

    def rest(self) -> None:
        """A chore is asked for a little more often than it is due, since another worker may have begun it."""
        self.failures = 0
        seconds = min(self.job.every.total_seconds() / 12, 60.0)
        self.next_at = time.monotonic() + seconds if self.job.is_chore else 0.0

    def put_off(self, longest: float) -> float:
        self.failures += 1
        pause = min(2.0**self.failures, longest)
        self.next_at = time.monotonic() + pause
        return pause


@dataclass
class Work:
    """One worker. Its signals come in by `asked`, a queue that a signal handler may safely write to."""

    jobs: Sequence[Job]
    owner: str
    clock: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    asked: SimpleQueue[int] = field(default_factory=SimpleQueue)
    doing: dict[str, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    """The names of jobs that raised when they were last tried."""

    # ------------------------------------------------------------ the lanes

    def go_on(self, turns: Sequence[Turn]) -> None:
        """A lane, until the worker stops."""
        try:
            while not self.stop.is_set():
                if not self.round(turns):
                    self.stop.wait(TICK.total_seconds())
        finally:
            connections.close_all()

    def go_once(self, turns: Sequence[Turn]) -> None:
        """Everything that is due, until there is no more of it; what fails is not tried again."""
        try:
            self.finish(turns)
        finally:
            connections.close_all()

    def finish(self, turns: Sequence[Turn]) -> None:
        for turn in turns:
            while not self.stop.is_set() and self.attempt(turn):
                pass

    def round(self, turns: Sequence[Turn]) -> bool:
        """Each job of a lane that is due, once; whether any of them has more to do."""
        more = [self.attempt(turn) for turn in turns if turn.next_at <= time.monotonic() and not self.stop.is_set()]
        return any(more)

    def attempt(self, turn: Turn) -> bool:
        """Run a job if it is due; whether it may have more to do."""
        job = turn.job
        self.doing[job.lane] = job.name
        # A connection that broke or grew old is replaced, and what DEBUG notes of queries does not pile up.
        close_old_connections()
        reset_queries()
        try:
            more = self.run(job)
        except Exception as error:
            self.failed.add(job.name)
            report(job, turn, error)
            return False
        finally:
            self.doing.pop(job.lane, None)
        self.failed.discard(job.name)
        turn.rest()
        return more

    def run(self, job: Job) -> bool:
        at = self.clock()
        with as_the_magazine() as zone:
            if job.is_chore and not Chore.objects.claim(job.name, job.since(at, zone), at):
                return False
            return bool(job.run(Moment(at, self.owner, self.clock, self.stop))) and not job.is_chore

    # ------------------------------------------------------------ the main thread

    def until_stopped(self) -> bool:
        """Work until a signal asks to stop, and finish what is in hand. False if a lane broke, which none should."""
        threads = self.start(self.go_on, lanes(self.jobs))
        whole = self.watch(threads, lambda: all(thread.is_alive() for thread in threads))
        self.stop.set()
        self.wait_for(threads)
        self.attempt_to(lambda: Worker.objects.filter(name=self.owner).delete())
        return whole

    def once(self) -> bool:
        """One round of everything that is due. False if something failed."""
        threads = self.start(self.go_once, [list(self.jobs)])
        self.watch(threads, lambda: any(thread.is_alive() for thread in threads))
        self.stop.set()
        self.wait_for(threads)
        return not self.failed

    def start(self, deed: Callable[[Sequence[Turn]], None], groups: Iterable[Sequence[Job]]) -> list[threading.Thread]:
        """Daemons, so that a second signal ends the process whatever they do."""
        self.beat()
        turns = [[Turn(job) for job in group] for group in groups]
        threads = [threading.Thread(target=deed, args=(each,), name=each[0].job.lane, daemon=True) for each in turns]
        for thread in threads:
            thread.start()
        return threads

    def watch(self, threads: list[threading.Thread], while_true: Callable[[], bool]) -> bool:
        """Show that the worker is there. True when somebody asked it to stop, False when the condition ended."""
        next_beat = time.monotonic() + BEAT
        while while_true():
            try:
                self.asked.get(timeout=0.5)
            except Empty:
                if time.monotonic() >= next_beat:
                    self.beat()
                    next_beat = time.monotonic() + BEAT
            else:
                log.info("%s is ending: what is in hand is finished first. Once more ends it at once.", self.owner)
                return True
        return False

    def wait_for(self, threads: list[threading.Thread]) -> None:
        """Still there while they finish, so that nobody takes their work for lost."""
        next_beat = time.monotonic() + BEAT
        for thread in threads:
            while thread.is_alive():
                thread.join(timeout=0.2)
                if time.monotonic() >= next_beat:
                    self.beat()
                    next_beat = time.monotonic() + BEAT

    def beat(self) -> None:
        doing = ", ".join(sorted(self.doing.copy().values()))
        self.attempt_to(lambda: Worker.objects.beat(self.owner, self.clock(), doing))

    def attempt_to(self, deed: Callable[[], object]) -> None:
        """A word to the database that can wait while the database is away."""
        close_old_connections()
        reset_queries()
        try:
            deed()
        except DatabaseError as error:
            log.warning("%s cannot show itself: %s", self.owner, first_line(error))


@contextmanager
def as_the_magazine() -> Iterator[ZoneInfo]:
    """In the language and the zone of the magazine, as a request is; gives the zone."""
    magazine = Magazine.objects.current()
    with translation.override(magazine.language), timezone.override(magazine.zone):
        yield magazine.zone


def lanes(jobs: Iterable[Job]) -> list[list[Job]]:
    ordered = sorted(jobs, key=lambda job: job.lane)
    return [list(group) for _lane, group in groupby(ordered, key=lambda job: job.lane)]


def report(job: Job, turn: Turn, error: Exception) -> None:
    """An exception becomes a message. A database that is away is no fault of ours, and one line says it."""
    if isinstance(error, OperationalError | InterfaceError):
        pause = turn.put_off(LONGEST_OUTAGE)
        log.warning("“%s”: the database does not answer (%s). Again in %d s.", job.name, first_line(error), pause)
    else:
        pause = turn.put_off(LONGEST_PAUSE)
        log.error("“%s” failed; it is tried again in %d s at the earliest.", job.name, pause, exc_info=error)


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
