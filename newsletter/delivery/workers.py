"""What a worker process does for the issues that are being sent."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from django.db import connections

from newsletter import sending
from newsletter.delivery.line import Line
from newsletter.delivery.transports import transport
from newsletter.models import Batch, Issue, Newsletter, Retry
from newsletter.states import IssueState

A_WHILE: Final = 15.0
TOUCHED: Final = timedelta(seconds=30)


def work(owner: str, clock: Callable[[], datetime], stop: Callable[[], bool], seconds: float = A_WHILE) -> int:
    """Send what there is to send, for `seconds` at the most; gives back how many mails a server took.

    `owner` is the worker's name, its own among all processes there are or were in the last minutes (at most 50
    characters); `clock` gives the instant; `stop` (such as `threading.Event().is_set`) is asked before each message:
    when it says true, what is on its way is finished and noted, the batches are given back, nothing is in doubt, and
    `work` returns. Returns 0 at once when there is nothing to do, so a worker calls it in its loop, beside
    `sending.start_due(at)` and `recover(at)`, and waits a moment after a 0. Any number of workers may do so.

    Raises what the database raises; what mail servers do never gets out. Issues of which nothing waits any more are
    finished here.
    """
    newsletter, at = Newsletter.objects.current(), clock()
    limit = at - timedelta(hours=newsletter.late_hours)
    going = Issue.objects.filter(state=IssueState.SENDING, worked_at__gte=limit)
    if not going.exists():
        return 0
    going.filter(worked_at__lt=at - TOUCHED).update(worked_at=at)
    until = time.monotonic() + seconds
    number = min(max(1, newsletter.connections), lots_waiting(at))
    names = [f"{owner[:50]} {line}" for line in range(1, number + 1)]
    sent = run_all(names, clock, stop, until) if number > 1 else sum(run(name, clock, stop, until) for name in names)
    for issue in going.only("pk"):
        sending.finish(issue, clock())
    return sent


def lots_waiting(at: datetime) -> int:
    batches = Batch.objects.filter(done=False, owner="", issue__state=IssueState.SENDING).count()
    return batches + Retry.objects.filter(owner="", due_at__lte=at, issue__state=IssueState.SENDING)[:1].count()


def run(name: str, clock: Callable[[], datetime], stop: Callable[[], bool], until: float) -> int:
    newsletter = Newsletter.objects.current()
    return Line(name, transport(newsletter.per_connection), clock, stop, until).run()


def run_all(names: list[str], clock: Callable[[], datetime], stop: Callable[[], bool], until: float) -> int:
    """Each line in a thread with a connection to the database of its own. What one raises is raised when all ended."""

    def in_a_thread(name: str) -> int:
        try:
            return run(name, clock, stop, until)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(names)) as pool:
        return sum(pool.map(in_a_thread, names))
