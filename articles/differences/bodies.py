"""What changed between two bodies: first which blocks, then the words and marks inside those that changed."""

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, NamedTuple

from articles.differences.alignment import Effort, matches
from articles.differences.marked import text_of, with_marks
from articles.differences.paragraphs import Block, blocks, likeness
from articles.differences.spans import Span, changed

_LIKE = 0.4
"""How alike two blocks in one place must be to be one that was edited."""

_RARE = 8  # what more blocks have in common says nothing about which belong together
_CANDIDATES = 3

_START_TAG = re.compile(r"<[a-z0-9]+([^<>]*)>")
_ID = re.compile(r' id="[^"]*"')


@dataclass(frozen=True)
class BlockChange:
    """What became of one block. A block that is new has no `before_…`, one that is gone no `after_…`.

    A moved block stands where it is now; where it was, nothing stands. The spans of all that have an `after_number`
    give the newer text, those of all that have a `before_number`, ordered by it, the older one.
    """

    kind: Literal["same", "changed", "new", "gone", "moved"]
    tag: str
    before_tag: str
    spans: tuple[Span, ...]
    before_html: str
    after_html: str
    formatting: bool
    """Something else than the words is different, or besides them: marks, addresses of links, the kind of quotation."""
    before_number: int | None
    after_number: int | None

    @property
    def retagged(self) -> bool:
        """A heading that became a paragraph, a list that is numbered now …"""
        return self.kind == "changed" and self.tag != self.before_tag


@dataclass(frozen=True)
class Fold:
    """So many blocks that are the same, not shown."""

    count: int


class _Pair(NamedTuple):
    """A block of the older body and what became of it in the newer, by their places there."""

    i: int
    j: int


def body(before_html: str, after_html: str) -> list[BlockChange]:
    """What became of each block, in the order of the newer body; what is gone stands where it was."""
    before, after = blocks(before_html), blocks(after_html)
    effort = Effort()
    same = _same(before, after, effort)
    moved = _moved(before, after, same)
    edited = _edited(before, after, same, moved)
    return list(_in_order(before, after, [*same, *edited], moved, effort))


def folded(changes: Iterable[BlockChange], around: int = 1) -> list[BlockChange | Fold]:
    """Runs of unchanged blocks as folds, but for those `around` a change. No fold hides one block only."""
    around = max(around, 0)
    runs = [(same, list(run)) for same, run in groupby(changes, lambda change: change.kind == "same")]
    shown: list[BlockChange | Fold] = []
    for n, (same, run) in enumerate(runs):
        head = around if n > 0 else 0
        tail = around if n < len(runs) - 1 else 0
        hidden = len(run) - head - tail
        if same and hidden > 1:
            shown += [*run[:head], Fold(hidden), *run[len(run) - tail :]]
        else:
            shown += run
    return shown


def _same(before: list[Block], after: list[Block], effort: Effort) -> list[_Pair]:
    found = matches([block.html for block in before], [block.html for block in after], effort)
    return [_Pair(i + n, j + n) for i, j, length in found for n in range(length)]


def _moved(before: list[Block], after: list[Block], same: list[_Pair]) -> list[_Pair]:
    """The blocks that are the same, but not in order."""
    old = {pair.i for pair in same}
    new = {pair.j for pair in same}
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for i, block in enumerate(before):
        if i not in old:
            places[block.html].append(i)
    rest = (j for j in range(len(after)) if j not in new)
    return [_Pair(places[after[j].html].popleft(), j) for j in rest if places.get(after[j].html)]


def _edited(before: list[Block], after: list[Block], same: list[_Pair], moved: list[_Pair]) -> list[_Pair]:
    old = {pair.i for pair in moved}
    new = {pair.j for pair in moved}
    found: list[_Pair] = []
    i = j = 0
    for pair in [*same, _Pair(len(before), len(after))]:
        gone = [block for block in before[i : pair.i] if block.number - 1 not in old]
        come = [block for block in after[j : pair.j] if block.number - 1 not in new]
        found += _alike(gone, come)
        i, j = pair.i + 1, pair.j + 1
    return found


def _alike(gone: list[Block], come: list[Block]) -> list[_Pair]:
    """The pairs of blocks that are one, edited: the most similar first, and none across another."""
    pairs = [
        (likeness(one.traits, other.traits), one.number - 1, other.number - 1) for one, other in _likely(gone, come)
    ]
    chosen: list[_Pair] = []
    for _, i, j in sorted((pair for pair in pairs if pair[0] >= _LIKE), key=lambda pair: (-pair[0], *pair[1:])):
        at = bisect_left(chosen, (i, j))
        after_previous = at == 0 or (chosen[at - 1].i < i and chosen[at - 1].j < j)
        if after_previous and (at == len(chosen) or (i < chosen[at].i and j < chosen[at].j)):
            insort(chosen, _Pair(i, j))
    return chosen


def _likely(gone: list[Block], come: list[Block]) -> set[tuple[Block, Block]]:
    """The pairs worth a look: those in the same place, and those with something rare in common."""
    if not gone or not come:
        return set()
    places: defaultdict[str, list[int]] = defaultdict(list)
    for n, block in enumerate(gone):
        for trait in block.traits:
            places[trait].append(n)
    pairs = {*zip(gone, come, strict=False), *zip(reversed(gone), reversed(come), strict=False)}
    for block in come:
        shared = Counter(
            n for trait in block.traits if len(places.get(trait, ())) <= _RARE for n in places.get(trait, ())
        )
        pairs |= {(gone[n], block) for n, _ in shared.most_common(_CANDIDATES)}
    return pairs


def _in_order(
    before: list[Block], after: list[Block], ordered: list[_Pair], moved: list[_Pair], effort: Effort
) -> Iterator[BlockChange]:
    origins = {pair.j: before[pair.i] for pair in moved}
    left = {pair.i for pair in moved}
    i = j = 0
    for pair in [*sorted(ordered), _Pair(len(before), len(after))]:
        yield from (_gone(before[n]) for n in range(i, pair.i) if n not in left)
        yield from (_moved_here(origins[n], after[n]) if n in origins else _new(after[n]) for n in range(j, pair.j))
        if pair.i < len(before):
            yield _kept(before[pair.i], after[pair.j], effort)
        i, j = pair.i + 1, pair.j + 1


def _gone(block: Block) -> BlockChange:
    spans = _spans([Span("gone", text_of(block.pieces))], block, None)
    return BlockChange("gone", block.tag, block.tag, spans, block.html, "", False, block.number, None)


def _new(block: Block) -> BlockChange:
    spans = _spans([Span("new", text_of(block.pieces))], None, block)
    return BlockChange("new", block.tag, "", spans, "", block.html, False, None, block.number)


def _moved_here(old: Block, new: Block) -> BlockChange:
    return replace(_unchanged(old, new), kind="moved")


def _unchanged(old: Block, new: Block) -> BlockChange:
    spans = _spans([Span("same", text_of(new.pieces))], old, new)
    return BlockChange("same", new.tag, old.tag, spans, old.html, new.html, False, old.number, new.number)


def _kept(old: Block, new: Block, effort: Effort) -> BlockChange:
    if old.html == new.html:
        return _unchanged(old, new)
    spans = _spans(changed(old.words, new.words, effort), old, new)
    formatting = any(span.formatting for span in spans) or (
        old.tag == new.tag and (old.words == new.words or _attributes(old) != _attributes(new))
    )
    return BlockChange("changed", new.tag, old.tag, spans, old.html, new.html, formatting, old.number, new.number)


def _spans(spans: Iterable[Span], old: Block | None, new: Block | None) -> tuple[Span, ...]:
    return tuple(with_marks(spans, old.pieces if old else (), new.pieces if new else ()))


def _attributes(block: Block) -> str:
    """A heading's id is no formatting."""
    found = _START_TAG.match(block.html)
    return _ID.sub("", found[1]) if found else ""
