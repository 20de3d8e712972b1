"""A stored body as it is shown: the pictures and articles that it names gathered, at an instant, for a use.

However many bodies are shown, one query looks up their pictures and one their articles; none where they name none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import html, teasers
from articles.html import blocks
from articles.models import Article, Picture
from articles.rights import Use, why_not


@dataclass(frozen=True)
class Named:
    """What bodies name and may show."""

    pictures: blocks.Pictures = field(default_factory=dict)
    articles: blocks.Articles = field(default_factory=dict)


def gather(bodies: Iterable[str], at: datetime, use: str = Use.SITE) -> Named:
    bodies = list(bodies)
    pictures = {number for body in bodies for number in blocks.picture_numbers(body)}
    articles = {number for body in bodies for number in blocks.article_numbers(body)}
    return Named(_pictures(pictures, at, use) if pictures else {}, _articles(articles, at) if articles else {})


def _pictures(numbers: Iterable[int], at: datetime, use: str) -> blocks.Pictures:
    found = Picture.objects.in_bulk(numbers)
    return {
        number: blocks.ShownPicture(partial(_HOW[use], picture), credit_line(picture))
        for number, picture in found.items()
        if not why_not(picture.rights, use, at)
    }


def _articles(numbers: Iterable[int], at: datetime) -> blocks.Articles:
    found = Article.objects.published(at).filter(pk__in=numbers).for_teasers()
    return {article.pk: (article.headline, article.get_absolute_url()) for article in found}


def shown(body: str, at: datetime, use: str = Use.SITE) -> SafeString:
    """A stored body on a page of its own."""
    named = gather([body], at, use)
    return html.stored(blocks.for_page(body, named.pictures, named.articles, settings.MASTODON_HOSTS))


def opening(article: Article) -> SafeString:
    """An article's opening on a page with others, from where links to a place in the article lead to its page."""
    text = blocks.for_opening(article.opening, prefix=f"article-{article.pk}-")
    return html.stored(html.with_absolute_links(text, article.get_absolute_url()))


def rest(article: Article, at: datetime) -> SafeString:
    """What follows the opening, for a teaser that opens in place."""
    before, after = teasers.split(article.body)
    named = gather([after], at)
    return html.stored(blocks.for_rest(before, after, named.pictures, named.articles, settings.MASTODON_HOSTS))


def in_feed(article: Article, named: Named, address: str) -> str:
    """The body of an article with that address (a whole URL), for a feed; `named` was gathered for Use.FEEDS."""
    return html.with_absolute_links(blocks.for_feed(article.body, named.pictures, named.articles), address)


def credit_line(picture: Picture) -> str:
    """Who made a picture, as HTML; "" where that is not known."""
    if not picture.credit_url:
        return format_html("{}", picture.credit)
    return format_html('<a href="{}" rel="noopener">{}</a>', picture.credit_url, picture.credit)


def _on_page(picture: Picture, alt: str, alignment: str) -> str:
    return _image(picture, alt, ' class="in-body" loading="lazy" decoding="async"')


def _plainly(picture: Picture, alt: str, alignment: str) -> str:
    return _image(picture, alt)


def _image(picture: Picture, alt: str, more: str = "") -> str:
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}"{}>',
        picture.file.url,
        alt or ("" if picture.decorative else picture.alt),
        picture.width,
        picture.height,
        html.stored(more),
    )


_HOW: Final[dict[str, Callable[[Picture, str, str], str]]] = {
    Use.SITE: _on_page,
    Use.FEEDS: _plainly,
    Use.NEWSLETTER: _plainly,
}
