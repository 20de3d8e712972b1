"""The demo's pictures are made by code, so the code has to promise what an art desk would."""

import random
from functools import cache
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageStat

from articles.demo.drawing import FOCAL_POINTS, PORTRAITS, SCENES, draw_portrait, draw_scene

SMALL = (240, 160)
SQUARE = (160, 160)


@cache
def scene(slug: str) -> Image.Image:
    return draw_scene(slug, SMALL)


@cache
def portrait(author_slug: str) -> Image.Image:
    return draw_portrait(author_slug, SQUARE)


def inks(picture: Image.Image) -> int:
    """How many clearly different tones cover at least one per cent of the picture each."""
    coarse = picture.quantize(24).convert("RGB").point([value // 32 * 32 for value in range(256)] * 3)
    return sum(count * 100 >= picture.width * picture.height for count, _ in coarse.getcolors(1 << 24))


def difference(first: Image.Image, second: Image.Image) -> float:
    """The mean distance of two pictures' pixels, 0 to 255, seen from far enough not to see the grain."""
    one, other = (picture.resize((24, 24), Image.Resampling.BOX) for picture in (first, second))
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_every_piece_and_every_writer_of_the_magazine_is_drawn():
    assert len(SCENES) == 40
    assert len(PORTRAITS) == 12


@pytest.mark.parametrize("slug", SCENES)
def test_a_scene_has_the_size_asked_for_and_several_inks(slug):
    picture = scene(slug)

    assert (picture.mode, picture.size) == ("RGB", SMALL)
    assert inks(picture) >= 4


@pytest.mark.parametrize("author_slug", PORTRAITS)
def test_a_portrait_has_the_size_asked_for_and_several_inks(author_slug):
    picture = portrait(author_slug)

    assert (picture.mode, picture.size) == ("RGB", SQUARE)
    assert inks(picture) >= 4


@pytest.mark.parametrize("slug", SCENES)
def test_a_scene_is_the_same_whenever_it_is_drawn(slug):
    random.seed(slug)

    assert draw_scene(slug, SMALL).tobytes() == scene(slug).tobytes()


@pytest.mark.parametrize("author_slug", PORTRAITS)
def test_a_portrait_is_the_same_whenever_it_is_drawn(author_slug):
    random.seed(author_slug)

    assert draw_portrait(author_slug, SQUARE).tobytes() == portrait(author_slug).tobytes()


def test_drawing_leaves_the_shared_chance_alone():
    random.seed(1)
    expected = random.random()

    random.seed(1)
    draw_scene("the-patience-of-lichen", SMALL)

    assert random.random() == expected


def test_no_two_scenes_are_alike():
    alike = [pair for pair in combinations(SCENES, 2) if difference(*map(scene, pair)) < 20]

    assert alike == []


def test_no_two_portraits_are_alike():
    alike = [pair for pair in combinations(PORTRAITS, 2) if difference(*map(portrait, pair)) < 20]

    assert alike == []


@pytest.mark.parametrize("slug", SCENES)
def test_there_is_something_to_see_where_a_scene_has_its_focal_point(slug):
    picture = scene(slug)
    across, down = FOCAL_POINTS[slug]
    x, y = picture.width * across // 100, picture.height * down // 100

    assert inks(picture.crop((x - 40, y - 40, x + 40, y + 40))) >= 3


def test_every_scene_and_nothing_else_has_a_focal_point_well_inside_it():
    assert FOCAL_POINTS.keys() == SCENES.keys()
    assert all(25 <= share <= 75 for point in FOCAL_POINTS.values() for share in point)


@pytest.mark.parametrize("slug", ["the-four-day-shipyard", "how-a-tide-table-is-made"])
def test_a_scene_of_another_shape_is_cropped_and_not_stretched(slug):
    middle = scene(slug).crop((40, 0, 200, 160))

    assert difference(draw_scene(slug, SQUARE), middle) < 3


def test_a_scene_nobody_has_drawn_is_refused():
    with pytest.raises(KeyError):
        draw_scene("the-unwritten")
