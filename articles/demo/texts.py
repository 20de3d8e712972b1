"""The demo magazine's files, read: one TOML file for the magazine, one HTML file with a TOML head for each article."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

FOLDER = Path(__file__).resolve().parent
FENCE = "+++\n"


@dataclass(frozen=True)
class Text:
    """One article; `days_ago` counts from the day the demo is loaded and is below zero for scheduled pieces."""

    slug: str
    body: str
    headline: str
    dek: str
    section: str
    kind: str
    bylines: list[list[str]]
    tags: list[str]
    days_ago: int
    draft: bool
    related: list[str]
    picture_alt: str
    picture_caption: str
    picture_credit: str
    seo_title: str = ""
    seo_description: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        _empty, head, body = path.read_text(encoding="utf-8").split(FENCE, 2)
        return cls(slug=path.stem, body=body.strip(), **tomllib.loads(head))


def articles() -> list[Text]:
    """The texts, oldest first, so that the order of their numbers is the order of their dates."""
    texts = [Text.read(path) for path in sorted((FOLDER / "texts").glob("*.html"))]
    return sorted(texts, key=lambda text: (-text.days_ago, text.slug))


def magazine() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "magazine.toml").read_text(encoding="utf-8"))
