import pytest

from articles.models import Magazine
from tests.factories import make_user


@pytest.fixture
def desk(client, db):
    """The client of somebody who may do everything."""
    client.force_login(make_user(username="chief"))
    return client


@pytest.fixture
def magazine(db):
    """A magazine that may send: it has a postal address."""
    Magazine.objects.current()
    Magazine.objects.filter(pk=1).update(postal_address="1 Quay Road")
    return Magazine.objects.get(pk=1)
