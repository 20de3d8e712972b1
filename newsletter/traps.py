"""The signed time trap of the sign-up forms.

A form carries a stamp: when it was made and beside which words, signed. A machine that posts without having fetched the
form has none, one that posts at once is too quick, one that keeps a form for months is too late. Nobody is dropped for
it: the form comes back, the address still in it, and asks to be sent once more; a reader loses a second.

Pages are kept, by us and by others, and known by an ETag made of their content, so on those the stamp says only the
week: it is the same for everybody, and a page changes once a week for it. How quick somebody was is seen on the pages
that are made each time; while a wave of sign-ups comes in, the stamps of kept pages are sent that way round, too.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from newsletter import tokens

QUICK: Final = timedelta(seconds=1)
LASTS: Final = timedelta(weeks=8)
WEEK: Final = 7 * 24 * 3600
KEPT, MADE = "w", "m"


class Trap(Enum):
    """What is wrong with a stamp."""

    NONE = "none"
    QUICK = "quick"
    OLD = "old"
    OTHER_WORDS = "words"
    ROUGH = "rough"


def stamp(at: datetime, words: str) -> str:
    """For a page that is made for one reader: the moment, to the millisecond."""
    return _signed(f"{MADE}{int(at.timestamp() * 1000):x}.{_digest(words)}")


def week_stamp(at: datetime, words: str) -> str:
    """For a page that is kept: the week, counted from 1 January 1970."""
    return _signed(f"{KEPT}{int(at.timestamp()) // WEEK:x}.{_digest(words)}")


def fault(given: str, at: datetime, words: str, *, strict: bool = False) -> Trap | None:
    """What is wrong with the stamp a form brought, None where nothing is. `strict` takes no stamp of a kept page."""
    body, _dot, _proof = given.rpartition(".")
    if not given.isascii() or not hmac.compare_digest(given, _signed(body)):
        return Trap.NONE
    moment, _dot, digest = body.partition(".")
    kept, number = moment[0] == KEPT, int(moment[1:], 16)
    age = at.timestamp() - (number * WEEK if kept else number / 1000)
    if digest != _digest(words):
        return Trap.OTHER_WORDS
    if age > LASTS.total_seconds():
        return Trap.OLD
    if kept:
        return Trap.ROUGH if strict else None
    return Trap.QUICK if age < QUICK.total_seconds() else None


def _signed(body: str) -> str:
    proof = base64.urlsafe_b64encode(tokens.proof("newsletter.stamp", body.encode())[:12]).decode()
    return f"{body}.{proof}"


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]
