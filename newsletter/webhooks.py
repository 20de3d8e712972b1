"""What a mail service tells of our mails, by the webhooks of django-anymail: bounces, complaints, people who leave.

Whoever calls has to know ANYMAIL_WEBHOOK_SECRET, and to sign where the service signs; anymail checks both before this
hears of it (https://anymail.dev/en/stable/tips/securing_webhooks/). So the address in a report is believed. A service
repeats what it got no 200 for, and the same report counts once.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import URLPattern
from django.utils import timezone
from django.utils.module_loading import import_string

from newsletter import bounces, reports
from newsletter.models import Delivery, Said, Subscriber
from newsletter.reports import Kind

try:
    from anymail import signals
except ImportError:  # an extra
    signals = None

LEAVES: Final = "leave"
SOFT_TYPES: Final = frozenset({"SoftBounce", "Transient", "soft_bounce", "temporary"})
"""How services say in a field of their own that a bounce is not for good, where anymail's event does not."""
BY_EVENT: Final[Mapping[tuple[str, str], Kind | str]] = {
    ("bounced", "invalid"): Kind.HARD,
    ("bounced", "bounced"): Kind.HARD,
    ("bounced", "timed_out"): Kind.SOFT,
    ("bounced", "unsubscribed"): LEAVES,
    ("rejected", "invalid"): Kind.HARD,
    ("rejected", "bounced"): Kind.HARD,
    ("rejected", "timed_out"): Kind.SOFT,
    ("rejected", "spam"): Kind.COMPLAINT,
    ("rejected", "unsubscribed"): LEAVES,
}
"""A service rejects as "spam" whom it knows to have complained; a server that bounces for spam blames the mail. What is
not here is a matter of policy, or unknown, and never counts against the reader."""


def patterns() -> list[URLPattern]:
    """The address of the service that EMAIL_URL names, and of no other; none without a secret."""
    if not settings.ANYMAIL_RELAY or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return []
    # Anymail's addresses bring every service's library with them, 15 MB of which nobody else has any use.
    every = import_string("anymail.urls.urlpatterns")
    return [each for each in every if each.name == f"{settings.ANYMAIL_RELAY}_tracking_webhook"]


def connect() -> None:
    if signals:
        signals.tracking.connect(heard, dispatch_uid="newsletter.webhooks")


def heard(*, event: Any, esp_name: str, **_said: Any) -> None:
    """Something happened to a mail of ours."""
    kind, reader = kind_of(event), Subscriber.objects.of(event.recipient or "")
    if not kind or reader is None:
        return
    at = timezone.now()
    if kind == LEAVES:
        reader.leave(at, Said(note=f"webhook: {esp_name}"))
    else:
        about = bounces.About(reader, latest_issue(reader))
        bounces.note(about, kind, "webhook", reports.detail(words_of(event)), name_of(event, esp_name), at)


def kind_of(event: Any) -> str:
    """A kind of reports.Kind, LEAVES, or nothing for what does not concern us (sent, opened, put off …)."""
    if event.event_type == "complained":
        return Kind.COMPLAINT
    if event.event_type == "unsubscribed":
        return LEAVES
    if event.event_type not in {"bounced", "rejected"}:
        return ""
    kind = BY_EVENT.get((event.event_type, event.reject_reason or "bounced"), Kind.POLICY)
    if kind != Kind.HARD:
        return kind
    words = words_of(event)
    if SOFT_TYPES & said_in(event.esp_event):
        return Kind.SOFT
    return reports.judge("", words) if reports.CODE.search(words) else reports.blame(words, Kind.HARD)


def said_in(fields: Any) -> set[str]:
    """The words of a service's own event, however deep they stand."""
    if isinstance(fields, Mapping):
        return {word for value in fields.values() for word in said_in(value)}
    return {fields} if isinstance(fields, str) else set()


def words_of(event: Any) -> str:
    return str(event.mta_response or event.description or "")


def name_of(event: Any, esp_name: str) -> str:
    """What tells one report from another; services that give it no name say when and of which mail."""
    told = event.event_id or f"{event.event_type} {event.message_id} {event.timestamp}"
    return hashlib.sha256(f"{esp_name} {event.event_type} {told}".encode()).hexdigest()


def latest_issue(reader: Subscriber) -> Any:
    delivery = Delivery.objects.select_related("issue").filter(subscriber=reader).order_by("-issue").first()
    return delivery.issue if delivery else None
