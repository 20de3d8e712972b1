"""The content of an article: all that is editable of it, as one dict that JSON takes.

Sections, pictures, authors and related articles stand in it by number, tags by name, the date in ISO 8601 (UTC):

    {"headline": "…", "body": "<p>…</p>", "section": 3, "bylines": [[7, "with"]], "tags": ["Coast"], …}
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from articles.html.text import one_line, tidy

Content = dict[str, Any]

EMPTY: Final[Content] = {
    "headline": "",
    "slug": "",
    "dek": "",
    "body": "",
    "kind": "reporting",
    "section": None,
    "lead_picture": None,
    "lead_alt": "",
    "lead_caption": "",
    "bylines": [],
    "byline_override": "",
    "tags": [],
    "related": [],
    "published_at": None,
    "seo_title": "",
    "seo_description": "",
    "canonical_url": "",
    "noindex": False,
}
"""Every field of the content, in the order people read them, as it is in a new article."""

READ: Final = ("headline", "dek", "body", "lead_picture", "lead_alt", "lead_caption", "bylines", "byline_override")
"""What a reader reads of it: the text that somebody signs off."""

KEYS: Final = {"section": "section_id", "lead_picture": "lead_picture_id"}
COLUMNS: Final = tuple(name for name in EMPTY if name not in {"bylines", "tags", "related", "published_at"})
_LONG: Final = frozenset({"dek", "body"})


def normal(content: Content) -> Content:
    """The content in its one form: every field there, texts as the database keeps them, tags in order."""
    return {name: _normal(name, content.get(name, empty)) for name, empty in EMPTY.items()}


def _normal(name: str, value: Any) -> Any:
    if isinstance(value, str) and name != "published_at":
        return tidy(value).strip() if name in _LONG else one_line(value)
    if name == "tags":
        return sorted(value)
    if name == "bylines":
        return [[author, role] for author, role in value]
    return iso(value) if name == "published_at" else value


def iso(moment: datetime | str | None) -> str | None:
    """An instant as the content holds it: the same instant is always the same text."""
    if not moment:
        return None
    instant = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return instant.astimezone(UTC).isoformat()


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def digest(content: Content, names: Iterable[str] = tuple(EMPTY)) -> str:
    """SHA-256 of the fields named, as 64 hexadecimal digits: equal for equal content."""
    chosen = {name: content.get(name, EMPTY[name]) for name in names}
    return hashlib.sha256(json.dumps(chosen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def same_but_for_address(one: Content, other: Content) -> bool:
    """Whether two contents are equal but for slug and date, which publishing fills in where they were left empty."""
    names = [name for name in EMPTY if name not in {"slug", "published_at"}]
    return digest(one, names) == digest(other, names)
