"""What a link in a confirmation mail does when its button is pressed.

The token names a wish and the key of its address, never the address: what is signed can still be read. The wish is kept
for a week, longer than the token lasts, and holds what is needed to make the reader anew where the row was forgotten
meanwhile. After an erasure the wishes are gone, and the link is closed.
"""

from datetime import datetime
from enum import Enum

from django.db import transaction

from newsletter import tokens
from newsletter.models import Consent, Deed, Said, SignUp, Subscriber, Wish
from newsletter.models.subscriber import PENDING_KEPT
from newsletter.states import Reader


class Outcome(Enum):
    DONE = "done"
    SHUT = "shut"
    """Only staff may let the address in; or it is somebody's already."""


def wish_of(use: str, token: str) -> SignUp | None:
    """The wish a token for a use ("confirm", "address") stands for, while it is open: whoever left or moved since they
    asked has to ask again, so that no old link, page or tab takes that back."""
    carried = tokens.read(use, token, tokens.CONFIRM_LASTS)
    if carried is None:
        return None
    # A backup that was put back gives numbers out again: the key tells whose wish it was.
    wishes = SignUp.objects.select_related("subscriber", "wording")
    wish = wishes.filter(pk=carried["s"], key=carried["k"]).first()
    return None if wish is None or is_overtaken(wish) else wish


def is_overtaken(wish: SignUp) -> bool:
    return Consent.objects.filter(key=wish.key, deed__in=[Deed.LEFT, Deed.MOVED_AWAY], at__gt=wish.at).exists()


def confirm(wish: SignUp, at: datetime, said: Said) -> Outcome:
    """The reader of a wish is subscribed; again it changes nothing."""
    try:
        reader = Subscriber.objects.note_pending(wish.email, at)
        done = reader.confirm(at, said)
    except Subscriber.DoesNotExist:  # forgotten in the same moment: once more, on a new row
        done = Subscriber.objects.note_pending(wish.email, at).confirm(at, said)
    return Outcome.DONE if done else Outcome.SHUT


def take_address(wish: SignUp, token: str, at: datetime, said: Said) -> Outcome | None:
    """The new address is the reader's; None where they are gone, or have moved elsewhere since they asked for it."""
    carried, reader = tokens.read("address", token, tokens.CONFIRM_LASTS), wish.subscriber
    if carried is None or reader is None:
        return None
    if reader.key == wish.key:
        return Outcome.DONE
    if reader.key != carried["o"]:
        return None
    try:
        return Outcome.DONE if reader.change_address(wish.email, at, said) else Outcome.SHUT
    except Subscriber.DoesNotExist:
        return None


def key_of_stranger(token: str) -> str | None:
    """The key of an address whose reader says that it was not them; such a link lasts as long as what it undoes."""
    carried = tokens.read("not-me", token, PENDING_KEPT)
    return None if carried is None else str(carried["k"])


def not_me(key: str, at: datetime, said: Said) -> None:
    """Somebody else typed the address: what waits for a confirmation is forgotten, and no such mail comes for a week.
    Who is subscribed stays so."""
    with transaction.atomic():
        waiting = SignUp.objects.filter(key=key, kind=Wish.SIGN_UP, handled_at=None)
        waiting.update(handled_at=at, held_until=None)
        gone = Subscriber.objects.filter(key=key, state=Reader.PENDING).delete()[0]
        lately = Consent.objects.filter(key=key, deed=Deed.NOT_ME, at__gt=at - PENDING_KEPT)
        if gone or not lately.exists():
            Consent.objects.note(key, Deed.NOT_ME, at, said)
