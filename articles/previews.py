"""A text that is in no row, as readers will see it: an unsaved article filled from a content, and its page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from articles import metadata
from articles.models import Article, Author, Byline, Picture, Section, Tag
from articles.models import content as contents
from articles.models.article import look_up_bylines
from articles.models.content import Content
from articles.related import related_in

NO_HEADLINE: Final = _("Headline to come")
NO_SECTION: Final = _("No section yet")
PLAIN: Final = tuple(name for name in contents.COLUMNS if name not in {"section", "lead_picture", "slug"})
"""The fields that stand in the row as they stand in the content."""


def as_read(article: Article, content: Content, at: datetime) -> Article:
    """The article with another content, never to be saved. What a draft lacks has a word in its place, what the content
    names and is gone by now is left out."""
    content = contents.normal(content)
    shown = Article(pk=article.pk, **{name: content[name] for name in PLAIN})
    shown.headline = content["headline"] or str(NO_HEADLINE)
    shown.slug = content["slug"] or article.slug or "preview"
    section = Section.objects.filter(pk=content["section"]).first()
    shown.section = section or Section(name=str(NO_SECTION), slug="no-section")
    shown.lead_picture = Picture.objects.filter(pk=content["lead_picture"]).first()
    shown.published_at = contents.instant(content["published_at"]) or article.published_at or at
    shown.first_published_at, shown.updated_at = article.first_published_at, article.updated_at
    shown.derive()
    shown.keep_rows("bylines", bylines(content["bylines"]))
    shown.keep_rows("tags", tags(content["tags"]))
    return shown


def bylines(names: list[list[Any]]) -> list[Any]:
    authors = Author.objects.in_bulk([number for number, _role in names])
    return [Byline(author=authors[number], role=role) for number, role in names if number in authors]


def tags(names: Iterable[str]) -> list[Any]:
    """The tags of these names; those that publishing will make have no number yet."""
    names = list(names)
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    return [known.get(name) or Tag(name=name, slug=Tag().slugify(name)) for name in names]


def page(article: Article, content: Content, masthead: Any, at: datetime) -> dict[str, Any]:
    """What the template articles/preview.html shows."""
    shown = as_read(article, content, at)
    related = related_in(shown, content["related"], at)
    look_up_bylines(related)
    return {
        "article": shown,
        "related": related,
        "latest": masthead.latest_besides([shown, *related]),
        "title": metadata.title(shown),
        "description": metadata.description(shown),
        "staff_bar": False,
    }
