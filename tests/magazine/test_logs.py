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
    ],
)
def test_the_key_in_a_guests_address_is_not_logged(said, written):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "%s", (said,), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == written
