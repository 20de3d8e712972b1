"""Charts as shapes that a template draws: bars in a box of 100 by 100, which the page stretches.

The words stand beside it in the page, so that they stay readable on a phone, and all of it as a table below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

GAP: Final = 0.2
"""Of the room of a bar."""


@dataclass(frozen=True)
class Part:
    kind: str
    y: str
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


def stacked(
    name: str,
    title: str,
    desc: str,
    head: str,
    series: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, Sequence[int]]],
) -> Chart:
    """A bar for each row, of the parts of the series, one on another."""
    peak = max((sum(values) for _label, values in rows), default=0)
    room = 100 / max(len(rows), 1)
    bars = [
        Bar(
            label=label,
            values=tuple(values),
            x=f"{place * room + room * GAP / 2:.3f}",
            width=f"{room * (1 - GAP):.3f}",
            parts=tuple(parts([kind for kind, _words in series], values, peak)),
        )
        for place, (label, values) in enumerate(rows)
    ]
    return Chart(name, title, desc, head, tuple(series), tuple(bars), peak)


def parts(kinds: Sequence[str], values: Sequence[int], peak: int) -> list[Part]:
    found, top = [], 100.0
    for kind, value in zip(kinds, values, strict=True):
        height = 100 * value / peak if peak else 0.0
        top -= height
        if value:
            found.append(Part(kind, f"{max(top, 0):.3f}", f"{height:.3f}"))
    return found
