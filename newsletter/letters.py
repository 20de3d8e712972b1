"""The short mails that answer somebody who typed an address: to confirm it, to come to the preferences, to take a new
address. No word of them was typed by a visitor, so that nobody writes to strangers in the magazine's name.
"""

import smtplib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.html.text import one_line
from articles.models import Magazine
from newsletter import tokens
from newsletter.models import Newsletter, SignUp

SUBJECTS: Final[dict[str, Promise]] = {
    "confirm": _("Please confirm: the newsletter of %(magazine)s"),
    "preferences": _("Your newsletter of %(magazine)s: the link to your preferences"),
    "address": _("Please confirm your new address: the newsletter of %(magazine)s"),
}


class Undeliverable(Exception):
    """This mail will never be taken: the address is none, or its server says so for good."""


@dataclass(frozen=True)
class Letter:
    """What a mail is made of: its template, whither it goes, its links, and the wish it answers."""

    kind: str
    address: str
    links: Mapping[str, str]
    wish: SignUp


class Post:
    """A connection to the mail server that is opened when it is needed and kept for the next letter."""

    def __init__(self) -> None:
        self.connection = get_connection()

    def send(self, letter: Letter) -> None:
        """OSError where the server is away or does not want it now; Undeliverable where it never will."""
        message = compose(letter)
        try:
            self.connection.open()
            self.connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _reply in error.recipients.values()):
                raise Undeliverable from error
            raise
        except ValueError as error:  # a header that cannot be written
            raise Undeliverable from error

    def close(self) -> None:
        """What is sent is sent: a server that does not say goodbye makes no failure of it."""
        try:
            self.connection.close()
        except OSError:
            self.connection = get_connection()


def send(kind: str, address: str, links: Mapping[str, str], wish: SignUp, post: Post) -> None:
    """Send one of SUBJECTS; `links` are whole addresses by their names in the template."""
    post.send(Letter(kind, address, links, wish))


def compose(letter: Letter) -> EmailMultiAlternatives:
    """In the magazine's language. Sent again it has the same Message-ID."""
    magazine, newsletter = Magazine.objects.current(), Newsletter.objects.current()
    with translation.override(magazine.language):
        context: dict[str, Any] = {"magazine": magazine, "subject": subject(letter.kind, magazine), **letter.links}
        message = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string(f"newsletter/mail/{letter.kind}.txt", context),
            from_email=sender(newsletter, magazine),
            to=[letter.address],
            reply_to=[newsletter.reply_to] if newsletter.reply_to else None,
            # RFC 3834: no out-of-office answers.
            headers={"Auto-Submitted": "auto-generated", "Message-ID": message_id(letter.wish)},
        )
        message.attach_alternative(render_to_string(f"newsletter/mail/{letter.kind}.html", context), "text/html")
    return message


def subject(kind: str, magazine: Magazine) -> str:
    return one_line(str(SUBJECTS[kind]) % {"magazine": magazine.name})


def sender(newsletter: Newsletter, magazine: Magazine) -> str:
    """The newsletter's From: its own name and address, or the magazine's name and the address of the whole site."""
    name = "" if newsletter.from_address else parseaddr(settings.DEFAULT_FROM_EMAIL)[0]
    return formataddr((one_line(newsletter.from_name or name or magazine.name), address(newsletter)), charset="utf-8")


def address(newsletter: Newsletter) -> str:
    return newsletter.from_address or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def fault(error: Exception) -> str:
    """What went wrong, for the log: its kind, the server's code and where it happened. Not the words: they often repeat
    the address."""
    code = getattr(error, "smtp_code", None) or getattr(error, "strerror", None) or ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = ", ".join(str(code) for code, _words in error.recipients.values())
    return f"{type(error).__name__} {code}\n{''.join(traceback.format_tb(error.__traceback__))}"


def message_id(wish: SignUp) -> str:
    name = tokens.proof("newsletter.letter", f"{wish.pk}.{wish.key}".encode())[:16].hex()
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"
