import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from articles.models import Picture
from newsletter import mail_pictures
from newsletter.mail_pictures import LARGE, SMALL, NoSuchPicture, in_words, made
from tests.factories import make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def file_of(found: mail_pictures.MailPicture) -> Image.Image:
    with default_storage.open(found.path.removeprefix("/media/")) as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.mark.parametrize(
    ("size", "width", "expected"),
    [
        ((1800, 1200), LARGE, (1120, 747)),
        ((1800, 1200), SMALL, (336, 224)),
        ((1200, 1800), LARGE, (1120, 747)),
        ((900, 1800), LARGE, (900, 600)),
        ((3000, 400), LARGE, (600, 400)),
        ((64, 48), LARGE, (64, 43)),
        ((1, 1), LARGE, (1, 1)),
        ((4000, 1), LARGE, (1, 1)),
    ],
)
def test_a_picture_is_cropped_to_three_by_two_and_never_made_larger(size, width, expected):
    found = made(make_picture(size=size), width)
    assert (found.width, found.height) == expected
    image = file_of(found)
    assert (image.size, image.format) == (expected, "JPEG")


def test_it_is_made_once_and_found_from_then_on(monkeypatch):
    picture = make_picture(size=(1800, 1200))
    first = made(picture, LARGE)
    monkeypatch.setattr(mail_pictures, "make", lambda *_given: pytest.fail("made again"))
    assert made(picture, LARGE) == first


def test_another_focal_point_is_another_crop():
    picture = make_picture(size=(900, 1800))
    first = made(picture, SMALL)
    picture.focal_y = 0
    assert made(picture, SMALL).path != first.path


def test_what_is_transparent_stays_so():
    buffer = io.BytesIO()
    Image.new("RGBA", (800, 600), (10, 20, 30, 90)).save(buffer, "PNG")
    buffer.seek(0)
    picture = Picture(alt="A logo")
    picture.take_in(buffer)
    picture.save()
    image = file_of(made(picture, SMALL))
    assert image.format == "PNG"
    assert made(picture, SMALL).path.endswith(".png")


def test_an_opaque_png_becomes_a_jpeg():
    assert file_of(made(make_picture(kind="PNG"), SMALL)).format == "JPEG"


def test_outlook_is_told_half_of_the_pixels():
    assert made(make_picture(size=(1800, 1200)), LARGE).shown_large == (560, 374)
    assert made(make_picture(size=(1800, 1200)), SMALL).shown_small == (168, 112)
    assert made(make_picture(size=(100, 80)), LARGE).shown_large == (100, 67)


@pytest.mark.parametrize("content", [None, b"", b"no picture at all"])
def test_an_original_that_is_gone_or_broken_is_said_to_be(content):
    picture = make_picture()
    default_storage.delete(picture.file.name)
    if content is not None:
        default_storage.save(picture.file.name, ContentFile(content))
    with pytest.raises(NoSuchPicture):
        made(picture, SMALL)


# ---------------------------------------------------------------- among staff's words


def figure(address: str, caption: str = "", alt: str = "") -> str:
    return f'<figure><img src="{address}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'


def test_our_picture_among_the_words_is_mail_s_own_whole_and_with_its_words():
    picture = make_picture(size=(1200, 1800), alt="A boat")
    found = in_words(f"<p>Look:</p>{figure(picture.file.url, 'At night')}")
    assert picture.file.url not in found
    assert 'alt="A boat" width="560" height="840"' in found
    assert "At night" in found
    assert 'alt="Seen here"' in in_words(figure(picture.file.url, alt="Seen here"))


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/pixel.gif", "/media/pictures/gone.jpg", "/static/x.png"]
)
def test_a_picture_that_is_not_ours_is_left_out_with_its_caption(address):
    assert in_words(f"<p>Before.</p>{figure(address, 'Caption')}<p>After.</p>") == "<p>Before.</p><p>After.</p>"


def test_a_picture_that_may_not_be_in_the_newsletter_is_not_among_the_words_either():
    picture = make_picture()
    Picture.objects.update(in_newsletter=False)
    assert in_words(figure(picture.file.url)) == ""


def test_a_figure_without_a_picture_stays():
    words = "<figure><blockquote><p>Said.</p></blockquote><figcaption>Who</figcaption></figure>"
    assert in_words(words) == words
