import importlib
import smtplib
import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from articles.models import Notice
from newsletter import letters, signing_up, tokens
from newsletter.models import Consent, Deed, Said, SignUp, Subscriber, Wording
from newsletter.states import Reader
from tests.factories import NOON, make_person
from tests.newsletter.letterbox import ADDRESS, STATES, answer, deeds, make_reader, state_of, wish

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# ---------------------------------------------------------------- what is taken


def test_taking_a_wish_writes_it_down_and_nothing_else():
    taken = wish(words="Sign up", page="/coast/", network="2001:db8::1:2", at=NOON)
    assert (taken.email, taken.key, taken.at, taken.page) == (ADDRESS, tokens.key_of(ADDRESS), NOON, "/coast/")
    assert (taken.network, taken.block) == ("2001:db8::1:2", "2001:db8::/64")
    assert not Subscriber.objects.exists()
    assert not Consent.objects.exists()
    assert mail.outbox == []


def test_the_sixth_wish_of_a_network_within_an_hour_is_not_taken():
    for number in range(5):
        wish(email=f"{number}@example.org", network="203.0.113.7", at=NOON)
    with pytest.raises(signing_up.TooMany):
        wish(network="203.0.113.7", at=NOON + 59 * MINUTE)
    assert wish(network="203.0.113.8", at=NOON + 59 * MINUTE)
    assert wish(network="203.0.113.7", at=NOON + 60 * MINUTE)
    assert SignUp.objects.count() == 7


def test_all_addresses_of_an_ipv6_line_are_one_network():
    for number in range(5):
        wish(email=f"{number}@example.org", network=f"2001:db8:0:1::{number + 1}", at=NOON)
    with pytest.raises(signing_up.TooMany):
        wish(network="2001:db8:0:1:ffff::1", at=NOON)
    assert wish(network="2001:db8:0:2::1", at=NOON)


def test_where_no_network_is_known_nobody_is_kept_out_for_the_others():
    for number in range(9):
        wish(email=f"{number}@example.org", network="", at=NOON)
    assert SignUp.objects.count() == 9


@pytest.mark.django_db(transaction=True)
def test_processes_that_take_wishes_at_the_same_time_keep_to_the_limit_together():
    taken, ready = [], threading.Barrier(8)

    def ask(number):
        ready.wait()
        try:
            taken.append(wish(email=f"{number}@example.org", network="203.0.113.7", at=NOON))
        except signing_up.TooMany:
            pass
        finally:
            connection.close()

    askers = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(taken) == SignUp.objects.count() == 5


# ---------------------------------------------------------------- what is answered


@pytest.mark.parametrize("state", STATES)
def test_every_address_gets_the_same_mail_whatever_its_state(state):
    make_reader(state=state, at=NOON - DAY)
    wish(at=NOON)
    assert answer(NOON) == 1
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "Please confirm: the newsletter of Magazine"
    assert ("/newsletter/confirm/" in message.body, "/newsletter/not-me/" in message.body) == (True, True)
    assert len(message.body) == len(mail_to_a_stranger().body)


def mail_to_a_stranger():
    stranger = wish(email="nobody@example.org", at=NOON)
    SignUp.objects.filter(pk=stranger.pk).update(at=NOON)
    assert answer(NOON) == 1
    return mail.outbox[-1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("unknown", "pending"),
        ("pending", "pending"),
        ("active", "active"),
        ("unsubscribed", "unsubscribed"),
        ("bounced", "bounced"),
        ("complained", "complained"),
        ("erased", "pending"),
    ],
)
def test_typing_an_address_makes_nobody_a_reader_and_nobody_less_of_one(before, after):
    make_reader(state=before, at=NOON - DAY)
    wish(at=NOON)
    answer(NOON)
    assert state_of() == after


def test_the_record_says_what_was_agreed_to_when_where_and_from_where():
    wish(at=NOON, words="The newsletter\nOn Fridays.\nSign up", page="/coast/salt/", network="203.0.113.7")
    answer(NOON + MINUTE)
    entry = Consent.objects.get()
    assert (entry.deed, entry.at, entry.page, entry.network) == ("signed_up", NOON, "/coast/salt/", "203.0.113.7")
    assert entry.wording == Wording.objects.get(text="The newsletter\nOn Fridays.\nSign up")
    assert entry.key == tokens.key_of(ADDRESS)
    token = mail.outbox[0].body.split("/newsletter/confirm/")[1].split("/")[0]
    assert entry.token == tokens.token_id(token)


def test_new_words_in_the_box_are_a_new_version():
    first = wish(words="On Fridays.", at=NOON).wording
    assert wish(words="On Fridays.", email="b@example.org", at=NOON).wording == first
    assert wish(words="On Mondays.", email="c@example.org", at=NOON).wording_id > first.pk


def test_one_mail_in_ten_minutes_to_an_address_and_nobody_is_told():
    for minute in (0, 1, 9):
        wish(at=NOON + minute * MINUTE)
        answer(NOON + minute * MINUTE)
    assert len(mail.outbox) == 1
    wish(at=NOON + 10 * MINUTE)
    assert answer(NOON + 10 * MINUTE) == 1
    assert not SignUp.objects.filter(handled_at=None).exists()


def test_three_mails_in_a_day_to_an_address():
    for hour in range(8):
        wish(at=NOON + hour * HOUR)
        answer(NOON + hour * HOUR)
    assert len(mail.outbox) == 3
    wish(at=NOON + DAY)
    assert answer(NOON + DAY) == 1


def test_however_an_address_is_spelt_it_is_one():
    for email in ("reader@example.org", "READER@Example.ORG", "reader@EXAMPLE.org"):
        wish(email=email, at=NOON)
        answer(NOON)
    assert len(mail.outbox) == 1


def test_of_many_wishes_that_wait_for_an_address_one_is_mailed():
    for second in range(4):
        wish(at=NOON + timedelta(seconds=second))
    assert answer(NOON + MINUTE) == 1
    assert answer(NOON + 20 * MINUTE) == 0
    assert deeds() == ["signed_up"]


def test_another_kind_of_mail_comes_when_the_address_has_rested():
    make_reader(at=NOON - DAY)
    wish(at=NOON)
    assert answer(NOON) == 1
    wish(kind="preferences", at=NOON + MINUTE)
    assert answer(NOON + MINUTE) == 0
    assert answer(NOON + 9 * MINUTE) == 0
    assert answer(NOON + 10 * MINUTE) == 1
    assert "/newsletter/preferences/" in mail.outbox[-1].body


def test_a_link_to_the_preferences_goes_to_readers_only():
    make_reader(at=NOON - DAY)
    wish(kind="preferences", at=NOON)
    wish(kind="preferences", email="stranger@example.org", at=NOON)
    assert answer(NOON) == 1
    assert mail.outbox[0].to == [ADDRESS]
    assert not SignUp.objects.filter(handled_at=None).exists()


def test_who_said_that_it_was_not_them_is_left_in_peace_for_a_week():
    Consent.objects.note(tokens.key_of(ADDRESS), Deed.NOT_ME, NOON, Said())
    wish(at=NOON + 6 * DAY)
    assert answer(NOON + 6 * DAY) == 0
    wish(at=NOON + 8 * DAY)
    assert answer(NOON + 8 * DAY) == 1


# ---------------------------------------------------------------- when things break


class Away(EmailBackend):
    """A mail server that is away."""

    def open(self):
        raise ConnectionRefusedError(111, "nobody there")


class Refuses(EmailBackend):
    code = 550

    def send_messages(self, messages):
        words = {message.to[0]: (self.code, f"<{message.to[0]}>: no".encode()) for message in messages}
        raise smtplib.SMTPRecipientsRefused(words)


class RefusesForNow(Refuses):
    code = 450


BACKENDS = "tests.newsletter.test_signing_up."


def test_while_the_mail_server_is_away_nothing_is_lost(settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}Away"
    wish(at=NOON)
    assert answer(NOON) == 0
    assert not Subscriber.objects.exists()
    assert not Consent.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert answer(NOON + timedelta(seconds=30)) == 0
    assert answer(NOON + 2 * MINUTE) == 1
    assert deeds() == ["signed_up"]


def test_it_is_not_asked_again_all_the_time(settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}Away"
    wish(at=NOON)
    at, waits = NOON, []
    for _try in range(6):
        answer(at)
        held = SignUp.objects.get().held_until
        waits.append(held - at)
        at = held
    assert waits == [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, HOUR, HOUR]


def test_an_address_that_no_server_takes_is_let_go_and_the_next_is_answered(settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}Refuses"
    wish(at=NOON)
    wish(email="other@example.org", at=NOON)
    assert answer(NOON) == 0
    assert not SignUp.objects.filter(handled_at=None).exists()
    assert not SignUp.objects.exclude(mailed_at=None).exists()


@pytest.mark.parametrize(
    ("backend", "said"), [("Away", "nobody there"), ("Refuses", "no mail"), ("RefusesForNow", "450")]
)
def test_the_log_says_what_is_wrong_and_to_whom_nothing(settings, caplog, backend, said):
    settings.EMAIL_BACKEND = f"{BACKENDS}{backend}"
    wish(at=NOON)
    answer(NOON)
    assert said in caplog.text
    assert ADDRESS not in caplog.text


def test_an_address_that_is_refused_for_now_is_tried_again_and_does_not_stop_the_others(settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}RefusesForNow"
    first = wish(at=NOON)
    answer(NOON)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    wish(email="other@example.org", at=NOON)
    assert answer(NOON) == 1
    first.refresh_from_db()
    assert first.handled_at is None
    assert answer(NOON + MINUTE) == 1


def test_a_worker_that_is_killed_before_the_mail_loses_nothing():
    wish(at=NOON)
    assert signing_up.claim(NOON)
    assert answer(NOON + MINUTE) == 0
    assert answer(NOON + signing_up.HELD) == 1


def test_a_worker_that_is_killed_after_the_mail_repeats_it_once_under_the_same_message_id(monkeypatch):
    wish(at=NOON)

    def killed(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(signing_up, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            answer(NOON)
    assert answer(NOON + MINUTE) == 0
    assert answer(NOON + signing_up.HELD) == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert deeds() == ["signed_up"]


def test_a_worker_that_is_asked_to_stop_finishes_the_letter_and_holds_nobody_elses():
    for number in range(3):
        wish(email=f"{number}@example.org", at=NOON)
    assert signing_up.answer_waiting(NOON, stop=lambda: bool(mail.outbox)) == 1
    assert answer(NOON) == 2


def test_a_worker_that_was_held_up_past_its_hold_notes_nothing_twice():
    wish(at=NOON)
    slow = signing_up.claim(NOON)
    answer(NOON + signing_up.HELD)
    signing_up.settle(slow, NOON + signing_up.HELD, signing_up.Answer("confirm", {}, "token"))
    assert deeds() == ["signed_up"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once():
    for number in range(6):
        wish(email=f"{number // 2}@example.org", at=NOON)
    ready = threading.Barrier(2)

    def work():
        ready.wait()
        for _turn in range(6):
            answer(NOON)
        connection.close()

    workers = [threading.Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    answer(NOON)
    assert sorted(message.to[0] for message in mail.outbox) == ["0@example.org", "1@example.org", "2@example.org"]
    assert Consent.objects.count() == 3


# ---------------------------------------------------------------- waves, and what is forgotten


def test_in_a_wave_staff_are_told_once_an_hour_and_mails_keep_to_the_rate(settings):
    settings.SIGN_UPS_AN_HOUR = 3
    publisher, writer = make_person(role="Publisher"), make_person(role="Contributor")
    for number in range(5):
        wish(email=f"{number}@example.org", at=NOON)
    assert answer(NOON) == 3
    assert answer(NOON + MINUTE) == 0
    notice = Notice.objects.get()
    assert (notice.user, notice.reason) == (publisher, "sign_ups")
    assert "@example.org" not in notice.text
    assert not Notice.objects.filter(user=writer).exists()
    wish(at=NOON + 61 * MINUTE)
    assert answer(NOON + 61 * MINUTE) == 3
    assert not SignUp.objects.filter(handled_at=None).exists()


def test_a_wave_that_goes_on_is_told_of_again_after_an_hour(settings):
    settings.SIGN_UPS_AN_HOUR = 1
    make_person(role="Publisher")
    for minute in (0, 1, 30, 61, 62):
        wish(email=f"{minute}@example.org", at=NOON + minute * MINUTE)
        answer(NOON + minute * MINUTE)
    assert Notice.objects.count() == 2


def test_who_does_not_confirm_is_forgotten_after_a_week_and_whence_they_came_too():
    wish(at=NOON, network="203.0.113.7")
    answer(NOON)
    assert signing_up.purge(NOON + 7 * DAY) == 0
    assert signing_up.purge(NOON + 7 * DAY + MINUTE) == 2
    assert not Subscriber.objects.exists()
    assert not SignUp.objects.exists()
    assert [entry.network for entry in Consent.objects.all()] == [""]


def test_who_asks_again_has_another_week_to_confirm():
    wish(at=NOON)
    answer(NOON)
    wish(at=NOON + 6 * DAY)
    answer(NOON + 6 * DAY)
    signing_up.purge(NOON + 8 * DAY)
    assert Subscriber.objects.get().state == Reader.PENDING


def test_readers_are_not_forgotten():
    make_reader(at=NOON)
    signing_up.purge(NOON + 99 * DAY)
    assert state_of() == Reader.ACTIVE


def test_many_are_forgotten_in_portions(monkeypatch):
    monkeypatch.setattr("newsletter.models.subscriber.AT_ONCE", 2)
    for number in range(5):
        Subscriber.objects.note_pending(f"{number}@example.org", NOON)
    assert signing_up.purge(NOON + 8 * DAY) == 5


def test_an_hour_has_room_for_as_many_mails_as_are_expected(settings):
    settings.SIGN_UPS_AN_HOUR = 10
    wish(at=NOON)
    answer(NOON)
    assert signing_up.room(NOON) == 9
    assert signing_up.room(NOON + 2 * HOUR) == 10


def test_a_mail_that_cannot_be_written_is_let_go(monkeypatch):
    def broken(*_arguments):
        raise letters.Undeliverable

    monkeypatch.setattr(letters, "send", broken)
    wish(at=timezone.now())
    assert answer() == 0
    assert not SignUp.objects.filter(handled_at=None).exists()


def test_those_who_signed_up_before_there_was_any_mail_are_written_to_as_the_box_promised():
    for email in ("early@example.org", ADDRESS):
        Subscriber.objects.note_pending(email, NOON - 300 * DAY)
    make_reader(email="reads@example.org")
    importlib.import_module("newsletter.migrations.0007_subscribing").keep_the_promise(apps, None)
    now = timezone.now()
    signing_up.purge(now)
    assert answer(now) == 2
    assert {message.to[0] for message in mail.outbox} == {"early@example.org", ADDRESS}
    assert state_of() == Reader.PENDING
