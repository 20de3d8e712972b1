import logging

import pytest

from magazine.logs import WithoutTokens


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Forbidden: /review/abc.DEF-1/", "Forbidden: /review/…/"),
        ("Gone: /preview/abc.DEF-1/?done=x", "Gone: /preview/…/?done=x"),
        ("Not Found: /coast/the-review/", "Not Found: /coast/the-review/"),
        ("Not Found: /review/", "Not Found: /review/"),
        ("Gone: /newsletter/confirm/eyJz:1x:Ab-_/", "Gone: /newsletter/confirm/…/"),
        ('"GET /newsletter/leave/AbC?x=1 HTTP/1.1" 200', '"GET /newsletter/leave/…?x=1 HTTP/1.1" 200'),
        ("/newsletter/not-me/a/ /newsletter/address/b/", "/newsletter/not-me/…/ /newsletter/address/…/"),
        ("Forbidden: /newsletter/preferences/a:b:c/?done=pause", "Forbidden: /newsletter/preferences/…/?done=pause"),
        ("Not Found: /newsletter/preferences/", "Not Found: /newsletter/preferences/"),
        (
            '"GET /admin/newsletter/subscriber/?q=a%40b.org HTTP/1.1" 200',
            '"GET /admin/newsletter/subscriber/?… HTTP/1.1" 200',
        ),
        (
            "Gone: /admin/newsletter/subscriber/1/change/?x=q%3Da@b.org",
            "Gone: /admin/newsletter/subscriber/1/change/?…",
        ),
        ("Not Found: /newsletter/issues/12/", "Not Found: /newsletter/issues/12/"),
    ],
)
def test_the_key_in_a_guests_address_is_not_logged(said, written):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s", (said,), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == written


@pytest.mark.parametrize(
    "name", ["", "django", "django.request", "django.server", "django.security.csrf", "newsletter"]
)
def test_whatever_writes_addresses_writes_them_without_keys(name):
    """runserver's own log too, and what Django says with DEBUG."""
    logger, handlers = logging.getLogger(name), []
    while logger:
        handlers += logger.handlers
        logger = logger.parent if logger.propagate else None
    console = [handler for handler in handlers if type(handler) is logging.StreamHandler]
    assert console
    assert all(any(isinstance(each, WithoutTokens) for each in handler.filters) for handler in console)
