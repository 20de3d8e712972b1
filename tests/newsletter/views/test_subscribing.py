import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Magazine
from newsletter import boxes, traps
from newsletter.models import Consent, SignUp, Subscriber
from tests.factories import make_article
from tests.newsletter.letterbox import ADDRESS, HERE, STATES, answer, make_reader, sign_up, words

pytestmark = pytest.mark.django_db

FETCH = {**HERE, "x-requested-with": "fetch"}


def stamp_in(response) -> str:
    return re.search(r'name="stamp" value="([^"]*)"', response.content.decode())[1]


# ---------------------------------------------------------------- signing up


def test_a_reader_signs_up_with_one_field_and_is_thanked(client):
    response = sign_up(client)
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    assert SignUp.objects.get().email == ADDRESS


def test_the_form_on_every_page_can_be_sent_as_it_stands(client):
    make_article()
    stamp = stamp_in(client.get("/"))
    assert sign_up(client, stamp=stamp).status_code == 302


def test_the_wish_says_on_which_page_in_which_words_and_from_where(client):
    magazine = Magazine.objects.current()
    magazine.newsletter_blurb = "On Fridays, the week.\nNothing else."
    magazine.save()
    sign_up(client, network="2001:db8::7", headers={**HERE, "referer": "http://testserver/coast/salt/?page=2"})
    wish = SignUp.objects.get()
    assert (wish.page, wish.network) == ("/coast/salt/", "2001:db8::7")
    lines = wish.wording.text.splitlines()
    assert lines[:3] == ["The newsletter", "On Fridays, the week.", "Nothing else."]
    assert "Sign up" in lines


def test_the_words_that_are_recorded_are_those_on_the_page(client):
    magazine = Magazine.objects.current()
    magazine.newsletter_blurb = "On Fridays, the week."
    magazine.save()
    make_article()
    for address in ("/", "/newsletter/"):
        page = client.get(address).content.decode()
        assert all(line in page for line in boxes.words(magazine).splitlines())


@pytest.mark.parametrize("referer", ["http://[", "https://elsewhere.example/coast/", "http://testserver/\x00", ""])
def test_a_page_that_is_not_ours_is_not_noted(client, referer):
    sign_up(client, headers={**HERE, "referer": referer})
    assert SignUp.objects.get().page == ""


@pytest.mark.parametrize(
    "email",
    [
        *("", "nobody", "a@b", "x" * 300 + "@example.org", "a\x00@example.org", "<script>@x", "a@localhost"),
        *("a@[127.0.0.1]", "a@example.org\r\nBcc: b@example.org", '"a\x0b"@example.org', "a@example.org,b@example.org"),
        *("a@exa mple.org", "@", "a@.org", "a@@example.org", "a@example.org\n", "＠"),
    ],
)
def test_what_is_no_address_gets_a_clear_message_and_keeps_what_was_typed(client, email):
    response = sign_up(client, email)
    assert response.status_code == (302 if email.strip() == "a@example.org" else 422)
    assert "<script>@x" not in response.content.decode()
    assert not SignUp.objects.exclude(email="a@example.org").exists()


@pytest.mark.parametrize(
    "email", ["leser@bücher.example", "reader@xn--bcher-kva.example", "читатель@пример.рф", "a@例え.jp"]
)
def test_domains_in_any_script_are_taken_and_other_letters_before_the_at_are_kindly_refused(client, email):
    response = sign_up(client, email)
    if email.startswith("читатель"):
        assert response.status_code == 422
        assert "such letters before the @" in response.content.decode()
    else:
        assert response.status_code == 302
        assert answer() == 1
        assert mail.outbox[0].message()["To"].isascii()


@pytest.mark.parametrize("email", ["a@straße.example", "a@\u03c3\u03af\u03c2.example", "a@ex\u200dample.org"])
def test_a_domain_that_two_standards_read_differently_gets_no_mail(client, email):
    assert sign_up(client, email).status_code == 422


# ---------------------------------------------------------------- machines, other sites, floods


def test_a_machine_that_fills_the_hidden_field_is_thanked_and_forgotten(client):
    honest = sign_up(client)
    SignUp.objects.all().delete()
    for fields in ({}, {"stamp": ""}, {"email": "nonsense"}):
        response = sign_up(client, **{"website": "https://spam.example", **fields})
        assert (response.status_code, response["Location"]) == (honest.status_code, honest["Location"])
        assert response.cookies.keys() == honest.cookies.keys()
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("stamp", ["", "nonsense", "\x00", "m0.0.0"])
def test_a_machine_that_did_not_fetch_the_form_is_asked_to_press_once_more(client, stamp):
    response = sign_up(client, stamp=stamp)
    assert response.status_code == 422
    assert "press the button once more" in response.content.decode()
    assert f'value="{ADDRESS}"' in response.content.decode()
    assert not SignUp.objects.exists()


def test_a_reader_who_is_merely_quick_is_not_lost(client):
    response = sign_up(client, stamp=stamp_in(client.get("/newsletter/")))
    assert response.status_code == 422
    slower = traps.stamp(timezone.now() - timedelta(seconds=2), words())
    assert sign_up(client, stamp=slower).status_code == 302


def test_in_place_the_answer_brings_the_stamp_with_which_the_script_sends_it_again(client):
    response = sign_up(client, stamp=stamp_in(client.get("/newsletter/")), headers=FETCH)
    assert response.status_code == 422
    assert 'data-wait="1000"' in response.content.decode()
    assert traps.fault(stamp_in(response), timezone.now() + timedelta(seconds=2), words()) is None


def test_whoever_saw_other_words_is_shown_the_new_ones_before_they_agree(client):
    old = traps.week_stamp(timezone.now(), words())
    magazine = Magazine.objects.current()
    magazine.newsletter_blurb = "Every day now."
    magazine.save()
    response = sign_up(client, stamp=old)
    assert response.status_code == 422
    assert "Every day now." in response.content.decode()
    assert sign_up(client, stamp=old, headers=FETCH).status_code == 409
    assert not SignUp.objects.exists()


def test_in_a_wave_the_form_of_a_kept_page_comes_back_once_with_an_exact_stamp(client, settings):
    settings.SIGN_UPS_AN_HOUR = 0
    sign_up(client, "first@example.org")
    assert sign_up(client).status_code == 422
    slower = traps.stamp(timezone.now() - timedelta(seconds=2), words())
    assert sign_up(client, stamp=slower).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
)
@pytest.mark.parametrize("address", ["/newsletter/", "/newsletter/preferences/"])
def test_another_site_cannot_sign_a_reader_up(client, headers, address):
    assert sign_up(client, address=address, headers=headers).status_code == 403
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "none"}])
def test_a_browser_that_says_less_can_sign_up(client, headers):
    assert sign_up(client, headers=headers).status_code == 302


def test_a_get_signs_nobody_up(client):
    client.get(f"/newsletter/?email={ADDRESS}")
    client.get(f"/newsletter/preferences/?email={ADDRESS}")
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("headers", [HERE, FETCH])
def test_the_sixth_of_a_network_is_told_clearly_to_come_later(client, headers):
    for number in range(5):
        assert sign_up(client, f"{number}@example.org", headers=headers).status_code in {200, 302}
    response = sign_up(client, headers=headers)
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "again in an hour" in response.content.decode()
    assert not response.cookies
    assert sign_up(client, network="203.0.113.8", headers=headers).status_code in {200, 302}


def test_an_address_that_was_mailed_already_is_thanked_the_same(client):
    first = sign_up(client)
    answer()
    second = sign_up(client)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert answer() == 0


def test_when_readers_seem_to_come_from_our_own_house_the_operator_is_told(client, caplog):
    for number in range(6):
        sign_up(client, f"{number}@example.org", network="127.0.0.1")
    assert "TRUSTED_PROXIES is too low" in caplog.text
    assert "example.org" not in caplog.text


# ---------------------------------------------------------------- nobody learns who is a reader


def shape(queries: CaptureQueriesContext) -> list[str]:
    """Each query without its values."""
    return [re.sub(r"'[^']*'|\b\d+\b", "…", each["sql"]) for each in queries]


def seen(client, address: str, headers: dict[str, str]):
    with CaptureQueriesContext(connection) as queries:
        response = sign_up(client, address=address, headers=headers)
    told = {name: value for name, value in response.headers.items() if name != "Date"}
    cookies = {name: {**cookie, "value": len(cookie.value), "expires": ""} for name, cookie in response.cookies.items()}
    return response.status_code, told, cookies, response.content, shape(queries)


@pytest.mark.parametrize("headers", [HERE, FETCH], ids=["form", "in place"])
@pytest.mark.parametrize("address", ["/newsletter/", "/newsletter/preferences/"])
@pytest.mark.parametrize("state", STATES)
def test_whatever_an_address_is_the_answer_and_the_work_are_the_same(client, state, address, headers):
    sign_up(client, "warm@example.org")
    sign_up(client, "warm@example.org", address="/newsletter/preferences/")
    nobody = seen(client, address, headers)
    SignUp.objects.all().delete()
    sign_up(client, "warm@example.org")
    sign_up(client, "warm@example.org", address="/newsletter/preferences/")
    make_reader(state=state)
    assert seen(client, address, headers) == nobody


@pytest.mark.parametrize("state", STATES)
def test_nor_does_the_page_that_takes_it_look_at_readers_at_all(client, state):
    make_reader(state=state)
    with CaptureQueriesContext(connection) as queries:
        sign_up(client)
    asked = " ".join(each["sql"] for each in queries)
    for model in (Subscriber, Consent):
        assert model._meta.db_table + '"' not in asked
    assert "newsletter_suppression" not in asked


@pytest.mark.parametrize("state", STATES)
def test_nor_does_a_limit_tell_it(client, state):
    make_reader(state=state)
    for number in range(5):
        sign_up(client, f"{number}@example.org")
    known, unknown = sign_up(client), sign_up(client, "nobody@example.org")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (429, known.content)


# ---------------------------------------------------------------- cookies, caches


@pytest.mark.parametrize("address", ["/", "/newsletter/", "/newsletter/thanks/", "/newsletter/preferences/"])
def test_no_page_sets_a_cookie(client, address):
    make_article()
    assert not client.get(address).cookies


def test_a_sign_up_leaves_one_short_lived_cookie_that_no_script_and_no_other_page_sees(client):
    (cookie,) = sign_up(client).cookies.values()
    assert cookie.key == "newsletter_sign_up"
    assert cookie["path"] == "/newsletter/"
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 24 * 3600)
    assert ADDRESS not in cookie.value


def test_over_tls_the_cookie_stays_there(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert sign_up(client).cookies["newsletter_sign_up"]["secure"] is True


def test_asking_for_the_preferences_leaves_no_cookie(client):
    assert not sign_up(client, address="/newsletter/preferences/").cookies


def test_no_cache_keeps_the_form_with_the_exact_time(client):
    assert client.get("/newsletter/")["Cache-Control"] == "no-store"


def test_the_stamp_changes_no_etag_while_the_week_lasts(client):
    make_article()
    first = client.get("/")["ETag"]
    assert client.get("/")["ETag"] == first
    assert client.get("/", headers={"if-none-match": first}).status_code == 304
