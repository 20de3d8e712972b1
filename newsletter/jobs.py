"""What the worker does, and how often: the table, one line a job.

A job of every TICK has to be safe when several workers do it at the same instant; a chore (each MINUTE, HOUR or NIGHT)
is done by one of them. Each has to be safe to be killed in and to be done again: the truth is in rows, never in here.
"""

from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import notices, thinning
from articles.models import Edition
from newsletter import alerts, bounces, delivery, importing, queueing, roundup, sending, signing_up
from newsletter.inbox import InboxFailed
from newsletter.models import Worker
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
    if not settings.BOUNCE_INBOX:
        return
    try:
        bounces.read_inbox(settings.BOUNCE_INBOX, now.at, stop=now.stop.is_set)
    except InboxFailed:
        text = _("The mailbox that bounces come back to cannot be read; why stands in the log of the worker.")
        page = reverse("admin:newsletter_issue_changelist")
        alerts.tell(text, reason="bounce_mailbox", title=_("Bounces"), address=page, at=now.at)
        raise


JOBS: Final[list[Job]] = [
    Job("sign-ups", TICK, lambda now: signing_up.answer_waiting(now.at, stop=now.stop.is_set), lane="letters"),
    Job("issues that are due", TICK, lambda now: sending.start_due(now.at)),
    Job("mails left behind", TICK, lambda now: delivery.recover(now.at)),
    Job("the weekly draft", TICK, lambda now: roundup.draft_if_due(now.at)),
    Job("sending", TICK, lambda now: delivery.work(now.owner, now.clock, now.stop.is_set), lane="mail"),
    Job("imports", TICK, lambda now: importing.read_some(now.at, now.owner), lane="imports"),
    Job("tasks", TICK, lambda now: queueing.run_next(now.owner), lane="tasks"),
    Job("tasks left behind", MINUTE, lambda now: queueing.put_back(now.at)),
    Job("the desk is told", MINUTE, lambda now: notices.send_due(now.at)),
    Job("edition", MINUTE, turn_edition),
    Job("bounces", 5 * MINUTE, read_bounces, lane="bounces"),
    Job("unconfirmed readers", HOUR, lambda now: signing_up.purge(now.at)),
    Job("workers gone", HOUR, lambda now: Worker.objects.forget_gone(now.at)),
    Job("old texts", NIGHT, thin),
    Job("old tasks", NIGHT, lambda now: queueing.forget_old(now.at)),
    Job("old sessions", NIGHT, lambda now: call_command("clearsessions", verbosity=0)),
]
