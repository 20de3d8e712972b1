"""Whither messages are handed: our own SMTP where Django is set to SMTP, and any other of Django's e-mail backends."""

from smtplib import SMTPRecipientsRefused
from typing import Any, Protocol

from django.core.mail import get_connection
from django.core.mail.backends import smtp
from django.utils.translation import gettext as _

from newsletter.delivery.message import Addressee, Message, NoAddress, wire_address
from newsletter.delivery.outcomes import SENT, Kind, Outcome, by_code
from newsletter.delivery.smtp import Backend, SmtpTransport, words


class Transport(Protocol):
    def send(self, message: Message, to: Addressee, then: Addressee | None = None) -> Outcome: ...

    def close(self) -> None: ...


def transport(per_connection: int) -> Transport:
    """What EMAIL_BACKEND asks for."""
    backend = get_connection()
    if type(backend) is smtp.EmailBackend:
        return SmtpTransport(Backend(), per_connection)
    return BackendTransport(backend)


class BackendTransport:
    """A folder, the console, a provider's interface: each message by itself."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def send(self, message: Message, to: Addressee, then: Addressee | None = None) -> Outcome:
        try:
            address = wire_address(to.email)
            email = message.email(to, address, self.backend)
            taken = self.backend.send_messages([email])
        except NoAddress:
            return Outcome(Kind.FAILED, 0, _("This is no address that mail can be sent to."))
        except Exception as error:  # a backend may raise anything, and it is about this one message
            return blamed(error)
        return SENT if taken else Outcome(Kind.FAILED, 0, _("The backend did not take it."))

    def close(self) -> None:
        self.backend.close()


def blamed(error: Exception) -> Outcome:
    """What an exception of a backend means. A provider that answered has a status (anymail's errors carry it); who only
    lost the connection leaves it in doubt."""
    if isinstance(error, SMTPRecipientsRefused):
        ((code, reply),) = [*error.recipients.values()][:1]
        return by_code(code, words(reply))
    status = getattr(error, "status_code", None) or getattr(error, "smtp_code", None)
    text = f"{type(error).__name__}: {error}"
    if type(error).__name__ == "AnymailRecipientsRefused":
        return Outcome(Kind.FAILED, 0, text)
    if status in {401, 403}:
        return Outcome(Kind.STOP, 0, text)
    if status == 429 or (isinstance(status, int) and status >= 500 and not hasattr(error, "smtp_code")):
        return Outcome(Kind.DEFERRED, 0, text)
    if isinstance(status, int):
        return by_code(status, text) if hasattr(error, "smtp_code") else Outcome(Kind.FAILED, 0, text)
    return Outcome(Kind.DOUBT if isinstance(error, OSError) else Kind.FAILED, 0, text)
