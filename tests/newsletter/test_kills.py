"""Workers are killed at random instants, as an operator or the kernel does it: nobody is lost or written to twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from newsletter.models import Delivery, Issue, OnDoubt
from newsletter.states import DeliveryState, IssueState
from tests.newsletter.mailing import make_readers, make_sending

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = int(os.environ.get("KILL_READERS", "2000"))
KILLS = int(os.environ.get("KILLS", "6"))
WORKERS = 2
LEASE = 3
LATENCY = 0.002
PATIENCE = 120 + KILLS * 15 + READERS / 50
"""Seconds. A kill costs the start of a process and a lease; a machine that has much else to do sends 50 a second."""

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Crew:
    """Two workers and a sink, each a process of its own."""

    file: Path
    workers: list[subprocess.Popen] = field(default_factory=list)
    number: int = 0
    read: int = 0
    count: int = 0

    def __enter__(self) -> "Crew":
        command = [sys.executable, "-m", "tests.newsletter.sink", str(self.file), "--latency", str(LATENCY)]
        self.sink = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = self.sink.stdout.readline().strip()
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.sink.communicate(timeout=10)

    def start(self) -> subprocess.Popen:
        self.number += 1
        environment = {
            **os.environ,
            "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
            "WORKER_LEASE": str(LEASE),
        }
        command = [sys.executable, "-m", "tests.newsletter.worker_process", f"worker{self.number}", self.port]
        worker = subprocess.Popen(command, cwd=ROOT, env=environment)
        self.workers.append(worker)
        return worker

    def alive(self) -> list[subprocess.Popen]:
        assert {worker.poll() for worker in self.workers} <= {None, 0, -signal.SIGKILL}, "A worker broke."
        return [worker for worker in self.workers if worker.poll() is None]

    def arrived(self) -> int:
        """How many messages came, read on from where the last look ended: it is asked often, while they come."""
        if self.file.exists():
            with self.file.open("rb") as lines:
                lines.seek(self.read)
                new = lines.read()
            self.read, self.count = self.read + len(new), self.count + new.count(b"\n")
        return self.count

    def received(self) -> list[tuple[str, str]]:
        """(recipient, Message-ID) of what arrived."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [tuple(line.split(" ", 1)) for line in lines]


def send_with_kills(crew: Crew, issue: Issue) -> int:
    """Until the issue is sent, killing a worker now and then; gives back how many were killed while they sent."""
    chance, kills, end = random.Random(4), 0, time.monotonic() + PATIENCE
    instants = sorted(chance.sample(range(READERS // 20, READERS * 9 // 10), KILLS))
    while Issue.objects.get(pk=issue.pk).state == IssueState.SENDING:
        assert time.monotonic() < end, f"It takes too long: {crew.arrived()} of {READERS} came, {kills} were killed."
        for _missing in range(WORKERS - len(crew.alive())):
            crew.start()
        if kills < KILLS and crew.arrived() > instants[kills]:
            time.sleep(chance.random() / 100)
            victim = crew.alive()[0]  # the oldest, which is sure to be sending
            victim.kill()
            victim.wait()
            kills += 1
        time.sleep(0.005)
    return kills


@pytest.mark.parametrize("on_doubt", OnDoubt.values)
def test_whoever_is_killed_nobody_is_lost_and_nobody_gets_it_twice_without_our_knowing(tmp_path, on_doubt):
    readers = {reader.email for reader in make_readers(number=READERS)}
    issue = make_sending(at=timezone.now(), on_doubt=on_doubt)
    with Crew(tmp_path / "received") as crew:
        kills = send_with_kills(crew, issue)
        received = crew.received()
    arrived = Counter(recipient for recipient, _message_id in received)
    twice = {recipient for recipient, number in arrived.items() if number > 1}
    doubtful = Delivery.objects.filter(issue=issue, state=DeliveryState.IN_DOUBT)
    doubts = set(doubtful.values_list("subscriber__email", flat=True))
    assert kills == KILLS
    assert len(doubts) <= KILLS * WORKERS
    if on_doubt == OnDoubt.HOLD:
        assert not twice
        assert set(arrived) | doubts == readers
    else:
        assert not doubts
        assert set(arrived) == readers
        assert len(twice) <= KILLS * WORKERS
        # Each went out again because it was in doubt, and noted so: more than one try, one Message-ID.
        tries = Delivery.objects.filter(issue=issue, subscriber__email__in=twice).values_list("attempts", flat=True)
        assert all(number > 1 for number in tries)
        assert len(set(received)) == len(readers)
    assert set(arrived) <= readers
