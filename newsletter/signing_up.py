"""Taking the wishes of those who type an address, and answering them.

The two are apart. A page takes a wish with `take` and looks at nobody's state, so that neither its words nor its time
tell whether an address is known. The worker answers with `answer_waiting`: there an address gets its mail, or none.

An address is answered by one worker at a time, which holds all its wishes for some minutes. A mail leaves before the
wish is marked as answered: a process that is killed between the two sends that one mail again, under the same
Message-ID, when the hold has run out; the other way round it would be lost. A mail server that is away puts the wish
off.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import notices
from articles.addresses import absolute
from articles.models import Notice
from articles.roles import who_has
from newsletter import letters, limits, tokens
from newsletter.models import Consent, Deed, Newsletter, Said, SignUp, Subscriber, Wish, Wording

HELD: Final = timedelta(minutes=10)
PUT_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long a wish waits after its mail could not be sent: the first time, the second …; then always the last."""
AT_ONCE: Final = 200
PATIENCE: Final = 60.0
"""Seconds, and mails, after which the worker is let go to its other work."""

log = logging.getLogger(__name__)


class TooMany(Exception):
    """The network has asked for all it may within an hour."""


# ---------------------------------------------------------------- taking a wish: in the request


def take(
    email: str,
    *,
    at: datetime,
    kind: str = Wish.SIGN_UP,
    words: str = "",
    page: str = "",
    network: str = "",
    subscriber: Subscriber | None = None,
) -> SignUp:
    """Note a wish for the worker: the same few queries whoever has the address. TooMany where its network asks too
    often; without a network ("") there is no such limit, as for what staff ask.

    `words` are those beside the form, `page` the path it stood on, `subscriber` who wants this other address.
    """
    wish = SignUp.objects.create(
        kind=kind,
        email=email,
        key=tokens.key_of(email),
        at=at,
        page=page,
        wording=Wording.objects.current(words, at) if words else None,
        network=limits.network_address(network),
        block=limits.block_of(network),
        subscriber=subscriber,
    )
    # Counted when the row is there, so that processes that take wishes at the same time see one another's.
    if wish.block and SignUp.objects.before_in_block(wish) >= limits.FROM_A_NETWORK:
        wish.delete()
        raise TooMany
    return wish


def is_wave(at: datetime) -> bool:
    """Whether more sign-ups came in within an hour than the magazine expects."""
    most = settings.SIGN_UPS_AN_HOUR
    return SignUp.objects.in_the_wave(at)[most : most + 1].exists()


# ---------------------------------------------------------------- answering: in the worker


@dataclass(frozen=True)
class Answer:
    """What becomes of a wish: a letter with its links, nothing, or another look later."""

    kind: str = ""
    links: dict[str, str] | None = None
    token: str = ""
    later: datetime | None = None


NOTHING: Final = Answer()


def answer_waiting(at: datetime, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Answer what waits; gives back how many mails went. In a wave as many go in an hour as are expected in one, the
    rest waits its turn. `stop` is asked before each address."""
    alert(at)
    post, began, sent = letters.Post(), time.monotonic(), 0
    most = min(AT_ONCE, room(at))
    while sent < most and time.monotonic() - began < PATIENCE and not stop():
        wishes = claim(at)
        if not wishes:
            break
        try:
            sent += answer(wishes, at, post)
        except Exception as error:  # each backend of mail has exceptions of its own
            log.error("A letter of the newsletter could not be sent and is tried again: %s", letters.fault(error))
            put_off(wishes, at)
            break
    post.close()
    return sent


def room(at: datetime) -> int:
    """How many mails may still go within this hour."""
    return settings.SIGN_UPS_AN_HOUR - SignUp.objects.filter(mailed_at__gt=at - limits.WAVE_WINDOW).count()


def claim(at: datetime) -> list[SignUp]:
    """All that waits of the address that has waited longest, held for this worker; none where another was quicker."""
    with transaction.atomic():
        first = SignUp.objects.waiting(at).first()
        wishes = list(SignUp.objects.of_address(first.key)) if first else []
        if any(wish.held_until and wish.held_until > at for wish in wishes):
            return []
        SignUp.objects.filter(pk__in=[wish.pk for wish in wishes]).update(held_until=at + HELD)
    return wishes


def answer(wishes: Sequence[SignUp], at: datetime, post: letters.Post) -> int:
    """One mail, or none, for all wishes of one address that are alike; the others are let go and come next."""
    alike = [wish for wish in wishes if wish.kind == wishes[0].kind]
    others = [wish.pk for wish in wishes if wish.kind != wishes[0].kind]
    SignUp.objects.filter(pk__in=others).update(held_until=None)
    wish = alike[-1]
    given = judge(wish, at)
    if given.later:
        SignUp.objects.filter(pk__in=[each.pk for each in alike]).update(held_until=given.later)
        return 0
    mailed = given.links is not None and deliver(given, wish, post)
    settle(alike, at, given if mailed else NOTHING)
    return int(mailed)


def deliver(given: Answer, wish: SignUp, post: letters.Post) -> bool:
    try:
        letters.send(given.kind, wish.email, given.links or {}, wish, post)
    except letters.Undeliverable:
        log.warning("Wish %d is answered by no mail: its address does not take any", wish.pk)
        return False
    return True


def judge(wish: SignUp, at: datetime) -> Answer:
    """Whether an address gets its mail. Of who it belongs to only this depends: a link to the preferences goes to
    readers; and who said "this wasn't me" is left in peace for a week."""
    mails: list[tuple[Any, str]] = list(SignUp.objects.mailed_lately(wish.key, at).values_list("mailed_at", "kind"))
    if len(mails) >= limits.A_DAY:
        return NOTHING
    for mailed_at, kind in mails[:1]:
        if mailed_at > at - limits.REST:
            # The mail is there already; another kind of mail comes when the address has rested.
            return NOTHING if kind == wish.kind else Answer(later=mailed_at + limits.REST)
    return ANSWERS[wish.kind](wish, at)


def confirmation(wish: SignUp, at: datetime) -> Answer:
    said = Consent.objects.filter(key=wish.key, deed=Deed.NOT_ME, at__gt=at - limits.NOT_ME_HOLDS)
    if said.exists():
        return NOTHING
    token = tokens.sign("confirm", {"s": wish.pk, "k": wish.key})
    not_me = tokens.sign("not-me", {"k": wish.key})
    links = {"confirm": link("newsletter_confirm", token), "not_me": link("newsletter_not_me", not_me)}
    return Answer("confirm", links, token)


def way_to_preferences(wish: SignUp, at: datetime) -> Answer:
    reader = Subscriber.objects.of(wish.email)
    if reader is None:
        return NOTHING
    token = tokens.sign("preferences", {"n": reader.pk, "k": reader.key})
    return Answer("preferences", {"preferences": link("newsletter_my_preferences", token)}, token)


def new_address(wish: SignUp, at: datetime) -> Answer:
    if wish.subscriber is None:
        return NOTHING
    token = tokens.sign("address", {"s": wish.pk, "k": wish.key, "n": wish.subscriber.pk, "o": wish.subscriber.key})
    return Answer("address", {"address": link("newsletter_new_address", token)}, token)


ANSWERS: Final[dict[str, Callable[[SignUp, datetime], Answer]]] = {
    Wish.SIGN_UP: confirmation,
    Wish.PREFERENCES: way_to_preferences,
    Wish.ADDRESS: new_address,
}


def link(name: str, token: str) -> str:
    return absolute(reverse(name, args=[token]))


def settle(alike: Sequence[SignUp], at: datetime, given: Answer) -> None:
    """Mark the wishes as answered; with a mail, the last of them is what the reader is held to have asked for.

    A wish that another worker has settled since, because this one was held up past its hold, is noted once.
    """
    wish = alike[-1]
    with transaction.atomic():
        open_still = SignUp.objects.filter(pk__in=[each.pk for each in alike], handled_at=None)
        if not open_still.update(handled_at=at, held_until=None) or not given.token:
            return
        SignUp.objects.filter(pk=wish.pk).update(mailed_at=at)
        if wish.kind == Wish.SIGN_UP:
            Subscriber.objects.note_pending(wish.email, at)
            words = Said(page=wish.page, wording=wish.wording, network=wish.network, token=tokens.token_id(given.token))
            Consent.objects.note(wish.key, Deed.SIGNED_UP, wish.at, words)


def put_off(wishes: Sequence[SignUp], at: datetime) -> None:
    """The mail server is away: nothing is lost, and it is not asked again at once."""
    tries = max(wish.tries for wish in wishes)
    again = at + PUT_OFF[min(tries, len(PUT_OFF) - 1)]
    waiting = SignUp.objects.filter(pk__in=[wish.pk for wish in wishes], handled_at=None)
    waiting.update(held_until=again, tries=min(tries + 1, len(PUT_OFF)))


# ---------------------------------------------------------------- what else the worker sees to


def alert(at: datetime) -> bool:
    """Tell those who send the newsletter of a wave of sign-ups, once an hour; whether they were told now."""
    if not is_wave(at):
        return False
    Newsletter.objects.current()
    with transaction.atomic():
        Newsletter.objects.select_for_update().get()  # of several workers one tells
        if Notice.objects.filter(reason="sign_ups", at__gt=at - limits.WAVE_WINDOW).exists():
            return False
        text = _(
            "More than %(most)d people asked for the newsletter within an hour, or a machine did. Mails go out at "
            "that rate, the rest waits. Whoever does not confirm is forgotten after a week."
        )
        notices.tell(
            who_has("newsletter.send_issue"),
            reason="sign_ups",
            title=_("A wave of sign-ups"),
            text=text % {"most": settings.SIGN_UPS_AN_HOUR},
            address=reverse("admin:newsletter_subscriber_changelist"),
            at=at,
        )
    return True


def purge(at: datetime) -> int:
    """Forget readers who did not confirm, and wishes, after a week; gives back how many of both."""
    return Subscriber.objects.purge_pending(at) + SignUp.objects.purge(at)
