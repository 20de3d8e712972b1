"""A test of an issue, to those who make it: the mail as readers get it, with tokens that open nothing."""

from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from articles.models import AuditEntry, Magazine
from newsletter import mail
from newsletter.models import Issue, Newsletter
from newsletter.tokens import INERT

MOST: Final = 20
PATIENCE: Final = 10
"""Seconds that whoever pressed the button waits for each step of the mail server."""


class TestFailed(Exception):
    """The test was not sent, or not to all; `str(error)` is what the editor reads."""

    __test__ = False  # no class of tests, for pytest


def send_test(issue: Issue, addresses: Iterable[str], by: Any, at: datetime) -> list[str]:
    """Send the issue to these addresses, or where there are none to the saved list; gives back whither it went."""
    newsletter, magazine = Newsletter.objects.current(), Magazine.objects.current()
    people = wanted(addresses) or wanted(newsletter.test_addresses.splitlines())
    if not people:
        raise TestFailed(_("There is nobody to send the test to: save test addresses in the settings."))
    rendered = mail.as_it_stands(issue, at)
    sent: list[str] = []
    try:
        with get_connection(timeout=PATIENCE) as connection:
            for address in people:
                connection.send_messages([message(rendered, address, newsletter, magazine)])
                sent.append(address)
    except (SMTPException, OSError) as error:
        words = {"count": len(sent), "error": " ".join(str(error).split())[:200]}
        raise TestFailed(_("The mail server did not take the test (%(count)d sent): %(error)s") % words) from error
    finally:
        if sent:
            AuditEntry.objects.note("test_issue", issue, by=by, at=at, note=str(len(sent)))
    return sent


def wanted(addresses: Iterable[str]) -> list[str]:
    """The addresses, each once; TestFailed for one that is none, and for more than a test is for."""
    found = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise TestFailed(_("“%(address)s” is not an e-mail address.") % {"address": address[:200]})
    if len(found) > MOST:
        raise TestFailed(_("A test goes to %(most)d addresses at the most.") % {"most": MOST})
    return found


def message(
    rendered: mail.Rendered, address: str, newsletter: Newsletter, magazine: Magazine
) -> EmailMultiAlternatives:
    found = EmailMultiAlternatives(
        subject=f"[Test] {rendered.subject}",
        body=mail.with_token(rendered.text, INERT),
        from_email=mail.sender(newsletter, magazine),
        to=[address],
        reply_to=[newsletter.reply_to] if newsletter.reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no out-of-office answers
    )
    found.attach_alternative(mail.with_token(rendered.html, INERT), "text/html")
    return found
