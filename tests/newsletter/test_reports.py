import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import reports, tokens
from newsletter.models import BounceKind
from newsletter.reports import Kind
from tests.newsletter import returned_mail as mail

VERP = tokens.verp(7, mail.BOUNCES)


def kind_of(raw: bytes) -> Kind:
    (report,) = reports.read(raw)
    return report.kind


def refused(status: str, said: str, action: str = "failed") -> Kind:
    return kind_of(mail.notification(status=status, said=f"smtp; {said}", action=action))


def test_the_kinds_are_those_of_the_rows_and_one_that_counts_nothing():
    assert {*Kind} == {*BounceKind.values, Kind.NONE}


# ---------------------------------------------------------------- whose it is


def test_the_envelope_says_which_delivery_came_back():
    (report,) = reports.read(mail.notification(to=VERP))
    assert (report.delivery, report.kind, report.address) == (7, Kind.HARD, "reader@example.org")


@pytest.mark.parametrize("name", ["X-Original-To", "Envelope-To", "To"])
def test_the_envelope_is_found_whatever_the_server_calls_it(name):
    raw = mail.notification().replace(b"Delivered-To:", f"{name}: {VERP}\nDelivered-To:".encode())
    assert reports.read(raw)[0].delivery == 7


def test_a_delivery_is_found_in_the_mail_that_is_given_back():
    raw = mail.notification(returned=mail.original(returns_to=VERP))
    assert reports.read(raw)[0].delivery == 7


def test_an_envelope_that_we_did_not_make_is_no_delivery():
    forged = f"{VERP.partition('@')[0][:-1]}b@{mail.BOUNCES}"
    assert reports.read(mail.notification(to=forged))[0].delivery is None


def test_the_link_to_leave_and_the_message_id_are_found_in_what_is_given_back():
    key, message_id = tokens.key_of("reader@example.org"), tokens.message_id("0123456789abcdef", 3, "magazine.example")
    raw = mail.notification(returned=mail.original(message_id=message_id, leave=tokens.leave(key)))
    (report,) = reports.read(raw)
    assert (report.key, report.message_id) == (key, message_id)


def test_a_forged_link_to_leave_names_nobody():
    raw = mail.notification(returned=mail.original(leave=tokens.INERT))
    assert reports.read(raw)[0].key == ""


# ---------------------------------------------------------------- what happened


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        *((mail.notification, Kind.HARD), (mail.exchange, Kind.HARD), (mail.exim, Kind.HARD), (mail.gmail, Kind.SOFT)),
        *((mail.qmail, Kind.HARD), (mail.out_of_office, Kind.NONE), (mail.complaint, Kind.COMPLAINT)),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_each_server_is_understood(write, kind):
    (report,) = reports.read(write(to=VERP))
    assert (report.kind, report.delivery) == (kind, 7)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.1.1", "550 5.1.1 User unknown"),
        ("5.1.2", "550 Host unknown"),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled"),
        ("5.0.0", "550 5.1.1 <reader@example.org> Recipient not found"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable"),
        ("5.0.0", "554 delivery error: This user doesn't have an example.org account"),
    ],
)
def test_an_address_that_is_gone_is_out_for_good(status, said):
    assert refused(status, said) == Kind.HARD


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("4.4.1", "connect to in.example.org: Connection timed out"),
        ("4.2.2", "452 4.2.2 Mailbox full"),
        ("5.2.2", "552 5.2.2 Mailbox is over quota"),
        ("5.1.1", "550 5.1.1 Mailbox quota exceeded"),
        ("5.3.0", "554 5.3.0 Internal error"),
        ("5.4.4", "Host or domain name not found"),
        ("5.0.0", ""),
        ("", ""),
        ("4.1.1", "450 4.1.1 Recipient address rejected: unverified address"),
    ],
)
def test_what_may_pass_counts_half_a_point(status, said):
    assert refused(status, said) == Kind.SOFT


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.7.1", "550 5.7.1 Message rejected"),
        ("5.7.26", "550-5.7.26 Unauthenticated email from magazine.example is not accepted due to DMARC policy"),
        ("5.1.1", "550 5.1.1 Blocked by blocklist.example: see https://blocklist.example/"),
        ("5.0.0", "554 Your message looks like spam"),
        ("4.7.0", "421 4.7.0 IP not in whitelist, sending rate reputation too low"),
        ("5.6.0", "550 5.6.0 Lone CR or LF in body"),
        ("5.1.8", "553 5.1.8 Domain of sender address does not exist"),
        ("5.2.1", "550 5.2.1 rejected for policy reasons"),
    ],
)
def test_a_policy_or_spam_rejection_never_counts_against_the_reader(status, said):
    assert refused(status, said) == Kind.POLICY


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_mail_that_is_late_or_arrived_counts_nothing(action):
    assert refused("4.4.1", "connection timed out", action) == Kind.NONE


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_a_report_that_is_no_complaint_counts_nothing(kind):
    assert kind_of(mail.complaint(kind=kind)) == Kind.NONE


def test_the_words_of_the_mail_that_is_given_back_are_nobodys_refusal():
    raw = mail.notification(to=VERP, returned=mail.original(subject="Spam, policy and blocked mail: a history"))
    assert kind_of(raw) == Kind.HARD


def test_each_recipient_of_a_report_is_read():
    also = "\nFinal-Recipient: rfc822; other@example.org\nAction: failed\nStatus: 4.4.7\n"
    found = reports.read(mail.notification(also=also))
    assert [(each.address, each.kind) for each in found] == [
        ("reader@example.org", Kind.HARD),
        ("other@example.org", Kind.SOFT),
    ]


def test_an_internationalised_report_is_read():
    raw = mail.notification(recipient="utf-8; läsare@exempel.example")
    raw = raw.replace(b"message/delivery-status", b"message/global-delivery-status")
    assert [(each.address, each.kind) for each in reports.read(raw)] == [("läsare@exempel.example", Kind.HARD)]


def test_what_is_kept_of_it_holds_no_address():
    (report,) = reports.read(mail.notification(said="smtp; 550 5.1.1 <reader@example.org> of me@example.com: gone\x00"))
    assert report.detail == "5.1.1 smtp; 550 5.1.1 <…> of …: gone"


# ---------------------------------------------------------------- whatever anybody sends


def test_a_letter_is_not_understood_even_at_a_bounce_address():
    assert reports.read(mail.a_letter(to=VERP)) == []


@given(st.binary(max_size=2_000))
def test_no_message_breaks_it(raw):
    reports.read(raw)
    reports.read(mail.notification().replace(b"smtp; 550", raw))
    reports.read(mail.complaint().replace(b"Version: 1", raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000)),
        mail.notification(said="smtp; " + "a" * 1_000_000),
        mail.notification(said="smtp; " + "mailbox " * 200_000),
        mail.notification(to="a" * 1_000_000),
        mail.qmail(to=VERP).replace(b"Hi.", b"\n" + b"-" * 1_000_000),
        mail.notification().replace(b"\nFinal-Recipient", b"\n \n" * 200_000 + b"\nFinal-Recipient"),
    ],
    ids=["nested", "one word", "many words", "long address", "a line", "empty lines"],
)
def test_a_message_made_to_cost_time_is_read_to_its_end(raw):
    """Each of them would take hours if it were read without limits."""
    assert len(reports.read(raw)) <= 1
