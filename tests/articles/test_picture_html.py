"""A picture as HTML."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from articles.picture_html import PictureFacts, colour_classes, picture_html
from articles.renditions import PLACES, all_of
from tests.articles.test_renditions import SIZES

STYLES = Path(settings.BASE_DIR, "magazine/static/magazine/css/magazine.css")


def facts(width: int = 2400, height: int = 1600, **known) -> PictureFacts:
    return PictureFacts(
        **{"number": 1, "folder": "/r/", "file": "/f.jpg", "width": width, "height": height, "colour": "#1A2b3c"}
        | known
    )


@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_names_a_rendition_that_is_never_made(size, transparent):
    shown = facts(*size, transparent=transparent)
    pages = [picture_html(shown, "", place) for place in PLACES]
    named = {name for page in pages for name in re.findall(r"/r/([^ \"]+)", page)}
    others = [shown.thumbnail, shown.plain.address, *(shape.address for shape in shown.social)]
    assert named | {address.removeprefix("/r/") for address in others} == set(all_of(*size, transparent))


def test_a_picture_says_its_formats_best_first_and_its_size():
    page = picture_html(facts(), "A lamp", "card")
    assert re.findall(r'type="([^"]+)"', page) == ["image/avif", "image/webp"]
    assert (
        '<img class="picture crop-3x2 r-1 g-2 b-3" src="/r/3x2-960.jpg" alt="A lamp" width="960" height="640"' in page
    )
    assert "/r/3x2-340.avif 340w, /r/3x2-480.avif 480w" in page


def test_the_first_picture_is_fetched_at_once_and_the_others_when_they_are_near():
    assert 'loading="eager" fetchpriority="high"' in picture_html(facts(), "", "lead", first=True)
    assert 'loading="lazy" fetchpriority="auto"' in picture_html(facts(), "", "lead")


def test_wide_pages_have_another_crop_of_the_lead_picture_and_it_says_its_own_shape():
    wide, narrow = re.findall(r"<source [^>]*avif[^>]*>", picture_html(facts(), "", "lead"))
    assert 'media="(min-width: 64rem)" srcset="/r/2x1-680.avif 680w' in wide
    assert 'width="1920" height="960"' in wide
    assert 'srcset="/r/3x2-340.avif 340w' in narrow


def test_a_logo_is_bound_by_its_height_and_keeps_its_place_while_it_loads():
    page = picture_html(facts(1600, 400), "The Tide", "logo", first=True)
    assert 'sizes="min(320px, 92vw)"' in page
    assert 'width="320" height="80" loading="eager" fetchpriority="auto"' in page
    assert 'width="64" height="32"' in picture_html(facts(64, 32), "", "logo")


def test_one_can_see_through_what_is_transparent_from_the_beginning():
    page = picture_html(facts(transparent=True), "", "body")
    assert 'class="picture crop-whole"' in page
    assert "whole-960.png" in page


def test_an_alt_text_cannot_leave_its_attribute():
    assert "<script" not in picture_html(facts(), '"><script>alert(1)</script>', "card")


def test_every_colour_has_its_classes_in_the_stylesheet():
    styles = STYLES.read_text()
    for step in "0123456789abcdef":
        for name in colour_classes(f"#{step}0{step}0{step}0").split():
            assert f".{name} {{ --{name[0]}: {int(step, 16) * 17}; }}" in styles
    for crop in {place.crop for place in PLACES.values()} - {"whole"}:
        assert f".crop-{crop} {{ aspect-ratio" in styles
