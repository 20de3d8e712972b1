"""The suite runs on both databases, or says that it did not."""

import pytest
from django.db import connection

from tests import postgres
from tests.settings import TEST_DATABASE


@pytest.mark.django_db
def test_this_run_is_on_the_database_it_was_asked_for():
    assert connection.vendor == TEST_DATABASE


@pytest.mark.needs("postgresql")
def test_a_postgresql_that_we_support_is_installed():
    assert postgres.version(postgres.binaries()) >= postgres.OLDEST


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_throw_away_server_knows_letters_beyond_ascii():
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper('ärlig'), version()")
        assert cursor.fetchone()[0] == "ÄRLIG"
