"""Leaving by the link in a mail, however old it is."""

from datetime import datetime

from django.db import transaction

from newsletter import tokens
from newsletter.models import Consent, Deed, Said, Subscriber, Suppression
from newsletter.states import Shut

TEST_LINKS = frozenset({tokens.INERT, tokens.LEAVE_HERE})
"""Of test mails, and of a text that no token was put into."""


def leave(token: str, at: datetime, said: Said) -> None:
    """The address of the token gets no more mail, nor does its reader where they have moved to another one since.
    Again it changes nothing, and a token that is none does nothing; the caller says the same of all."""
    found = tokens.read_leave(token)
    if found is None:
        return
    with transaction.atomic():
        reader = reader_of(found.key)
        if reader is not None:
            reader.leave(at, said)
        elif not Suppression.objects.filter(key=found.key).exists():
            Consent.objects.note(found.key, Deed.LEFT, at, said)
        Suppression.objects.shut(found.key, Shut.UNSUBSCRIBED, at)


def reader_of(key: str) -> Subscriber | None:
    """Whose address it is, or was. Held, so that nobody forgets them meanwhile."""
    readers = Subscriber.objects.select_for_update()
    return readers.filter(key=key).first() or readers.filter(key=Consent.objects.now_known_as(key)).first()
