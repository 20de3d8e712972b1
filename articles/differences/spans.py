"""What changed between two plain texts, word by word."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Literal, NamedTuple
from unicodedata import category

from articles.differences.alignment import Effort, Match, matches
from articles.html.text import UNSPACED

_ISLAND = 3
"""At most so many unchanged words between two longer changes are read as one change with them."""


@dataclass(frozen=True, order=True)
class Mark:
    """What a text is inside of: em, strong, a, th …; the target is a link's or a picture's address."""

    tag: str
    target: str = ""


Marks = tuple[Mark, ...]


@dataclass(frozen=True)
class Span:
    """A piece of text that is the same in both, gone from the first, or new in the second.

    The marks it had before and those it has after are filled in by `body` only.
    """

    kind: Literal["same", "gone", "new"]
    text: str
    before: Marks = ()
    after: Marks = ()

    @property
    def formatting(self) -> bool:
        """The same text, marked otherwise: made bold, another link …"""
        return self.kind == "same" and self.before != self.after


class Words(NamedTuple):
    """A text as words (or marks of punctuation, or characters), and the white space behind each.

    The first word is empty, for the space that a text may begin with.
    """

    words: list[str]
    spaces: list[str]

    def text(self, start: int, end: int) -> str:
        pairs = zip(self.words[start:end], self.spaces[start:end], strict=True)
        return "".join([part for pair in pairs for part in pair])


def words(before: str, after: str) -> list[Span]:
    """The spans of two plain texts: same and gone joined are `before`, same and new joined are `after`.

    Compared by words; scripts without spaces, by characters. What is seen as one character is never torn.
    """
    return changed(split(before), split(after), Effort())


def changed(old: Words, new: Words, effort: Effort) -> list[Span]:
    found = _without_islands(matches(old.words, new.words, effort), old, new)
    writing = _Writing()
    i = j = 0
    for match in [*found, Match(len(old.words), len(new.words), 0)]:
        writing.change(old.text(i, match.i), new.text(j, match.j))
        i, j = match.i + match.length, match.j + match.length
        writing.match(old, new, match)
    return writing.result()


def split(text: str) -> Words:
    start = len(text) - len(text.lstrip())
    found = _words().findall(text, start)
    return Words(["", *(word for word, _ in found)], [text[:start], *(space for _, space in found)])


@cache
def _words() -> re.Pattern[str]:
    """Finds each word with the white space behind it. What is no word is found by single characters.

    Python's \\w has no vowel signs and accents in it (categories Mn, Mc), and knows no joined emoji.
    """
    joined = "\u00ad\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f" + _combining()
    unspaced = "".join(run.pattern.removeprefix("[").removesuffix("]+") for run, _ in UNSPACED)
    letter = rf"[^\W{unspaced}]"
    return re.compile(
        rf"""
        (
            {letter} (?: [^\W{unspaced}]+ | [{joined}]+ | ['’](?={letter}) | (?<=\d)[.,](?=\d) )*
            | [\U0001f1e6-\U0001f1ff]{{2}}
            | \S [{joined}]* (?: (?<=\u200d) \S [{joined}]* )*
        )
        (\s*)
        """,
        re.VERBOSE,
    )


def _combining() -> str:
    """All combining characters, as ranges for a regular expression. None lies between the two parts looked at."""
    codes = [code for part in (range(0x300, 0x20000), range(0xE0100, 0xE01F0)) for code in part if _combines(code)]
    runs = (list(run) for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0]))
    return "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)


def _combines(code: int) -> bool:
    return category(chr(code))[0] == "M"


def _without_islands(found: list[Match], old: Words, new: Words) -> list[Match]:
    """Without the short matches that lie alone between two changes: those are easier to read as one."""
    kept = [Match(0, 0, 0)]
    for match, following in pairwise([*found, Match(len(old.words), len(new.words), 0)]):
        size = _size(old.words[match.i : match.i + min(match.length, 2 * _ISLAND)])
        if size > _ISLAND or size >= _surroundings(kept[-1], match, following):
            kept.append(match)
    return kept[1:]


def _size(shown: list[str]) -> int:
    """How many words, punctuation left out; a long run of punctuation counts as one."""
    return sum(any(map(str.isalnum, word)) for word in shown) or len(shown) // _ISLAND


def _surroundings(before: Match, match: Match, after: Match) -> int:
    """The words in the smaller of the two changes around a match; 0 where words were only put in, or only taken out."""
    old = match.i - before.i - before.length, after.i - match.i - match.length
    new = match.j - before.j - before.length, after.j - match.j - match.length
    return min(*map(max, old, new), sum(old), sum(new))


class _Writing:
    """Takes changes and matches in turn and writes as few spans as can be."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.gone: list[str] = []
        self.new: list[str] = []
        self.same: list[str] = []

    def change(self, gone: str, new: str) -> None:
        if gone or new:
            self._end_same()
            self.gone.append(gone)
            self.new.append(new)

    def match(self, old: Words, new: Words, match: Match) -> None:
        """The words are the same; the space behind a word may still be another."""
        start = match.i
        across = match.j - match.i
        for i in range(match.i, match.i + match.length):
            if old.spaces[i] != new.spaces[i + across]:
                self._unchanged(old.text(start, i) + old.words[i])
                self.change(old.spaces[i], new.spaces[i + across])
                start = i + 1
        self._unchanged(old.text(start, match.i + match.length))

    def result(self) -> list[Span]:
        self._end_change()
        self._end_same()
        return self.spans

    def _unchanged(self, text: str) -> None:
        if text:
            self._end_change()
            self.same.append(text)

    def _end_same(self) -> None:
        if self.same:
            self.spans.append(Span("same", "".join(self.same)))
            self.same = []

    def _end_change(self) -> None:
        """The space that both end with belongs to what follows."""
        gone, new = "".join(self.gone), "".join(self.new)
        space = _common_space(gone, new)
        kept = len(gone) - len(space), len(new) - len(space)
        self.spans += [span for span in (Span("gone", gone[: kept[0]]), Span("new", new[: kept[1]])) if span.text]
        self.gone, self.new = [], []
        if space:
            self.same.append(space)


def _common_space(gone: str, new: str) -> str:
    length = 0
    for one, other in zip(reversed(gone), reversed(new), strict=False):
        if one != other or not one.isspace():
            break
        length += 1
    return gone[len(gone) - length :]
