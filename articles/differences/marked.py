"""The text inside a block of stored HTML with the marks it has, and the marks put on spans of it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import NamedTuple

from articles.differences.spans import Mark, Marks, Span
from articles.html.text import TOKEN

_UNMARKED = frozenset({"p", "li", "tbody", "tr", "td"})
"""What a text in a list or table is always inside of. Any other element inside a block is a mark."""

_VOID = frozenset({"br", "hr"})
_INLINE = frozenset({"a", "code", "em", "s", "strong", "sub", "sup"})
_ATTRIBUTE = re.compile(r' (?P<name>alt|href|src)="(?P<value>[^"]*)"')
_LINE, _CELL = "\n", "\t"


class Piece(NamedTuple):
    """A text and the marks that all of it has."""

    text: str
    marks: Marks


def pieces(html: str) -> list[Piece]:
    """The text in a block: a newline between lines, items and paragraphs, a tab behind a cell, a picture as its alt."""
    reading = _Reading()
    for token in TOKEN.finditer(html):
        reading.take(token)
    return reading.result()


def text_of(found: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in found)


class _Reading:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.opened: list[Mark] = []
        self.separated = True
        self.outermost = True

    def take(self, token: re.Match[str]) -> None:
        tag = token["tag"]
        if not tag:
            self._add(unescape(token["text"]))
        elif tag == "img":
            self._picture(_attributes(token))
        elif tag == "br":
            self._add("\n")
        elif token["end"]:
            self._end(tag)
        else:
            self._start(tag, token)

    def result(self) -> list[Piece]:
        if self.pieces and self.separated:
            self.pieces.pop()
        return self.pieces

    def _add(self, text: str, *marks: Mark) -> None:
        self.pieces.append(Piece(text, tuple(sorted([*self.opened, *marks]))))
        self.separated = False

    def _picture(self, attributes: dict[str, str]) -> None:
        """The alt text; a picture that decorates has the name of its file, so that it can be spoken of."""
        source = attributes.get("src", "")
        self._add(attributes.get("alt") or source.rpartition("/")[2] or "\ufffc", Mark("img", source))

    def _start(self, tag: str, token: re.Match[str]) -> None:
        if tag not in _INLINE and not self.separated:
            self._separate(_LINE)
        if not self.outermost and tag not in _UNMARKED and tag not in _VOID:
            self.opened.append(Mark(tag, _attributes(token).get("href", "")))
        self.outermost = False

    def _end(self, tag: str) -> None:
        for at in range(len(self.opened) - 1, -1, -1):
            if self.opened[at].tag == tag:
                del self.opened[at]
                break
        if tag in {"td", "th"}:
            self._separate(_CELL)
        elif tag not in _INLINE:
            self._separate(_LINE)

    def _separate(self, separator: str) -> None:
        """One separator between texts, the last that was asked for; but empty cells have one each."""
        if self.pieces and self.separated and not (separator == self.pieces[-1].text == _CELL):
            self.pieces.pop()
        if self.pieces or separator == _CELL:
            self.pieces.append(Piece(separator, ()))
            self.separated = True


def _attributes(token: re.Match[str]) -> dict[str, str]:
    return {found["name"]: unescape(found["value"]) for found in _ATTRIBUTE.finditer(token[0])}


def with_marks(spans: Iterable[Span], before: Sequence[Piece], after: Sequence[Piece]) -> Iterator[Span]:
    """The spans of two texts, divided where a mark begins or ends."""
    old, new = _Cursor(before), _Cursor(after)
    for span in spans:
        cursors = {"same": [old, new], "gone": [old], "new": [new]}[span.kind]
        last: tuple[Marks, Marks] | None = None
        start = end = 0
        while end < len(span.text):
            length = min(len(span.text) - end, *(cursor.ahead for cursor in cursors))
            marks = () if span.kind == "new" else old.take(length), () if span.kind == "gone" else new.take(length)
            if last is not None and marks != last:
                yield Span(span.kind, span.text[start:end], *last)
                start = end
            last = marks
            end += length
        if last is not None:
            yield Span(span.kind, span.text[start:], *last)


class _Cursor:
    """Walks through pieces."""

    def __init__(self, found: Sequence[Piece]) -> None:
        self.rest = [(len(piece.text), piece.marks) for piece in reversed(found) if piece.text]

    @property
    def ahead(self) -> int:
        """The characters left in this piece."""
        return self.rest[-1][0]

    def take(self, length: int) -> Marks:
        left, marks = self.rest.pop()
        if left > length:
            self.rest.append((left - length, marks))
        return marks
