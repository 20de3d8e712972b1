"""The demo magazine's pictures, drawn rather than shipped: a repository needs no megabytes of images."""

from collections.abc import Callable

from PIL import Image

from . import culture, ideas, plans, science, sea, table, town, work
from .canvas import PORTRAIT_SPACE, Canvas
from .portraits import PORTRAITS, paint_portrait

__all__ = ["FOCAL_POINTS", "PORTRAITS", "SCENES", "draw_portrait", "draw_scene"]

_ALL_SCENES = [scene for module in (sea, work, town, plans, science, culture, ideas, table) for scene in module.SCENES]

SCENES: dict[str, Callable[[Canvas], None]] = {scene.slug: scene.paint for scene in _ALL_SCENES}
FOCAL_POINTS: dict[str, tuple[int, int]] = {scene.slug: scene.focal for scene in _ALL_SCENES}


def draw_scene(slug: str, size: tuple[int, int] = (1600, 1067)) -> Image.Image:
    """The lead picture of an article; the same slug and size always give the same pixels."""
    art = Canvas(slug, size)
    SCENES[slug](art)
    return art.finish()


def draw_portrait(author_slug: str, size: tuple[int, int] = (800, 800)) -> Image.Image:
    """A writer's bust, square by design and cropped to any other shape."""
    art = Canvas(author_slug, size, PORTRAIT_SPACE)
    paint_portrait(art, PORTRAITS[author_slug])
    return art.finish()
