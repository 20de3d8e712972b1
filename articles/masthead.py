"""What stands around every page: the magazine, its menu, the pages in its footer, its newest pieces.

One query tells the present edition; the rest is kept in the process until the edition turns, which it does with every
change readers could see and whenever a scheduled one is due.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final, TypeVar

from articles.models import Article, Edition, Magazine, Page, Section

RAIL: Final = 6
# As many as the rail shows and the longest list of teasers has, since it leaves those out.
NEWEST: Final = 24
# A bound on memory: a few kilobytes each.
MOST_PARTS: Final = 5_000

MISSING: Final = object()
T = TypeVar("T")


@dataclass
class Masthead:
    """`sections` are by slug, in the order of the menu. `parts` are what pages share, made when first asked for: they
    belong to this edition and go with it."""

    magazine: Magazine
    sections: dict[str, Section]
    pages: tuple[Page, ...]
    newest: tuple[Article, ...]
    parts: dict[Hashable, Any] = field(default_factory=dict)

    @cached_property
    def menu(self) -> list[Section]:
        return [section for section in self.sections.values() if section.shown_in_menu]

    @property
    def edition(self) -> Edition:
        return self.magazine.edition

    def keep(self, name: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a name, made now if it is asked for the first time in this edition."""
        found = self.parts.get(name, MISSING)
        if found is MISSING:
            found = make()
            if len(self.parts) >= MOST_PARTS:
                self.parts.clear()
            self.parts[name] = found
        return found

    def latest_besides(self, shown: Collection[Article]) -> list[Article]:
        """The LATEST rail: the newest pieces that are not on the page already."""
        return [article for article in self.newest if article not in shown][:RAIL]


_kept: dict[str, Masthead] = {}


def current(at: datetime) -> Masthead:
    """The masthead now, at `at`, in the present edition: one query; four when the edition is new to this process."""
    magazine = Magazine.objects.current()
    if magazine.edition.is_due(at):
        Edition.objects.turn_if_due(magazine.edition, at)
        magazine = Magazine.objects.current()
    found = _kept.get(magazine.edition.key)
    if found is None:
        found = compose(magazine, magazine.edition.at(at))
        _kept.clear()
        _kept[magazine.edition.key] = found
    return found


def compose(magazine: Magazine, at: datetime) -> Masthead:
    """The masthead as it stands at any instant, asked of the database."""
    return Masthead(
        magazine=magazine,
        sections={section.slug: section for section in Section.objects.all()},
        pages=tuple(Page.objects.filter(shown_in_footer=True).defer("body")),
        newest=tuple(Article.objects.published(at).newest().for_teasers()[:NEWEST]),
    )
