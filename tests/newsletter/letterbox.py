"""A reader's part of the newsletter, for tests: typing an address, the worker's answer, the links in the mail."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles.models import Magazine
from newsletter import boxes, signing_up, tokens, traps
from newsletter.models import Consent, Said, SignUp, Subscriber, Suppression, Wish

ADDRESS = "reader@example.org"
HERE = {"sec-fetch-site": "same-origin"}
STATES = [
    "unknown",
    "pending",
    "active",
    "paused",
    "unsubscribed",
    "bounced",
    "complained",
    "closed by staff",
    "erased",
]


def make_reader(*, state: str = "active", email: str = ADDRESS, at: datetime | None = None) -> Subscriber | None:
    """A reader as their own deeds have made them; None where there is no row."""
    at = at or timezone.now()
    if state == "unknown":
        return None
    reader = Subscriber.objects.note_pending(email, at)
    if state == "pending":
        return reader
    reader.confirm(at, Said())
    deeds = {
        "paused": lambda: reader.pause(at, Said()),
        "unsubscribed": lambda: reader.leave(at, Said()),
        "bounced": lambda: reader.bounce(at, Said(), hard=True),
        "complained": lambda: reader.complain(at, Said()),
        "closed by staff": lambda: reader.suppress(at, Said(by="editor")),
        "erased": lambda: reader.erase(at, Said()),
    }
    if state in deeds:
        deeds[state]()
    return None if state == "erased" else reader


def words() -> str:
    return boxes.words(Magazine.objects.current())


def sign_up(client: Client, email: str = ADDRESS, *, address: str = "/newsletter/", **fields: Any) -> HttpResponse:
    """As from the box of a kept page, or from the page that mails a link to the preferences."""
    beside = boxes.PREFERENCES if "preferences" in address else words()
    headers = fields.pop("headers", HERE)
    extra = {"REMOTE_ADDR": fields.pop("network", "203.0.113.7")}
    data = {"email": email, "stamp": traps.week_stamp(timezone.now(), beside), **fields}
    return client.post(address, data, headers=headers, **extra)


def wish(*, email: str = ADDRESS, kind: str = Wish.SIGN_UP, at: datetime | None = None, **said: Any) -> SignUp:
    return signing_up.take(email, at=at or timezone.now(), kind=kind, **said)


def answer(at: datetime | None = None) -> int:
    return signing_up.answer_waiting(at or timezone.now())


def link(kind: str, message: Any = None) -> str:
    """The path of a link in a mail, the last one if none is given."""
    found = re.search(rf"http\S+/newsletter/{kind}/\S+", (message or mail.outbox[-1]).body)
    assert found, f"no link to {kind} in the mail"
    return urlsplit(found[0]).path


def confirm_link(email: str = ADDRESS, **said: Any) -> str:
    """What the mail holds after somebody typed an address."""
    wish(email=email, **said)
    assert answer() == 1
    return link("confirm")


def preferences_link(reader: Subscriber) -> str:
    return f"/newsletter/preferences/{tokens.sign('preferences', {'n': reader.pk, 'k': reader.key})}/"


def leave_link(reader: Subscriber, issue: int = 0) -> str:
    return f"/newsletter/leave/{tokens.leave(reader.key, issue)}/"


def every_row() -> dict[str, list[Any]]:
    """All that the database holds, by table."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            found[model._meta.db_table] = sorted(map(repr, cursor.fetchall()))
    return found


def deeds(email: str = ADDRESS) -> list[str]:
    return list(Consent.objects.filter(key=tokens.key_of(email)).values_list("deed", flat=True))


def state_of(email: str = ADDRESS) -> str:
    reader = Subscriber.objects.of(email)
    return reader.state if reader else "unknown"


def shut(email: str = ADDRESS) -> str:
    found = Suppression.objects.filter(key=tokens.key_of(email)).first()
    return found.reason if found else ""
