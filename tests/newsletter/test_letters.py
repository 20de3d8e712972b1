import smtplib
import socket
from email.header import decode_header
from email.utils import parseaddr

import pytest
from aiosmtpd.controller import Controller
from django.core import mail

from articles.models import Magazine
from newsletter import letters
from newsletter.models import Newsletter, SignUp
from tests.factories import NOON
from tests.newsletter.letterbox import answer, make_reader, wish

pytestmark = pytest.mark.django_db

KINDS = ["sign_up", "preferences", "address"]


def letter(kind: str = "sign_up", email: str = "reader@example.org", **said):
    reader = make_reader(email=email if kind == "preferences" else "old@example.org", at=NOON)
    wish(kind=kind, email=email, at=NOON, subscriber=reader if kind == "address" else None, **said)
    assert answer(NOON) == 1
    return mail.outbox[-1]


class Post:
    """A mail server that knows some addresses, and counts who calls."""

    def __init__(self):
        self.calls, self.taken = 0, []

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802
        self.calls += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address.startswith("gone"):
            return "550 5.1.1 no such user"
        if address.startswith("later"):
            return "450 4.2.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.taken += envelope.rcpt_tos
        return "250 OK"


def test_over_smtp_one_connection_carries_all_and_who_is_refused_stops_nobody(settings):
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, False
    try:
        for email in ("first@example.org", "gone@example.org", "leser@bücher.example", "later@example.org"):
            wish(email=email, at=NOON)
        assert answer(NOON) == 2
        assert post.calls == 1
        wish(email="last@example.org", at=NOON)
        assert answer(NOON) == 1
    finally:
        controller.stop()
    assert post.taken == ["first@example.org", "leser@xn--bcher-kva.example", "last@example.org"]
    waiting = SignUp.objects.filter(handled_at=None)
    assert [each.email for each in waiting] == ["later@example.org"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_letter_was_typed_by_a_visitor(kind):
    message = letter(kind, email="buy-pills-at-spam.example@example.org", page="/buy/pills/")
    text = message.body + message.alternatives[0].content + message.subject
    assert "pills" not in text
    assert "spam" not in text
    assert "example.org" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_plain_text_with_the_same_links_in_html(kind):
    message = letter(kind)
    html, kind_of_html = message.alternatives[0]
    assert kind_of_html == "text/html"
    links = [line for line in message.body.splitlines() if line.startswith("http")]
    assert links
    assert all(f'href="{link}"' in html for link in links)


@pytest.mark.parametrize("kind", KINDS)
def test_no_machine_answers_it(kind):
    assert letter(kind).message()["Auto-Submitted"] == "auto-generated"


def test_it_comes_from_the_newsletter_and_answers_go_where_staff_say():
    newsletter = Newsletter.objects.current()
    newsletter.from_name, newsletter.from_address = "The Friday letter", "letters@magazine.example"
    newsletter.reply_to = "desk@magazine.example"
    newsletter.save()
    message = letter().message()
    assert message["From"] == "The Friday letter <letters@magazine.example>"
    assert message["Reply-To"] == "desk@magazine.example"


def test_without_settings_it_comes_from_the_magazine():
    magazine = Magazine.objects.current()
    magazine.name = "Küste & Meer"
    magazine.save()
    name, address = parseaddr(letter().message()["From"])
    assert (decode_header(name)[0][0].decode(), address) == ("Küste & Meer", "magazine@127.0.0.1")


def test_a_name_of_several_lines_makes_no_header_of_its_own():
    magazine = Magazine.objects.current()
    magazine.name = "Magazine\nBcc: victim@example.org"
    magazine.save()
    message = letter().message()
    assert message["Bcc"] is None
    assert message["Subject"] == "Please confirm: the newsletter of Magazine Bcc: victim@example.org"


def test_it_is_written_in_the_magazines_language():
    magazine = Magazine.objects.current()
    magazine.language = "ar"
    magazine.save()
    html = letter().alternatives[0].content
    assert '<html lang="ar" dir="rtl">' in html


def test_a_domain_in_another_script_is_written_as_the_dns_has_it():
    message = letter(email="leser@bücher.example")
    assert message.message()["To"] == "leser@xn--bcher-kva.example"


def test_an_address_that_would_make_a_header_is_let_go_and_sent_to_nobody():
    taken = wish(email="a@example.org\nBcc: b@example.org", at=NOON)
    assert answer(NOON) == 0
    taken.refresh_from_db()
    assert taken.handled_at == NOON
    assert mail.outbox == []


def test_the_name_of_the_machine_stands_in_no_letter():
    assert letter().message()["Message-ID"].endswith("@127.0.0.1>")


def test_a_server_that_does_not_say_goodbye_makes_no_failure_of_what_was_sent(monkeypatch):
    def close(_self):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.close", close)
    wish(at=NOON)
    assert answer(NOON) == 1


def test_every_letter_says_in_its_subject_what_it_wants():
    subjects = {letters.subject(kind, Magazine.objects.current()) for kind in letters.SUBJECTS}
    assert len(subjects) == 3
    assert all("newsletter of Magazine" in subject for subject in subjects)
