"""What holds of every address with a token in it: looking changes nothing, nobody keeps it or learns of it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from newsletter import tokens
from newsletter.models import Said
from tests.newsletter.letterbox import (
    answer,
    confirm_link,
    every_row,
    leave_link,
    link,
    make_reader,
    preferences_link,
    wish,
)

pytestmark = pytest.mark.django_db


def confirm() -> str:
    return confirm_link()


def not_me() -> str:
    confirm_link()
    return link("not-me")


def address() -> str:
    wish(kind="address", email="new@example.org", subscriber=make_reader())
    answer()
    return link("address")


def leave() -> str:
    return leave_link(make_reader())


def preferences() -> str:
    return preferences_link(make_reader())


LINKS: dict[str, Callable[[], str]] = {
    "confirm": confirm,
    "not-me": not_me,
    "address": address,
    "leave": leave,
    "preferences": preferences,
}
"""By the first word of their paths."""
by_name = pytest.mark.parametrize("name", LINKS)


def token_of(path: str) -> str:
    return path.split("/")[3]


def test_every_address_with_a_token_is_looked_at():
    named = {
        str(pattern.pattern).partition("/")[0]
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "newsletter/"
        for pattern in resolver.url_patterns
        if "token" in pattern.pattern.converters
    }
    assert named == LINKS.keys()


@by_name
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(client, name, method):
    path = LINKS[name]()
    client.get("/newsletter/")  # rows that an empty site gets at first sight
    before = every_row()
    for query in ("", "?do=leave", "?do=erase_for_good", "?List-Unsubscribe=One-Click", "?done=pause"):
        getattr(client, method)(path + query)
    assert every_row() == before


@by_name
def test_nor_does_the_browser_that_signed_up_change_anything_by_looking(client, name):
    path = LINKS[name]()
    client.cookies["newsletter_sign_up"] = tokens.sign("seen", {"k": tokens.key_of("reader@example.org")})
    client.get("/newsletter/")
    before = every_row()
    client.get(path)
    client.head(path)
    assert every_row() == before


@by_name
@pytest.mark.parametrize("method", ["get", "post", "put"])
@pytest.mark.parametrize("open_still", [True, False], ids=["open", "closed"])
def test_nobody_keeps_the_page_lists_it_or_learns_its_address(client, name, method, open_still):
    path = LINKS[name]() if open_still else f"/newsletter/{name}/forged/"
    response = getattr(client, method)(path)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert token_of(path) not in response.content.decode() or name == "preferences"


@by_name
def test_another_site_cannot_press_the_button(client, name):
    path = LINKS[name]()
    client.get("/newsletter/")
    before = every_row()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        response = client.post(path, {"do": "leave"}, headers=headers)
        assert response.status_code == 403
        assert response["Referrer-Policy"] == "no-referrer"
        assert token_of(path) not in response.content.decode()
    assert every_row() == before


@by_name
def test_a_browser_that_hides_the_address_can(client, name):
    """With "no-referrer" some send "Origin: null" and nothing else."""
    response = client.post(LINKS[name](), {"do": "leave"}, headers={"origin": "null"})
    assert response.status_code == 200


@by_name
def test_a_token_opens_nothing_but_what_it_was_made_for(client, name):
    token = token_of(LINKS[name]())
    client.get("/newsletter/")
    before = every_row()
    for other in LINKS.keys() - {name}:
        path = f"/newsletter/{other}/{token}/"
        response = client.post(path, {"do": "erase_for_good"}, headers={"sec-fetch-site": "same-origin"})
        assert response.status_code == (200 if other == "leave" else 410)
    assert every_row() == before


@by_name
def test_a_token_that_is_none_is_no_error(client, name):
    make_reader()
    client.get("/newsletter/")
    before = every_row()
    for token in ("x", "%00", "a:b:c", "é", "B" * 48, "B" * 4000, "..%2F", ":::", "%F0%9F%98%80"):
        for method in (client.get, client.post):
            assert method(f"/newsletter/{name}/{token}/").status_code in {200, 404, 410}
    assert every_row() == before


@by_name
def test_no_cookie_and_no_login_is_needed(name):
    response = Client(enforce_csrf_checks=True).post(LINKS[name](), {"do": "leave"})
    assert response.status_code == 200
    assert not {cookie.key for cookie in response.cookies.values()} - {"newsletter_sign_up"}


@by_name
def test_the_token_stays_out_of_the_log(client, name, capsys):
    path = LINKS[name]()
    forged = path.replace(token_of(path), f"{token_of(path)[:-2]}zz")
    client.post(forged, headers={"sec-fetch-site": "cross-site"})
    client.put(path)
    written = "".join(capsys.readouterr())
    assert token_of(path)[:20] not in written


@by_name
def test_the_link_of_a_reader_who_was_erased_meanwhile_is_no_error(client, name):
    path = LINKS[name]()
    reader = make_reader()
    reader.erase(timezone.now(), Said())
    assert client.get(path).status_code in {200, 410}
    assert client.post(path, {"do": "pause"}).status_code in {200, 410}


def test_the_pages_are_told_apart_by_their_headings(client):
    paths = [confirm(), link("not-me"), leave(), preferences()]
    headings = {re.search(r"<h1>(.*?)</h1>", client.get(path).content.decode())[1] for path in paths}
    assert len(headings) == len(paths)
