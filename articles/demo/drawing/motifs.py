"""Small things that turn up in more than one picture."""

from collections.abc import Callable
from typing import NamedTuple

from .canvas import Canvas
from .geometry import arc, below, box, curve, oval, sector, smooth, wave, wobbled
from .palette import BONE, INK, OCHRE, PLUM, SAND, Colour


class Scene(NamedTuple):
    """A picture, whose article it belongs to, and where its subject sits (percent across and down)."""

    slug: str
    paint: Callable[[Canvas], None]
    focal: tuple[int, int]


class Dress(NamedTuple):
    """What a small figure wears."""

    coat: Colour
    legs: Colour = INK
    skin: Colour = SAND
    hair: Colour = INK


def swell(art: Canvas, y: float, colour: Colour, height: float = 10, length: float = 260, phase: float = 0) -> None:
    """A band of water from a wavy edge down to the foot of the picture."""
    art.fill(below(wave(y, height, length, phase)), colour)


def person(art: Canvas, x: float, y: float, height: float, dress: Dress, stride: float = 3, flip: bool = False) -> None:
    """A standing figure seen from a distance, feet at the given point."""
    with art.posed(x, y, scale=height / 100, flip=flip):
        art.stroke([(-3, -44), (-4 - stride, -2)], dress.legs, 8)
        art.stroke([(3, -44), (5 + stride, -2)], dress.legs, 8)
        art.fill(oval(1, -88, 7.5, 9.5), dress.skin)
        art.fill(box(-3, -82, 4, -74), dress.skin)
        art.fill(smooth([(-5, -78), (5, -78), (11, -70), (13, -36), (0, -33), (-13, -36), (-11, -70)]), dress.coat)
        art.fill(sector(0, -90, 9, 150, 345), dress.hair)


def tree(art: Canvas, x: float, y: float, height: float, crown: Colour, shade: Colour, trunk: Colour = INK) -> None:
    """A round-headed tree with its dark side hatched."""
    radius = height * 0.36
    top = y - height + radius
    art.fill([(x - height * 0.035, y), (x + height * 0.035, y), (x, top)], trunk)
    head = wobbled(x, top, [radius * art.rng.uniform(0.88, 1.08) for _ in range(11)])
    art.fill(head, crown)
    with art.within(head):
        art.fill(oval(x + radius * 0.5, top + radius * 0.45, radius * 0.95), shade)
    art.stroke([(x, y), (x, top)], trunk, max(1.5, height * 0.028))


def gull(art: Canvas, x: float, y: float, span: float, colour: Colour = BONE) -> None:
    """Two wing strokes are enough for a gull."""
    path = [(x - span, y - span * 0.15), (x - span * 0.5, y - span * 0.3), (x, y)]
    art.stroke(curve([*path, (x + span * 0.5, y - span * 0.36), (x + span, y - span * 0.3)]), colour, span * 0.13)


def panes(
    art: Canvas, left: float, top: float, grid: tuple[int, int], pane: tuple[float, float], colour: Colour
) -> None:
    """Rows of windows; panes stand one pane-width apart."""
    columns, rows = grid
    width, height = pane
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * width * 2, top + row * height * 1.8
            art.fill(box(x, y, x + width, y + height), colour)


def house(
    art: Canvas, left: float, floor: float, size: tuple[float, float], wall: Colour, roof: Colour, lit: Colour
) -> None:
    """A gabled house front."""
    width, height = size
    top = floor - height
    art.fill(box(left, top, left + width, floor), wall)
    art.fill([(left - 6, top), (left + width / 2, top - width * 0.5), (left + width + 6, top)], roof)
    art.fill(box(left + width * 0.68, top - width * 0.46, left + width * 0.8, top - width * 0.1), roof)
    pane = width * 0.2
    for share in (0.18, 0.62):
        art.fill(box(left + width * share, top + pane * 0.8, left + width * share + pane, top + pane * 2.2), lit)


def lamp_post(art: Canvas, x: float, floor: float, height: float, pole: Colour = PLUM, light: Colour = OCHRE) -> None:
    """A street lamp with a bracket."""
    top = floor - height
    art.stroke([(x, floor), (x, top)], pole, height * 0.03)
    art.stroke(arc(x + height * 0.08, top, height * 0.08, 180, 360), pole, height * 0.025)
    art.fill(oval(x + height * 0.16, top + height * 0.04, height * 0.045), light)
