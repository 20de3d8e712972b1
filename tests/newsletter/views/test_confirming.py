import pytest
from django.test import Client
from django.utils import timezone

from newsletter.models import Consent, Newsletter, Said, Subscriber
from newsletter.states import Reader
from tests.newsletter.letterbox import (
    HERE,
    answer,
    confirm_link,
    deeds,
    link,
    make_reader,
    sign_up,
    state_of,
    wish,
)

pytestmark = pytest.mark.django_db


def press(client, path: str, **data):
    return client.post(path, data, headers=HERE)


def test_the_reader_opens_the_link_presses_the_button_and_is_subscribed(client):
    sign_up(client)
    answer()
    page = client.get(link("confirm"))
    assert page.content.decode().count('<button type="submit">') == 1
    assert state_of() == Reader.PENDING
    assert press(client, link("confirm")).status_code == 200
    assert state_of() == Reader.ACTIVE


def test_the_record_says_by_which_link_from_where_and_to_which_words(client):
    sign_up(client)
    answer()
    client.post(link("confirm"), headers=HERE, REMOTE_ADDR="2001:db8::1")
    signed, confirmed = Consent.objects.all()
    assert (confirmed.deed, confirmed.page, confirmed.network) == ("confirmed", "/newsletter/confirm/", "2001:db8::1")
    assert confirmed.wording == signed.wording
    assert confirmed.token == signed.token != ""


def test_what_a_request_says_of_its_own_network_is_not_recorded(client):
    path = confirm_link()
    client.post(path, headers={**HERE, "x-forwarded-for": "198.51.100.1"}, REMOTE_ADDR="203.0.113.9")
    assert Consent.objects.last().network == "203.0.113.9"


def test_behind_a_proxy_of_ours_its_word_is(client, settings):
    settings.TRUSTED_PROXIES = 1
    path = confirm_link()
    client.post(path, headers={**HERE, "x-forwarded-for": "6.6.6.6, 198.51.100.1"}, REMOTE_ADDR="10.0.0.1")
    assert Consent.objects.last().network == "198.51.100.1"


def test_pressed_again_the_page_is_the_same_and_nothing_changes(client):
    path = confirm_link()
    first, second = press(client, path), press(client, path)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert deeds() == ["signed_up", "confirmed"]


def test_the_browser_that_signed_up_confirms_in_one_step_and_others_press(client, client_of_somebody_else):
    sign_up(client)
    answer()
    assert "data-at-once" in client.get(link("confirm")).content.decode()
    assert "data-at-once" not in client_of_somebody_else.get(link("confirm")).content.decode()
    press(client, link("confirm"))
    assert client.cookies["newsletter_sign_up"].value == ""


@pytest.fixture
def client_of_somebody_else():
    other = Client()
    sign_up(other, "other@example.org")
    return other


def test_a_link_that_is_closed_says_so_and_holds_the_form(client):
    page = client.get("/newsletter/confirm/forged/")
    assert page.status_code == 410
    assert 'name="email"' in page.content.decode()
    assert 'name="stamp"' in page.content.decode()


@pytest.mark.parametrize("state", ["complained", "closed by staff"])
def test_where_only_staff_can_help_the_reader_is_told_whom_to_write_to(client, state):
    newsletter = Newsletter.objects.current()
    newsletter.reply_to = "letters@magazine.example"
    newsletter.save()
    make_reader(state=state)
    path = confirm_link()
    assert client.get(path).status_code == 200
    response = press(client, path)
    assert response.status_code == 409
    assert "letters@magazine.example" in response.content.decode()
    assert state_of() != Reader.ACTIVE


def test_it_was_not_me_forgets_the_address(client):
    confirm_link()
    response = press(client, link("not-me"))
    assert response.status_code == 200
    assert not Subscriber.objects.exists()


def test_it_was_not_me_long_ago_is_nothing_to_undo(client):
    assert client.get("/newsletter/not-me/forged/").status_code == 410


def new_address(client) -> str:
    wish(kind="address", email="new@example.org", subscriber=make_reader())
    answer()
    return link("address")


def test_a_new_address_is_confirmed_by_its_own_mail(client):
    path = new_address(client)
    assert client.get(path).status_code == 200
    assert state_of("new@example.org") == "unknown"
    assert press(client, path).status_code == 200
    assert state_of("new@example.org") == Reader.ACTIVE


def test_an_address_that_is_somebodys_already_says_so_to_whoever_reads_its_mail(client):
    path = new_address(client)
    make_reader(email="new@example.org")
    assert press(client, path).status_code == 409


def test_who_moved_elsewhere_meanwhile_is_shown_the_way(client):
    path = new_address(client)
    Subscriber.objects.get().change_address("third@example.org", timezone.now(), Said())
    assert press(client, path).status_code == 410
