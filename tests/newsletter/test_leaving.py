from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from newsletter import leaving, tokens
from newsletter.models import Said, Subscriber
from tests.newsletter.letterbox import ADDRESS, STATES, deeds, every_row, make_reader, shut, state_of

pytestmark = pytest.mark.django_db

KEY = tokens.key_of(ADDRESS)


def leave(key: str = KEY) -> None:
    leaving.leave(tokens.leave(key), timezone.now(), Said(page="/newsletter/leave/"))


@pytest.mark.parametrize("state", STATES)
def test_whoever_leaves_gets_no_more_mail(state):
    make_reader(state=state)
    leave()
    assert not Subscriber.objects.mailable(timezone.now()).exists()
    assert shut() in {"unsubscribed", "bounced", "complained", "staff"}


def test_again_it_changes_nothing():
    make_reader()
    leave()
    before = every_row()
    leave()
    assert every_row() == before


def test_leaving_by_a_link_of_years_ago_works():
    token = tokens.leave(make_reader().key)
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        leaving.leave(token, timezone.now(), Said())
    assert state_of() == "unsubscribed"


def test_it_works_after_an_erasure_and_says_nothing_more_of_the_reader():
    make_reader(state="erased")
    before = every_row()
    leave()
    assert every_row() == before
    assert shut() == "unsubscribed"


def test_who_signed_up_again_after_an_erasure_leaves_by_an_older_link():
    make_reader(state="erased")
    make_reader()
    leave()
    assert state_of() == "unsubscribed"


def test_an_old_link_leaves_at_the_address_the_reader_has_now():
    reader = make_reader()
    for address in ("second@example.org", "third@example.org"):
        assert reader.change_address(address, timezone.now(), Said())
    leave()
    assert state_of("third@example.org") == "unsubscribed"
    assert shut("third@example.org") == shut(ADDRESS) == "unsubscribed"


def test_who_has_the_old_address_now_leaves_for_themselves_only():
    make_reader().change_address("new@example.org", timezone.now(), Said())
    make_reader(email=ADDRESS)
    leave()
    assert (state_of(ADDRESS), state_of("new@example.org")) == ("unsubscribed", "active")


def test_a_reader_who_came_back_to_an_old_address_is_found():
    reader = make_reader()
    for address in ("second@example.org", ADDRESS):
        assert reader.change_address(address, timezone.now(), Said())
    leave(tokens.key_of("second@example.org"))
    assert state_of() == "unsubscribed"


def test_a_circle_of_addresses_ends():
    reader = make_reader()
    for address in ("second@example.org", ADDRESS):
        reader.change_address(address, timezone.now(), Said())
    reader.erase(timezone.now(), Said())
    leave()
    assert state_of() == "unknown"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "B" * 48,
        "é" * 48,
        "B" * 5000,
        tokens.INERT,
        tokens.LEAVE_HERE,
        tokens.leave(KEY)[:-1] + "_",
        "\x00" * 48,
    ],
)
def test_a_token_that_is_none_does_nothing(token):
    make_reader()
    before = every_row()
    leaving.leave(token, timezone.now(), Said())
    assert every_row() == before


def test_an_address_we_never_heard_of_is_closed_and_that_is_noted_once():
    leave()
    leave()
    assert (shut(), deeds()) == ("unsubscribed", ["left"])


@pytest.mark.parametrize("token", [tokens.INERT, tokens.LEAVE_HERE])
def test_the_links_of_a_test_are_known(token):
    assert token in leaving.TEST_LINKS
