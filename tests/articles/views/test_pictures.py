"""Renditions on first request."""

import io

import pytest
from PIL import Image

from articles import making
from articles.models import Picture
from tests.factories import make_article, make_picture, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]


def address(picture: Picture, name: str = "3x2-64.webp", key: str = "") -> str:
    return f"/pictures/{picture.pk}/{key or picture.key}/{name}"


def test_it_is_made_kept_and_answered_for_a_year(client, storage):
    picture = make_picture()
    answer = client.get(address(picture))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies
    assert Image.open(io.BytesIO(answer.content)).size == (64, 43)
    with storage.open(f"{picture.folder}3x2-64.webp") as file:
        assert file.read() == answer.content


def test_what_pages_name_can_be_fetched(client):
    article = make_article(lead_picture=make_picture())
    picture = article.lead_picture
    page = client.get(article.get_absolute_url()).content.decode()
    assert address(picture) in page
    made = {name for name in picture.renditions() if address(picture, name) in page}
    assert all(client.get(address(picture, name)).status_code == 200 for name in made)


def test_somebody_with_a_login_may_keep_it_too(client):
    client.force_login(make_user())
    assert client.get(address(make_picture()))["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["3x2-65.webp", "3x2-64.gif", "x", "5x4-64.webp", "%00", "a" * 3000, "..%2F..%2Fx"])
def test_nobody_can_have_another_one_made(client, name, storage):
    picture = make_picture()
    assert client.get(address(picture, name)).status_code == 404
    assert making.names_in(storage, picture.folder) == set()


@pytest.mark.parametrize("key", ["x", "0" * 32, "é" * 32, "%00"])
def test_without_the_key_there_is_nothing(client, key):
    assert client.get(address(make_picture(), key=key)).status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 40, "x", "-1"])
def test_without_a_picture_there_is_nothing(client, number):
    assert client.get(f"/pictures/{number}/{'0' * 32}/3x2-64.webp").status_code == 404


def test_the_key_before_a_change_opens_nothing(client):
    picture = make_picture()
    old = picture.key
    Picture.objects.update(focal_x=3)
    assert client.get(address(picture, key=old)).status_code == 404


def test_an_original_that_is_gone_is_no_error(client, storage):
    picture = make_picture()
    storage.delete(picture.file.name)
    assert client.get(address(picture)).status_code == 404


def test_while_the_machine_is_busy_the_original_stands_in_for_once(client, monkeypatch):
    def busy(*_args):
        raise making.Busy

    picture = make_picture()
    monkeypatch.setattr(making, "content_of", busy)
    answer = client.get(address(picture))
    assert (answer.status_code, answer["Location"]) == (302, picture.file.url)
    assert answer["Cache-Control"] == "no-store"


def test_it_takes_no_post(client):
    assert client.post(address(make_picture())).status_code == 405
