"""The front page: what leads it, what stands around that, and a strip for each section."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from articles.models import Article, Section
from articles.models.article import look_up_bylines

LEADING: Final = 9
STRIP: Final = 4
RAIL: Final = 6


@dataclass(frozen=True)
class Strip:
    section: Section
    articles: list[Article]


@dataclass(frozen=True)
class FrontSheet:
    """`lead` is None where nothing is published yet; no article stands on the sheet twice but in the LATEST rail,
    which leaves out those above it only."""

    lead: Article | None
    beside: list[Article]
    grid: list[Article]
    strips: list[Strip]
    latest: list[Article]


def compose(sections: Sequence[Section], newest: Sequence[Article], at: datetime) -> FrontSheet:
    """The sheet as readers see it at an instant: staff's picks in their order, then the newest. Three queries."""
    public = Article.objects.published(at)
    picked = list(public.filter(front_pick__isnull=False).order_by("front_pick__position").for_teasers()[:LEADING])
    leading = (picked + [article for article in newest if article not in picked])[:LEADING]
    of_each = list(Article.objects.newest_of_each(sections, at, STRIP, besides=leading).newest().for_teasers())
    look_up_bylines([*leading, *of_each])
    strips = [Strip(section, [a for a in of_each if a.section_id == section.pk]) for section in sections]
    return FrontSheet(
        lead=leading[0] if leading else None,
        beside=leading[1:3],
        grid=leading[3:],
        strips=[strip for strip in strips if strip.articles],
        latest=[article for article in newest if article not in leading][:RAIL],
    )
