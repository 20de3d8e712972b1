from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory

from articles.models import Magazine
from magazine.middleware import TrustedProxies, read_instant
from tests.factories import NOON, make_article, make_user

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Lisbon")


@time_machine.travel(NOON, tick=False)
def test_staff_see_the_site_as_it_will_be_and_are_told_so(client):
    make_article(headline="Tomorrow’s piece", published_at=NOON + timedelta(days=1))
    client.force_login(make_user())

    assert "Tomorrow’s piece" not in client.get("/").content.decode()
    page = client.get("/?at=2026-06-03T09:00").content.decode()
    assert "Tomorrow’s piece" in page
    assert "3 June 2026" in page


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("staff", [None, False])
def test_nobody_else_sees_ahead_and_no_cookie_is_set(client, staff):
    article = make_article(headline="Tomorrow’s piece", published_at=NOON + timedelta(days=1))
    if staff is not None:
        client.force_login(make_user(staff=staff, superuser=False))

    for path in ("/", "/latest/", "/feed/", "/search/?q=tomorrow&", article.section.get_absolute_url()):
        response = client.get(f"{path}{'' if '?' in path else '?'}at=2026-06-03T09:00")
        assert response.status_code == 200
        assert "Tomorrow’s piece" not in response.content.decode()
        assert not response.cookies
    assert client.get(article.get_absolute_url() + "?at=2026-06-03T09:00").status_code == 404


@pytest.mark.parametrize(
    "junk",
    ["", "tomorrow", "2026-13-45", "9999-99-99T99:99", "0001-01-01", "\x00", "9999-12-31T23:59", "0001-01-01T00:00"],
)
def test_a_date_nobody_can_read_is_no_error(client, junk):
    client.force_login(make_user())
    assert client.get("/", {"at": junk}).status_code == 200


def test_an_instant_is_read_in_the_magazines_zone():
    assert read_instant("2026-07-01T09:00", ZONE).isoformat() == "2026-07-01T09:00:00+01:00"
    assert read_instant("2026-12-01", ZONE).isoformat() == "2026-12-01T00:00:00+00:00"
    assert read_instant("2026-07-01T09:00:00Z", ZONE).isoformat() == "2026-07-01T10:00:00+01:00"
    assert read_instant("soon", ZONE) is None


def address_seen(settings, proxies: int, forwarded: str) -> str:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1")
    TrustedProxies(lambda _request: HttpResponse())(request)
    return request.META["REMOTE_ADDR"]


def test_only_the_entries_our_own_proxies_wrote_are_believed(settings):
    assert address_seen(settings, 0, "6.6.6.6") == "10.0.0.1"
    assert address_seen(settings, 1, "6.6.6.6, 198.51.100.7") == "198.51.100.7"
    assert address_seen(settings, 2, "6.6.6.6, 198.51.100.7, 10.0.0.9") == "198.51.100.7"
    assert address_seen(settings, 2, "198.51.100.7") == "10.0.0.1"


def test_the_language_direction_and_zone_are_the_magazines_own(client):
    magazine = Magazine.objects.current()
    magazine.language, magazine.time_zone = "ar", "Pacific/Auckland"
    magazine.save()
    article = make_article(headline="عنوان", published_at=NOON)

    page = client.get(article.get_absolute_url()).content.decode()
    assert 'lang="ar" dir="rtl"' in page
    assert "2026-06-02T00:00:00+12:00" in page


def test_reader_pages_carry_the_headers_of_safety_and_no_cookie(client):
    response = client.get("/")
    policy = response["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not response.cookies


def directives(response) -> dict[str, set[str]]:
    each = (directive.split() for directive in response["Content-Security-Policy"].split(";") if directive.strip())
    return {name: set(sources) for name, *sources in each}


def test_frames_come_only_from_the_hosts_of_the_table_and_never_to_the_admin(client):
    assert directives(client.get("/"))["frame-src"] == {
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
        "https://platform.twitter.com",
        "https://embed.bsky.app",
        "https://datawrapper.dwcdn.net",
        "https://w.soundcloud.com",
        "https://mastodon.social",
    }
    assert directives(client.get("/admin/login/"))["frame-src"] == {"'none'"}


def test_the_admins_policy_allows_a_nonce_and_still_nothing_unsafe(client):
    policy = client.get("/admin/login/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
