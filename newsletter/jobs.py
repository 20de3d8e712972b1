"""What the worker does, and how often: the table, one line a job.

A job of every TICK has to be safe when several workers do it at the same instant; a chore (each MINUTE, HOUR or NIGHT)
is done by one of them. Each has to be safe to be killed in and to be done again: the truth is in rows, never in here.
"""

from typing import Final

from django.conf import settings
from django.core.management import call_command

from articles import notices, thinning
from articles.models import Edition
from newsletter import bounces, importing, queueing
from newsletter.models import Subscriber, Worker
from newsletter.working import HOUR, MINUTE, NIGHT, TICK, Job, Moment


def turn_edition(now: Moment) -> None:
    """Usually a reader's request sees first that a schedule is due; without readers this does."""
    edition = Edition.objects.filter(pk=1).first()
    if edition and edition.is_due(now.at):
        Edition.objects.turn_if_due(edition, now.at)


def thin(now: Moment) -> None:
    for article in thinning.with_old_autosaves(now.at):
        if now.stop.is_set():
            break
        thinning.thin(article, now.at)


def read_bounces(now: Moment) -> None:
    if settings.BOUNCE_INBOX:
        bounces.read_inbox(settings.BOUNCE_INBOX, now.at, stop=now.stop.is_set)


JOBS: Final[list[Job]] = [
    Job("tasks", TICK, lambda now: queueing.run_next(now.owner), lane="tasks"),
    Job("tasks left behind", MINUTE, lambda now: queueing.put_back(now.at)),
    Job("the desk is told", MINUTE, lambda now: notices.send_due(now.at)),
    Job("edition", MINUTE, turn_edition),
    Job("imports", TICK, lambda now: importing.read_some(now.at, now.owner), lane="imports"),
    Job("bounces", 5 * MINUTE, read_bounces, lane="bounces"),
    Job("unconfirmed readers", HOUR, lambda now: Subscriber.objects.purge_pending(now.at)),
    Job("workers gone", HOUR, lambda now: Worker.objects.forget_gone(now.at)),
    Job("old texts", NIGHT, thin),
    Job("old tasks", NIGHT, lambda now: queueing.forget_old(now.at)),
    Job("old sessions", NIGHT, lambda now: call_command("clearsessions", verbosity=0)),
]
