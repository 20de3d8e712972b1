import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsletter import tokens
from newsletter.models import Consent
from tests.newsletter.letterbox import HERE, STATES, deeds, every_row, leave_link, make_reader, shut, state_of

pytestmark = pytest.mark.django_db

FORGED = [f"/newsletter/leave/{token}/" for token in ("x", "B" * 48, "B" * 3000, tokens.INERT, tokens.LEAVE_HERE)]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def one_click(path: str, **headers):
    """As a mail program's server does it: no cookie, no page of ours, no login."""
    return Client(enforce_csrf_checks=True).post(path, ONE_CLICK, headers=headers)


def test_by_one_click_a_reader_is_out_at_once():
    response = one_click(leave_link(make_reader(), issue=12))
    assert response.status_code == 200
    assert (state_of(), shut()) == ("unsubscribed", "unsubscribed")
    assert not response.cookies
    assert "Location" not in response


@pytest.mark.parametrize(
    "headers", [{"origin": "https://mail.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_from_wherever_it_comes(headers):
    assert one_click(leave_link(make_reader()), **headers).status_code == 200
    assert state_of() == "unsubscribed"


def test_as_both_kinds_of_form(client):
    path = leave_link(make_reader())
    response = client.post(
        path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded", headers={"origin": "null"}
    )
    assert (response.status_code, state_of()) == (200, "unsubscribed")


@pytest.mark.parametrize("state", STATES)
def test_the_answer_is_the_same_for_any_token(state):
    make_reader(state=state)
    true = one_click(f"/newsletter/leave/{tokens.leave(tokens.key_of('reader@example.org'))}/")
    for path in FORGED:
        forged = one_click(path)
        assert (true.status_code, true.content) == (forged.status_code, forged.content) == (200, true.content)
        told = [{name: value for name, value in each.headers.items() if name != "Date"} for each in (true, forged)]
        assert told[0] == told[1]


def test_and_so_is_the_page_with_the_button_which_asks_no_table_of_readers(client):
    true, forged = leave_link(make_reader()), FORGED[1]
    client.get(forged)
    with CaptureQueriesContext(connection) as queries:
        pages = {client.get(path).content for path in (true, forged)}
    assert len(pages) == 1
    asked = " ".join(each["sql"] for each in queries)
    assert not [model for model in apps.get_app_config("newsletter").get_models() if model._meta.db_table in asked]


def test_a_forged_token_changes_nothing(client):
    make_reader()
    client.get("/newsletter/")
    before = every_row()
    for path in FORGED:
        one_click(path)
        client.post(path, headers=HERE)
    assert every_row() == before


def test_by_the_button_a_reader_is_out_and_can_come_back(client):
    path = leave_link(make_reader())
    page = client.get(path)
    assert page.content.decode().count('<button type="submit">') == 1
    assert state_of() == "active"
    response = client.post(path, headers=HERE)
    assert response.status_code == 200
    assert state_of() == "unsubscribed"
    assert 'name="email"' in response.content.decode()


def test_again_it_says_the_same(client):
    path = leave_link(make_reader())
    first, second = (client.post(path, headers=HERE) for _time in range(2))
    assert first.status_code == second.status_code == 200
    assert deeds() == ["confirmed", "left"]


def test_the_record_says_how_and_from_where():
    Client().post(leave_link(make_reader()), ONE_CLICK, REMOTE_ADDR="192.0.2.1")
    entry = Consent.objects.last()
    assert (entry.deed, entry.page, entry.network, entry.note) == (
        "left",
        "/newsletter/leave/",
        "192.0.2.1",
        "one-click",
    )
    assert entry.token


@pytest.mark.parametrize("token", [tokens.INERT, tokens.LEAVE_HERE])
def test_the_link_of_a_test_says_what_it_is(client, token):
    path = f"/newsletter/leave/{token}/"
    for response in (client.get(path), client.post(path, headers=HERE)):
        assert response.status_code == 200
        assert "This is a test link" in response.content.decode()
