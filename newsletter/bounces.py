"""What comes back from a mail of ours, by whatever way we hear of it, and what it means for the reader.

Each thing that came back is a row (`Bounce`), counted once however often it is read: its fingerprint is made of the
report and of whom it is about. Only what shows that it is about a mail of ours counts (newsletter.reports).
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from newsletter import alerts, inbox, reports, tokens
from newsletter.models import Bounce, Consent, Deed, Delivery, Issue, Said, Subscriber
from newsletter.reports import Kind, Report

MANY: Final = 20
"""Refusals by policy of one issue, after which staff are told; and again at each further so many."""

log = logging.getLogger(__name__)


class NotUnderstood(Exception):
    """A message that came back and says nothing we can read, or nothing about a mail of ours."""


@dataclass(frozen=True)
class About:
    """Whom and which issue something is about; the reader may have been erased since."""

    subscriber: Subscriber | None
    issue: Issue | None


def read_inbox(where: Mapping[str, Any], at: datetime, *, stop: Callable[[], bool] = lambda: False) -> inbox.Counts:
    """Read the mailbox of settings.BOUNCE_INBOX; inbox.InboxFailed when it cannot be."""

    def handle(raw: bytes) -> bool:
        try:
            take(raw, at)
        except NotUnderstood as error:
            log.warning("A message in the mailbox of bounces is laid aside: %s", error)
            return False
        return True

    return inbox.read(where, handle, stop=stop)


def take(raw: bytes, at: datetime) -> list[Bounce]:
    """Note what a raw message reports, and let it count; gives back what was new.

    Raises NotUnderstood for one that nobody understands, or that is about none of our mails.
    """
    found = reports.read(raw)
    if not found:
        raise NotUnderstood("no report that we can read.")
    counted = [report for report in found if report.kind != Kind.NONE]
    known = [(report, about) for report in counted if (about := whose(report))]
    if counted and not known:
        raise NotUnderstood("it is about no mail of ours.")
    name = name_of(raw)
    made = (note(about, report.kind, source_of(report), report.detail, name, at) for report, about in known)
    return [bounce for bounce in made if bounce]


def name_of(raw: bytes) -> str:
    """What tells one message from another, and is the same in a copy of it that came another way."""
    message_id = str(BytesHeaderParser().parsebytes(raw[: reports.LONGEST])["Message-ID"] or "").strip()
    return message_id or hashlib.sha256(raw).hexdigest()


def source_of(report: Report) -> str:
    return "verp" if report.delivery is not None else "dsn"


# ---------------------------------------------------------------- whose it is


def whose(report: Report) -> About | None:
    """Whom a report is about: by the delivery, by the link to leave, or by the address and a Message-ID we made."""
    return by_delivery(report) or by_link(report) or by_message(report)


def by_delivery(report: Report) -> About | None:
    """After a backup was put back, numbers are given out a second time: then the link in the mail knows better."""
    if report.delivery is None:
        return None
    delivery = Delivery.objects.select_related("issue", "subscriber").filter(pk=report.delivery).first()
    if delivery is None:
        return None
    reader = delivery.subscriber if delivery.subscriber_id and not has_moved(delivery) else None
    if reader and report.key not in {"", reader.key}:
        return None
    return About(reader, delivery.issue)


def has_moved(delivery: Delivery) -> bool:
    """What comes back from an address that the reader has left since says nothing of the new one."""
    reader = delivery.subscriber
    if reader is None or delivery.at is None:
        return False
    return Consent.objects.filter(key=reader.key, deed=Deed.MOVED_HERE, at__gt=delivery.at).exists()


def by_link(report: Report) -> About | None:
    reader = Subscriber.objects.filter(key=report.key).first() if report.key else None
    return About(reader, issue_of(report.message_id)) if reader else None


def by_message(report: Report) -> About | None:
    """The Message-ID holds a proof that is the reader's own: who has not got the mail cannot make it."""
    issue, reader = issue_of(report.message_id), Subscriber.objects.of(report.address) if report.address else None
    if issue is None or reader is None:
        return None
    domain = report.message_id.strip("<>").rpartition("@")[2]
    ours = tokens.message_id(issue.uid, reader.pk, domain)
    return About(reader, issue) if hmac.compare_digest(ours.encode(), report.message_id.encode()) else None


def issue_of(message_id: str) -> Issue | None:
    uid = message_id.strip("<>").partition(".")[0]
    return Issue.objects.filter(uid=uid).first() if uid else None


# ---------------------------------------------------------------- what it means


def note(about: About, kind: str, source: str, detail: str, name: str, at: datetime) -> Bounce | None:
    """Count something that came back; None when it was counted before. `name` tells one report from another."""
    whom = about.subscriber.key if about.subscriber else "nobody"
    fingerprint = hashlib.sha256(f"{whom}\n{name}".encode(errors="replace")).hexdigest()
    with transaction.atomic():
        bounce, is_new = Bounce.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={
                "issue": about.issue,
                "subscriber": about.subscriber,
                "kind": kind,
                "source": source,
                "at": at,
                "detail": detail[: reports.LONGEST_DETAIL],
            },
        )
        if is_new and about.subscriber:
            count(about.subscriber, kind, source, at)
        if is_new and about.issue and kind == Kind.POLICY:
            warn(about.issue, detail, at)
    return bounce if is_new else None


def warn(issue: Issue, detail: str, at: datetime) -> None:
    """One refusal by policy is noise; many are a fault of ours, or our address on somebody's list."""
    number = Bounce.objects.filter(issue=issue, kind=Kind.POLICY).count()
    if number % MANY == 0:
        words = _("Mail servers refuse it by policy or as spam: {number} so far. One of them says: {detail}")
        page = reverse("admin:newsletter_issue_change", args=[issue.pk])
        text = words.format(number=number, detail=detail)
        alerts.tell(text, reason="policy", title=str(issue), address=page, at=at)


def count(reader: Subscriber, kind: str, source: str, at: datetime) -> None:
    """For good: out at once; for now: half a point a day; a complaint: out, and only staff lift it. What a policy or a
    spam filter refuses is not the reader's fault."""
    said = Said(note=source)
    if kind == Kind.COMPLAINT:
        reader.complain(at, said)
    elif kind in {Kind.HARD, Kind.SOFT}:
        reader.bounce(at, said, hard=kind == Kind.HARD)
