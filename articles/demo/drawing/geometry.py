"""Shapes as plain lists of points, so that one canvas can fill, clip, hatch or overprint any of them."""

import math
from collections.abc import Sequence

Point = tuple[float, float]
Shape = list[Point]

_SPLINE_STEPS = 14


def polar(cx: float, cy: float, radius: float, degrees: float) -> Point:
    """The point at an angle from a centre; 0 is to the right and angles turn clockwise."""
    angle = math.radians(degrees)
    return cx + radius * math.cos(angle), cy + radius * math.sin(angle)


def box(left: float, top: float, right: float, bottom: float) -> Shape:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def oval(cx: float, cy: float, rx: float, ry: float | None = None) -> Shape:
    """An ellipse, or a circle when only one radius is given."""
    ry = rx if ry is None else ry
    angles = (math.tau * step / 96 for step in range(96))
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


def arc(cx: float, cy: float, radius: float, start: float, end: float) -> Shape:
    """An open curve along a circle, for strokes."""
    steps = max(8, int(abs(end - start) / 3))
    return [polar(cx, cy, radius, start + (end - start) * i / steps) for i in range(steps + 1)]


def sector(cx: float, cy: float, radius: float, start: float, end: float) -> Shape:
    """A slice of pie."""
    return [(cx, cy), *arc(cx, cy, radius, start, end)]


def ring_part(cx: float, cy: float, inner: float, outer: float, start: float, end: float) -> Shape:
    """A length of ring: a voussoir of an arch, a rainbow band, a groove."""
    return arc(cx, cy, outer, start, end) + arc(cx, cy, inner, end, start)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Shape:
    """A box with softened corners."""
    return (
        arc(right - radius, top + radius, radius, -90, 0)
        + arc(right - radius, bottom - radius, radius, 0, 90)
        + arc(left + radius, bottom - radius, radius, 90, 180)
        + arc(left + radius, top + radius, radius, 180, 270)
    )


def arch(left: float, top: float, right: float, bottom: float) -> Shape:
    """A doorway with a round head."""
    radius = (right - left) / 2
    return [*arc(left + radius, top + radius, radius, 180, 360), (right, bottom), (left, bottom)]


def curve(points: Sequence[Point]) -> Shape:
    """A soft open line through the given points."""
    padded = [points[0], *points, points[-1]]
    path = [
        _spline_point(padded[i : i + 4], step / _SPLINE_STEPS)
        for i in range(len(points) - 1)
        for step in range(_SPLINE_STEPS)
    ]
    return [*path, points[-1]]


def smooth(points: Sequence[Point]) -> Shape:
    """A soft closed shape through the given points."""
    wrapped = [points[-1], *points, points[0], points[1]]
    return [
        _spline_point(wrapped[i : i + 4], step / _SPLINE_STEPS)
        for i in range(len(points))
        for step in range(_SPLINE_STEPS)
    ]


def _spline_point(knots: Sequence[Point], t: float) -> Point:
    """Catmull-Rom: it passes through its knots, so shapes can be drawn by where they should go."""
    x, y = (_spline_value([knot[axis] for knot in knots], t) for axis in (0, 1))
    return x, y


def _spline_value(values: Sequence[float], t: float) -> float:
    a, b, c, d = values
    cubic = (3 * b - a - 3 * c + d) * t**3
    square = (2 * a - 5 * b + 4 * c - d) * t**2
    return b + ((c - a) * t + square + cubic) / 2


def ribbon(path: Sequence[Point], start: float, end: float, belly: float = 0) -> Shape:
    """A band along a path that tapers from one width to another, swelling midway if asked: roads, plumes, fronds."""
    left, right = [], []
    last = len(path) - 1
    for i, (x, y) in enumerate(path):
        before, after = path[max(0, i - 1)], path[min(last, i + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        width = start + (end - start) * i / last + belly * math.sin(math.pi * i / last)
        reach = width / 2 / (math.hypot(dx, dy) or 1)
        left.append((x - dy * reach, y + dx * reach))
        right.append((x + dy * reach, y - dx * reach))
    return left + right[::-1]


def wave(y: float, height: float, length: float, phase: float = 0, span: tuple[float, float] = (-20, 1220)) -> Shape:
    """A sine line across the picture; the phase is a share of one wavelength."""
    start, end = span
    steps = int((end - start) / 8)
    xs = [start + (end - start) * i / steps for i in range(steps + 1)]
    return [(x, y + height * math.sin(math.tau * (x / length + phase))) for x in xs]


def below(line: Sequence[Point], floor: float = 840) -> Shape:
    """Everything under a line: a hill, a sea, a bank of cloud."""
    return [*line, (line[-1][0], floor), (line[0][0], floor)]


def wobbled(cx: float, cy: float, radii: Sequence[float], squash: float = 1) -> Shape:
    """A closed soft shape with the given radii in turn: stones, lichen, leaves of a tree."""
    turn = 360 / len(radii)
    points = [polar(0, 0, radius, i * turn) for i, radius in enumerate(radii)]
    return smooth([(cx + x, cy + y * squash) for x, y in points])
