"""What the sending of an issue promises, against a mail server that does what a test tells it."""

import email
import smtplib
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from email import policy

import pytest
from django.db import connection

from newsletter import sending, tokens
from newsletter.delivery import lots, recover
from newsletter.delivery import smtp as our_smtp
from newsletter.delivery.lots import LEASE
from newsletter.models import Batch, Bounce, Delivery, Issue, OnDoubt, Pace, Retry, Said, Subscriber
from newsletter.states import DeliveryState, IssueState, Reader
from tests.factories import NOON
from tests.newsletter.mailing import (
    Clock,
    make_reader,
    make_readers,
    make_sending,
    run,
    set_newsletter,
    states_of,
)
from tests.newsletter.sink import DROP, HANG, Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings, monkeypatch):
    """`smtp(script, …)` is a server that Django's settings point to."""
    opened = []

    def serve(script=None, **options) -> Sink:
        sink = Sink(script, **options).__enter__()
        opened.append(sink)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 0.3
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        return sink

    monkeypatch.setattr(our_smtp.Talk, "patience", 0.3)
    yield serve
    for sink in opened:
        sink.__exit__()


def only(step, wanted, reply, times=1):
    """A script that answers so at one step to one recipient, so many times."""
    left = [times]

    def script(asked, text):
        if asked == step and wanted in text and left[0]:
            left[0] -= 1
            return reply
        return None

    return script


def read(message) -> email.message.EmailMessage:
    return email.message_from_bytes(message.data, policy=policy.default)


def words(message, kind) -> str:
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


# ---------------------------------------------------------------- the message


def test_each_reader_gets_one_message_with_a_link_to_leave_that_is_their_own(smtp):
    sink, readers = smtp(), make_readers(number=30)
    issue = make_sending()
    assert run() == 30
    assert sorted(sink.recipients) == [reader.email for reader in readers]
    assert sink.connections == 1
    for message in sink.messages:
        found, reader = read(message), Subscriber.objects.get(email=message.recipient)
        token = tokens.leave(reader.key, issue.pk)
        assert found["To"] == reader.email
        assert found["Message-ID"] == tokens.message_id(issue.uid, reader.pk, "127.0.0.1")
        assert found["List-Unsubscribe"] == f"<http://127.0.0.1:8000/newsletter/leave/{token}/>"
        for part in ("plain", "html"):
            assert found.get_body((part,)).get_content().count(f"/newsletter/leave/{token}/") == 1
        assert tokens.LEAVE_HERE.encode() not in message.data
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT
    assert issue.finished_at


def test_a_message_has_the_headers_that_lists_need(smtp, settings):
    settings.BOUNCE_DOMAIN = "bounces.magazine.example"
    sink = smtp()
    set_newsletter(from_name="The “Week”", from_address="week@magazine.example", reply_to="desk@magazine.example")
    make_reader(email="ada@readers.example")
    issue = make_sending()
    run()
    found = read(sink.messages[0])
    assert found["From"] == "The “Week” <week@magazine.example>"
    assert found["Reply-To"] == "desk@magazine.example"
    assert found["Subject"] == "The week — in pieces"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["List-Id"] == "<round-up.127.0.0.1>"
    assert found["List-Archive"] == "<http://127.0.0.1:8000/newsletter/issues/>"
    assert found["List-Help"] == "<http://127.0.0.1:8000/newsletter/>"
    assert found["Precedence"] == "bulk"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Feedback-ID"].startswith(issue.uid)
    assert found["Date"].datetime.replace(microsecond=0) == NOON
    sender, delivery = sink.messages[0].sender, Delivery.objects.get()
    assert tokens.read_verp(sender) == delivery.pk
    assert sender == sender.lower()
    assert len(sender) <= 64


@pytest.mark.parametrize("extensions", [("PIPELINING", "8BITMIME"), ("PIPELINING",), ("8BITMIME",), ()])
def test_a_message_arrives_as_it_was_frozen_whatever_the_server_can(smtp, extensions):
    sink = smtp(extensions=extensions)
    reader = make_reader(email="ada@readers.example")
    html = f"<p>.</p>\n.\n..two\n<p>{'é =' * 700} {tokens.LEAVE_HERE} </p>\n<p>{tokens.LEAVE_HERE}"
    text = f".\nline with an end \n{tokens.LEAVE_HERE}\n\nmore ={tokens.LEAVE_HERE}\n"
    issue = make_sending(html=html, text=text)
    run()
    token = tokens.leave(reader.key, issue.pk)
    found = read(sink.messages[0])
    assert words(found, "html") == html.replace(tokens.LEAVE_HERE, token)
    assert words(found, "plain") == text.replace(tokens.LEAVE_HERE, token)
    assert max(len(line) for line in sink.messages[0].data.split(b"\r\n")) <= 998
    if "8BITMIME" not in extensions:
        assert sink.messages[0].data.isascii()


def test_no_header_can_be_smuggled_in_by_a_subject_a_name_or_an_address(smtp):
    sink = smtp()
    set_newsletter(from_name="Week\r\nBcc: all@readers.example")
    make_reader(email="ada@readers.example")
    evil = make_reader(email="eve@readers.example")
    Subscriber.objects.filter(pk=evil.pk).update(email="eve@readers.example\r\nBcc: all@readers.example")
    issue = make_sending(subject="Hello\r\nBcc: all@readers.example\r\n\r\nBody")
    run()
    assert sink.recipients == ["ada@readers.example"]
    found = read(sink.messages[0])
    assert found["Bcc"] is None
    assert found["Subject"] == "Hello Bcc: all@readers.example Body"
    refused = Delivery.objects.get(issue=issue, subscriber=evil)
    assert refused.state == DeliveryState.FAILED
    assert "no address" in refused.reply
    evil.refresh_from_db()
    assert evil.state == Reader.ACTIVE


def test_an_address_with_letters_beyond_ascii_is_written_to_where_the_server_can(smtp):
    sink = smtp()
    make_reader(email="jürgen@bücher.example")
    make_reader(email="ada@bücher.example")
    make_sending()
    run()
    assert set(sink.recipients) == {"jürgen@xn--bcher-kva.example", "ada@xn--bcher-kva.example"}


def test_and_where_it_cannot_that_one_fails_with_a_clear_word_and_nobody_is_blamed(smtp):
    sink = smtp(extensions=("PIPELINING", "8BITMIME"))
    reader = make_reader(email="jürgen@bücher.example")
    make_reader(email="ada@bücher.example")
    issue = make_sending()
    run()
    assert sink.recipients == ["ada@xn--bcher-kva.example"]
    assert "SMTPUTF8" in Delivery.objects.get(issue=issue, subscriber=reader).reply
    reader.refresh_from_db()
    assert reader.state == Reader.ACTIVE


def test_any_backend_of_django_sends_it_with_the_same_headers(mailoutbox):
    reader = make_reader(email="ada@readers.example")
    issue = make_sending()
    assert run() == 1
    found = mailoutbox[0].message()
    token = tokens.leave(reader.key, issue.pk)
    assert found["To"] == "ada@readers.example"
    assert found["Message-ID"] == tokens.message_id(issue.uid, reader.pk, "127.0.0.1")
    assert token in found["List-Unsubscribe"]
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Precedence"] == "bulk"
    assert mailoutbox[0].body.count(token) == 1
    assert mailoutbox[0].alternatives[0].content.count(token) == 1


# ---------------------------------------------------------------- whether to send at all


def test_who_leaves_while_the_issue_is_sent_gets_it_no_more(smtp):
    readers = make_readers(number=20)

    def script(step, text):
        if step == "end" and text == readers[4].email:
            Subscriber.objects.get(pk=readers[10].pk).leave(NOON, Said())
            readers[11].delete()
            Subscriber.objects.get(pk=readers[12].pk).pause(NOON, Said())
        return

    issue = make_sending()
    smtp_in_process = RecordingTransport(script)
    with smtp_in_process.in_place():
        assert run() == 17
    assert {10, 11, 12} == {number for number in range(20) if readers[number].email not in smtp_in_process.sent}
    assert Delivery.objects.filter(issue=issue, state=DeliveryState.SKIPPED).count() == 3
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT


class RecordingTransport:
    """Takes everything, in the thread of the test, and asks a script as the sink does."""

    def __init__(self, script) -> None:
        self.script, self.sent = script, []

    def send(self, _message, to, _then=None):
        self.sent.append(to.email)
        self.script("end", to.email)
        return our_smtp.SENT

    def close(self) -> None:
        pass

    @contextmanager
    def in_place(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("newsletter.delivery.workers.transport", lambda _number: self)
            yield self


def test_even_if_their_envelope_is_written_already_and_those_behind_get_theirs(smtp, monkeypatch):
    sink, readers = smtp(), make_readers(number=300)  # three to a batch
    send = our_smtp.SmtpTransport.send

    def leaving(self, message, to, then=None):
        outcome = send(self, message, to, then)
        if to.email == readers[3].email:
            assert self.announced == then.delivery
            Subscriber.objects.get(email=then.email).leave(NOON, Said())
        return outcome

    monkeypatch.setattr(our_smtp.SmtpTransport, "send", leaving)
    issue = make_sending()
    assert run() == 299
    assert states_of(issue)[readers[4].email] == DeliveryState.SKIPPED
    assert sorted(sink.recipients) == [reader.email for reader in readers if reader != readers[4]]
    assert sink.connections == 2


def test_who_moves_to_another_address_while_the_issue_is_sent_gets_it_there():
    readers = make_readers(number=5)

    def script(_step, text):
        if text == readers[0].email:
            Subscriber.objects.get(pk=readers[3].pk).change_address("new@readers.example", NOON, Said())

    make_sending()
    taking = RecordingTransport(script)
    with taking.in_place():
        assert run() == 5
    assert "new@readers.example" in taking.sent
    assert readers[3].email not in taking.sent


def test_a_pause_holds_the_next_message_and_going_on_sends_the_rest():
    issue, taking = None, RecordingTransport(lambda _step, _text: stop_at_seven())
    make_readers(number=20)
    issue = make_sending()

    def stop_at_seven():
        if len(taking.sent) == 7:
            sending.pause(issue, by=None, at=NOON, why="a mistake")

    with taking.in_place():
        assert run() == 7
        assert run() == 0
        sending.resume(issue, by=None, at=NOON)
        assert run() == 13
    assert len(set(taking.sent)) == 20
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT


def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_begun_and_leaves_nothing_in_doubt():
    make_readers(number=20)
    taking = RecordingTransport(lambda _step, _text: None)
    issue = make_sending()
    with taking.in_place():
        assert run(stop=lambda: len(taking.sent) >= 7) == 7
    counts = Counter(states_of(issue).values())
    assert counts == {DeliveryState.SENT: 7, DeliveryState.QUEUED: 13}
    assert not Batch.objects.exclude(owner="").exists()


# ---------------------------------------------------------------- what servers say


def test_later_is_tried_again_after_five_minutes_thirty_two_hours_six_and_a_day_then_it_failed(smtp):
    set_newsletter(failures_in_row=0)
    sink = smtp(only("rcpt", "ada@", "450 4.2.0 greylisted", times=99))
    make_reader(email="ada@readers.example")
    make_reader(email="bob@readers.example")
    issue, at = make_sending(), NOON
    for wait in (5, 30, 120, 360, 1440):
        run(Clock(at))
        retry = Retry.objects.get()
        assert abs(retry.due_at - at - timedelta(minutes=wait)) < timedelta(seconds=1)
        assert Delivery.objects.get(pk=retry.delivery_id).state == DeliveryState.DEFERRED
        run(Clock(retry.due_at - timedelta(seconds=1)))
        assert Retry.objects.get().due_at == retry.due_at
        Issue.objects.update(worked_at=retry.due_at)
        at = retry.due_at
    run(Clock(at))
    assert states_of(issue) == {"ada@readers.example": DeliveryState.FAILED, "bob@readers.example": DeliveryState.SENT}
    assert sink.recipients == ["bob@readers.example"]
    assert not Bounce.objects.exists()
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT


def test_what_was_put_off_goes_when_the_server_takes_it(smtp):
    sink = smtp(only("end", "ada@", "451 4.3.0 busy"))
    make_reader(email="ada@readers.example")
    issue = make_sending()
    run()
    assert states_of(issue) == {"ada@readers.example": DeliveryState.DEFERRED}
    run(Clock(NOON + timedelta(minutes=6)))
    assert states_of(issue) == {"ada@readers.example": DeliveryState.SENT}
    assert len({message.message_id for message in sink.messages}) == 1
    assert sending.progress(issue, NOON).sent == 1
    assert not Retry.objects.exists()


def test_421_closes_the_connection_and_goes_on_with_another(smtp):
    sink = smtp(only("rcpt", "reader000003", "421 4.7.0 enough on this connection"))
    make_readers(number=10)
    issue = make_sending()
    assert run() == 10
    assert sink.connections == 2
    assert Counter(sink.recipients).most_common(1)[0][1] == 1
    assert set(states_of(issue).values()) == {DeliveryState.SENT}


def test_a_stranger_is_shut_out_at_once_and_a_spam_filter_shuts_out_nobody(smtp):
    def script(step, text):
        answers = {
            "gone@readers.example": "550 5.1.1 <gone@readers.example> no such user here",
            "spam@readers.example": "550 5.7.1 message looks like spam",
            "odd@readers.example": "554 transaction failed",
        }
        return answers.get(text) if step == "rcpt" else None

    set_newsletter(failures_in_row=0)
    smtp(script)
    for name in ("gone", "spam", "odd", "fine"):
        make_reader(email=f"{name}@readers.example")
    issue = make_sending()
    assert run() == 1
    states = dict(Subscriber.objects.values_list("email", "state"))
    assert states["gone@readers.example"] == Reader.BOUNCED
    assert {states[f"{name}@readers.example"] for name in ("spam", "odd", "fine")} == {Reader.ACTIVE}
    assert Bounce.objects.get(kind="hard").source == "smtp"
    assert Counter(states_of(issue).values()) == {DeliveryState.FAILED: 3, DeliveryState.SENT: 1}
    assert "gone@" not in Delivery.objects.get(subscriber__email="gone@readers.example").reply


@pytest.mark.parametrize("extensions", [("PIPELINING", "8BITMIME"), ("8BITMIME",)])
def test_a_refused_recipient_does_not_hold_up_those_behind(smtp, extensions):
    set_newsletter(failures_in_row=0)
    sink = smtp(only("rcpt", "reader000001", "550 5.2.2 mailbox full"), extensions=extensions)
    make_readers(number=5)
    make_sending()
    assert run() == 4
    assert sink.connections == 1


def test_a_server_that_waits_for_a_message_to_nobody_gets_an_empty_one_and_nobody_gets_it(smtp):
    sink = smtp(only("rcpt", "ada@", "550 5.1.1 unknown user"), eager=True)
    make_reader(email="ada@readers.example")
    make_reader(email="bob@readers.example")
    make_sending()
    set_newsletter(failures_in_row=0)
    assert run() == 1
    assert sink.recipients == ["bob@readers.example"]
    assert sink.connections == 1


def test_a_sender_the_server_does_not_want_pauses_the_issue_and_fails_nobody(smtp):
    sink = smtp(only("mail", "MAIL", "550 5.7.1 sender refused", times=99))
    make_readers(number=5)
    issue = make_sending()
    assert run() == 0
    issue.refresh_from_db()
    assert issue.state == IssueState.PAUSED
    assert "sender refused" in issue.why
    assert set(states_of(issue).values()) == {DeliveryState.QUEUED}
    assert sink.messages == []


@pytest.mark.parametrize(("set_to", "seconds"), [(None, our_smtp.TIMEOUT), (10, 10)])
def test_no_server_is_waited_for_without_end_whatever_the_settings_say(settings, set_to, seconds):
    settings.EMAIL_TIMEOUT = set_to
    assert our_smtp.Backend().timeout == seconds


@pytest.mark.parametrize("reply", [DROP, HANG])
@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_connection_that_breaks_or_hangs_before_the_end_of_data_loses_and_doubles_nothing(smtp, step, reply):
    sink = smtp(only(step, "reader000002", reply))
    make_readers(number=5)
    issue = make_sending()
    assert run() == 5
    assert sorted(sink.recipients) == sorted(states_of(issue))
    assert set(states_of(issue).values()) == {DeliveryState.SENT}


def test_a_connection_that_breaks_in_the_middle_of_a_message_is_no_doubt(smtp, settings):
    """The message is larger than what the system keeps of it, so the break is seen while it is written."""
    sink = smtp(only("body", "reader000000", DROP))
    settings.EMAIL_TIMEOUT = 10
    make_readers(number=2)
    issue = make_sending(html=f"<p>{tokens.LEAVE_HERE}</p>\n" + "<p>a long piece</p>\n" * 400_000)
    assert run() == 2
    assert sorted(sink.recipients) == sorted(states_of(issue))


@pytest.mark.parametrize("reply", [DROP, HANG])
def test_one_that_breaks_or_hangs_after_it_is_in_doubt_and_held(smtp, reply):
    sink = smtp(only("end", "reader000002", reply))
    make_readers(number=5)
    issue = make_sending()
    assert run() == 4
    assert states_of(issue)["reader000002@readers.example"] == DeliveryState.IN_DOUBT
    assert max(Counter(sink.recipients).values()) == 1
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT
    assert sending.progress(issue, NOON).in_doubt == 1


def test_or_sent_again_with_the_same_message_id_where_staff_chose_that(smtp):
    sink = smtp(only("end", "reader000002", DROP))
    make_readers(number=5)
    issue = make_sending(on_doubt=OnDoubt.RESEND)
    run()
    assert set(states_of(issue).values()) == {DeliveryState.SENT}
    twice = [message.message_id for message in sink.messages if "000002" in message.recipient]
    assert len(twice) == 2
    assert len(set(twice)) == 1


def test_a_message_that_always_breaks_the_connection_is_put_off_and_the_others_go(smtp):
    sink = smtp(only("data", "reader000002", DROP, times=99))
    make_readers(number=5)
    issue = make_sending()
    assert run() == 4
    assert states_of(issue)["reader000002@readers.example"] == DeliveryState.DEFERRED
    assert len(sink.recipients) == 4


def test_a_server_that_is_not_there_is_nobodys_failure_and_the_page_says_so(smtp):
    sink = smtp()
    sink.__exit__()
    make_readers(number=5)
    issue = make_sending()
    assert run(seconds=0.5) == 0
    assert set(states_of(issue).values()) == {DeliveryState.QUEUED}
    issue.refresh_from_db()
    assert issue.state == IssueState.SENDING
    assert "cannot be reached" in issue.why


# ---------------------------------------------------------------- it stops by itself


def test_twenty_refusals_in_a_row_pause_the_issue_and_staff_are_told(smtp, django_user_model):
    smtp(lambda step, text: "554 5.7.1 blocked" if step == "rcpt" and text >= "reader000010" else None)
    make_readers(number=100)
    issue = make_sending()
    assert run() == 10
    issue.refresh_from_db()
    assert issue.state == IssueState.PAUSED
    assert "20 in a row" in issue.why
    assert Counter(states_of(issue).values())[DeliveryState.FAILED] == 20


def test_two_in_a_hundred_pause_it_and_after_a_person_went_on_only_new_ones_count(smtp):
    smtp(lambda step, text: "554 5.7.1 no" if step == "rcpt" and int(text[6:12]) % 40 == 39 else None)
    make_readers(number=300)
    issue = make_sending()
    run()
    issue.refresh_from_db()
    assert issue.state == IssueState.PAUSED
    assert "of 120 were refused" in issue.why
    later = NOON + timedelta(hours=1)
    sending.resume(issue, by=None, at=later)
    run(Clock(later + timedelta(minutes=1)))
    counts = Counter(states_of(issue).values())
    assert counts[DeliveryState.SENT] + counts[DeliveryState.FAILED] > 210


# ---------------------------------------------------------------- several workers, and what they leave behind


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_several_connections_double_and_lose_nothing(smtp):
    set_newsletter(connections=3)
    sink, readers = smtp(), make_readers(number=400)
    issue = make_sending()
    totals = []

    def worker(name):
        try:
            totals.append(run(owner=name))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker, args=[name]) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(totals) == 400
    assert Counter(sink.recipients) == Counter(reader.email for reader in readers)
    run()
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT
    assert sum(Pace.objects.values_list("sent", flat=True)) == 400


@pytest.mark.parametrize(
    ("on_doubt", "state"), [(OnDoubt.HOLD, DeliveryState.IN_DOUBT), (OnDoubt.RESEND, DeliveryState.QUEUED)]
)
def test_what_a_killed_worker_had_claimed_is_in_doubt_or_sent_again_and_the_rest_goes_on(smtp, on_doubt, state):
    sink = smtp()
    make_readers(number=10)
    issue = make_sending(on_doubt=on_doubt)
    lot = lots.take("killed", NOON - timedelta(hours=1), NOON)
    assert lot.advance(lots.Addressee(0, 0, "", ""), lot.addressees[0], NOON)
    run()
    assert len(sink.messages) == 10 - Batch.objects.get(owner="killed").size
    assert recover(NOON + LEASE / 2) == 0
    assert recover(NOON + LEASE * 2) == 1
    assert states_of(issue)["reader000000@readers.example"] == state
    run()
    assert len(sink.messages) == (10 if on_doubt == OnDoubt.RESEND else 9)
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT


def test_a_worker_that_lost_its_lease_touches_the_batch_no_more(smtp):
    make_readers(number=10)
    issue, taking = make_sending(), None

    def lose(_step, _text):
        Batch.objects.filter(owner="worker 1").update(owner="another")

    taking = RecordingTransport(lose)
    with taking.in_place():
        run(stop=lambda: len(taking.sent) >= 1)
    assert len(taking.sent) == 1
    assert Batch.objects.filter(owner="another").count() == 1
    assert Delivery.objects.filter(issue=issue, state=DeliveryState.CLAIMED).count() == 1


def test_what_is_in_doubt_is_settled_by_staff_either_way(smtp):
    sink = smtp(only("end", "reader", DROP, times=2))
    make_readers(number=6)
    issue = make_sending()
    run()
    assert sending.progress(issue, NOON).in_doubt == 2
    first, second = Delivery.objects.filter(issue=issue, state=DeliveryState.IN_DOUBT).order_by("pk")
    assert sending.settle_doubt(issue, "resend", by=None, at=NOON) == 2
    issue.refresh_from_db()
    assert issue.state == IssueState.SENDING
    sink.script = only("end", "reader", DROP)
    run(Clock(NOON + timedelta(minutes=1)))
    assert sending.progress(issue, NOON).in_doubt == 1
    assert sending.settle_doubt(issue, "leave", by=None, at=NOON) == 1
    assert sending.settle_doubt(issue, "leave", by=None, at=NOON) == 0
    progress = sending.progress(issue, NOON)
    assert (progress.sent, progress.skipped, progress.in_doubt, progress.queued) == (5, 1, 0, 0)
    assert {first.subscriber_id, second.subscriber_id} >= {Delivery.objects.get(state="skipped").subscriber_id}
    assert max(Counter(sink.recipients).values()) == 2


def test_nothing_is_sent_of_an_issue_that_nobody_worked_on_for_long(smtp):
    """The rule that keeps an old backup silent does not hang on start_due being called first."""
    sink = smtp()
    make_readers(number=5)
    make_sending()
    assert run(Clock(NOON + timedelta(hours=7))) == 0
    assert sink.messages == []


# ---------------------------------------------------------------- limits


def test_an_hours_limit_holds_for_all_workers_and_the_next_hour_goes_on(smtp):
    set_newsletter(per_hour=7)
    smtp()
    make_readers(number=20)
    make_sending()
    assert run(owner="a") + run(owner="b") == 7
    assert run(Clock(NOON + timedelta(hours=1))) == 7
    assert run(Clock(NOON + timedelta(hours=2))) == 6


def test_the_warm_up_plan_limits_each_day_until_it_is_over(smtp):
    set_newsletter(warm_up="3, 5", warm_up_from=NOON.date(), late_hours=100)
    smtp()
    make_readers(number=20)
    make_sending()
    assert run() == 3
    assert run() == 0
    assert run(Clock(NOON + timedelta(days=1))) == 5
    assert run(Clock(NOON + timedelta(days=2))) == 12


def test_a_domain_that_is_full_waits_for_the_next_minute_and_the_others_do_not(smtp):
    set_newsletter(per_domain=4)
    sink = smtp()
    make_readers(number=10, domain="large.example")
    make_readers(number=3, domain="small.example")
    make_sending()
    assert run() == 7
    assert sum(recipient.endswith("@small.example") for recipient in sink.recipients) == 3
    assert run(Clock(NOON + timedelta(minutes=1))) == 4
    assert run(Clock(NOON + timedelta(minutes=2))) == 2


def test_a_seconds_limit_makes_the_line_wait(smtp):
    set_newsletter(per_second=5)
    smtp()
    make_readers(number=12)
    make_sending()
    clock = Clock(step=timedelta(milliseconds=20))
    assert run(clock) == 12
    assert clock.at - NOON > timedelta(seconds=2)


def test_a_connection_carries_no_more_than_it_may(smtp):
    set_newsletter(per_connection=4)
    sink = smtp()
    make_readers(number=10)
    make_sending()
    assert run() == 10
    assert sink.connections == 3


# ---------------------------------------------------------------- our own smtplib


def test_a_password_the_server_does_not_take_pauses_the_issue(smtp, settings, monkeypatch):
    smtp()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "magazine", "wrong"

    def login(*_args, **_options):
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password")

    monkeypatch.setattr(our_smtp.Talk, "login", login)
    make_readers(number=3)
    issue = make_sending()
    assert run() == 0
    issue.refresh_from_db()
    assert issue.state == IssueState.PAUSED
    assert "wrong password" in issue.why
