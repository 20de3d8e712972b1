import pytest

from tests.factories import make_user


@pytest.fixture
def desk(client, db):
    """The client of somebody who may do everything."""
    client.force_login(make_user(username="chief"))
    return client
