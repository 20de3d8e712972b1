"""Where two sequences are equal, in order: difflib, kept from its quadratic cases.

What occurs once in both is matched first, as in Bram Cohen's patience diff; that alone divides most texts into small
gaps, and it reads better than the longest match. difflib sees the gaps, while they cost little.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_DEEPEST = 20
"""How often a gap is divided again. Each time reads the sequences once, so this bounds the time."""

_GAP = 1_000_000
"""The most steps that difflib may need for one gap: about a tenth of a second."""

Items = Sequence[Hashable]


class Match(NamedTuple):
    """`length` items that are equal, from `i` in the one sequence and from `j` in the other."""

    i: int
    j: int
    length: int


class _Gap(NamedTuple):
    """What lies between two matches: [i:i_end] in the one, [j:j_end] in the other."""

    i: int
    i_end: int
    j: int
    j_end: int
    depth: int


class Effort:
    """The steps that difflib may still spend on one comparison, over all its gaps."""

    def __init__(self, steps: int = 4 * _GAP) -> None:
        self.steps = steps

    def allows(self, steps: int) -> bool:
        allowed = steps <= min(self.steps, _GAP)
        self.steps -= steps if allowed else 0
        return allowed


def matches(one: Items, other: Items, effort: Effort) -> list[Match]:
    """The runs that are equal in both, in order and as long as can be; the same items are never in two of them."""
    found: list[Match] = []
    gaps = [_Gap(0, len(one), 0, len(other), 0)]
    while gaps:
        gap, ends = _trimmed(one, other, gaps.pop())
        found += ends
        if gap.i < gap.i_end and gap.j < gap.j_end:
            inside, smaller = _inside(one, other, gap, effort)
            found += inside
            gaps += smaller
    return list(_joined(sorted(match for match in found if match.length)))


def increasing(numbers: Sequence[int]) -> list[int]:
    """The places of a longest increasing subsequence."""
    lasts: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(lasts, number)
        before.append(places[at - 1] if at else -1)
        lasts[at : at + 1] = [number]
        places[at : at + 1] = [place]
    chosen = []
    place = places[-1] if places else -1
    while place >= 0:
        chosen.append(place)
        place = before[place]
    return chosen[::-1]


def _trimmed(one: Items, other: Items, gap: _Gap) -> tuple[_Gap, list[Match]]:
    """The gap without what is equal at its two ends, and that."""
    i, i_end, j, j_end, depth = gap
    while i < i_end and j < j_end and one[i] == other[j]:
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and one[i_end - 1] == other[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
    ends = [Match(gap.i, gap.j, i - gap.i), Match(i_end, j_end, gap.i_end - i_end)]
    return _Gap(i, i_end, j, j_end, depth), ends


def _inside(one: Items, other: Items, gap: _Gap, effort: Effort) -> tuple[list[Match], list[_Gap]]:
    """The matches inside a gap, and the smaller gaps that are still to be looked into."""
    mine, theirs = one[gap.i : gap.i_end], other[gap.j : gap.j_end]
    counts = Counter(mine), Counter(theirs)
    common = counts[0].keys() & counts[1].keys()
    anchors: list[Match] = []
    if gap.depth < _DEEPEST:
        once = {item for item in common if counts[0][item] == counts[1][item] == 1}
        anchors = _anchors(mine, theirs, once)
    if anchors:
        inside = [Match(gap.i + i, gap.j + j, 1) for i, j, _ in anchors]
        return inside, list(_between(gap, inside))
    passed = len(mine) + len(theirs) + sum(counts[0][item] * counts[1][item] for item in common)
    if not common or not effort.allows(passed * min(len(mine), len(theirs))):
        return [], []
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return [Match(gap.i + i, gap.j + j, length) for i, j, length in blocks], []


def _anchors(mine: Items, theirs: Items, once: set[Hashable]) -> list[Match]:
    places = {item: j for j, item in enumerate(theirs) if item in once}
    pairs = [(i, places[item]) for i, item in enumerate(mine) if item in once]
    return [Match(*pairs[place], 1) for place in increasing([j for _, j in pairs])]


def _between(gap: _Gap, inside: list[Match]) -> Iterator[_Gap]:
    i, j = gap.i, gap.j
    for match in [*inside, Match(gap.i_end, gap.j_end, 0)]:
        yield _Gap(i, match.i, j, match.j, gap.depth + 1)
        i, j = match.i + match.length, match.j + match.length


def _joined(found: list[Match]) -> Iterator[Match]:
    last = Match(0, 0, 0)
    for match in found:
        if (last.i + last.length, last.j + last.length) == (match.i, match.j):
            last = Match(last.i, last.j, last.length + match.length)
            continue
        if last.length:
            yield last
        last = match
    if last.length:
        yield last
