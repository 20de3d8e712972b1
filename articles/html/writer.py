"""The parsed tree written anew, in canonical form, with nothing in it but what the tables of `allowed` name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any
from unicodedata import category, normalize

from articles.html import figures
from articles.html.allowed import (
    ACCEPTS,
    HEADINGS,
    IMPLIED,
    MARKS,
    NESTING,
    PARAGRAPHS,
    RESERVED_FORMS,
    RESERVED_IDS,
    TEXT_BLOCKS,
    attributes_of,
    start_tag,
)
from articles.html.parser import tag_of
from articles.html.runs import Mark, Run
from articles.html.text import BLANK, TOKEN, plain, without_notes

_MAX_NESTED = 32  # containers written inside each other
NOT_AROUND_NOTES = frozenset({"a", "code", "sub", "sup"})
_NORMAL = re.compile(r"(^|;)font-(weight:([1-4]00|normal)|style:normal)")


@dataclass(slots=True)
class _Frame:
    """A container or text block being written, with its finished children as (kind, html) and the run still open.

    The kinds: the element's name; "p" and "run" for the inside of a paragraph that was marked as one, or was not;
    "insert" for one that stands for an article. `around` are the marks that a note stands in.
    """

    name: str
    attributes: dict[str, str]
    run: Run
    implied: bool = False
    in_paragraph: bool = False
    article: str = ""
    around: list[Mark] = field(default_factory=list)
    children: list[tuple[str, str]] = field(default_factory=list)


class Ids:
    """Heading ids, unique in the body. An id that a heading has is kept, so that deep links survive an edit."""

    def __init__(self, root: Any) -> None:
        self.taken = set(RESERVED_IDS)
        self.promised = {each.get("id") for each in root.iter() if tag_of(each) in HEADINGS}
        self.numbers: dict[str, Iterator[int]] = {}

    def of(self, given: str | None, text: str) -> str:
        chosen = given if given and self._is_free(given) else self._new(_slug(text))
        self.taken.add(chosen)
        return chosen

    def _is_free(self, name: str) -> bool:
        return name not in self.taken and not RESERVED_FORMS.match(name)

    def _new(self, slug: str) -> str:
        """The slug itself or the first numbered one that no heading has, or wants further on."""
        if RESERVED_FORMS.match(f"{slug}-1"):
            slug = f"section-{slug}"  # no number behind it would set it free
        numbers = self.numbers.setdefault(slug, count(1))
        names = (f"{slug}-{n}" if n > 1 else slug for n in numbers)
        return next(name for name in names if name not in self.taken and name not in self.promised)


def _slug(text: str) -> str:
    """Letters, marks and digits of any script, in lower case, joined by hyphens; at most 80 characters."""
    letters = "".join(c if category(c)[0] in "LMN" else " " for c in normalize("NFKC", text).lower())
    return "-".join(letters.split())[:80].rstrip("-") or "section"


def _undone(element: Any) -> bool:
    """Google Docs wraps what it copies in <b style="font-weight:normal">."""
    style = re.sub(r"\s", "", element.get("style", "").lower())
    return element.tag in {"b", "strong", "i", "em"} and bool(_NORMAL.search(style))


class Writer:
    """Takes the parsed tree as events and writes canonical HTML. One method for each event of `walk`."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.frames = [_Frame("", {}, Run())]
        self.marks: list[Mark] = []
        self.closers: list[Callable[[], object]] = []

    def start(self, element: Any) -> None:
        tag = tag_of(element)
        closer: Callable[[], object] | None = None
        if tag == "sup" and "data-note" in element.attrib:
            closer = self._note()
        elif tag in MARKS:
            closer = self._mark(tag, element)
        elif tag in {"br", "img"}:
            self._void(tag, element)
        elif tag in ACCEPTS or tag in TEXT_BLOCKS or tag in PARAGRAPHS or tag == "hr":
            closer = self._block(tag, element)
        self.closers.append(closer or (lambda: None))

    def text(self, data: str) -> None:
        if data.strip() or self.frames[-1].name not in IMPLIED:
            self._imply("")
            self.frames[-1].run.text(data, tuple(self.marks))

    def end(self, _element: Any) -> None:
        self.closers.pop()()

    def result(self) -> str:
        self._break()
        return _paragraphs(self.frames[0].children)

    def _mark(self, tag: str, element: Any) -> Callable[[], object] | None:
        attributes = attributes_of(tag, element.attrib)
        if attributes is None or _undone(element) or any(tag == mark for mark, _ in self.marks):
            return None
        self.marks.append((tag, start_tag(tag, attributes)))
        return self.marks.pop

    def _note(self) -> Callable[[], object] | None:
        """A note has marks of its own; in a note there is none."""
        if self.frames[-1].name == "note":
            return None
        self._imply("")
        frame = self._open("note", {})
        frame.around, self.marks = self.marks, []
        return partial(self._finish, frame)

    def _void(self, tag: str, element: Any) -> None:
        attributes = attributes_of(tag, element.attrib)
        here = self.frames[-1].name
        if attributes is not None and not (tag == "br" and here in IMPLIED) and not (tag == "img" and here == "note"):
            self._imply("")
            self.frames[-1].run.void(start_tag(tag, attributes), tuple(self.marks))

    def _block(self, tag: str, element: Any) -> Callable[[], object]:
        """Opens a frame where one fits here; elsewhere only a paragraph ends."""
        self._imply(tag)
        here = self.frames[-1]
        if tag == "thead" and here.children:
            tag = "tbody" if {"thead", "tbody"} & {kind for kind, _ in here.children} else tag
        self._break(in_paragraph=tag == "p")
        too_deep = len(self.frames) > _MAX_NESTED and tag in NESTING
        if here.name in TEXT_BLOCKS or too_deep or tag == "p" or tag not in ACCEPTS[here.name]:
            if tag == "p" and here.name == "":
                here.article = (attributes_of("p", element.attrib) or {}).get("data-article", "")
            return self._break
        if tag == "hr":
            here.children.append(("hr", "<hr>"))
            return self._break
        attributes = attributes_of(tag, element.attrib) or {}
        return partial(self._finish, self._open("gallery" if "data-gallery" in attributes else tag, attributes))

    def _open(self, tag: str, attributes: dict[str, str], implied: bool = False) -> _Frame:
        self.frames.append(_Frame(tag, attributes, Run(preformatted=tag == "pre"), implied))
        return self.frames[-1]

    def _imply(self, tag: str) -> None:
        """Ends and opens implied frames (an li in a ul) until `tag`, or text (""), can stand in the last one."""
        while self.frames[-1].implied and tag in ACCEPTS[self.frames[-2].name]:
            self._finish(self.frames[-1])
        while (here := self.frames[-1].name) in IMPLIED and tag not in ACCEPTS[here]:
            self._open(IMPLIED[here], {}, implied=True)

    def _break(self, in_paragraph: bool = False) -> None:
        """Ends the paragraph, or in a heading or pre the line."""
        frame = self.frames[-1]
        if frame.name in TEXT_BLOCKS:
            frame.run.end_line()
            return
        if html := frame.run.html():
            insert = figures.insert(frame.article, html) if frame.article else ""
            frame.children.append(("insert", insert) if insert else ("p" if frame.in_paragraph else "run", html))
        frame.run, frame.in_paragraph, frame.article = Run(), in_paragraph, ""

    def _finish(self, last: _Frame) -> None:
        """Closes the frames down to `last`, each into the one around it."""
        frame = None
        while frame is not last:
            self._break()
            frame = self.frames.pop()
            if frame.name == "note":
                self._end_note(frame)
                continue
            inside = frame.run.html() if frame.name in TEXT_BLOCKS else _inside(frame)
            if frame.name in HEADINGS and inside:
                frame.attributes["id"] = self.ids.of(frame.attributes.get("id"), plain(inside))
            self.frames[-1].children += _written(frame, inside)

    def _end_note(self, frame: _Frame) -> None:
        self.marks = frame.around
        if html := frame.run.html():
            marks = tuple(mark for mark in self.marks if mark[0] not in NOT_AROUND_NOTES)
            self.frames[-1].run.void(f'<sup data-note="">{html}</sup>', marks)


def _written(frame: _Frame, inside: str) -> list[tuple[str, str]]:
    """The finished frame as a child of the one around it; nothing if empty, a paragraph if only a caption."""
    if frame.name not in {"td", "th"} and not inside:
        return []
    if frame.name in {"table", "figure", "gallery"}:
        if "<img" not in inside and BLANK.fullmatch(plain(inside)) and without_notes(inside) == inside:
            return []
        if {kind for kind, _ in frame.children} <= {"caption", "figcaption"}:
            return [("p", TOKEN.sub(lambda token: "" if "caption" in (token["tag"] or "") else token[0], inside))]
    if frame.name == "gallery":
        return figures.gallery(frame.attributes, _captioned(frame.children))
    attributes = frame.attributes
    if frame.name == "figure":
        attributes, inside = figures.figure(attributes, inside)
    return [(frame.name, f"{start_tag(frame.name, attributes)}{inside}</{frame.name}>")]


def _inside(frame: _Frame) -> str:
    children = frame.children
    if frame.name in {"li", "td", "th"} and _is_bare([kind for kind, _ in children]):
        return "".join(html for _, html in children)
    if frame.name in {"figure", "gallery", "table"}:
        children = _captioned(children)
    return _paragraphs(children)


def _is_bare(kinds: list[str]) -> bool:
    """Text, and at most lists under it: an item or cell that needs no paragraph."""
    return kinds[:1] == ["run"] and {*kinds[1:]} <= {"ul", "ol"}


def _paragraphs(children: list[tuple[str, str]]) -> str:
    return "".join(f"<p>{html}</p>" if kind in {"p", "run"} else html for kind, html in children)


def _captioned(children: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One caption: a table's first, a figure's first or last. A picture in a figure needs no paragraph."""
    captions = [html for kind, html in children if "caption" in kind]
    others = [_uncaptioned(kind, html) for kind, html in children if "caption" not in kind]
    if not captions:
        return others
    tag = "figcaption" if captions[0].startswith("<fig") else "caption"
    text = " ".join(html.removeprefix(f"<{tag}>").removesuffix(f"</{tag}>") for html in captions)
    caption = (tag, f"<{tag}>{text}</{tag}>")
    return [caption, *others] if tag == "caption" or children[0][0] == tag else [*others, caption]


def _uncaptioned(kind: str, html: str) -> tuple[str, str]:
    return ("img" if kind == "run" and "<img" in html and not plain(html).strip() else kind, html)
