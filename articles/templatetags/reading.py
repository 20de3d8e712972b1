"""What the reader's templates ask for: stored HTML, pictures, bylines, dates, JSON-LD."""

import base64
import functools
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.template.base import FilterExpression, Parser, Token
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from articles import addresses, bodies, html, metadata
from articles.models import Article, Picture
from articles.picture_html import picture_html

register = template.Library()
register.filter("stored", html.stored)
register.filter("absolute", addresses.absolute)
register.filter("iso", metadata.iso)

# As Django's json_script does it: the text can then close no element and open no comment.
JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


# A drop cap wants a letter that stands by itself, and three lines of text beside it.
INITIAL = re.compile(r"<p>[“‘\"'«„]?[A-Za-zÀ-ɏͰ-ϿЀ-ӿ](?:[^<]|<(?!/p>)[^>]*>){200}")


@register.filter
def takes_initial(body: str) -> bool:
    """Whether stored HTML begins with a paragraph that a drop cap suits."""
    return INITIAL.match(body) is not None


register.filter("opening", bodies.opening)


@register.simple_tag(takes_context=True)
def body(context: template.Context, text: str) -> str:
    """A stored body on a page of its own, at the instant of the request."""
    return bodies.shown(text, context["request"].at)


@register.simple_tag
def ld_json(things: Iterable[dict[str, Any]]) -> str:
    """A script element of JSON-LD for each of the things."""
    texts = (json.dumps(thing, ensure_ascii=False).translate(JSON_ESCAPES) for thing in things)
    return format_html_join(
        "\n", '<script type="application/ld+json">{}</script>', ((html.stored(text),) for text in texts)
    )


@register.simple_tag
def picture(shown: Picture, alt: str, place: str, first: bool = False) -> str:
    """The picture in one of the places of renditions.PLACES; `first` is the one the reader sees at once."""
    return picture_html(shown.facts, alt, place, first)


@register.simple_tag
def byline(article: Article) -> str:
    """ "By A and B, with C": each name a link to its page, or the words that staff wrote instead."""
    if article.byline_override:
        return format_html("{}", article.byline_override)
    return format_html_join("", "{}{}", _names(article))


def _names(article: Article) -> Iterator[tuple[str, str]]:
    """Each name as a link, with what stands before it."""
    names = article.credits()
    plain = [author for author, role in names if not role]
    for place, (author, role) in enumerate(names):
        name = format_html('<a href="{}" rel="author">{}</a>', author.get_absolute_url(), author.name)
        if role:
            before = f", {role} " if place else f"{role[:1].upper()}{role[1:]} "
        elif author is plain[0]:
            before = f", {_('by')} " if place else f"{_('By')} "
        else:
            before = f" {_('and')} " if author is plain[-1] else ", "
        yield before, name


@register.simple_tag
def day(instant: datetime) -> str:
    """The day in the magazine's own zone and language, for people and for machines."""
    local = timezone.localtime(instant)
    return format_html('<time datetime="{}">{}</time>', metadata.iso(local), date_format(local, "DATE_FORMAT"))


@register.simple_tag
def integrity(path: str) -> str:
    """The hash of a static file as it is served, for the `integrity` of what loads it (W3C Subresource Integrity)."""
    return _sha384.__wrapped__(path) if settings.DEBUG else _sha384(path)


@functools.cache
def _sha384(path: str) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(_served(path)).digest()).decode()


def _served(path: str) -> bytes:
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        with staticfiles_storage.open(staticfiles_storage.stored_name(path)) as file:
            return file.read()
    return Path(finders.find(path)).read_bytes()


@register.tag
def kept(parser: Parser, token: Token) -> "Kept":
    """`{% kept "card" article.pk level %} … {% endkept %}`: rendered once in an edition for the same words, then kept.

    For what looks the same on every page it stands on. The words name all that it depends on besides the edition.
    In development, where templates and static files change without a new edition, nothing is kept.
    """
    words = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    inside = parser.parse(["endkept"])
    parser.delete_first_token()
    return Kept(words, inside)


class Kept(template.Node):
    def __init__(self, words: list[FilterExpression], inside: template.NodeList) -> None:
        self.words, self.inside = words, inside

    def render(self, context: template.Context) -> str:
        if settings.DEBUG:
            return self.inside.render(context)
        name = tuple(word.resolve(context, ignore_failures=True) for word in self.words)
        return context["request"].masthead.keep(name, lambda: self.inside.render(context))
