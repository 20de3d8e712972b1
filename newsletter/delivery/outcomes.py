"""What became of a message that was handed to a server."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    SENT = "the server has taken it"
    DEFERRED = "the server says: later"
    FAILED = "the server says: never"
    AGAIN = "nothing has left; it is queued again"
    DOUBT = "it was written to the end, and no answer came"
    DOWN = "there is no connection; nothing has left"
    STOP = "the server wants none of this issue from us"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is SMTP's or 0; `reply` what the server said."""

    kind: Kind
    code: int = 0
    reply: str = ""

    @property
    def text(self) -> str:
        return f"{self.code} {self.reply}" if self.code else self.reply


SENT = Outcome(Kind.SENT)


def by_code(code: int, reply: str) -> Outcome:
    """A reply to a recipient or to a message: 4xx later, 5xx never; 421 is about the connection (RFC 5321, 4.2.2)."""
    if code == 421:
        return Outcome(Kind.AGAIN, code, reply)
    if 200 <= code < 300:
        return Outcome(Kind.SENT, code, reply)
    return Outcome(Kind.DEFERRED if 400 <= code < 500 else Kind.FAILED, code, reply)
