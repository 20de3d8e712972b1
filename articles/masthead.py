"""What stands around every page: the magazine, its menu, the pages in its footer, its newest pieces.

One query tells the present edition; the rest is kept in the process until the edition turns, which it does with every
change readers could see and whenever a scheduled one is due.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from articles.models import Article, Edition, Magazine, Page, Section

RAIL: Final = 6
# As many as the rail shows and the longest list of teasers has, since it leaves those out.
NEWEST: Final = 24


@dataclass(frozen=True)
class Masthead:
    magazine: Magazine
    menu: tuple[Section, ...]
    pages: tuple[Page, ...]
    newest: tuple[Article, ...]

    @property
    def edition(self) -> Edition:
        return self.magazine.edition


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
        found = compose(magazine, at)
        _kept.clear()
        _kept[magazine.edition.key] = found
    return found


def compose(magazine: Magazine, at: datetime) -> Masthead:
    """The masthead as it stands at any instant, asked of the database."""
    return Masthead(
        magazine=magazine,
        menu=tuple(Section.objects.filter(shown_in_menu=True)),
        pages=tuple(Page.objects.filter(shown_in_footer=True).defer("body")),
        newest=tuple(Article.objects.published(at).newest().for_teasers()[:NEWEST]),
    )
