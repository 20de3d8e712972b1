import pytest

from newsletter.models import Subscriber

pytestmark = pytest.mark.django_db


def sign_up(client, email: str = "reader@example.org", **fields):
    headers = fields.pop("headers", {"sec-fetch-site": "same-origin"})
    return client.post("/newsletter/", {"email": email, **fields}, headers=headers)


def test_a_reader_signs_up_with_one_field_and_is_thanked(client):
    response = sign_up(client)
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    assert Subscriber.objects.get().email == "reader@example.org"


def test_the_answer_is_the_same_for_an_address_that_is_known(client):
    first, second = sign_up(client), sign_up(client, "READER@example.org")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.org", "a\x00@example.org", "<script>@x"])
def test_what_is_no_address_gets_a_clear_message_and_keeps_what_was_typed(client, email):
    response = sign_up(client, email)
    assert response.status_code == 422
    assert not Subscriber.objects.exists()
    assert "<script>@x" not in response.content.decode()


def test_a_machine_that_fills_the_hidden_field_is_thanked_and_forgotten(client):
    assert sign_up(client, website="https://spam.example").status_code == 302
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
)
def test_another_site_cannot_sign_a_reader_up(client, headers):
    assert sign_up(client, headers=headers).status_code == 403
    assert not Subscriber.objects.exists()


def test_a_get_signs_nobody_up(client):
    client.get("/newsletter/?email=reader@example.org")
    assert not Subscriber.objects.exists()


def test_no_page_of_the_newsletter_sets_a_cookie(client):
    assert not client.get("/newsletter/").cookies
    assert not sign_up(client).cookies
