"""What benchmarks.sending measures, each function in a process of its own; all give back what becomes JSON."""

import threading
import time
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article, Magazine
from newsletter import delivery, states
from newsletter.delivery.message import Addressee, Message
from newsletter.delivery.smtp import Backend, SmtpTransport
from newsletter.models import Delivery, Issue, Newsletter
from newsletter.states import IssueState
from tests.newsletter.paper import make_issue, make_magazine, make_pieces

READERS = {
    "postgresql": "SELECT n FROM generate_series(1, %s) AS n",
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s) SELECT n FROM s",
}
KEY = {
    "postgresql": "md5(n::text)",
    "sqlite": "printf('%%032x', n)",
}


def readers(number: int) -> int:
    """So many, in one statement; their keys are of no address, which sending does not ask."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO newsletter_subscriber
                (email, "key", state, signed_up_at, confirmed_at, bounce_score)
            SELECT 'reader' || n || '@domain' || (n %% 97) || '.example', {KEY[vendor]}, 'active', %s, %s, 0
            FROM ({READERS[vendor]}) AS numbers
            """,
            [timezone.now(), timezone.now(), number],
        )
    if vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return number


def make() -> Issue:
    """An issue of twelve pieces, frozen."""
    make_magazine()
    pieces = Article.objects.all()[:12] or make_pieces(count=12, dek="What the tide table leaves out, " * 4)
    words = f"<p>{'Dear reader, here is the week. ' * 10}</p>"
    return make_issue(*pieces, state=IssueState.PREPARING, at=timezone.now(), intro=words)


def prepare() -> dict[str, float]:
    issue, began = make(), time.perf_counter()
    with transaction.atomic():
        number = Delivery.objects.prepare(issue, timezone.now())
    return {"seconds": time.perf_counter() - began, "number": number}


def issue(connections: int) -> dict[str, int]:
    """An issue that is being sent, the only one."""
    Newsletter.objects.current()
    Newsletter.objects.update(connections=connections)
    Issue.objects.filter(state=IssueState.SENDING).update(state=IssueState.CANCELLED)
    made, at = make(), timezone.now()
    Delivery.objects.prepare(made, at)
    made.state = states.after(made.state, "send")
    made.began_at = made.watched_from = made.worked_at = at
    made.save()
    return {"html": len(made.html.encode()), "text": len(made.text.encode())}


def worker(begin: float, seconds: float, name: int) -> dict[str, float]:
    """Work for so many seconds from an instant on."""
    stop, sent = threading.Event(), 0
    time.sleep(max(0, begin - time.time()))
    began, cpu = time.perf_counter(), time.process_time()
    while (left := seconds - (time.perf_counter() - began)) > 0:
        done = delivery.work(f"worker{name}-{begin}", timezone.now, stop.is_set, seconds=left)
        sent += done
        if not done:
            break
    return {
        "sent": sent,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak": peak(),
    }


def peak() -> float:
    """MiB, from Linux's /proc."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def mail_alone(seconds: float) -> dict[str, float]:
    """The same bytes, made and sent in the same way, to one reader over and over; no database."""
    message = Message(
        Issue.objects.latest("pk"), Newsletter.objects.current(), Magazine.objects.current(), timezone.now()
    )
    transport, number, began = SmtpTransport(Backend()), 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        transport.send(message, Addressee(number, number, "reader@domain.example", "0" * 32))
        number += 1
    transport.close()
    return {"rate": number / (time.perf_counter() - began), "cpu": 0}


def commits_alone(seconds: float) -> dict[str, float]:
    """One row after the other, each in a commit of its own; no mail."""
    numbers = list(Delivery.objects.order_by("-pk").values_list("pk", flat=True)[:20_000])
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE newsletter_delivery SET attempts = attempts + 1 WHERE id = %s", [numbers[count % len(numbers)]]
            )
        count += 1
    return {"rate": count / (time.perf_counter() - began), "cpu": 0}
