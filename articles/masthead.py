"""What stands around every page: the magazine, its menu and the pages in its footer.

One query tells the present edition; the rest is kept in the process until the edition turns.
"""

from dataclasses import dataclass

from articles.models import Edition, Magazine, Page, Section


@dataclass(frozen=True)
class Masthead:
    magazine: Magazine
    menu: tuple[Section, ...]
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]

    @property
    def edition(self) -> Edition:
        return self.magazine.edition


_kept: dict[str, Masthead] = {}


def current() -> Masthead:
    """The masthead of the present edition: one query, three when the edition is new to this process."""
    magazine = Magazine.objects.current()
    key = magazine.edition.key
    found = _kept.get(key)
    if found is None:
        sections = tuple(Section.objects.all())
        menu = tuple(section for section in sections if section.shown_in_menu)
        pages = tuple(Page.objects.filter(shown_in_footer=True).defer("body"))
        found = Masthead(magazine, menu, sections, pages)
        _kept.clear()
        _kept[key] = found
    return found
