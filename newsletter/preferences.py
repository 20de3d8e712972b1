"""What a reader finds behind the link to their preferences, and the copy of all we hold of them."""

from datetime import datetime
from typing import Any

from newsletter import tokens
from newsletter.models import Consent, Deed, Said, SignUp, Subscriber, Suppression


def reader_of(token: str) -> Subscriber | None:
    """Whose preferences a token opens; None once they have another address: the link went to the old one."""
    carried = tokens.read("preferences", token, tokens.PREFERENCES_LAST)
    if carried is None:
        return None
    return Subscriber.objects.filter(pk=carried["n"], key=carried["k"]).first()


def export(reader: Subscriber, at: datetime, said: Said) -> dict[str, Any]:
    """All we hold of a reader, as JSON takes it; that they took it is noted first, so the copy says it too."""
    Consent.objects.note(reader.key, Deed.EXPORTED, at, said)
    shut = Suppression.objects.filter(key=reader.key).first()
    return {
        "exported_at": at,
        "subscriber": fields(reader, "email", "key", "state", "signed_up_at", "confirmed_at", "left_at", "paused_until")
        | {"bounce_points": reader.bounce_score, "mail_last_came_back": reader.bounced_at},
        "no_mail_because": fields(shut, "reason", "at") if shut else None,
        "what_you_agreed_to_and_did": [consent(each) for each in consents_of(reader)],
        "asked_for": [
            fields(wish, "kind", "email", "at", "page", "network", "mailed_at")
            for wish in SignUp.objects.filter(key=reader.key) | SignUp.objects.filter(subscriber=reader)
        ],
        "deliveries": [
            {"issue": each.issue.subject, "number": each.issue.number}
            | fields(each, "state", "at", "attempts", "reply")
            for each in reader.deliveries.select_related("issue").order_by("pk")
        ],
        "came_back": [fields(each, "kind", "source", "at", "detail") for each in reader.bounces.all()],
    }


def consents_of(reader: Subscriber) -> list[Consent]:
    return list(Consent.objects.filter(key=reader.key).select_related("wording"))


def consent(entry: Consent) -> dict[str, Any]:
    wording = entry.wording
    words = {"version": wording.pk, "text": wording.text} if wording else None
    return fields(entry, "deed", "at", "page", "network", "token", "by", "note") | {"words": words}


def fields(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
