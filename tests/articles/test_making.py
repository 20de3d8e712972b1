"""Renditions as they come out, and that each is made once."""

import io
import threading

import pytest
from django.db import connection
from PIL import Image

from articles import locks, making, pictures
from articles.models import Edition, Picture
from tests.articles import pictures_folder
from tests.articles.pictures_folder import FIELDS, encoded, scene
from tests.articles.test_pictures import expected_colours, field_colours
from tests.factories import NOON, make_picture

pytestmark = pytest.mark.usefixtures("storage")
GOOD = pictures_folder.good_pictures()
FORMATS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG", "png": "PNG"}


def stored_picture(content: bytes, **fields) -> Picture:
    picture = Picture(alt="Four fields", credit="Ann", **fields)
    picture.accept(pictures.take_in(io.BytesIO(content)))
    picture.save()
    return picture


def rendition(picture: Picture, name: str) -> Image.Image:
    image = Image.open(io.BytesIO(making.content_of(picture, picture.renditions()[name])))
    image.load()
    return image


def close(one, other, by: int = 40) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=False))


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in GOOD if name != "tiny.png"])
def test_every_kind_of_original_comes_out_right_in_every_format(name):
    picture = stored_picture(GOOD[name])
    for each in picture.renditions().values():
        if each.crop != "whole":
            continue
        image = rendition(picture, each.name)
        assert (image.format, image.size) == (FORMATS[each.suffix], (each.width, each.height))
        expected = expected_colours(name)
        assert all(close(a, b) for a, b in zip(field_colours(image), expected, strict=False)), each.name
        if name.startswith("clear") and each.suffix != "jpg":
            assert field_colours(image)[3][3] < 20
        assert not dict(image.getexif())
        assert not {"icc_profile", "xmp", "comment"} & {key for key, value in image.info.items() if value}


def test_png_stands_in_where_one_can_see_through():
    clear = Image.new("RGBA", (64, 48))
    assert pictures.take_in(io.BytesIO(encoded(clear, "PNG"))).transparent
    assert not pictures.take_in(io.BytesIO(encoded(scene(), "PNG"))).transparent


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("focal", "fields"), [((0, 0), FIELDS[0]), ((100, 0), FIELDS[1]), ((0, 100), FIELDS[2]), ((100, 100), FIELDS[3])]
)
def test_crops_follow_the_focal_point(focal, fields):
    wide, tall = (encoded(scene(size), "PNG") for size in ((480, 160), (160, 480)))
    across = rendition(stored_picture(wide, focal_x=focal[0], focal_y=focal[1]), "1x1-160.webp")
    assert across.size == (160, 160)
    middle_of_row = 40 if focal[1] == 0 else 120
    assert close(across.convert("RGB").getpixel((80, middle_of_row)), fields)
    down = rendition(stored_picture(tall, focal_x=focal[0], focal_y=focal[1]), "1x1-160.webp")
    middle_of_column = 40 if focal[0] == 0 else 120
    assert close(down.convert("RGB").getpixel((middle_of_column, 80)), fields)


@pytest.mark.django_db
def test_the_focal_point_is_in_the_middle_where_there_is_room():
    picture = Picture(width=1000, height=100, focal_x=30, focal_y=50)
    assert making.box_of(picture, "1x1") == (250, 0, 350, 100)


@pytest.mark.django_db
def test_a_rendition_is_made_once_and_then_read(monkeypatch):
    picture = make_picture()
    first = making.content_of(picture, picture.renditions()["3x2-64.webp"])
    monkeypatch.setattr(making, "make", None)
    assert making.content_of(picture, picture.renditions()["3x2-64.webp"]) == first


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_makes_it_and_all_have_it(monkeypatch):
    picture = make_picture()
    wanted, encoding, asked, answers = picture.renditions()["3x2-64.webp"], [], threading.Barrier(4), []
    encode = making.encoded

    def slowly(*args):
        encoding.append(args)
        return encode(*args)

    def ask():
        asked.wait()
        answers.append(making.content_of(picture, wanted))
        connection.close()

    monkeypatch.setattr(making, "encoded", slowly)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(encoding) == 1
    assert len(answers) == 4
    assert len(set(answers)) == 1


@pytest.mark.django_db
def test_no_more_are_encoded_at_once_than_the_machine_bears(monkeypatch):
    picture = make_picture()
    monkeypatch.setattr(making, "PATIENCE", 0)
    with locks.held("rendition-encodes") as mine:
        assert mine
        monkeypatch.setattr(making, "AT_ONCE", 1)
        with pytest.raises(making.Busy):
            making.content_of(picture, picture.renditions()["3x2-64.webp"])
    assert making.content_of(picture, picture.renditions()["3x2-64.webp"])


@pytest.mark.django_db
def test_all_are_made_and_the_edition_turns_once():
    picture = make_picture()
    assert making.make_all(picture) == len(picture.renditions())
    before = Edition.objects.get().number
    making.mark_made([picture], NOON)
    assert Edition.objects.get().number == before + 1
    again = Picture.objects.get()
    assert again.is_made
    assert making.missing_of(again) == []
    assert making.make_all(again) == 0
    assert again.facts.folder == f"/media/renditions/{picture.key}/"


@pytest.mark.django_db
def test_crops_that_are_the_whole_picture_are_encoded_once(monkeypatch):
    picture = stored_picture(encoded(scene((96, 64)), "PNG"))
    encode, sizes = making.encoded, []
    monkeypatch.setattr(
        making, "encoded", lambda image, suffix: sizes.append((image.size, suffix)) or encode(image, suffix)
    )
    making.make_all(picture)
    assert len(sizes) == len(set(sizes))


@pytest.mark.django_db
def test_pages_name_no_kept_rendition_of_another_focal_point():
    picture = make_picture()
    making.mark_made([picture], NOON)
    picture.refresh_from_db()
    assert picture.is_made
    picture.focal_x = 10
    assert not picture.is_made
    assert picture.facts.folder == f"/pictures/{picture.pk}/{picture.key}/"


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda: Picture.objects.all().delete(), lambda: Picture.objects.update(focal_x=1)])
def test_what_is_made_of_a_picture_that_went_meanwhile_does_not_stay(change, storage):
    picture = make_picture()
    change()
    with pytest.raises(Picture.DoesNotExist):
        making.make_all(picture)
    assert making.names_in(storage, picture.folder) == set()


@pytest.mark.django_db
def test_forgetting_leaves_nothing_and_can_be_done_twice(storage):
    picture = make_picture()
    making.make_all(picture)
    making.forget(storage, picture.folder)
    making.forget(storage, picture.folder)
    assert not storage.exists(picture.folder)
