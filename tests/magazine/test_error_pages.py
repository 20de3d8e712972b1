"""Pages for errors: whole pages where the site stands, plain ones where nothing can be relied on."""

import pytest
from django.template.loader import render_to_string


@pytest.mark.django_db
def test_a_missing_page_offers_the_search(client):
    response = client.get("/nowhere/at-all/")
    assert response.status_code == 404
    assert 'role="search"' in response.text
    assert 'content="noindex"' in response.text


@pytest.mark.django_db
def test_a_form_sent_from_elsewhere_is_refused_on_a_page_of_ours(client):
    response = client.post("/newsletter/", {"email": "a@example.org"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "That is not allowed" in response.text


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_where_something_broke_the_page_needs_neither_database_nor_request(name):
    assert "<h1>" in render_to_string(name)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/latest/", "/authors/", "/search/", "/search/?q=nothing", "/newsletter/"])
def test_an_empty_site_has_pages_already(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert "<h1" in response.text
