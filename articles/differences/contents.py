"""What changed between two contents of an article, field by field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from articles.differences.alignment import Effort, Match, matches
from articles.differences.bodies import BlockChange, body
from articles.differences.spans import Span, words

Kind = Literal["text", "body", "list", "value"]
NameOf = Callable[[str, Any], str]
"""What a person reads for a value of the named field: the author's name for a byline, a date for an ISO date …"""

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("headline", "slug", "dek"), "text"),
    "body": "body",
    **dict.fromkeys(("kind", "section", "lead_picture"), "value"),
    **dict.fromkeys(("lead_alt", "lead_caption"), "text"),
    "bylines": "list",
    "byline_override": "text",
    **dict.fromkeys(("tags", "related"), "list"),
    "published_at": "value",
    **dict.fromkeys(("seo_title", "seo_description", "canonical_url"), "text"),
    "noindex": "value",
}
"""The fields of a content, in the order of ArticleForm.content. A database may give the keys back in another order."""

_UNORDERED = frozenset({"tags"})
_MOMENTS = frozenset({"published_at"})


@dataclass(frozen=True)
class Item:
    """One of a list: a byline, a tag, a related article."""

    kind: Literal["kept", "added", "removed", "moved"]
    name: str


@dataclass(frozen=True)
class FieldChange:
    """A field that differs. `before` and `after` are for people: the text, the HTML of a body, the name of a value.

    Of a text there are spans, of a body blocks, of a list items.
    """

    name: str
    kind: Kind
    before: str
    after: str
    spans: tuple[Span, ...] = ()
    blocks: tuple[BlockChange, ...] = ()
    items: tuple[Item, ...] = ()


def fields(before: Mapping[str, Any], after: Mapping[str, Any], name_of: NameOf) -> list[FieldChange]:
    """The fields that differ between two contents (`ArticleForm.snapshot`), in the order of the form.

    A field that is missing is empty, and all that is empty is the same. Fields not in KINDS come last.
    """
    others = [name for name in {**before, **after} if name not in KINDS]
    changes = (_field(name, before.get(name), after.get(name), name_of) for name in [*KINDS, *others])
    return [change for change in changes if change]


def _field(name: str, before: Any, after: Any, name_of: NameOf) -> FieldChange | None:
    kind = KINDS.get(name) or _kind_of(before, after)
    if kind == "list":
        return _list(name, _as_list(before), _as_list(after), name_of)
    if kind == "value":
        return _value(name, before, after, name_of)
    old, new = _as_text(before), _as_text(after)
    if old == new:
        return None
    if kind == "body":
        return FieldChange(name, kind, old, new, blocks=tuple(body(old, new)))
    return FieldChange(name, kind, old, new, spans=tuple(words(old, new)))


def _kind_of(before: Any, after: Any) -> Kind:
    values = [value for value in (before, after) if value is not None]
    if any(isinstance(value, list | tuple) for value in values):
        return "list"
    return "text" if values and all(isinstance(value, str) for value in values) else "value"


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    return [value] if value else []


def _value(name: str, before: Any, after: Any, name_of: NameOf) -> FieldChange | None:
    if _compared(name, before) == _compared(name, after):
        return None
    return FieldChange(name, "value", _named(name, before, name_of), _named(name, after, name_of))


def _compared(name: str, value: Any) -> Any:
    """A moment is the same in every time zone."""
    if name in _MOMENTS and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    return value or None


def _named(name: str, value: Any, name_of: NameOf) -> str:
    return "" if value is None or value == "" else name_of(name, value)


def _list(name: str, before: list[Any], after: list[Any], name_of: NameOf) -> FieldChange | None:
    if name in _UNORDERED:
        before, after = sorted(before, key=repr), sorted(after, key=repr)
    old, new = [repr(_plain(item)) for item in before], [repr(_plain(item)) for item in after]
    if old == new:
        return None
    names = {key: _named(name, item, name_of) for key, item in zip([*old, *new], [*before, *after], strict=True)}
    items = tuple(Item(kind, names[key]) for kind, key in _items(old, new))
    return FieldChange(
        name, "list", ", ".join(names[key] for key in old), ", ".join(names[key] for key in new), items=items
    )


def _plain(item: Any) -> Any:
    """JSON knows no tuples."""
    return list(item) if isinstance(item, tuple) else item


def _items(old: list[str], new: list[str]) -> Iterator[tuple[Literal["kept", "added", "removed", "moved"], str]]:
    """In the newer order; what was removed stands where it was."""
    was, now = set(old), set(new)
    i = j = 0
    for match in [*matches(old, new, Effort()), Match(len(old), len(new), 0)]:
        yield from (("removed", key) for key in old[i : match.i] if key not in now)
        yield from (("moved" if key in was else "added", key) for key in new[j : match.j])
        i, j = match.i + match.length, match.j + match.length
        yield from (("kept", key) for key in new[match.j : j])
