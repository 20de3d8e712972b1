from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import traps
from newsletter.traps import Trap
from tests.factories import NOON

SECOND, WEEK = timedelta(seconds=1), timedelta(weeks=1)


def test_a_form_that_is_sent_after_a_moment_is_taken():
    assert traps.fault(traps.stamp(NOON, "words"), NOON + 2 * SECOND, "words") is None


def test_one_that_is_sent_at_once_is_too_quick():
    assert traps.fault(traps.stamp(NOON, "words"), NOON + SECOND / 10, "words") is Trap.QUICK


def test_one_that_was_kept_for_months_is_too_old():
    assert traps.fault(traps.stamp(NOON, "words"), NOON + 9 * WEEK, "words") is Trap.OLD
    assert traps.fault(traps.week_stamp(NOON, "words"), NOON + 10 * WEEK, "words") is Trap.OLD


def test_the_stamp_of_a_kept_page_is_the_same_all_week_so_that_pages_and_etags_stay():
    start = traps.week_stamp(NOON, "words")
    changes = {traps.week_stamp(NOON + timedelta(hours=hours), "words") for hours in range(7 * 24)}
    assert start in changes
    assert len(changes) == 2


def test_a_page_that_was_kept_some_weeks_ago_is_taken():
    assert traps.fault(traps.week_stamp(NOON, "words"), NOON, "words") is None
    assert traps.fault(traps.week_stamp(NOON, "words"), NOON + 6 * WEEK, "words") is None


def test_in_a_wave_the_stamp_of_a_kept_page_is_not_enough():
    assert traps.fault(traps.week_stamp(NOON, "words"), NOON, "words", strict=True) is Trap.ROUGH
    assert traps.fault(traps.stamp(NOON, "words"), NOON + 2 * SECOND, "words", strict=True) is None


def test_other_words_than_the_reader_saw_are_noticed():
    assert traps.fault(traps.week_stamp(NOON, "words"), NOON, "other words") is Trap.OTHER_WORDS


@pytest.mark.parametrize("forged", ["", "x", ".", "m.", "m0.0.0", "w1.abc.def", "é", "\x00", "m" * 9999, "wzz.a.b"])
def test_a_stamp_that_we_did_not_make_is_none(forged):
    assert traps.fault(forged, NOON, "words") is Trap.NONE


@given(st.integers(0, 60), st.characters())
def test_a_stamp_with_a_changed_letter_is_none(place, letter):
    stamp = traps.stamp(NOON, "words")
    changed = stamp[: place % len(stamp)] + letter + stamp[place % len(stamp) + 1 :]
    if changed != stamp:
        assert traps.fault(changed, NOON + 2 * SECOND, "words") is Trap.NONE
