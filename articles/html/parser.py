"""HTML to a tree, by bleach's html5lib (the WHATWG algorithm: we see the elements a browser would see)."""

from collections.abc import Iterator
from typing import Any

from bleach.html5lib_shim import HTMLParser, HTMLTokenizer

from articles.html.allowed import DROPPED, RENAMED, names

_RAW = names("iframe noembed noframes noscript plaintext script style textarea title xmp")
_UNCLOSED = names("a b big code em font i nobr s small strike strong tt u")
_MAX_PARSED, _MAX_UNCLOSED = 120, 24  # elements deep; formatting elements to reopen
_MAX_ATTRIBUTES = 100


class _Tokenizer(HTMLTokenizer):
    """Leaves out start tags that nest too deep and attributes too many, which would cost quadratic time or memory."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if "selfClosingAcknowledged" not in token or token["name"] in _RAW or self._has_room(token["name"]):
                yield token

    def attributeNameState(self) -> bool:  # noqa: N802 - html5lib's name; it compares each name with all before it
        del self.currentToken["data"][_MAX_ATTRIBUTES:-1]
        return bool(super().attributeNameState())

    def _has_room(self, name: str) -> bool:
        tree = self.parser.tree
        unclosed = len(tree.activeFormattingElements) if name in _UNCLOSED else 0
        return len(tree.openElements) < _MAX_PARSED and unclosed < _MAX_UNCLOSED


class Parser(HTMLParser):
    def _parse(
        self,
        stream: str,
        innerHTML: bool = False,  # noqa: N803 - html5lib's name
        container: str = "div",
        scripting: bool = True,
    ) -> None:
        """As html5lib's own, but with our tokenizer (bleach's parser replaces it in the same way)."""
        self.innerHTMLMode, self.container, self.scripting = innerHTML, container, scripting
        self.tokenizer = _Tokenizer(stream, parser=self)
        self.reset()
        self.mainLoop()


def tag_of(element: Any) -> str:
    """The element's name in our tables; "#" for comments and foreign (SVG, MathML) elements."""
    name = element.tag
    return RENAMED.get(name, name) if isinstance(name, str) and name[0] not in "{<" else "#"


def nest_lists(root: Any) -> None:
    """A list directly in a list (Google Docs, old editors) belongs to the item before it."""
    for parent in [each for each in root.iter() if tag_of(each) in {"ul", "ol"}]:
        item = None
        for child in list(parent):
            if item is not None and tag_of(child) in {"ul", "ol"}:
                parent.remove(child)
                item.append(child)
            elif tag_of(child) == "li":
                item = child


def walk(root: Any) -> Iterator[tuple[str, Any]]:
    """The tree without what is dropped, as ("start", element), ("text", str), ("end", element). Does not recurse."""
    agenda: list[tuple[str, Any]] = [("start", root)]
    while agenda:
        event, item = agenda.pop()
        yield event, item
        if event != "start":
            continue
        agenda.append(("end", item))
        for child in reversed(item):
            if child.tail:
                agenda.append(("text", child.tail))
            if (tag := tag_of(child)) != "#" and tag not in DROPPED:
                agenda.append(("start", child))
        if item.text:
            agenda.append(("text", item.text))
