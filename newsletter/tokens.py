"""The newsletter's tokens: what a link in a mail proves, and by what an address is known without being kept.

Two keys. What has to hold for years (links to leave, bounce addresses, the keys of suppressed addresses) is made with
`settings.NEWSLETTER_KEY`; what lasts days with Django's own signing and SECRET_KEY. Every use has a salt of its own, so
that no token serves for anything but what it was made for. Reading one never raises: a token that is none is None, and
what is compared with a secret is compared in constant time.
"""

import base64
import contextlib
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from unicodedata import normalize

from django.conf import settings
from django.core import signing

CONFIRM_LASTS: Final = timedelta(hours=72)
PREFERENCES_LAST: Final = timedelta(hours=72)

KEY_BYTES: Final = 16
ISSUE_BYTES: Final = 4
PROOF_BYTES: Final = 16
LEAVE_LENGTH: Final = (KEY_BYTES + ISSUE_BYTES + PROOF_BYTES) * 4 // 3
"""48 characters: the same for every reader, so that a message is built once and the token put in its place in bytes."""
LEAVE_HERE: Final = "LEAVE0HERE1" * 4 + "PUT0"
"""Stands for the token in a frozen issue."""
INERT: Final = "A" * LEAVE_LENGTH
"""In the links of a test mail: as long as a token, and nobody's."""


def normal(address: str) -> str:
    """An address as we compare it: no space around, small letters, NFC, the domain as the DNS has it (IDNA)."""
    local, _at, domain = normalize("NFC", address.strip()).lower().rpartition("@")
    with contextlib.suppress(UnicodeError):  # what no DNS knows is compared as it is
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    return f"{local}@{domain}"


def key_of(address: str) -> str:
    """The key of an address: 32 hexadecimal digits by which it is found again, and from which nobody reads it."""
    return proof("newsletter.address", normal(address).encode())[:KEY_BYTES].hex()


def proof(salt: str, message: bytes) -> bytes:
    """HMAC-SHA256 of a message under the lasting key, for one use (32 bytes)."""
    return hmac.new(settings.NEWSLETTER_KEY.encode(), salt.encode() + b"\x00" + message, hashlib.sha256).digest()


# ---------------------------------------------------------------- leaving: for ever


@dataclass(frozen=True)
class Leave:
    """Whose link it is (the key of the address) and in which issue it stood (its primary key; 0 for none)."""

    key: str
    issue: int


def leave(key: str, issue: int = 0) -> str:
    """The token of a link to leave: 48 characters of base64url."""
    body = bytes.fromhex(key) + issue.to_bytes(ISSUE_BYTES, "big")
    return base64.urlsafe_b64encode(body + proof("newsletter.leave", body)[:PROOF_BYTES]).decode()


def read_leave(token: str) -> Leave | None:
    """What a link to leave says; it never expires and asks no table."""
    if len(token) != LEAVE_LENGTH or not token.isascii():
        return None
    try:
        whole = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, given = whole[:-PROOF_BYTES], whole[-PROOF_BYTES:]
    if not hmac.compare_digest(given, proof("newsletter.leave", body)[:PROOF_BYTES]):
        return None
    return Leave(key=body[:KEY_BYTES].hex(), issue=int.from_bytes(body[KEY_BYTES:], "big"))


# ---------------------------------------------------------------- what lasts days


def sign(use: str, what: dict[str, Any]) -> str:
    """A token for one use ("confirm", "not-me", "preferences", "address", "seen" …) that carries `what` (JSON)."""
    return signing.dumps(what, salt=f"newsletter.{use}", compress=True)


def read(use: str, token: str, lasts: timedelta) -> dict[str, Any] | None:
    """What a token for this use carries; None for one that is forged, made for something else, or too old."""
    try:
        found = signing.loads(token, salt=f"newsletter.{use}", max_age=lasts)
    except (signing.BadSignature, ValueError, OverflowError):
        return None
    return found if isinstance(found, dict) else None


def token_id(token: str) -> str:
    """A name for a token that a record may keep: it proves which one it was and opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


# ---------------------------------------------------------------- the envelope and the message


def verp(delivery: int, domain: str) -> str:
    """The envelope sender of a delivery, to which its bounces come back: lower case, its local part 28 octets.

    See https://cr.yp.to/proto/verp.txt; the proof keeps strangers from bouncing our readers away.
    """
    number = delivery.to_bytes(8, "big")
    return f"b-{small(number)}-{small(proof('newsletter.verp', number)[:7])}@{domain}"


def read_verp(address: str) -> int | None:
    """The delivery an address was made for; None where it is not one of ours."""
    parts = address.strip().lower().partition("@")[0].split("-")
    if len(parts) != 3 or parts[0] != "b":
        return None
    try:
        number = base64.b32decode(parts[1].upper() + "=" * (-len(parts[1]) % 8))
    except ValueError:
        return None
    right = small(proof("newsletter.verp", number)[:7])
    if len(number) != 8 or not hmac.compare_digest(parts[2].encode(), right.encode()):
        return None
    return int.from_bytes(number, "big")


def message_id(issue_uid: str, subscriber: int, domain: str) -> str:
    """The Message-ID of an issue to a subscriber: the same whenever it is made."""
    name = proof("newsletter.message", f"{issue_uid}.{subscriber}".encode())[:16].hex()
    return f"<{issue_uid}.{name}@{domain}>"


def small(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()
