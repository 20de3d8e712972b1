from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from articles.models import AuditEntry
from newsletter.testing import TestFailed, send_test
from newsletter.tokens import INERT, LEAVE_HERE
from tests.factories import NOON, make_user
from tests.newsletter.paper import make_issue, make_magazine, make_pieces, set_newsletter

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    make_magazine()
    return make_issue(*make_pieces(count=2))


def test_a_test_is_the_mail_itself_with_links_that_open_nothing(issue):
    by = make_user()
    assert send_test(issue, ["ann@example.org", "bob@example.org"], by, NOON) == ["ann@example.org", "bob@example.org"]
    assert [message.to for message in mail.outbox] == [["ann@example.org"], ["bob@example.org"]]
    message = mail.outbox[0]
    assert message.subject == "[Test] The week in tides"
    page, kind = message.alternatives[0]
    assert kind == "text/html"
    for part in (message.body, page):
        assert INERT in part
        assert LEAVE_HERE not in part
    assert message.from_email.startswith("The Causeway <")
    entry = AuditEntry.objects.about(issue).get(deed="test_issue")
    assert (entry.actor, entry.note) == (by.username, "2")


def test_a_test_of_a_scheduled_issue_is_the_frozen_copy(issue):
    """Not what it would be by now: that is not what readers get."""
    scheduled = make_issue(*(item.article for item in issue.items.all()), state="scheduled")
    for item in scheduled.items.all():
        item.article.unpublish(at=NOON, by=None)
    send_test(scheduled, ["ann@example.org"], make_user(), NOON)
    message = mail.outbox[0]
    assert message.body == scheduled.text.replace(LEAVE_HERE, INERT)
    assert message.alternatives[0][0] == scheduled.html.replace(LEAVE_HERE, INERT)


def test_without_addresses_it_goes_to_the_saved_list(issue):
    set_newsletter(test_addresses="ann@example.org\n\n bob@example.org \nann@example.org")
    assert send_test(issue, [], make_user(), NOON) == ["ann@example.org", "bob@example.org"]


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ([], "save test addresses"),
        (["nobody"], "nobody"),
        (["ann@example.org\r\nBcc: all@example.org"], "not an e-mail address"),
        (["a\x00@example.org"], "not an e-mail address"),
        ([f"a{number}@example.org" for number in range(21)], "20"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_goes(issue, addresses, words):
    with pytest.raises(TestFailed, match=words):
        send_test(issue, addresses, make_user(), NOON)
    assert not mail.outbox
    assert not AuditEntry.objects.filter(deed="test_issue").exists()


@pytest.mark.parametrize("error", [ConnectionRefusedError(111, "Connection refused"), SMTPServerDisconnected("gone")])
def test_a_mail_server_that_does_not_answer_is_said_to(issue, monkeypatch, error):
    def refuse(self, messages):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(TestFailed, match="mail server"):
        send_test(issue, ["ann@example.org"], make_user(), NOON)


def test_a_test_says_nothing_of_clicks(issue):
    set_newsletter(counts_clicks=True)
    send_test(issue, ["ann@example.org"], make_user(), NOON)
    assert "/go/" not in mail.outbox[0].body
