import pytest
from django.core.exceptions import ImproperlyConfigured

from magazine import environment
from newsletter import tokens


def env(**variables: str) -> environment.Environment:
    return environment.Environment(variables)


def test_production_has_no_default_secret(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.secret_key(env(), debug=False, keep_in=tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_a_laptop_makes_its_secret_once_for_its_owner_alone(tmp_path):
    file = tmp_path / "var" / "key"
    first = environment.secret_key(env(), debug=True, keep_in=file)
    assert len(first) > 50
    assert environment.secret_key(env(), debug=True, keep_in=file) == first
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("text", "value"), [("1", True), ("true", True), ("no", False), ("", False), ("OFF", False)])
def test_flags_are_read(text, value):
    assert env(DEBUG=text).flag("DEBUG") is value


def test_a_value_that_cannot_be_read_is_named():
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        env(DEBUG="perhaps").flag("DEBUG")
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        env(TRUSTED_PROXIES="-1").number("TRUSTED_PROXIES", 0)


def test_words_are_separated_by_commas():
    assert env(ALLOWED_HOSTS=" a.example, b.example,").words("ALLOWED_HOSTS") == ["a.example", "b.example"]
    assert env().words("ALLOWED_HOSTS", ["localhost"]) == ["localhost"]


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("locmem://", "locmem.LocMemCache"),
        ("db://pages", "db.DatabaseCache"),
        ("redis://127.0.0.1:6379/1", "redis.RedisCache"),
        ("dummy://", "dummy.DummyCache"),
    ],
)
def test_each_cache_has_an_address(url, backend):
    assert environment.cache(url)["BACKEND"].endswith(backend)


def test_mail_goes_where_the_address_says():
    assert environment.email("console:")["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert environment.email("file:///srv/mail")["EMAIL_FILE_PATH"] == "/srv/mail"
    smtp = environment.email("smtp://me%40x.example:p%2Fw@relay.example")
    assert (smtp["EMAIL_HOST"], smtp["EMAIL_PORT"], smtp["EMAIL_USE_TLS"]) == ("relay.example", 587, True)
    assert (smtp["EMAIL_HOST_USER"], smtp["EMAIL_HOST_PASSWORD"]) == ("me@x.example", "p/w")
    assert environment.email("smtp://relay.example:25?tls=0")["EMAIL_USE_TLS"] is False
    assert environment.email("smtps://relay.example")["EMAIL_USE_SSL"] is True


def test_a_mail_service_is_named_as_anymail_knows_it():
    pytest.importorskip("anymail")
    assert environment.email("anymail+postmark:")["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
    assert environment.email("anymail+amazon-ses:")["EMAIL_BACKEND"] == "anymail.backends.amazon_ses.EmailBackend"
    for unknown in ("anymail+nobody:", "anymail+:", "anymail+..os:"):
        with pytest.raises(ImproperlyConfigured):
            environment.email(unknown)


def test_without_anymail_a_mail_service_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(environment, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match="not installed"):
        environment.email("anymail+postmark:")


def test_what_anymail_needs_comes_from_the_environment():
    found = environment.anymail(env(ANYMAIL_POSTMARK_SERVER_TOKEN="t", ANYMAIL_WEBHOOK_SECRET="me:s", OTHER="x"))
    assert found == {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": "me:s"}
    assert environment.anymail(env()) == {}
    for secret in ("short", ":s", "me:"):
        with pytest.raises(ImproperlyConfigured, match="ANYMAIL_WEBHOOK_SECRET"):
            environment.anymail(env(ANYMAIL_WEBHOOK_SECRET=secret))


def test_the_mailbox_of_bounces_has_an_address():
    assert environment.inbox("") == {}
    assert environment.inbox("maildir:///srv/my%20mail") == {"PATH": "/srv/my mail"}
    assert environment.inbox("imaps://me%40x.example:p%2Fw@imap.example/Bounces") == {
        "HOST": "imap.example",
        "PORT": 993,
        "USER": "me@x.example",
        "PASSWORD": "p/w",
        "FOLDER": "Bounces",
    }
    for wrong in ("maildir://", "imap://me@imap.example", "imaps://imap.example", "imaps://me@x:port/"):
        with pytest.raises(ImproperlyConfigured, match="BOUNCE_INBOX"):
            environment.inbox(wrong)


def test_envelope_addresses_are_in_small_letters_and_fit_whatever_domain_is_given():
    assert environment.bounce_domain("") == ""
    assert environment.bounce_domain("Bounces.Magazine.example.") == "bounces.magazine.example"
    longest = environment.bounce_domain(f"{'b' * 27}.example")
    assert len(tokens.verp(2**63 - 1, longest)) == 64
    for wrong in (
        f"{'b' * 28}.example",
        "magazine",
        "a b.example",
        "a.example\r\nX: y",
        "me@magazine.example",
        "ü.example",
    ):
        with pytest.raises(ImproperlyConfigured, match="BOUNCE_DOMAIN"):
            environment.bounce_domain(wrong)


@pytest.mark.parametrize("read", [environment.cache, environment.email])
def test_an_address_of_an_unknown_kind_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match="begins with"):
        read("ftp://somewhere")
