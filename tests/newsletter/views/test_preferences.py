import json
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from newsletter.models import SignUp, Subscriber
from tests.newsletter.letterbox import (
    ADDRESS,
    HERE,
    STATES,
    answer,
    deeds,
    link,
    make_reader,
    preferences_link,
    shut,
    sign_up,
    state_of,
)

pytestmark = pytest.mark.django_db

PAGE = "/newsletter/preferences/"


def press(client, reader, **data):
    return client.post(preferences_link(reader), data, headers=HERE)


def test_a_reader_asks_for_the_link_and_gets_it_by_mail(client):
    make_reader()
    response = sign_up(client, address=PAGE)
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    assert answer() == 1
    assert client.get(link("preferences")).status_code == 200


def test_an_address_that_is_no_readers_gets_no_mail_and_the_same_thanks(client):
    make_reader()
    known, unknown = sign_up(client, address=PAGE), sign_up(client, "nobody@example.org", address=PAGE)
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert answer() == 1


@pytest.mark.parametrize("state", [state for state in STATES if state not in {"unknown", "erased"}])
def test_the_page_shows_every_reader_what_is_open_to_them(client, state):
    reader = make_reader(state=state)
    page = client.get(preferences_link(reader)).content.decode()
    assert ADDRESS in page
    assert ('value="pause"' in page) == (state == "active")
    assert ('value="go_on"' in page) == (state == "paused")
    assert ('value="leave"' in page) == (state in {"active", "paused"})
    assert ('value="again"' in page) == (state in {"pending", "unsubscribed", "bounced", "closed by staff"})
    assert 'value="export"' in page
    assert 'value="erase"' in page


def test_pausing_rests_four_weeks_and_can_be_ended(client):
    reader = make_reader()
    response = press(client, reader, do="pause")
    assert response.status_code == 302
    reader.refresh_from_db()
    assert timedelta(days=27) < reader.paused_until - timezone.now() <= timedelta(weeks=4)
    assert "taking a break until" in client.get(response["Location"]).content.decode()
    press(client, reader, do="go_on")
    reader.refresh_from_db()
    assert reader.paused_until is None
    assert deeds() == ["confirmed", "paused", "went_on"]


@pytest.mark.parametrize("do", ["pause", "go_on"])
def test_who_does_not_get_it_cannot_pause_it(client, do):
    reader = make_reader(state="unsubscribed")
    before = deeds()
    press(client, reader, do=do)
    assert deeds() == before


def test_leaving_from_the_page(client):
    assert press(client, make_reader(), do="leave").status_code == 200
    assert (state_of(), shut()) == ("unsubscribed", "unsubscribed")


@pytest.mark.parametrize("state", ["unsubscribed", "bounced", "pending"])
def test_getting_it_again_by_a_button_behind_the_mailed_link(client, state):
    assert press(client, make_reader(state=state), do="again").status_code == 302
    assert (state_of(), shut()) == ("active", "")


@pytest.mark.parametrize("state", ["complained", "closed by staff"])
def test_but_not_where_only_staff_may(client, state):
    assert press(client, make_reader(state=state), do="again").status_code == 409
    assert state_of() != "active"


def test_a_new_address_is_asked_first(client):
    reader = make_reader()
    response = press(client, reader, do="address", email="new@bücher.example")
    assert "written to the new address" in client.get(response["Location"]).content.decode()
    assert Subscriber.objects.get().email == ADDRESS
    assert answer() == 1
    assert mail.outbox[0].to == ["new@bücher.example"]
    client.post(link("address"), headers=HERE)
    assert state_of("new@bücher.example") == "active"
    assert deeds("new@bücher.example") == ["moved_here"]
    assert deeds()[-1] == "moved_away"


@pytest.mark.parametrize("state", STATES)
def test_and_nobody_learns_by_it_whether_the_other_is_a_reader(client, state):
    reader = make_reader(email="me@example.org")
    make_reader(email=ADDRESS, state=state)
    path = preferences_link(reader)
    response = client.post(path, {"do": "address", "email": ADDRESS}, headers=HERE)
    assert (response.status_code, response["Location"]) == (302, f"{path}?done=address")


@pytest.mark.parametrize("email", ["", "nonsense", "a\x00@example.org", "x" * 999])
def test_what_is_no_address_is_said_beside_the_field(client, email):
    response = press(client, make_reader(), do="address", email=email)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not SignUp.objects.exists()


def test_many_changes_of_address_from_one_network_are_stopped(client):
    reader = make_reader()
    for number in range(5):
        press(client, reader, do="address", email=f"{number}@example.org")
    assert press(client, reader, do="address", email="six@example.org").status_code == 429


def test_the_copy_of_the_data_is_a_file(client):
    response = press(client, make_reader(), do="export")
    assert response["Content-Disposition"] == 'attachment; filename="newsletter-data.json"'
    assert json.loads(response.content)["subscriber"]["email"] == ADDRESS
    assert deeds()[-1] == "exported"


def test_erasing_asks_first(client):
    reader = make_reader()
    response = press(client, reader, do="erase")
    assert "Erase everything?" in response.content.decode()
    assert state_of() == "active"
    assert press(client, reader, do="erase_for_good").status_code == 200
    assert not Subscriber.objects.exists()
    assert deeds()[-1] == "erased"
    assert shut() == "unsubscribed"


@pytest.mark.parametrize("do", ["", "nonsense", "__class__", "\x00"])
def test_a_button_that_is_none_does_nothing(client, do):
    assert press(client, make_reader(), do=do).status_code == 200
    assert deeds() == ["confirmed"]


def test_a_reader_who_is_erased_in_the_same_moment_finds_a_closed_link(client, monkeypatch):
    reader = make_reader()

    def gone(*_arguments):
        raise Subscriber.DoesNotExist

    monkeypatch.setattr(Subscriber, "pause", gone)
    assert press(client, reader, do="pause").status_code == 410
