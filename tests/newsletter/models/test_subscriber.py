"""What a reader is to us, what changes it, and what is kept of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsletter import tokens
from newsletter.models import Consent, Deed, Said, Subscriber, Suppression, Wording
from newsletter.models.consent import RecordIsKept
from newsletter.states import Reader, Shut

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BY_LINK = Said(page="/newsletter/", network="192.0.2.7", token="0123456789abcdef")


def reader(*, email: str = "reader@example.org", confirmed: bool = True) -> Subscriber:
    found = Subscriber.objects.note_pending(email, NOON)
    if confirmed:
        found.confirm(NOON, BY_LINK)
    return found


def gets_mail(one: Subscriber, at: datetime = NOON) -> bool:
    """What the queryset says and what the row says: always the same."""
    one.refresh_from_db()
    many = Subscriber.objects.mailable(at).filter(pk=one.pk).exists()
    assert many == one.is_mailable(at)
    return many


def deeds(one: Subscriber) -> list[str]:
    return list(Consent.objects.filter(key=one.key).values_list("deed", flat=True))


def test_nobody_is_written_to_before_they_have_confirmed():
    one = reader(confirmed=False)
    assert not gets_mail(one)
    assert one.confirm(NOON, BY_LINK)
    assert gets_mail(one)


def test_an_address_is_one_reader_however_it_is_typed():
    assert reader() == Subscriber.objects.note_pending("READER@Example.org", NOON)
    assert Subscriber.objects.of(" reader@EXAMPLE.org") == reader()


def test_confirming_twice_changes_nothing():
    one = reader()
    assert one.confirm(NOON + DAY, BY_LINK)
    assert one.confirmed_at == NOON
    assert deeds(one) == [Deed.CONFIRMED]


def test_who_leaves_gets_no_mail_and_leaving_again_changes_nothing():
    one = reader()
    one.leave(NOON, BY_LINK)
    one.leave(NOON + DAY, BY_LINK)
    assert not gets_mail(one)
    assert one.left_at == NOON
    assert deeds(one) == [Deed.CONFIRMED, Deed.LEFT]


@pytest.mark.parametrize("reason", [Shut.UNSUBSCRIBED, Shut.BOUNCED])
def test_a_confirmation_by_the_reader_lifts_that_they_left_or_that_mail_came_back(reason):
    one = reader()
    if reason == Shut.BOUNCED:
        one.bounce(NOON, Said(), hard=True)
    else:
        one.leave(NOON, BY_LINK)
    assert one.confirm(NOON + DAY, BY_LINK)
    assert gets_mail(one)


@pytest.mark.parametrize("deed", ["complain", "suppress"])
def test_what_only_staff_may_lift_no_confirmation_lifts(deed):
    one = reader()
    getattr(one, deed)(NOON, Said())
    assert not one.confirm(NOON + DAY, BY_LINK)
    one.leave(NOON + DAY, BY_LINK)
    assert not one.confirm(NOON + DAY, BY_LINK)
    assert not gets_mail(one)
    one.lift(NOON + DAY, Said(by="publisher"))
    assert not gets_mail(one)
    assert one.confirm(NOON + DAY, BY_LINK)
    assert gets_mail(one)


def test_a_pause_is_four_weeks_and_ends_by_itself_or_early():
    one = reader()
    one.pause(NOON, BY_LINK)
    assert not gets_mail(one, NOON + 27 * DAY)
    assert gets_mail(one, NOON + 28 * DAY)
    one.go_on(NOON + DAY, BY_LINK)
    assert gets_mail(one, NOON + DAY)


def test_the_suppression_of_an_address_survives_the_erasure_of_its_reader():
    one = reader()
    one.leave(NOON, BY_LINK)
    one.erase(NOON, BY_LINK)
    assert not Subscriber.objects.exists()
    again = Subscriber.objects.note_pending("Reader@example.org", NOON)
    assert Suppression.objects.get().key == again.key


def test_what_stays_after_an_erasure_holds_no_address_and_no_network():
    one = reader()
    one.erase(NOON, BY_LINK)
    assert set(Consent.objects.values_list("network", flat=True)) == {""}
    kept = [*Consent.objects.values_list(), *Suppression.objects.values_list()]
    assert "reader@" not in str(kept)
    assert "192.0.2.7" not in str(kept)


def test_who_complained_and_is_erased_cannot_be_signed_up_by_anybody():
    one = reader()
    one.complain(NOON, Said())
    one.erase(NOON, BY_LINK)
    assert not Subscriber.objects.note_pending("reader@example.org", NOON).confirm(NOON, BY_LINK)


def test_a_mail_that_comes_back_for_good_shuts_the_address_at_once():
    one = reader()
    one.bounce(NOON, Said(), hard=True)
    assert not gets_mail(one)
    assert one.state == Reader.BOUNCED


def test_mail_that_comes_back_softly_counts_half_a_point_a_day_and_five_points_are_out():
    one = reader()
    for day in range(9):
        one.bounce(NOON + day * DAY, Said(), hard=False)
        one.bounce(NOON + day * DAY + timedelta(hours=1), Said(), hard=False)
    assert gets_mail(one)
    one.bounce(NOON + 9 * DAY, Said(), hard=False)
    assert not gets_mail(one)


def test_a_day_is_the_magazines_and_not_greenwichs():
    one, evening = reader(), datetime(2026, 6, 1, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    with timezone.override("America/New_York"):
        one.bounce(evening - timedelta(hours=5), Said(), hard=False)
        one.bounce(evening, Said(), hard=False)  # in Greenwich it is the next day
        assert float(one.bounce_score) == 0.5
        one.bounce(evening + timedelta(hours=1), Said(), hard=False)  # and here it is now
    assert float(one.bounce_score) == 1.0


def test_mail_that_comes_back_each_week_counts_though_it_comes_an_hour_later_each_time():
    """The round-up is weekly: were a week counted by the second, the points would be forgotten before each issue."""
    one = reader()
    for week in range(10):
        assert gets_mail(one)
        one.bounce(NOON + week * timedelta(days=7, hours=1), Said(), hard=False)
    assert not gets_mail(one)


def test_a_week_without_one_forgets_what_came_back_softly():
    one = reader()
    for day in [*range(9), 16, 17, 18]:
        one.bounce(NOON + day * DAY, Said(), hard=False)
    assert gets_mail(one)
    assert float(one.bounce_score) == 1.5


def test_who_did_not_confirm_is_forgotten_after_a_week():
    reader(confirmed=False), reader(email="two@example.org")
    assert Subscriber.objects.purge_pending(NOON + 6 * DAY) == 0
    assert Subscriber.objects.purge_pending(NOON + 7 * DAY + timedelta(seconds=1)) == 1
    assert Subscriber.objects.get().email == "two@example.org"


def test_a_reader_moves_to_another_address_and_both_records_say_so():
    one, before = reader(), tokens.key_of("reader@example.org")
    assert one.change_address("new@example.org", NOON, BY_LINK)
    assert gets_mail(one)
    assert Consent.objects.filter(key=before).last().deed == Deed.MOVED_AWAY
    assert deeds(one) == [Deed.MOVED_HERE]


@pytest.mark.parametrize("why", ["somebody's", "shut"])
def test_nobody_moves_to_an_address_that_is_somebodys_or_shut(why):
    one = reader()
    other = reader(email="other@example.org")
    if why == "shut":
        other.erase(NOON, BY_LINK)
    assert not one.change_address("Other@example.org", NOON, BY_LINK)
    one.refresh_from_db()
    assert one.email == "reader@example.org"


def test_the_record_says_what_was_agreed_to_in_which_words_where_and_whence():
    words = Wording.objects.current("The newsletter. Every Friday. Sign up", NOON)
    one = reader(confirmed=False)
    one.confirm(NOON, Said(page="/coast/", wording=words, network="192.0.2.7", token="abc"))
    entry = Consent.objects.get()
    assert (entry.deed, entry.at, entry.page, entry.network, entry.token) == (
        *(Deed.CONFIRMED, NOON, "/coast/", "192.0.2.7", "abc"),
    )
    assert entry.wording.text == "The newsletter. Every Friday. Sign up"


def test_new_words_are_a_new_version_and_the_same_words_are_the_same():
    first = Wording.objects.current("One", NOON)
    assert Wording.objects.current("One", NOON + DAY) == first
    assert Wording.objects.current("Two", NOON).pk > first.pk


def test_the_record_is_neither_changed_nor_deleted():
    reader()
    entry = Consent.objects.get()
    for attempt in (entry.save, entry.delete, Consent.objects.all().delete, lambda: Consent.objects.update(note="x")):
        with pytest.raises(RecordIsKept):
            attempt()


def test_the_database_itself_refuses_to_change_the_record():
    reader()
    for values in ({"note": "x"}, {"deed": Deed.LEFT}, {"network": "203.0.113.9"}, {"network": "", "note": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            QuerySet.update(Consent.objects.all(), **values)


@pytest.mark.postgresql
def test_the_database_itself_refuses_to_delete_from_the_record():
    reader()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsletter_consent")
