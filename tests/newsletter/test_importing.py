"""Readers are imported with consent, line by line; neither a kill nor a second time changes what comes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import AuditEntry
from newsletter import importing, tokens
from newsletter.models import (
    Consent,
    Deed,
    Delivery,
    Intake,
    Issue,
    Portion,
    RefusedLine,
    Said,
    SignUp,
    Subscriber,
    Suppression,
)
from newsletter.states import Reader, Shut, Why
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db

STATEMENT = "They ticked the box beside “Send me the week” at the door of the spring fair, 3 May 2026."
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def some_sign_ups_an_hour(settings):
    settings.SIGN_UPS_AN_HOUR = 200


def bring(*addresses: str, elsewhere: bool = True, by=None, at=NOON) -> Intake:
    raw = "\n".join(["email", *addresses]).encode()
    return importing.begin("spring.csv", raw, STATEMENT, by, at, confirmed_elsewhere=elsewhere)


def read_all(at=NOON, owner="w1") -> int:
    total = 0
    while more := importing.read_some(at, owner):
        total += more
    return total


def refused(intake: Intake) -> list[tuple[int, str]]:
    return list(intake.refused_lines.values_list("number", "why"))


def counts(intake: Intake) -> tuple[int, int, int, int]:
    intake.refresh_from_db()
    return intake.read, intake.added, intake.known, intake.refused


def make_reader(address: str, state: str = Reader.ACTIVE, at=NOON - timedelta(days=90)) -> Subscriber:
    confirmed = None if state == Reader.PENDING else at
    return Subscriber.objects.create(email=address, state=state, signed_up_at=at, confirmed_at=confirmed)


# ---------------------------------------------------------------- who comes in, and with what


def test_those_who_confirmed_elsewhere_are_subscribed_with_the_statement_as_their_consent():
    staff = make_user(username="chief")
    intake = bring("ann@example.org", "Bob@Example.org", by=staff)
    assert Subscriber.objects.count() == 0, "the page that takes the file does not read it"
    assert read_all() == 2
    assert counts(intake) == (2, 2, 0, 0)
    assert intake.state == Intake.State.DONE
    ann = Subscriber.objects.of("ann@example.org")
    assert ann.is_mailable(NOON)
    assert ann.brought_by == intake
    consent = Consent.objects.get(key=ann.key)
    assert (consent.deed, consent.at, consent.by, consent.wording.text) == (Deed.IMPORTED, NOON, "chief", STATEMENT)
    assert not SignUp.objects.exists(), "nobody is asked again"
    assert AuditEntry.objects.get(deed="import").actor == "chief"


def test_the_others_are_asked_to_confirm_and_get_nothing_before():
    intake = bring("ann@example.org", elsewhere=False)
    read_all()
    ann = Subscriber.objects.get()
    assert (ann.state, ann.confirmed_at) == (Reader.PENDING, None)
    assert not ann.is_mailable(NOON)
    wish = SignUp.objects.get()
    assert (wish.email, wish.key, wish.handled_at, wish.block) == ("ann@example.org", ann.key, None, "")
    assert wish.wording.text == STATEMENT
    assert counts(intake) == (1, 1, 0, 0)


def test_an_import_leaves_half_of_an_hours_letters_to_those_who_sign_up_on_the_site(settings):
    settings.SIGN_UPS_AN_HOUR = 200
    intake = bring(*(f"reader{number}@example.org" for number in range(230)), elsewhere=False)
    assert read_all() == 100
    assert read_all(NOON + 30 * MINUTE) == 0
    assert counts(intake)[0] == 100
    assert intake.state == Intake.State.RUNNING
    assert read_all(NOON + 61 * MINUTE) == 100
    assert read_all(NOON + 122 * MINUTE) == 30
    assert counts(intake) == (230, 230, 0, 0)
    assert intake.state == Intake.State.DONE


def test_who_waits_in_a_slow_import_is_not_forgotten_before_they_were_asked(settings):
    settings.SIGN_UPS_AN_HOUR = 2
    bring("ann@example.org", "bob@example.org", elsewhere=False)
    later = NOON + timedelta(days=8)
    read_all()
    read_all(later)
    Subscriber.objects.purge_pending(later)
    assert [reader.email for reader in Subscriber.objects.all()] == ["bob@example.org"]


# ---------------------------------------------------------------- who does not


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Shut.UNSUBSCRIBED, Why.LEFT),
        (Shut.BOUNCED, Why.BOUNCED),
        (Shut.COMPLAINED, Why.COMPLAINED),
        (Shut.STAFF, Why.CLOSED),
    ],
)
@pytest.mark.parametrize("elsewhere", [True, False])
def test_nobody_who_is_out_is_subscribed_again_by_an_import(reason, why, elsewhere):
    Suppression.objects.shut(tokens.key_of("ann@example.org"), reason, NOON)
    intake = bring("ANN@example.org", elsewhere=elsewhere)
    read_all()
    assert refused(intake) == [(2, why)]
    assert not Subscriber.objects.exists()
    assert not SignUp.objects.exists()


def test_an_erased_reader_stays_erased():
    make_reader("ann@example.org").erase(NOON, Said())
    intake = bring("ann@example.org")
    read_all()
    assert refused(intake) == [(2, Why.LEFT)]
    assert not Subscriber.objects.exists()


def test_who_left_and_was_let_in_again_by_staff_still_has_to_sign_up_alone():
    ann = make_reader("ann@example.org")
    ann.complain(NOON, Said())
    ann.lift(NOON, Said())
    intake = bring("ann@example.org")
    read_all()
    assert refused(intake) == [(2, Why.LEFT)]
    ann.refresh_from_db()
    assert ann.state == Reader.UNSUBSCRIBED


@pytest.mark.parametrize("state", [Reader.ACTIVE, Reader.PENDING])
def test_a_reader_we_have_stays_as_they_are(state):
    ann = make_reader("ann@example.org", state)
    before = Subscriber.objects.values().get(pk=ann.pk)
    intake = bring("ann@example.org")
    read_all()
    assert counts(intake) == (1, 0, 1, 0)
    assert Subscriber.objects.values().get(pk=ann.pk) == before
    assert not Consent.objects.exists()


def test_each_bad_line_is_named_with_its_number_and_why():
    intake = bring("ann@example.org", "not an address", "", "a\x00b@example.org", "ANN@example.org ", "x" * 300, "ann@")
    read_all()
    assert refused(intake) == [
        (3, Why.NOT_ADDRESS),
        (5, Why.CONTROL),
        (6, Why.TWICE),
        (7, Why.LONG),
        (8, Why.NOT_ADDRESS),
    ]
    assert counts(intake) == (6, 1, 0, 5)


def test_what_stands_twice_is_found_though_it_was_read_in_another_portion(monkeypatch):
    monkeypatch.setattr(importing, "PORTION", 2)
    intake = bring("ann@example.org", "bob@example.org", "ann@example.org", "cat@example.org")
    read_all()
    assert refused(intake) == [(4, Why.TWICE)]
    assert counts(intake) == (4, 3, 0, 1)


def test_the_same_file_twice_adds_nobody_twice():
    addresses = [f"reader{number}@example.org" for number in range(30)]
    bring(*addresses)
    read_all()
    again = bring(*addresses)
    read_all()
    assert counts(again) == (30, 0, 30, 0)
    assert Subscriber.objects.count() == Consent.objects.count() == 30


# ---------------------------------------------------------------- kills and several workers


class Killed(BaseException):
    """Like a SIGKILL: nothing catches it."""


@pytest.mark.parametrize("where", ["add", "save", "delete"])
def test_a_worker_that_is_killed_in_the_middle_repeats_nothing_and_loses_nothing(monkeypatch, where):
    monkeypatch.setattr(importing, "PORTION", 10)
    addresses = [f"reader{number}@example.org" for number in range(40)]
    intake = bring(*addresses, "broken")
    targets = {"add": (importing, "add"), "save": (importing, "finish"), "delete": (Portion, "delete")}
    owner, name = targets[where]
    whole, calls = getattr(owner, name), []

    def killed(*args, **options):
        calls.append(args)
        found = whole(*args, **options)
        if len(calls) in {1, 3}:
            raise Killed
        return found

    monkeypatch.setattr(owner, name, killed)
    at = NOON
    for number in range(6):
        try:
            importing.read_some(at, f"w{number}")
        except Killed:
            at += importing.LEASE + MINUTE
    monkeypatch.setattr(owner, name, whole)
    read_all(at + importing.LEASE + MINUTE, "last")
    assert counts(intake) == (41, 40, 0, 1)
    assert refused(intake) == [(42, Why.NOT_ADDRESS)]
    assert Subscriber.objects.count() == Consent.objects.filter(deed=Deed.IMPORTED).count() == 40
    assert not Portion.objects.exists()


def test_an_import_that_a_worker_holds_is_left_to_it_until_its_lease_is_over():
    intake = bring("ann@example.org")
    assert importing.claim(NOON, "w1") == intake
    assert importing.read_some(NOON + MINUTE, "w2") == 0
    assert importing.read_some(NOON + importing.LEASE + MINUTE, "w2") == 1


def test_a_worker_whose_lease_another_has_taken_reads_no_further(monkeypatch):
    monkeypatch.setattr(importing, "PORTION", 1)
    intake = bring("ann@example.org", "bob@example.org")
    whole = importing.read_portion

    def slow(*args):
        read = whole(*args)
        Intake.objects.update(owner="another")
        return read

    monkeypatch.setattr(importing, "read_portion", slow)
    assert importing.read_some(NOON, "w1") == 1
    intake.refresh_from_db()
    assert intake.owner == "another"


def test_two_imports_are_read_one_after_the_other():
    first, second = bring("ann@example.org"), bring("bob@example.org", at=NOON + MINUTE)
    assert importing.read_some(NOON, "w1") == 1
    assert counts(first)[0] == 1
    assert counts(second)[0] == 0
    assert read_all() == 1


def test_nothing_is_kept_of_the_lines_when_they_are_read_and_of_the_refused_ones_for_thirty_days():
    intake = bring("ann@example.org", "somebody else")
    read_all()
    assert not Portion.objects.exists()
    importing.read_some(NOON + timedelta(days=29), "w1")
    assert RefusedLine.objects.count() == 1
    importing.read_some(NOON + timedelta(days=31), "w1")
    assert not RefusedLine.objects.exists()
    assert counts(intake) == (2, 1, 0, 1)


# ---------------------------------------------------------------- the way back


def test_an_import_is_undone_as_if_it_had_never_been():
    intake = bring("ann@example.org", "bob@example.org")
    read_all()
    importing.undo(intake, None, NOON + timedelta(days=6))
    read_all(NOON + timedelta(days=6))
    intake.refresh_from_db()
    assert (intake.state, intake.erased) == (Intake.State.UNDONE, 2)
    assert not Subscriber.objects.exists()
    assert not Suppression.objects.exists(), "nobody asked to be left alone: they may sign up or be imported anew"
    assert Consent.objects.filter(deed=Deed.ERASED).count() == 2
    again = bring("ann@example.org")
    read_all()
    assert counts(again) == (1, 1, 0, 0)


def test_who_was_written_to_or_confirmed_or_left_is_not_touched_by_undoing():
    intake = bring("got@example.org", "queued@example.org", "left@example.org")
    read_all()
    issue = Issue.objects.create(subject="The week")
    for address, state in (("got@example.org", "sent"), ("queued@example.org", "queued")):
        Delivery.objects.create(issue=issue, subscriber=Subscriber.objects.of(address), state=state)
    Subscriber.objects.of("left@example.org").leave(NOON + MINUTE, Said())
    asked = bring("asked@example.org", "confirmed@example.org", elsewhere=False)
    read_all()
    Subscriber.objects.of("confirmed@example.org").confirm(NOON + MINUTE, Said())
    for each in (intake, asked):
        importing.undo(each, None, NOON + timedelta(hours=1))
    read_all(NOON + timedelta(hours=1))
    assert {reader.email for reader in Subscriber.objects.all()} == {
        "got@example.org",
        "left@example.org",
        "confirmed@example.org",
    }
    assert not SignUp.objects.filter(key=tokens.key_of("asked@example.org")).exists()


def test_undoing_in_the_middle_drops_what_was_not_read(monkeypatch):
    monkeypatch.setattr(importing, "PORTION", 1)
    monkeypatch.setattr(importing, "AT_A_TIME", 1)
    intake = bring("ann@example.org", "bob@example.org")
    importing.read_some(NOON, "w1")
    importing.undo(intake, None, NOON)
    read_all()
    intake.refresh_from_db()
    assert (intake.state, intake.read, intake.erased) == (Intake.State.UNDONE, 1, 1)
    assert not Portion.objects.exists()


def test_after_seven_days_or_a_second_time_it_is_not_undone():
    intake = bring("ann@example.org")
    read_all()
    with pytest.raises(importing.NotUndone):
        importing.undo(intake, None, NOON + timedelta(days=7, seconds=1))
    importing.undo(intake, None, NOON)
    with pytest.raises(importing.NotUndone):
        importing.undo(intake, None, NOON)


def test_a_hundred_lines_cost_as_many_queries_as_ten(django_assert_max_num_queries):
    for number in (10, 100):
        bring(*(f"reader{number}-{each}@example.org" for each in range(number)))
        with django_assert_max_num_queries(30):
            importing.read_some(timezone.now(), "w1")
