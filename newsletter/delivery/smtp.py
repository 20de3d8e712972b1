"""A connection to a mail server that is kept, and on which the commands of a message go out together (RFC 2920)."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from newsletter.delivery.message import Addressee, Message, NoAddress, wire_address
from newsletter.delivery.outcomes import SENT, Kind, Outcome, by_code

TIMEOUT: Final = 60
"""Seconds to wait at each step where the settings say nothing."""
PATIENCE: Final = 120
"""Seconds to wait for the answer to a whole message: who gives up sooner makes doubts (RFC 5321, 4.5.3.2.6)."""

Answer: TypeAlias = tuple[int, str]


class Cut(OSError):
    """The connection broke after so many octets had been handed to the system."""

    def __init__(self, octets: int, cause: OSError) -> None:
        self.octets = octets
        super().__init__(str(cause))


class Talk(smtplib.SMTP):
    """smtplib's connection and its greetings, TLS and login; the sending is our own."""

    patience = PATIENCE

    def write(self, data: bytes) -> None:
        """All of it; Cut says how much was handed over before it broke."""
        if self.sock is None:
            raise Cut(0, smtplib.SMTPServerDisconnected("not connected"))
        view, written = memoryview(data), 0
        try:
            while written < len(data):
                written += self.sock.send(view[written:])
        except OSError as error:
            raise Cut(written, error)

    def answers(self, number: int) -> list[Answer]:
        return [self.answer() for _line in range(number)]

    def answer(self) -> Answer:
        code, text = self.getreply()
        if code < 200:
            raise smtplib.SMTPServerDisconnected(f"no SMTP: {code} {text!r}")
        return code, text.decode("utf-8", "replace").replace("\n", " ")

    def say(self, lines: Sequence[bytes]) -> list[Answer]:
        """Write commands one by one and read their answers, until one is refused."""
        found: list[Answer] = []
        for line in lines:
            self.write(line)
            found.append(self.answer())
            if found[-1][0] >= 400:
                break
        return found

    def last_answer(self) -> Answer:
        """The answer to a whole message, for which one waits longer."""
        usual = self.sock.gettimeout() if self.sock else None
        if self.sock and usual is not None:
            self.sock.settimeout(max(usual, self.patience))
        try:
            return self.answer()
        finally:
            if self.sock:
                self.sock.settimeout(usual)


class SecureTalk(Talk, smtplib.SMTP_SSL):
    """TLS from the first byte."""


class Backend(EmailBackend):
    """Django's backend with all its settings; only what speaks over the connection is ours."""

    connection: Any

    def __init__(self) -> None:
        """Fails aloud, and waits for nobody for ever, whatever the settings say."""
        super().__init__(fail_silently=False, timeout=settings.EMAIL_TIMEOUT or TIMEOUT)

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return SecureTalk if self.use_ssl else Talk


class SmtpTransport:
    """Sends messages one after the other over a connection that it opens when it is wanted.

    Where the server takes commands together, the envelope of the next message follows the end of the one before, so
    that a message costs one round trip. Only its text waits until it is claimed; if it is not, the connection is
    dropped, and with it a message of which nothing but the envelope was said.
    """

    def __init__(self, backend: Backend, per_connection: int = 0) -> None:
        self.backend, self.per_connection = backend, per_connection
        self.talk: Talk | None = None
        self.number = 0
        self.announced = 0
        """The delivery whose envelope has been written and not been answered."""

    def send(self, message: Message, to: Addressee, then: Addressee | None = None) -> Outcome:
        """Hand it over; `then` is who probably comes next. Never raises what a server or a network can do."""
        try:
            address = wire_address(to.email)
        except NoAddress:
            return Outcome(Kind.FAILED, 0, _("This is no address that mail can be sent to."))
        if self.announced not in {0, to.delivery}:
            self.close()
        if self.talk is None and (refused := self.open()):
            return refused
        outcome = self.transmit(message, to, address, then)
        self.number += 1
        if outcome.kind in {Kind.AGAIN, Kind.DOUBT, Kind.STOP} or self.number == self.per_connection:
            self.close()
        return outcome

    def open(self) -> Outcome | None:
        try:
            self.backend.open()
            self.talk, self.number = self.backend.connection, 0
            self.backend.connection.ehlo_or_helo_if_needed()
            self.backend.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except smtplib.SMTPResponseException as error:  # greeting, HELO or login
            kind = Kind.STOP if error.smtp_code >= 500 else Kind.DOWN
            refused = Outcome(kind, error.smtp_code, words(error.smtp_error))
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            refused = Outcome(Kind.STOP, 0, str(error))
        except OSError as error:
            refused = Outcome(Kind.DOWN, 0, str(error))
        else:
            return None
        self.close()
        return refused

    def transmit(self, message: Message, to: Addressee, address: str, then: Addressee | None) -> Outcome:
        talk = self.talk
        assert talk is not None
        envelope = self.envelope(talk, message, to, address)
        if not envelope:
            return Outcome(Kind.FAILED, 0, _("The mail server takes no address with such letters (SMTPUTF8)."))
        data = message.wire(to, address, talk.has_extn("8bitmime"))
        try:
            if refused := self.refusal(talk, self.asked(talk, to, envelope)):
                return refused
            talk.write(data + self.announcement(talk, message, then))
        except Cut as error:
            if error.octets < len(data):
                return Outcome(Kind.AGAIN, 0, str(error))
        except OSError as error:  # smtplib's errors are among them
            return Outcome(Kind.AGAIN, 0, str(error))
        return self.verdict(talk)

    def envelope(self, talk: Talk, message: Message, to: Addressee, address: str) -> list[bytes]:
        """The commands before the text; none where the server cannot take the address (RFC 6531)."""
        beyond_ascii = not address.isascii()
        if beyond_ascii and not talk.has_extn("smtputf8"):
            return []
        options = (" BODY=8BITMIME" if talk.has_extn("8bitmime") else "") + (" SMTPUTF8" if beyond_ascii else "")
        sender = message.envelope_sender(to)
        return [f"MAIL FROM:<{sender}>{options}\r\n".encode(), f"RCPT TO:<{address}>\r\n".encode(), b"DATA\r\n"]

    def asked(self, talk: Talk, to: Addressee, envelope: list[bytes]) -> list[Answer]:
        """The server's answers to the envelope, which it may have already."""
        if not talk.has_extn("pipelining"):
            return talk.say(envelope)
        if self.announced != to.delivery:
            talk.write(b"".join(envelope))
        self.announced = 0
        return talk.answers(len(envelope))

    def announcement(self, talk: Talk, message: Message, then: Addressee | None) -> bytes:
        """The next envelope; empty where there is none, or this connection has carried enough."""
        if then is None or not talk.has_extn("pipelining") or self.number + 1 == self.per_connection:
            return b""
        with suppress(NoAddress):
            if envelope := self.envelope(talk, message, then, wire_address(then.email)):
                self.announced = then.delivery
                return b"".join(envelope)
        return b""

    def refusal(self, talk: Talk, answers: list[Answer]) -> Outcome | None:
        """What the server has against the envelope; None where it waits for the message."""
        mail, rcpt, data = [*answers, (0, ""), (0, "")][:3]
        if data[0] == 354 and mail[0] < 400 and rcpt[0] < 400:
            return None
        if data[0] == 354:  # it waits for a message to nobody
            talk.write(b".\r\n")
            talk.answer()
        if mail[0] >= 400:
            outcome = by_code(*mail)
            return Outcome(Kind.STOP, *mail) if outcome.kind is Kind.FAILED else outcome
        outcome = by_code(*(rcpt if rcpt[0] >= 400 else data))
        if outcome.kind is not Kind.AGAIN:
            with suppress(OSError):  # that it did not like to begin anew is seen with the next message
                talk.say([b"RSET\r\n"])
        return outcome

    def verdict(self, talk: Talk) -> Outcome:
        """After the end of data only an answer says what became of the message."""
        try:
            code, reply = talk.last_answer()
        except OSError as error:
            return Outcome(Kind.DOUBT, 0, str(error))
        return SENT if 200 <= code < 300 else by_code(code, reply)

    def close(self) -> None:
        """Without a goodbye where an envelope is open: the server must not take that for the text."""
        talk, announced = self.talk, self.announced
        self.talk, self.number, self.announced = None, 0, 0
        with suppress(OSError):
            if talk and announced:
                talk.close()
            else:
                self.backend.close()
        self.backend.connection = None


def words(error: object) -> str:
    return error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
