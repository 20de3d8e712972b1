"""The blocks of a body, what a remark on one is tied to, and how alike two of them are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import sha256
from itertools import pairwise

from articles.differences.alignment import Effort, matches
from articles.differences.marked import Piece, pieces, text_of
from articles.differences.spans import Words, split
from articles.html.text import TOKEN

ALIKE = 0.6
"""How alike two texts must be to be taken for one that was edited; difflib's own measure and limit."""

_LOOKED_AT = 5
_VOID = frozenset({"br", "hr", "img"})
_SHORT = 16  # words; shorter texts are compared by their letters too
_BY_LETTERS = 400  # characters in both texts


@dataclass(frozen=True)
class Block:
    """A block of the body's top level; the first has the number 1."""

    number: int
    tag: str
    html: str

    @cached_property
    def pieces(self) -> list[Piece]:
        return pieces(self.html)

    @cached_property
    def words(self) -> Words:
        return split(text_of(self.pieces))

    @cached_property
    def text(self) -> str:
        """Its plain text on one line; a picture is its alt text."""
        return " ".join(text_of(self.pieces).split())

    @cached_property
    def key(self) -> str:
        """The same for the same HTML, today and in a year."""
        return sha256(self.html.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @cached_property
    def traits(self) -> frozenset[str]:
        return traits(self.text, self.words)


def blocks(html: str) -> list[Block]:
    """The top-level blocks of stored HTML, in order. Joined they are the whole of it."""
    return [Block(number, tag, block) for number, (tag, block) in enumerate(_divided(html), 1)]


def locate(block_text: str, key: str, html: str, near: int | None = None) -> int | None:
    """The number of the block in a newer body to which a remark on an older block belongs; None if it is gone.

    A block that is the same still (of several, the one nearest to the number `near`), or else the most similar text.
    """
    return locate_among(blocks(html), block_text, key, near)


def locate_among(found: Sequence[Block], block_text: str, key: str, near: int | None = None) -> int | None:
    """`locate` in blocks at hand: of many remarks on one body, each finds what the others have looked at."""
    same = [block.number for block in found if block.key == key]
    if same:
        return min(same, key=lambda number: abs(number - (near or 0)))
    wanted = " ".join(block_text.split())
    looks = traits(wanted, split(wanted))
    likely = sorted(found, key=lambda block: (-likeness(looks, block.traits), _distance(block, near)))
    ratios = {block.number: ratio(wanted, block.text) for block in likely[:_LOOKED_AT]}
    best = max(ratios, key=lambda number: ratios[number], default=0)
    return best if wanted and best and ratios[best] >= ALIKE else None


def traits(text: str, words: Words) -> frozenset[str]:
    """What tells a text from others: its words, which follow on each other, and the letters of a short one."""
    found = words.words[1:]
    letters = zip(text, text[1:], text[2:], strict=False) if len(found) < _SHORT else ()
    return frozenset([*found, *map("\n".join, pairwise(found)), *map("\t".join, letters)])


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing in common) to 1; the quick measure, by which the likely ones are chosen."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)


def ratio(one: str, other: str) -> float:
    """From 0 to 1, as difflib measures it: how much is the same, in order. Long texts are compared by words."""
    if len(one) + len(other) <= _BY_LETTERS:
        return SequenceMatcher(None, one, other, autojunk=False).ratio()
    mine, theirs = split(one), split(other)
    same = sum(
        len(mine.words[i])
        for match in matches(mine.words, theirs.words, Effort())
        for i in range(match.i, match.i + match.length)
    )
    return 2 * same / (sum(map(len, mine.words)) + sum(map(len, theirs.words)) or 1)


def _distance(block: Block, near: int | None) -> int:
    return abs(block.number - near) if near is not None else block.number


def _divided(html: str) -> Iterator[tuple[str, str]]:
    """Each block with its tag. What `clean` did not return may end anywhere; it comes out whole all the same."""
    depth = start = 0
    tag = ""
    for token in TOKEN.finditer(html):
        tag = tag or token["tag"] or ""
        if token["tag"] and token["tag"] not in _VOID:
            depth = max(depth - 1, 0) if token["end"] else depth + 1
        if depth == 0:
            yield tag, html[start : token.end()]
            start, tag = token.end(), ""
    if start < len(html):
        yield tag, html[start:]
