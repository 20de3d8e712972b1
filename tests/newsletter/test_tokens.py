"""What a link in a mail proves, and that nothing else proves it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from newsletter import tokens

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = tokens.key_of("reader@example.org")


@pytest.mark.parametrize(
    "other",
    ["READER@example.org", " reader@example.org ", "reader@EXAMPLE.org", "reader@example.org.", "Reader@Example.Org"],
)
def test_an_address_is_known_however_it_is_typed(other):
    assert tokens.key_of(other) == KEY


def test_a_domain_is_known_in_its_own_script_and_in_the_spelling_of_the_dns():
    assert tokens.key_of("a@exämple.org") == tokens.key_of("a@xn--exmple-cua.org")


def test_the_key_of_an_address_tells_nothing_without_the_secret(settings):
    before = tokens.key_of("reader@example.org")
    settings.NEWSLETTER_KEY = "another"
    assert tokens.key_of("reader@example.org") != before
    assert "reader" not in before


@given(st.integers(0, 2**32 - 1))
def test_a_link_to_leave_says_whose_it_is_and_of_which_issue_and_is_always_as_long(issue):
    token = tokens.leave(KEY, issue)
    assert tokens.read_leave(token) == tokens.Leave(KEY, issue)
    assert len(token) == len(tokens.LEAVE_HERE) == len(tokens.INERT) == tokens.LEAVE_LENGTH == 48


@pytest.mark.parametrize("years", [0, 30])
def test_a_link_to_leave_never_expires(years):
    token = tokens.leave(KEY, 7)
    with time_machine.travel(NOON + timedelta(days=365 * years)):
        assert tokens.read_leave(token)


def test_a_link_to_leave_outlives_the_key_of_the_site(settings):
    token = tokens.leave(KEY, 7)
    settings.SECRET_KEY = "a new one since a leak"
    assert tokens.read_leave(token)


@given(st.integers(0, 47), st.sampled_from("ABCxyz019-_"))
def test_a_link_to_leave_with_one_letter_changed_is_none(position, letter):
    token = tokens.leave(KEY, 7)
    changed = token[:position] + letter + token[position + 1 :]
    assert changed == token or tokens.read_leave(changed) is None


@given(st.text(max_size=80))
def test_whatever_is_typed_for_a_token_reads_as_none_and_breaks_nothing(text):
    assert tokens.read_leave(text) is None
    assert tokens.read("confirm", text, tokens.CONFIRM_LASTS) is None
    assert tokens.read_verp(text) is None


def test_the_tokens_of_test_mails_and_of_frozen_issues_open_nothing():
    assert tokens.read_leave(tokens.INERT) is None
    assert tokens.read_leave(tokens.LEAVE_HERE) is None


def test_a_token_for_one_use_serves_for_no_other():
    token = tokens.sign("confirm", {"sign_up": 1})
    assert tokens.read("confirm", token, tokens.CONFIRM_LASTS) == {"sign_up": 1}
    assert tokens.read("preferences", token, tokens.CONFIRM_LASTS) is None
    assert tokens.read("not-me", token, tokens.CONFIRM_LASTS) is None


def test_a_link_to_confirm_lasts_three_days():
    with time_machine.travel(NOON, tick=False):
        token = tokens.sign("confirm", {"sign_up": 1})
    with time_machine.travel(NOON + timedelta(hours=71), tick=False):
        assert tokens.read("confirm", token, tokens.CONFIRM_LASTS)
    with time_machine.travel(NOON + timedelta(hours=73), tick=False):
        assert tokens.read("confirm", token, tokens.CONFIRM_LASTS) is None


def test_a_record_of_a_token_opens_nothing():
    token = tokens.sign("confirm", {"sign_up": 1})
    assert tokens.token_id(token) not in token
    assert tokens.read("confirm", tokens.token_id(token), tokens.CONFIRM_LASTS) is None


@given(st.integers(0, 2**63 - 1))
def test_a_bounce_comes_back_to_its_delivery_in_small_letters_and_few_octets(delivery):
    address = tokens.verp(delivery, "bounces.example.org")
    assert tokens.read_verp(address) == delivery == tokens.read_verp(address.upper())
    assert address == address.lower()
    assert len(address) <= 64


def test_nobody_can_make_up_an_address_that_bounces_a_reader_away():
    address = tokens.verp(7, "bounces.example.org")
    local, at, domain = address.partition("@")
    other = ("b" if local[-1] != "b" else "c").join([local[:-1], ""])
    assert tokens.read_verp(other + at + domain) is None
    assert tokens.read_verp("b-aaaaaaaaaaaao-@bounces.example.org") is None


def test_the_message_id_of_an_issue_to_a_reader_is_always_the_same_and_nobody_elses():
    mine = tokens.message_id("abc", 1, "example.org")
    assert mine == tokens.message_id("abc", 1, "example.org")
    others = {tokens.message_id("abc", 2, "example.org"), tokens.message_id("abd", 1, "example.org")}
    assert mine not in others
    assert mine.startswith("<")
    assert mine.endswith("@example.org>")
