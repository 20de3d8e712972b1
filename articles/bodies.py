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
from articles.picture_html import picture_html
from articles.rights import Use, why_not


@dataclass(frozen=True)
class Named:
    """What bodies name and may show."""

    pictures: blocks.Pictures = field(default_factory=dict)
    articles: blocks.Articles = field(default_factory=dict)


Drawing = Callable[[Picture, str, str], str]
"""Makes HTML of a picture, for an alt text of its own and a place."""


def gather(bodies: Iterable[str], at: datetime, use: str = Use.SITE, draw: Drawing | None = None) -> Named:
    """What the bodies name and may show at an instant, for a use. Two queries at the most."""
    bodies = list(bodies)
    pictures = {number for body in bodies for number in blocks.picture_numbers(body)}
    articles = {number for body in bodies for number in blocks.article_numbers(body)}
    return Named(
        _pictures(pictures, at, use, draw or _HOW[use]) if pictures else {},
        _articles(articles, at) if articles else {},
    )


def _pictures(numbers: Iterable[int], at: datetime, use: str, draw: Drawing) -> blocks.Pictures:
    return {
        number: blocks.ShownPicture(partial(draw, picture), credit_line(picture))
        for number, picture in Picture.objects.in_bulk(numbers).items()
        if not why_not(picture.rights, use, at)
    }


def _articles(numbers: Iterable[int], at: datetime) -> blocks.Articles:
    found = Article.objects.published(at).filter(pk__in=numbers).for_teasers()
    return {article.pk: (article.headline, article.get_absolute_url()) for article in found}


def shown(body: str, at: datetime) -> SafeString:
    """A stored body on a page of its own. No query where it names no picture and no article."""
    named = gather([body], at)
    return html.stored(blocks.for_page(body, named.pictures, named.articles, settings.MASTODON_HOSTS))


def opening(article: Article) -> SafeString:
    """An article's opening on a page with others, from where links to a place in the article lead to its page."""
    text = blocks.for_opening(article.opening, prefix=f"article-{article.pk}-")
    return html.stored(html.with_absolute_links(text, article.get_absolute_url()))


def rest(article: Article, at: datetime) -> SafeString:
    """What follows the opening, for a teaser that opens in place."""
    before, after = teasers.split(article.body)
    named = gather([after], at, draw=_in_a_list)
    return html.stored(blocks.for_rest(before, after, named.pictures, named.articles, settings.MASTODON_HOSTS))


def in_feed(article: Article, named: Named, address: str) -> str:
    """The body of an article with that address (a whole URL), for a feed; `named` was gathered for Use.FEEDS."""
    return html.with_absolute_links(blocks.for_feed(article.body, named.pictures, named.articles), address)


def in_mail(text: str, at: datetime, address: str, prefix: str = "") -> str:
    """A stored text in the newsletter, with links made absolute to an address (a whole URL); `prefix` keeps the ids of
    several texts in one mail apart."""
    named = gather([text], at, Use.NEWSLETTER)
    return html.with_absolute_links(blocks.for_mail(text, named.pictures, named.articles, prefix), address)


def credit_line(picture: Picture) -> str:
    """Who made a picture, as HTML; "" where that is not known."""
    if not picture.credit_url:
        return format_html("{}", picture.credit)
    return format_html('<a href="{}" rel="noopener">{}</a>', picture.credit_url, picture.credit)


def _on_page(picture: Picture, alt: str, place: str) -> str:
    return picture_html(picture.facts, _alt(picture, alt), {"left": "side", "right": "side"}.get(place, place))


def _in_a_list(picture: Picture, alt: str, _place: str) -> str:
    """Where texts open in place there is one column, and nothing is wider."""
    return picture_html(picture.facts, _alt(picture, alt), "body")


def _plainly(picture: Picture, alt: str, _place: str) -> str:
    plain = picture.facts.plain
    form = '<img src="{}" alt="{}" width="{}" height="{}">'
    return format_html(form, plain.address, _alt(picture, alt), plain.width, plain.height)


def _alt(picture: Picture, alt: str) -> str:
    """What this use says, or else what the picture does; a decorative picture says nothing."""
    return alt or ("" if picture.decorative else picture.alt)


_HOW: Final[dict[str, Drawing]] = {Use.SITE: _on_page, Use.FEEDS: _plainly, Use.NEWSLETTER: _plainly}
