"""The table: what there is of a picture, under which names."""

import itertools
from types import SimpleNamespace

import pytest

from articles.renditions import CROPS, PLACES, SCALE, all_of, crop_of, key_of, sized

SIZES = [(1, 1), (64, 48), (175, 200), (1210, 900), (2400, 1600), (4096, 2731), (4096, 1), (3, 4096), (2000, 900)]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_larger_than_the_original(size):
    for rendition in all_of(*size).values():
        across, down = crop_of(rendition.crop, *size)
        assert 1 <= rendition.width <= across <= size[0]
        assert 1 <= rendition.height <= down + 1
        assert down <= size[1]


def test_the_width_of_the_original_closes_the_list():
    widths = [rendition.width for rendition in sized("whole", SCALE, "avif", 1200, 800)]
    assert widths == [120, 170, 240, 340, 480, 680, 960, 1200]


def test_one_nearly_as_wide_as_the_original_is_not_made_beside_it():
    assert [each.width for each in sized("whole", SCALE, "avif", 500, 400)] == [120, 170, 240, 340, 500]


def test_a_large_picture_has_the_shapes_that_search_engines_want():
    shapes = {name: (each.width, each.height) for name, each in all_of(3000, 2000).items()}
    assert shapes["16x9-1200.jpg"] == (1200, 675)
    assert shapes["4x3-1200.jpg"] == (1200, 900)
    assert shapes["1x1-1200.jpg"] == (1200, 1200)


def test_each_width_is_half_as_large_again_at_most():
    assert all(wider / width < 1.5 for width, wider in itertools.pairwise(SCALE))


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_a_crop_we_know(place):
    assert PLACES[place].crop in CROPS
    assert PLACES[place].widths
    assert bool(PLACES[place].sizes) != bool(PLACES[place].height)


def test_a_picture_one_can_see_through_has_png_for_old_programs_and_others_jpeg():
    assert {name.rpartition(".")[2] for name in all_of(800, 600)} == {"avif", "webp", "jpg"}
    assert {name.rpartition(".")[2] for name in all_of(800, 600, transparent=True)} == {"avif", "webp", "png"}


def test_what_makes_other_pixels_makes_another_key():
    picture = {"pk": 1, "sha256": "ab", "focal_x": 50, "focal_y": 50}
    others = [{"pk": 2}, {"sha256": "ac"}, {"focal_x": 51}, {"focal_y": 51}]
    keys = {key_of(SimpleNamespace(**{**picture, **other})) for other in [{}, {}, *others]}
    assert len(keys) == 5
    assert {len(key) for key in keys} == {32}
