"""A connection to a mail server that is kept, and on which the commands of a message go out together (RFC 2920)."""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeAlias

from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from newsletter.delivery.message import Addressee, Message, NoAddress, wire_address
from newsletter.delivery.outcomes import SENT, Kind, Outcome, by_code

PATIENCE: Final = 120
"""Seconds to wait for the answer to a whole message: who gives up sooner makes doubts (RFC 5321, 4.5.3.2.6)."""

Answer: TypeAlias = tuple[int, str]


class Talk(smtplib.SMTP):
    """smtplib's connection and its greetings, TLS and login; the sending is our own."""

    patience = PATIENCE

    def say(self, lines: Sequence[str]) -> list[Answer]:
        """Write commands and read their answers: all at once where the server takes that, else until one is refused."""
        if self.has_extn("pipelining"):
            self.write("".join(f"{line}\r\n" for line in lines).encode())
            return [self.answer() for _line in lines]
        answers: list[Answer] = []
        for line in lines:
            self.write(f"{line}\r\n".encode())
            answers.append(self.answer())
            if answers[-1][0] >= 400 or answers[-1][0] < 200:
                break
        return answers

    def write(self, data: bytes) -> None:
        """All of it or an error: sendall that fails has not handed the last bytes to the system."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self.sock.sendall(data)

    def answer(self) -> Answer:
        code, text = self.getreply()
        if code < 200:
            raise smtplib.SMTPServerDisconnected(f"no SMTP: {code} {text!r}")
        return code, text.decode("utf-8", "replace").replace("\n", " ")

    def last_answer(self) -> Answer:
        """The answer to a whole message, for which one waits longer."""
        usual = self.timeout
        if self.sock and usual and usual < self.patience:
            self.sock.settimeout(self.patience)
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

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return SecureTalk if self.use_ssl else Talk


class SmtpTransport:
    """Sends messages one after the other over a connection that it opens when it is wanted."""

    def __init__(self, backend: Backend, per_connection: int = 0) -> None:
        self.backend, self.per_connection = backend, per_connection
        self.talk: Talk | None = None
        self.number = 0

    def send(self, message: Message, to: Addressee) -> Outcome:
        """Never raises what a server or a network can do."""
        try:
            address = wire_address(to.email)
        except NoAddress:
            return Outcome(Kind.FAILED, 0, _("This is no address that mail can be sent to."))
        if self.talk is None and (refused := self.open()):
            return refused
        outcome = self.transmit(message, to, address)
        self.number += 1
        if outcome.kind in {Kind.AGAIN, Kind.DOUBT, Kind.STOP} or self.number == self.per_connection:
            self.close()
        return outcome

    def open(self) -> Outcome | None:
        try:
            self.backend.open()
            self.talk, self.number = self.backend.connection, 0
            self.backend.connection.ehlo_or_helo_if_needed()
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

    def transmit(self, message: Message, to: Addressee, address: str) -> Outcome:
        talk = self.talk
        assert talk is not None
        beyond_ascii = not address.isascii()
        if beyond_ascii and not talk.has_extn("smtputf8"):
            return Outcome(Kind.FAILED, 0, _("The mail server takes no address with such letters (SMTPUTF8)."))
        eightbit = talk.has_extn("8bitmime")
        options = (" BODY=8BITMIME" if eightbit else "") + (" SMTPUTF8" if beyond_ascii else "")
        lines = [f"MAIL FROM:<{message.envelope_sender(to)}>{options}", f"RCPT TO:<{address}>", "DATA"]
        data = message.wire(to, address, eightbit)
        try:
            if refused := self.refusal(talk, talk.say(lines)):
                return refused
            talk.write(data)
        except OSError as error:  # smtplib's errors are among them
            return Outcome(Kind.AGAIN, 0, str(error))
        return self.verdict(talk)

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
                talk.say(["RSET"])
        return outcome

    def verdict(self, talk: Talk) -> Outcome:
        """After the end of data only an answer says what became of the message."""
        try:
            code, reply = talk.last_answer()
        except OSError as error:
            return Outcome(Kind.DOUBT, 0, str(error))
        return SENT if 200 <= code < 300 else by_code(code, reply)

    def close(self) -> None:
        self.talk, self.number = None, 0
        with suppress(OSError):
            self.backend.close()
        self.backend.connection = None


def words(error: object) -> str:
    return error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)


smtp_backend = partial(Backend, fail_silently=False)
