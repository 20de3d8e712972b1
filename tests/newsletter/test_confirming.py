from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from newsletter import confirming, signing_up, tokens
from newsletter.confirming import Outcome
from newsletter.models import Said, SignUp, Subscriber
from newsletter.states import Reader
from tests.newsletter.letterbox import ADDRESS, answer, deeds, link, make_reader, shut, state_of, wish

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def token_of(kind: str = "confirm", **said) -> str:
    wish(**said)
    assert answer() == 1
    return link(kind).split("/")[3]


def confirm(token: str) -> Outcome | None:
    found = confirming.wish_of("confirm", token)
    return confirming.confirm(found, timezone.now(), Said()) if found else None


@pytest.mark.parametrize("state", ["unknown", "pending", "unsubscribed", "bounced", "erased"])
def test_a_confirmation_makes_a_reader_and_lifts_what_readers_may_lift(state):
    make_reader(state=state)
    assert confirm(token_of()) is Outcome.DONE
    assert (state_of(), shut()) == (Reader.ACTIVE, "")


@pytest.mark.parametrize("state", ["complained", "closed by staff"])
def test_a_complaint_and_what_staff_closed_only_staff_open(state):
    make_reader(state=state)
    before = state_of(), shut()
    assert confirm(token_of()) is Outcome.SHUT
    assert (state_of(), shut()) == before


def test_again_it_changes_nothing():
    token = token_of()
    assert [confirm(token), confirm(token)] == [Outcome.DONE, Outcome.DONE]
    assert deeds() == ["signed_up", "confirmed"]


def test_it_lasts_72_hours():
    now = timezone.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False):
        token = token_of()
    with time_machine.travel(now + 72 * HOUR, tick=False):
        assert confirming.wish_of("confirm", token)
    with time_machine.travel(now + 72 * HOUR + timedelta(seconds=2), tick=False):
        assert confirming.wish_of("confirm", token) is None


def test_a_reader_who_was_forgotten_meanwhile_is_made_anew():
    token = token_of()
    Subscriber.objects.all().delete()
    assert confirm(token) is Outcome.DONE
    assert Subscriber.objects.get().email == ADDRESS


def test_one_who_is_forgotten_in_the_same_moment_is_made_anew(monkeypatch):
    token, real, turns = token_of(), Subscriber.confirm, []

    def vanishes(self, *arguments):
        if not turns:
            turns.append(Subscriber.objects.all().delete())
        return real(self, *arguments)

    monkeypatch.setattr(Subscriber, "confirm", vanishes)
    assert confirm(token) is Outcome.DONE
    assert state_of() == Reader.ACTIVE


def test_while_a_link_lasts_its_wish_is_kept():
    now = timezone.now()
    token = token_of()
    signing_up.purge(now + 72 * HOUR)
    assert confirming.wish_of("confirm", token)


@pytest.mark.parametrize("deed", ["leave", "erase"])
def test_no_old_link_takes_back_that_a_reader_left(deed):
    token = token_of(at=timezone.now() - HOUR)
    confirm(token)
    getattr(Subscriber.objects.get(), deed)(timezone.now(), Said())
    assert confirming.wish_of("confirm", token) is None


def test_nor_that_they_have_another_address():
    token = token_of(at=timezone.now() - HOUR)
    confirm(token)
    Subscriber.objects.get().change_address("new@example.org", timezone.now(), Said())
    assert confirming.wish_of("confirm", token) is None


def test_a_link_of_a_number_that_is_somebody_elses_now_is_closed():
    """As after an old backup was put back."""
    token = token_of()
    SignUp.objects.update(email="other@example.org", key=tokens.key_of("other@example.org"))
    assert confirming.wish_of("confirm", token) is None


# ---------------------------------------------------------------- it was not me


def not_me(token: str) -> None:
    confirming.not_me(confirming.key_of_stranger(token), timezone.now(), Said())


def test_who_says_it_was_not_them_is_forgotten_at_once():
    token = token_of("not-me")
    not_me(token)
    assert state_of() == "unknown"
    assert deeds() == ["signed_up", "not_me"]
    assert shut() == ""


def test_and_what_waits_for_an_answer_is_dropped():
    token = token_of("not-me")
    wish()
    not_me(token)
    assert not SignUp.objects.filter(handled_at=None).exists()


@pytest.mark.parametrize("state", ["active", "unsubscribed", "bounced", "complained"])
def test_a_reader_whose_address_somebody_else_typed_stays_what_they_are(state):
    make_reader(state=state)
    not_me(token_of("not-me"))
    assert state_of() == state


def test_said_again_it_is_noted_once():
    token = token_of("not-me")
    not_me(token)
    not_me(token)
    assert deeds() == ["signed_up", "not_me"]


def test_who_pressed_the_wrong_link_can_still_confirm():
    token = token_of()
    not_me(link("not-me").split("/")[3])
    assert confirm(token) is Outcome.DONE
    assert state_of() == Reader.ACTIVE


# ---------------------------------------------------------------- another address


def move(reader: Subscriber, address: str = "new@example.org") -> tuple[str, SignUp | None]:
    wish(email=address, kind="address", subscriber=reader)
    answer()
    token = link("address").split("/")[3]
    return token, confirming.wish_of("address", token)


def take(token: str) -> Outcome | None:
    return confirming.take_address(confirming.wish_of("address", token), token, timezone.now(), Said())


def test_a_new_address_takes_its_place_when_its_reader_has_confirmed_it():
    reader = make_reader()
    token, _wish = move(reader)
    assert state_of("new@example.org") == "unknown"
    assert take(token) is Outcome.DONE
    assert (state_of(ADDRESS), state_of("new@example.org")) == ("unknown", Reader.ACTIVE)


def test_confirmed_again_it_changes_nothing():
    token, _wish = move(make_reader())
    assert [take(token), take(token)] == [Outcome.DONE, Outcome.DONE]
    assert deeds("new@example.org").count("moved_here") == 1


@pytest.mark.parametrize("state", ["active", "unsubscribed", "complained"])
def test_somebodys_address_cannot_be_taken(state):
    make_reader(email="new@example.org", state=state)
    token, _wish = move(make_reader())
    assert take(token) is Outcome.SHUT
    assert state_of() == Reader.ACTIVE


def test_of_two_addresses_that_were_asked_for_the_first_that_is_confirmed_counts():
    reader = make_reader()
    first, _wish = move(reader, "first@example.org")
    second, _wish = move(reader, "second@example.org")
    assert take(second) is Outcome.DONE
    assert take(first) is None
    assert state_of("second@example.org") == Reader.ACTIVE


def test_the_link_of_a_reader_who_was_erased_is_closed():
    reader = make_reader()
    _token, found = move(reader)
    assert found
    reader.erase(timezone.now(), Said())
    assert confirming.wish_of("address", _token) is None
