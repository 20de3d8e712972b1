from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Magazine
from magazine import environment
from tests.factories import NOON, make_article, make_user

pytestmark = pytest.mark.django_db


def text(client, path="/") -> str:
    return client.get(path).content.decode()


def test_a_kept_page_costs_one_query_and_is_the_same(client, django_assert_num_queries):
    make_article()
    first = text(client)
    with django_assert_num_queries(1):
        assert text(client) == first


def test_a_change_is_seen_at_once(client):
    article = make_article(headline="Before")
    assert "Before" in text(client)
    article.headline = "After"
    article.save()
    assert "After" in text(client)


def test_no_kept_page_outlives_the_next_scheduled_change(client):
    with time_machine.travel(NOON, tick=False) as clock:
        make_article(headline="Due soon", published_at=NOON + timedelta(seconds=90))
        assert "Due soon" not in text(client)
        clock.shift(89)
        assert "Due soon" not in text(client)
        clock.shift(1)
        assert "Due soon" in text(client)


def test_a_reader_who_has_the_page_is_told_so_and_sent_nothing(client):
    make_article()
    tag = client.get("/")["ETag"]
    answer = client.get("/", headers={"if-none-match": tag})
    assert answer.status_code == 304
    assert answer.content == b""
    magazine = Magazine.objects.current()
    magazine.tagline = "New"
    magazine.save()
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200


def test_what_staff_see_is_never_kept_nor_shown_to_others(client):
    make_article()
    user = make_user()
    client.force_login(user)
    response = client.get("/")
    assert response["Cache-Control"] == "private, no-store"
    client.logout()
    client.cookies.clear()
    assert "/admin/" not in text(client)


def test_odd_queries_do_not_fill_the_cache(client, django_assert_max_num_queries, settings):
    make_article()
    for number in range(3):
        client.get(f"/latest/?junk={number}")
    with django_assert_max_num_queries(10) as queries:
        client.get("/latest/?junk=0")
    assert len(queries) > 1


@pytest.mark.parametrize("query", ["page=2", "page=0001", "page=99"])
def test_numbers_of_pages_there_are_not_do_not_fill_the_cache(client, query):
    article = make_article()
    for path in (article.get_absolute_url(), "/latest/"):
        with CaptureQueriesContext(connection) as first:
            client.get(f"{path}?{query}")
        with CaptureQueriesContext(connection) as second:
            client.get(f"{path}?{query}")
        assert len(second) > 1, (path, len(first))


def test_the_day_on_the_front_page_is_todays_after_midnight(client):
    with time_machine.travel(NOON.replace(hour=23, minute=59), tick=False) as clock:
        make_article()
        assert "1 June 2026" in text(client)
        clock.shift(120)
        assert "2 June 2026" in text(client)


def test_what_staff_look_for_and_see_is_private(client):
    client.force_login(make_user())
    for path in ("/search/?q=x&at=2030-01-01", "/newsletter/", "/"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


def test_a_kept_page_is_shown_under_the_sites_own_names_only(client, settings):
    make_article()
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_a_page_that_is_not_there_is_not_kept(client):
    assert client.get("/coast/soon/").status_code == 404
    article = make_article(slug="soon")
    assert client.get(article.get_absolute_url()).status_code == 200


def test_a_cache_that_cannot_be_reached_costs_time_and_no_page(client, settings, caplog):
    article = make_article()
    settings.CACHES = {"default": environment.cache("redis://127.0.0.1:1/0?socket_connect_timeout=1")}
    assert client.get(article.get_absolute_url()).status_code == 200
    assert "cannot be reached" in caplog.text
