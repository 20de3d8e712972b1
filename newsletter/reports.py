"""What a mail that came back says: of which delivery, of whom, and whether it is the reader's fault.

Whom it is about is known by what only our own mail carries, in this order: the envelope address of the delivery (VERP),
its link to leave, its Message-ID. So a forged report bounces nobody away who has not got the mail forged as well.
What happened is read from a delivery status notification (RFC 3464, RFC 6533, codes of RFC 3463) or a complaint (RFC
5965) and, of servers that write neither, by flufl.bounce.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from flufl.bounce import all_failures

from newsletter import tokens

LONGEST: Final = 128 * 1024
"""Octets of a message that are read; what a server says stands before the mail it gives back."""
MOST_PARTS: Final = 100
"""No server's own words have so many; a message made of parts would keep the two hundred patterns busy."""
LONGEST_FIELD: Final = 2_000
LONGEST_DETAIL: Final = 300


class Kind(StrEnum):
    """`NONE` is a message that was understood and counts nothing: an answer by a machine, a delay, a delivery."""

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    COMPLAINT = "complaint"
    NONE = "none"


@dataclass(frozen=True)
class Report:
    """`delivery` by VERP, `key` (of an address) by the link to leave, `message_id` of the mail of ours that it names;
    `address` is the report's own word for whom it did not reach, and proves nothing."""

    kind: Kind
    delivery: int | None = None
    key: str = ""
    message_id: str = ""
    address: str = ""
    detail: str = ""


def read(raw: bytes) -> list[Report]:
    """What a message reports, one for each recipient it names; empty when it cannot be understood. Never raises."""
    raw = raw[:LONGEST]
    try:
        message = message_from_bytes(raw)
        found = complaints(message) or notified(message) or answered(message) or recognised(message)
        proof = proof_in(message, raw)
    except Exception:  # anybody may write here: what the parsers stumble over is a message that nobody understands
        return []
    return [replace(proof, kind=each.kind, address=each.address, detail=each.detail) for each in found]


# ---------------------------------------------------------------- whose it is

ENVELOPE: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")
"""Where mail servers write to whom a message came; ours was the envelope sender."""
ENVELOPE_ADDRESS: Final = re.compile(rb"\bb-[a-z2-7]{13}-[a-z2-7]{12}@", re.IGNORECASE)
LINK_TO_LEAVE: Final = re.compile(rb"/leave/([A-Za-z0-9_-]{48})/")
OUR_MESSAGE: Final = re.compile(rb"<([0-9a-f]{16}\.[0-9a-f]{32}@[^\s<>@]{1,255})>")


def proof_in(message: Message, raw: bytes) -> Report:
    """A report with nothing but what shows whose mail came back."""
    address = re.search(OUR_MESSAGE, raw)
    return Report(
        kind=Kind.NONE,
        delivery=delivery_in(message, raw),
        key=next((left.key for each in LINK_TO_LEAVE.findall(raw) if (left := tokens.read_leave(each.decode()))), ""),
        message_id=f"<{address[1].decode(errors='replace')}>" if address else "",
    )


def delivery_in(message: Message, raw: bytes) -> int | None:
    """The envelope's recipient; otherwise the first of our envelope senders that stands in what was given back."""
    envelope = [address for _name, address in getaddresses(headers(message, *ENVELOPE))]
    inside = (found.decode() for found in ENVELOPE_ADDRESS.findall(raw))
    numbers = (tokens.read_verp(address) for address in (*envelope, *inside))
    return next((number for number in numbers if number is not None), None)


def headers(message: Message, *names: str) -> list[str]:
    return [str(value)[:LONGEST_FIELD] for name in names for value in message.get_all(name, [])]


def header(message: Message, name: str) -> str:
    return next(iter(headers(message, name)), "").strip()


# ---------------------------------------------------------------- complaints (RFC 5965)

COMPLAINING: Final = frozenset({"abuse", "fraud", "opt-out"})


def complaints(message: Message) -> list[Report]:
    for part in parts(message, "message/feedback-report"):
        for block in blocks(part):
            kind = Kind.COMPLAINT if header(block, "Feedback-Type").lower() in COMPLAINING else Kind.NONE
            who = bare(header(block, "Original-Rcpt-To") or header(block, "Removal-Recipient"))
            return [Report(kind=kind, address=who, detail=detail(header(block, "User-Agent")))]
    return []


# ---------------------------------------------------------------- notifications (RFC 3464)

STATUSES: Final = ("message/delivery-status", "message/global-delivery-status")


def notified(message: Message) -> list[Report]:
    recipients = (block for part in parts(message, *STATUSES) for block in blocks(part) if block["Final-Recipient"])
    return [of_recipient(block) for block in recipients]


def of_recipient(block: Message) -> Report:
    said = header(block, "Diagnostic-Code")
    failed = header(block, "Action").lower() == "failed"
    who = header(block, "Original-Recipient") or header(block, "Final-Recipient")
    kind = judge(header(block, "Status"), said) if failed else Kind.NONE
    return Report(kind=kind, address=bare(who), detail=detail(f"{header(block, 'Status')} {said}"))


def parts(message: Message, *kinds: str) -> Iterator[Message]:
    """Those of a kind, but not inside the mail that is given back."""
    if message.get_content_type() in kinds:
        yield message
    elif message.is_multipart() and message.get_content_type() != "message/rfc822":
        for part in payload(message):
            yield from parts(part, *kinds)


def payload(message: Message) -> list[Message]:
    found: Any = message.get_payload()
    return [part for part in found if isinstance(part, Message)] if isinstance(found, list) else []


def blocks(part: Message) -> list[Message]:
    """The groups of fields of a part: Python reads them of the oldest kind only, and not where they are encoded."""
    if payload(part) and part.get_content_type() == STATUSES[0] and not part["Content-Transfer-Encoding"]:
        return payload(part)
    text = text_of(part) or b"".join(inner.as_bytes() for inner in payload(part)).decode("utf-8", "replace")
    return [HeaderParser().parsestr(block) for block in re.split(r"\n\s*\n", text.replace("\r", "")) if block.strip()]


def text_of(part: Message) -> str:
    found = part.get_payload(decode=True)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


def bare(field: str) -> str:
    """The address of `rfc822; reader@example.org`."""
    return field.rpartition(";")[2].strip().strip("<>")[:254]


# ---------------------------------------------------------------- answers by a machine (RFC 3834)


def answered(message: Message) -> list[Report]:
    """Out of the office, a receipt, a question whether we are human: it reached somebody, and counts nothing."""
    submitted = header(message, "Auto-Submitted").lower()
    answering = submitted.startswith("auto-replied") and not header(message, "X-Failed-Recipients")
    named = any(header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From"))
    precedence = header(message, "Precedence").lower() in {"auto_reply", "auto-reply"}
    receipt = message.get_param("report-type") == "disposition-notification"
    if (answering or named or precedence or receipt) and not is_from_a_server(message):
        return [Report(kind=Kind.NONE, detail=detail(header(message, "Subject")))]
    return []


def is_from_a_server(message: Message) -> bool:
    """Servers that write no proper notification mark it as an automatic answer all the same."""
    return bool(re.match(r"(mailer-daemon|postmaster)@", bare_sender(message), re.IGNORECASE))


def bare_sender(message: Message) -> str:
    return next((address for _name, address in getaddresses(headers(message, "From"))), "")


# ---------------------------------------------------------------- everybody else


def recognised(message: Message) -> list[Report]:
    if sum(1 for _part in islice(message.walk(), MOST_PARTS)) == MOST_PARTS:
        return []
    passing, lasting = all_failures(message)
    words = opening(message)
    kinds = dict.fromkeys(passing, Kind.SOFT) | {address: blame(words, Kind.HARD) for address in lasting}
    return [
        Report(kind=kind, address=bare(address.decode(errors="replace")), detail=detail(words))
        for address, kind in kinds.items()
    ]


GIVEN_BACK: Final = re.compile(r"\n---.*(?:copy|original|message|header)|\nReceived:", re.IGNORECASE)


def opening(message: Message) -> str:
    """The server's own words, before the mail that it gives back."""
    first = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    text = text_of(first)[:LONGEST_FIELD] if first else ""
    return GIVEN_BACK.split(text, maxsplit=1)[0]


# ---------------------------------------------------------------- whose fault it is

CODE: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
POLICY_WORDS: Final = re.compile(
    r"spam|\bjunk\b|unsolicited|blocklist|block list|blacklist|black list|deny ?list|\bd?nsbl\b|\brbl\b|reputation"
    r"|\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated|policy|policies|content reject"
    r"|blocked (?:by|due|for|using|because)"
    r"|(?:message|sender|ip|address|mail)s? (?:is |was |has been )?blocked|banned|abuse|virus|malware|phish"
    r"|rate limit|too many (?:messages|connections)|greylist|graylist",
    re.IGNORECASE,
)
FULL_WORDS: Final = re.compile(
    r"(?:mailbox|inbox|storage).{0,30}(?:full|exceed)|over ?quota|quota.{0,20}exceed|exceed.{0,20}quota|out of storage"
    r"|insufficient (?:system )?storage",
    re.IGNORECASE,
)
UNKNOWN_WORDS: Final = re.compile(
    r"(?:user|recipient|mailbox|account|address|addressee)s?.{0,40}"
    r"(?:unknown|not found|no longer|does ?n[o']t (?:exist|have)|not exist|unavailable|disabled|inactive|invalid"
    r"|deactivated)"
    r"|(?:no such|unknown|invalid|bad) (?:user|recipient|mailbox|account|address)|no mailbox here"
    r"|recipient address rejected",
    re.IGNORECASE,
)
HARD_CODES: Final = re.compile(r"5\.(1\.(0|1|2|3|4|6|9|10)|2\.1)$")
POLICY_CODES: Final = re.compile(r"5\.(7\..*|6\..*|1\.(7|8))$")
"""5.1.7 and 5.1.8 complain of the sender's address, 5.6 of the content, 5.7 of security and policy."""


def judge(status: str, said: str) -> Kind:
    """What a failure is, by its status (RFC 3463) and the words of the server that refused.

    Words of policy or spam come first: whatever number stands beside them, the reader is not to blame.
    """
    return blame(said, by_code(code_of(status, said), said))


def blame(said: str, otherwise: Kind) -> Kind:
    if POLICY_WORDS.search(said):
        return Kind.POLICY
    return Kind.SOFT if FULL_WORDS.search(said) else otherwise


def code_of(status: str, said: str) -> str:
    """The more exact of the two: servers that only pass a refusal on write 5.0.0 above the code they were given."""
    codes = [match[0] for match in (CODE.search(status), CODE.search(said)) if match]
    exact = [code for code in codes if not code.endswith(".0.0")]
    return next(iter(exact or codes), "")


def by_code(code: str, said: str) -> Kind:
    if HARD_CODES.match(code):
        return Kind.HARD
    if POLICY_CODES.match(code):
        return Kind.POLICY
    temporary = code.startswith("4.") or code == "5.2.2"
    if UNKNOWN_WORDS.search(said) and not temporary:
        return Kind.HARD
    return Kind.SOFT


# ---------------------------------------------------------------- what is kept of it


def detail(said: str) -> str:
    """A line of what the other side said, without anybody's address."""
    words = re.sub(r"[^\s<>@:;,()\"']+@[^\s<>@:;,()\"']+", "…", said[:LONGEST_FIELD].replace("\x00", ""))
    return " ".join(words.split())[:LONGEST_DETAIL]
