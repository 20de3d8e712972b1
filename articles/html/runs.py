"""Text with marks (em, a, …): the canonical form of what stands in one paragraph, heading, item or cell."""

import re
from html import escape
from itertools import takewhile

from articles.html.text import BLANK, tidy

_SPACE = re.compile(r"[ \t\n\r]+")

Mark = tuple[str, str]  # the element, its start tag
Marks = tuple[Mark, ...]


class Run:
    """Text with marks, and the br and img in it: what stands in one paragraph, heading or cell."""

    def __init__(self, preformatted: bool = False) -> None:
        self.preformatted = preformatted
        self.pieces: list[tuple[str, Marks]] = []  # escaped text, or the tag of a br or img

    def text(self, data: str, marks: Marks) -> None:
        data = escape(tidy(data), quote=False)
        if not self.preformatted:
            data = _SPACE.sub(" ", data)
            if not self.pieces or self.pieces[-1][0].endswith((" ", "<br>")):
                data = data.removeprefix(" ")
        if data:
            self._add(data, marks)

    def void(self, markup: str, marks: Marks) -> None:
        if markup == "<br>" and self.preformatted:
            markup = "\n"
        elif markup == "<br>":
            self._trim(breaks=False)
        if self.pieces or markup != "<br>":
            self._add(markup, marks)

    def end_line(self) -> None:
        """A block inside a heading or pre started or ended here."""
        if self.pieces and not self.pieces[-1][0].endswith(("\n", "<br>")):
            self.text("\n", ())

    def html(self) -> str:
        """The run as HTML; "" where nothing in it can be seen."""
        self._trim(breaks=True)
        if all(piece == "<br>" or BLANK.fullmatch(piece) for piece, _ in self.pieces):
            return ""
        out: list[str] = []
        opened: Marks = ()
        for piece, marks in [*self.pieces, ("", ())]:
            same = len(_common(opened, marks))
            out += [f"</{tag}>" for tag, _ in reversed(opened[same:])]
            out += [start for _, start in marks[same:]]
            out.append(piece)
            opened = marks
        return "".join(out).lstrip("\n")

    def _add(self, data: str, marks: Marks) -> None:
        """A blank or break takes only the marks of what stands before it: no empty links, no bold spaces."""
        if not self.preformatted and (data == "<br>" or BLANK.fullmatch(data)):
            marks = _common(self.pieces[-1][1], marks) if self.pieces else ()
        self.pieces.append((data, marks))

    def _trim(self, breaks: bool) -> None:
        while self.pieces:
            data, marks = self.pieces.pop()
            if kept := "" if breaks and data == "<br>" else data.rstrip(" \t\n"):
                self.pieces.append((kept, marks))
                return


def _common(one: Marks, other: Marks) -> Marks:
    return tuple(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
