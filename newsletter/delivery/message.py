"""The message of an issue: built once, as bytes; for each reader only the address, the Message-ID and the token differ.

The token has the same length for everybody and is nowhere broken by an encoding, so it is put in its place in the bytes
as they go over the wire. Headers after RFC 5322, RFC 2919 (List-Id), RFC 2369 (List-*), RFC 8058 (one click) and
RFC 3834 (Auto-Submitted).
"""

import re
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.addresses import absolute
from articles.html.text import one_line
from articles.models import Magazine
from newsletter import mail, tokens
from newsletter.models import Issue, Newsletter

LONGEST_LINE: Final = 998
LONGEST_ADDRESS: Final = 254
TOKEN: Final = tokens.LEAVE_HERE.encode()
NO_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f-\xa0<>\u2028\u2029]")


class NoAddress(ValueError):
    """No mail can be addressed to it."""


class NoSender(ValueError):
    """The settings name no address that mail can come from, or be answered to."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A delivery and its reader, as they were when the batch was claimed."""

    delivery: int
    subscriber: int
    email: str
    key: str


def wire_address(email: str) -> str:
    """An address as a server takes it: the domain as the DNS has it. Its local part may be beyond ASCII (RFC 6531)."""
    local, _at, domain = email.strip().rpartition("@")
    if not local or not domain or NO_ADDRESS.search(local) or NO_ADDRESS.search(domain):
        raise NoAddress(email)
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        raise NoAddress(email)
    if len(f"{local}@{domain}".encode()) > LONGEST_ADDRESS:
        raise NoAddress(email)
    return f"{local}@{domain}"


def own_address(email: str) -> str:
    """As wire_address, of one that stands in our settings; in ASCII, since servers of all readers have to take it."""
    try:
        if (found := wire_address(email)).isascii():
            return found
    except NoAddress:
        pass
    raise NoSender(_("“{address}”, of the newsletter’s settings or DEFAULT_FROM_EMAIL").format(address=email))


class Message:
    """An issue, ready to be addressed. Made anew in each run of a worker, so that its date is about right."""

    def __init__(self, issue: Issue, newsletter: Newsletter, magazine: Magazine, at: datetime) -> None:
        self.issue = issue
        self.host = urlsplit(settings.SITE_URL).hostname or "localhost"
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        self.from_address = own_address(newsletter.from_address or address or settings.DEFAULT_FROM_EMAIL)
        self.from_name = one_line(newsletter.from_name) or one_line(magazine.name) or name
        self.headers = self.fixed_headers(newsletter, at)
        self.pieces: dict[bool, list[bytes]] = {}

    def fixed_headers(self, newsletter: Newsletter, at: datetime) -> dict[str, str]:
        """What is the same for every reader, but for the token in it."""
        leave = mail.links(self.issue)["leave"]
        headers = {
            "From": formataddr((header("", self.from_name), self.from_address)),
            "Reply-To": own_address(newsletter.reply_to) if newsletter.reply_to else "",
            "Subject": header("Subject", one_line(self.issue.subject)),
            "Date": format_datetime(at),
            "List-Id": f"<{settings.LIST_ID}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Archive": f"<{absolute(reverse('newsletter_issues'))}>",
            "List-Help": f"<{absolute(reverse('newsletter'))}>",
            "Feedback-ID": f"{self.issue.uid}:round-up:{self.host}",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
        }
        return {name: value for name, value in headers.items() if value}

    # ------------------------------------------------------------ what differs

    def message_id(self, to: Addressee) -> str:
        return tokens.message_id(self.issue.uid, to.subscriber, self.host)

    def token(self, to: Addressee) -> str:
        return tokens.leave(to.key, self.issue.pk)

    def envelope_sender(self, to: Addressee) -> str:
        if settings.BOUNCE_DOMAIN:
            return tokens.verp(to.delivery, settings.BOUNCE_DOMAIN)
        return self.from_address

    def wire(self, to: Addressee, address: str, eightbit: bool) -> bytes:
        """The message as it goes over the wire, dots doubled, with the end of data (RFC 5321, 4.5.2)."""
        if eightbit not in self.pieces:
            self.pieces[eightbit] = self.build(eightbit)
        top = f"To: {address}\r\nMessage-ID: {self.message_id(to)}\r\n"
        return top.encode() + self.token(to).encode().join(self.pieces[eightbit])

    def build(self, eightbit: bool) -> list[bytes]:
        """All but To and Message-ID, cut where the token stands."""
        boundary = f"=_{self.issue.uid}_{self.issue.sha256[:16]}"
        lines = [f"{name}: {value}" for name, value in self.headers.items()]
        lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"', ""]
        whole = "\r\n".join([*lines, ""]).encode()
        for subtype, text in (("plain", self.issue.text), ("html", self.issue.html)):
            whole += f"--{boundary}\r\n".encode() + part(subtype, text, eightbit)
        whole += f"--{boundary}--\r\n".encode()
        pieces = (re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n").split(TOKEN)
        wanted = 1 + self.issue.text.count(tokens.LEAVE_HERE) + self.issue.html.count(tokens.LEAVE_HERE)
        if len(pieces) - 1 != wanted:
            raise AssertionError("An encoding has broken a token.")
        return pieces

    def email(self, to: Addressee, address: str, connection: object) -> EmailMultiAlternatives:
        """The same message for any of Django's backends."""
        token = self.token(to)
        headers = {name: value.replace(tokens.LEAVE_HERE, token) for name, value in self.headers.items()}
        headers = {name: value for name, value in headers.items() if name not in {"From", "Subject", "Reply-To"}}
        found = EmailMultiAlternatives(
            subject=one_line(self.issue.subject),
            body=self.issue.text.replace(tokens.LEAVE_HERE, token),
            from_email=formataddr((self.from_name, self.from_address)),
            to=[address],
            reply_to=[self.headers["Reply-To"]] if "Reply-To" in self.headers else None,
            headers=headers | {"Message-ID": self.message_id(to)},
            connection=connection,
        )
        found.attach_alternative(self.issue.html.replace(tokens.LEAVE_HERE, token), "text/html")
        return found


def header(name: str, value: str) -> str:
    """A header's text, encoded and folded where it has to be (RFC 2047)."""
    return Header(value, None if value.isascii() else "utf-8", header_name=name).encode(linesep="\r\n")


def part(subtype: str, text: str, eightbit: bool) -> bytes:
    """A part of the message: as it is if the server takes eight bits and no line is too long, or quoted-printable."""
    body = re.sub(r"\r\n|\r|\n", "\r\n", text.replace("\x00", "")).encode()
    plain = all(len(line) <= LONGEST_LINE for line in body.split(b"\r\n"))
    encoding = "8bit" if eightbit and plain else "quoted-printable"
    if encoding != "8bit":
        body = quoted(body)
    top = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return top.encode() + body + b"\r\n"  # which belongs to the boundary behind it


def quoted(body: bytes) -> bytes:
    """Quoted-printable (RFC 2045) in which each token stands whole on a line of its own, between two soft breaks."""
    pieces = (re.sub(rb"\r?\n", b"\r\n", b2a_qp(piece, istext=True)) for piece in body.split(TOKEN))
    return (b"=\r\n" + TOKEN + b"=\r\n").join(pieces)
