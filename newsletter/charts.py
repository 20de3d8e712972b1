"""Charts as shapes that a template draws: bars in a box of 100 by 100, which the page stretches.

The words stand beside it in the page, so that they stay readable on a phone, and all of it as a table below.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

GAP: Final = 0.2
"""Of the room of a bar."""


@dataclass(frozen=True)
class Part:
    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Bar:
    label: str
    values: tuple[int, ...]
    x: str
    width: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    name: str
    """For the ids of the page."""
    title: str
    desc: str
    head: str
    """What the column of labels is called in the table."""
    series: tuple[tuple[str, str], ...]
    """(the kind, by which the style sheet colours it; the words)."""
    bars: tuple[Bar, ...]
    peak: int

    @property
    def is_empty(self) -> bool:
        return not self.peak


def bars(
    name: str,
    title: str,
    desc: str,
    head: str,
    series: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, Sequence[int]]],
    *,
    beside: bool = False,
) -> Chart:
    """A bar for each row, of the parts of the series: one on another, or `beside` one another."""
    peak = max((max(values) if beside else sum(values) for _label, values in rows), default=0)
    room = 100 / max(len(rows), 1)
    draw, found = parts_beside if beside else parts_on, []
    for place, (label, values) in enumerate(rows):
        left, width = place * room + room * GAP / 2, room * (1 - GAP)
        kinds = [kind for kind, _words in series]
        drawn = tuple(draw(kinds, values, peak, left, width))
        found.append(Bar(label, tuple(values), f"{left:.3f}", f"{width:.3f}", drawn))
    return Chart(name, title, desc, head, tuple(series), tuple(found), peak)


def parts_on(kinds: Sequence[str], values: Sequence[int], peak: int, left: float, width: float) -> Iterator[Part]:
    top = 100.0
    for kind, value in zip(kinds, values, strict=True):
        height = 100 * value / peak if peak else 0.0
        top -= height
        if value:
            yield part(kind, left, max(top, 0), width, height)


def parts_beside(kinds: Sequence[str], values: Sequence[int], peak: int, left: float, width: float) -> Iterator[Part]:
    each = width / len(kinds)
    for place, (kind, value) in enumerate(zip(kinds, values, strict=True)):
        height = 100 * value / peak if peak else 0.0
        if value:
            yield part(kind, left + place * each, 100 - height, each, height)


def part(kind: str, x: float, y: float, width: float, height: float) -> Part:
    return Part(kind, f"{x:.3f}", f"{y:.3f}", f"{width:.3f}", f"{height:.3f}")
