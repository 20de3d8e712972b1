"""The one table of renditions: which widths, crops and formats there are of a picture, and where they stand.

A rendition is never larger than the original: where that is smaller than the table wants, its own width closes the
list. Names hold all that makes a rendition what it is, so that it can be kept for ever; the folder they lie in is the
key of the picture, which nobody can guess.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

SCALE: Final = (120, 170, 240, 340, 480, 680, 960, 1360, 1920)
"""Widths in pixels. Each is the square root of two times the one before, so that no screen gets more than it shows
by much more than that."""

FOLDER: Final = "renditions"
"""In the storage: beside it stands "pictures", where the originals are."""

WIDE: Final = "(min-width: 64rem)"
"""From here on pages have columns (magazine.css)."""

CROPS: Final[dict[str, tuple[int, int] | None]] = {
    "3x2": (3, 2),
    "2x1": (2, 1),
    "1x1": (1, 1),
    "4x3": (4, 3),
    "16x9": (16, 9),
    "whole": None,
}
"""Width to height. None is the picture as it is."""

FORMATS: Final[dict[str, dict[str, Any]]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 6},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
    "png": {"format": "PNG", "optimize": True},
}
"""By suffix. The first two are what browsers choose from, the best one first; the others are for what knows neither:
PNG for pictures one can see through, JPEG for all others."""
LARGE: Final = 1200
LARGE_QUALITY: Final = {"avif": 50, "webp": 70, "jpg": 76}
"""From LARGE px on, which only screens with small pixels show: they hide more. Measured, AVIF at 60 is as near to its
original as JPEG at 80 with half the bytes, and speed 8 makes files larger than WebP's."""
MODERN: Final = ("avif", "webp")


@dataclass(frozen=True)
class Place:
    """Where pictures stand on a page: the crop, the least and the most of SCALE, and how wide the layout shows them.

    `sizes` is HTML's attribute; tests/journeys/test_pictures.py measures that it is right. With `height` (px) a picture
    is bound by that, and `sizes` is made of its shape. `wide` is the place with another crop where pages have columns.
    """

    crop: str
    least: int
    most: int
    sizes: str = ""
    height: int = 0
    fallback: int = 960
    wide: "Place | None" = None

    @cached_property
    def widths(self) -> tuple[int, ...]:
        return tuple(width for width in SCALE if self.least <= width <= self.most)

    def size(self, width: int, height: int) -> tuple[int, int] | None:
        """The size in CSS pixels of a picture that is bound by its height; None in a place with `sizes` of its own."""
        if not self.height:
            return None
        least = min(self.height, height)
        return max(1, round(least * width / height)), least

    def sizes_for(self, width: int, height: int) -> str:
        bound = self.size(width, height)
        return f"min({bound[0]}px, 92vw)" if bound else self.sizes


PLACES: Final = {
    # The picture above an article, over the whole width of the page.
    "lead": Place(
        *("3x2", 340, 1920, "92vw"), wide=Place("2x1", 680, 1920, "(min-width: 90rem) 1328px, 92vw", fallback=0)
    ),
    # The piece that leads the front page, those beside it, and the grid below.
    "front": Place("3x2", 340, 1920, "(min-width: 90rem) 860px, (min-width: 64rem) 60vw, 92vw"),
    "beside": Place(
        "3x2", 240, 1360, "(min-width: 90rem) 393px, (min-width: 64rem) 27vw, (min-width: 40rem) 45vw, 92vw"
    ),
    "card": Place("3x2", 170, 1360, "(min-width: 90rem) 274px, (min-width: 64rem) 19vw, (min-width: 40rem) 45vw, 92vw"),
    # A section's strip: the piece that leads it, and the short ones.
    "feature": Place("3x2", 340, 1920, "(min-width: 90rem) 753px, (min-width: 64rem) 52vw, 92vw"),
    "brief": Place(
        *("1x1", 120, 480, "(min-width: 90rem) 130px, (min-width: 64rem) 9vw, min(max(5.5rem, 24vw), 11rem)"),
        fallback=240,
    ),
    # Lists: the first piece over the whole column, the others beside their text.
    "opener": Place("2x1", 340, 1920, "(min-width: 90rem) 968px, (min-width: 64rem) 67vw, 92vw"),
    "teaser": Place(
        "3x2", 240, 1360, "(min-width: 90rem) 358px, (min-width: 64rem) 25vw, (min-width: 40rem) 34vw, 92vw"
    ),
    # People: in the list of authors, and on a page of their own.
    "portrait": Place("1x1", 120, 240, "5.5rem", fallback=240),
    "profile": Place("1x1", 240, 480, "14rem", fallback=480),
    # Inside a text: in its column, wider than that, beside the words.
    "body": Place("whole", 340, 1360, "(min-width: 46rem) 41rem, 92vw"),
    "wide": Place("whole", 340, 1920, "(min-width: 90rem) 59rem, (min-width: 64rem) 67vw, 92vw"),
    "full": Place("whole", 340, 1920, "100vw"),
    "side": Place("whole", 170, 1360, "(min-width: 46rem) 20rem, 92vw", fallback=480),
    # A gallery, in the column or wide: two by two, and the first over both where their number is odd.
    "gallery": Place("3x2", 170, 1360, "(min-width: 46rem) 20rem, 46vw", fallback=480),
    "gallery-first": Place("3x2", 340, 1360, "(min-width: 46rem) 41rem, 92vw"),
    "wide-gallery": Place("3x2", 170, 1360, "(min-width: 90rem) 29rem, (min-width: 64rem) 33vw, 46vw"),
    "wide-gallery-first": Place("3x2", 340, 1920, "(min-width: 90rem) 59rem, (min-width: 64rem) 67vw, 92vw"),
    # The magazine's own, in the masthead of pages and of the front page.
    "logo": Place("whole", 120, 1360, height=80, fallback=480),
    "nameplate": Place("whole", 120, 1360, height=192, fallback=480),
    # Lists and pickers of the desk.
    "thumbnail": Place("3x2", 120, 170, "72px", fallback=170),
}

SOCIAL: Final = (("16x9", 1200), ("4x3", 1200), ("1x1", 1200))
"""What search engines and social networks are given (Google wants at least 1200 px and these three shapes)."""


class Original(Protocol):
    """What the renditions are made of: a picture's row, or what is known of it."""

    @property
    def pk(self) -> Any: ...
    @property
    def sha256(self) -> str: ...
    @property
    def focal_x(self) -> int: ...
    @property
    def focal_y(self) -> int: ...


@dataclass(frozen=True)
class Rendition:
    """One file: its crop (of CROPS), width and height in pixels, and suffix (of FORMATS)."""

    crop: str
    width: int
    height: int
    suffix: str

    @property
    def name(self) -> str:
        return f"{self.crop}-{self.width}.{self.suffix}"


def key_of(picture: Original) -> str:
    """The name of a folder of renditions: another for each picture, content, focal point and version of the table."""
    parts = (picture.pk, picture.sha256, picture.focal_x, picture.focal_y, VERSION)
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:32]


def crop_of(crop: str, width: int, height: int) -> tuple[int, int]:
    """The largest width and height (px) of a crop's shape inside a picture of that size."""
    shape = CROPS[crop]
    if shape is None:
        return width, height
    across, down = shape
    if width * down > height * across:
        return max(1, round(height * across / down)), height
    return width, max(1, round(width * down / across))


def widths_of(wanted: tuple[int, ...], own: int) -> list[int]:
    """Those of the wanted widths that a picture `own` px wide has; its own closes the list if it has not the last."""
    if own >= wanted[-1]:
        return list(wanted)
    return [width for width in wanted if width < own * 0.95] + [own]


def sized(crop: str, wanted: tuple[int, ...], suffix: str, width: int, height: int) -> list[Rendition]:
    """The renditions of a crop, in a format, of a picture `width` × `height` px, the smallest first."""
    own = crop_of(crop, width, height)
    across, down = CROPS[crop] or own
    return [Rendition(crop, each, max(1, round(each * down / across)), suffix) for each in widths_of(wanted, own[0])]


def fallback_suffix(transparent: bool) -> str:
    return "png" if transparent else "jpg"


def all_of(width: int, height: int, transparent: bool = False) -> dict[str, Rendition]:
    """Every rendition there is of a picture of that size, by name: all that is ever made of it."""
    return {each.name: each for each in _all_of(width, height, fallback_suffix(transparent))}


def _all_of(width: int, height: int, old: str) -> Iterator[Rendition]:
    for place in PLACES.values():
        for each in filter(None, (place, place.wide)):
            for suffix in MODERN:
                yield from sized(each.crop, each.widths, suffix, width, height)
            if each.fallback:
                yield from sized(each.crop, (each.fallback,), old, width, height)
    for crop, wanted in SOCIAL:
        yield from sized(crop, (wanted,), old, width, height)


def options_of(suffix: str, width: int) -> dict[str, Any]:
    """How Pillow is to save a rendition that is `width` px wide."""
    quality = LARGE_QUALITY.get(suffix) if width >= LARGE else None
    return FORMATS[suffix] | ({"quality": quality} if quality else {})


VERSION: Final = hashlib.sha256(
    repr((CROPS, FORMATS, LARGE, LARGE_QUALITY, sorted(all_of(9999, 9999)))).encode()
).hexdigest()[:8]
"""Of the table: changes with what is made, and not with how pages show it."""
