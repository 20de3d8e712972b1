"""Stored HTML as readers get it: on a page, in a feed, in mail. Pictures with renditions and credits, galleries, embeds
as cards, related articles as they are called now, footnotes numbered and linked both ways.

Everything here is made from canonical HTML, so that regular expressions see what a parser would. What the caller does
not give (a picture whose rights say no, an article that is not public) is left out, with all that belongs to it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from itertools import count

from django.utils.translation import gettext as _

from articles import embeds
from articles.html.text import INSERT, NOTE, TOKEN, notes, plain

_FIGURE = re.compile(
    r'<figure data-picture="(?P<number>[0-9]+)"(?: class="(?P<class>[a-z]+)")?><img (?P<img>[^<>]*)>'
    r"(?:<figcaption>(?P<caption>.*?)</figcaption>)?</figure>",
    re.DOTALL,
)
_GALLERY = re.compile(
    r'<figure data-gallery=""(?: class="(?P<class>[a-z]+)")?>(?P<items>(?:<figure(?: [^<>]*)?>.*?</figure>)+)'
    r"(?P<caption><figcaption>.*?</figcaption>)?</figure>",
    re.DOTALL,
)
_ITEM = re.compile(r"<figure(?: [^<>]*)?>.*?</figure>", re.DOTALL)
_EMBED = re.compile(
    r'<figure data-embed="(?P<provider>[a-z]+)"(?: data-id="(?P<id>[^"<>]*)")?>'
    r'(?P<link><a href="(?P<href>[^"<>]*)"[^<>]*>)(?P<title>[^<]*)</a>'
    r"(?:<figcaption>(?P<caption>.*?)</figcaption>)?</figure>",
    re.DOTALL,
)
_ALT = re.compile(r'\balt="([^"]*)"')


@dataclass(frozen=True)
class ShownPicture:
    """A picture that may be shown: `html` makes it for an alt text of this use ("": its own) and a place: "body",
    "wide", "full", "left", "right"; "gallery", "gallery-first", and both with "wide-" before."""

    html: Callable[[str, str], str]
    credit: str = ""
    """The credit line, as HTML."""


Pictures = Mapping[int, ShownPicture]
Articles = Mapping[int, tuple[str, str]]
"""The headline and the address of each article that may be named."""


def picture_numbers(body: str) -> list[int]:
    """The numbers of the pictures that a body names, each once, in order."""
    return list(dict.fromkeys(int(match["number"]) for match in _FIGURE.finditer(body)))


def article_numbers(body: str) -> list[int]:
    """The numbers of the articles that a body names in inserts, each once, in order."""
    return list(dict.fromkeys(int(match["number"]) for match in INSERT.finditer(body)))


def without_pictures(body: str) -> str:
    """A body without the pictures of ours in it."""
    return _FIGURE.sub("", body)


def for_page(body: str, pictures: Pictures, articles: Articles, mastodon_hosts: Collection[str] = ()) -> str:
    """A body on its own page. `mastodon_hosts` are the instances of which frames may be loaded."""
    return _noted(_on_site(body, pictures, articles, mastodon_hosts), notes(body))


def for_opening(opening: str, prefix: str) -> str:
    """The opening of an article on a page with others: text only, and links to the notes on its own page. `prefix`
    sets its ids apart from those of others, as keep-reading.js does with those of the rest."""
    text = INSERT.sub("", without_pictures(_GALLERY.sub("", opening)))
    return _with_marks(_with_framed_tables(_EMBED.sub(_plain_link, text)), own=prefix)


def for_rest(
    opening: str, rest: str, pictures: Pictures, articles: Articles, mastodon_hosts: Collection[str] = ()
) -> str:
    """What follows an opening: numbers go on, and the list at the end has the notes of both."""
    before = notes(opening)
    return _noted(_on_site(rest, pictures, articles, mastodon_hosts), [*before, *notes(rest)], first=len(before) + 1)


def for_feed(body: str, pictures: Pictures, articles: Articles) -> str:
    """A body for readers of feeds: no classes, no scripts; links still to be made absolute."""
    return _noted(_elsewhere(body, pictures, articles), notes(body))


def for_mail(body: str, pictures: Pictures, articles: Articles, prefix: str = "") -> str:
    """A text in mail; `prefix` keeps the ids of several texts in one mail apart. Links still to be made absolute."""
    return _noted(_elsewhere(body, pictures, articles), notes(body), prefix=prefix)


# ---------------------------------------------------------------- pictures, galleries, embeds, related articles


def _on_site(body: str, pictures: Pictures, articles: Articles, mastodon_hosts: Collection[str]) -> str:
    body = _with_pictures(body, pictures)
    body = _EMBED.sub(lambda match: _card(match, mastodon_hosts), body)
    body = INSERT.sub(lambda match: _insert(match, articles, _ASIDE), body)
    return _with_framed_tables(body)


def _elsewhere(body: str, pictures: Pictures, articles: Articles) -> str:
    body = _EMBED.sub(_plain_link, _with_pictures(body, pictures))
    return INSERT.sub(lambda match: _insert(match, articles, _LINE), body)


def _with_pictures(body: str, pictures: Pictures) -> str:
    if " data-" not in body:
        return body
    body = _GALLERY.sub(lambda match: _gallery(match, pictures), body)
    return _FIGURE.sub(lambda match: _picture(match, pictures), body)


def _picture(match: re.Match[str], pictures: Pictures, place: str = "") -> str:
    shown = pictures.get(int(match["number"]))
    if shown is None:
        return ""
    alt = unescape(found[1]) if (found := _ALT.search(match["img"])) else ""
    words = [match["caption"] or "", f'<span class="credit">{shown.credit}</span>' if shown.credit else ""]
    caption = " ".join(filter(None, words))
    return (
        f"<figure{_class(match['class'])}>{shown.html(alt, place or match['class'] or 'body')}"
        + (f"<figcaption>{caption}</figcaption>" if caption else "")
        + "</figure>"
    )


def _gallery(match: re.Match[str], pictures: Pictures) -> str:
    """Two by two, and the first one over both columns where their number is odd: pictures left out do not count."""
    items = [item[0] for item in _ITEM.finditer(match["items"])]
    there = [item for item in items if _is_shown(item, pictures)]
    if not there:
        return ""
    wide = "wide-" if match["class"] else ""
    first = f"{wide}gallery-first" if len(there) % 2 else f"{wide}gallery"
    places = [first, *[f"{wide}gallery"] * (len(there) - 1)]
    inside = "".join(_placed(item, place, pictures) for item, place in zip(there, places, strict=True))
    return f"<figure{_class('gallery', match['class'])}>{inside}{match['caption'] or ''}</figure>"


def _placed(figure: str, place: str, pictures: Pictures) -> str:
    return _FIGURE.sub(lambda match: _picture(match, pictures, place), figure)


def _is_shown(figure: str, pictures: Pictures) -> bool:
    """A picture of ours that may be shown, or one from elsewhere."""
    named = _FIGURE.match(figure)
    return named is None or int(named["number"]) in pictures


def _class(*words: str | None) -> str:
    return f' class="{" ".join(given)}"' if (given := [word for word in words if word]) else ""


def _card(match: re.Match[str], mastodon_hosts: Collection[str]) -> str:
    """A card that is a link; where a frame may be loaded, with the button that embeds.js listens to."""
    embed = embeds.Embed(match["provider"], unescape(match["id"] or ""))
    source = escape(embeds.name_of(embed, unescape(match["href"])))
    frame = embeds.frame_address(embed, mastodon_hosts)
    shape = embeds.PROVIDERS[embed.provider].shape if frame else "link"
    card = f'<p class="embed-source">{source}</p><p class="embed-title">{match["link"]}{match["title"]}</a></p>'
    if frame:
        said = escape(_("Only then is %(source)s asked for it, and learns that you are here.")) % {"source": source}
        words = escape(_("Load from %(source)s")) % {"source": source}
        card += (
            f'<p class="embed-load"><button type="button" data-frame="{escape(frame)}" data-title="{match["title"]}"'
            f' data-sandbox="{embeds.SANDBOX}" data-allow="{embeds.ALLOW}">{words}</button> <span>{said}</span></p>'
        )
    caption = f"<figcaption>{match['caption']}</figcaption>" if match["caption"] else ""
    return f'<figure class="embed embed-{shape}"><div class="embed-card">{card}</div>{caption}</figure>'


def _plain_link(match: re.Match[str]) -> str:
    embed = embeds.Embed(match["provider"], unescape(match["id"] or ""))
    source = escape(embeds.name_of(embed, unescape(match["href"])))
    caption = f"<p>{match['caption']}</p>" if match["caption"] else ""
    return f"<p>{match['link']}{match['title']}</a> ({source})</p>{caption}"


_ASIDE = (
    '<aside class="insert"><p class="insert-label">{label}</p>'
    '<p class="headline"><a href="{address}">{headline}</a></p></aside>'
)
_LINE = '<p>{label}: <a href="{address}">{headline}</a></p>'


def _insert(match: re.Match[str], articles: Articles, form: str) -> str:
    named = articles.get(int(match["number"]))
    if named is None:
        return ""
    headline, address = named
    return form.format(label=escape(_("Read also")), address=escape(address), headline=escape(headline))


def _with_framed_tables(body: str) -> str:
    """Each outermost table in a box that can be moved sideways, by keyboard too."""
    return "".join(_framed(body)) if "<table>" in body else body


def _framed(body: str) -> Iterator[str]:
    start = depth = 0
    for token in TOKEN.finditer(body):
        if token["tag"] != "table":
            continue
        depth += -1 if token["end"] else 1
        if depth == 1 and not token["end"]:
            yield body[start : token.start()]
            start = token.start()
        elif depth == 0:
            table = body[start : token.end()]
            yield f'<div class="table" role="group" tabindex="0" aria-label="{_table_name(table)}">{table}</div>'
            start = token.end()
    yield body[start:]


def _table_name(table: str) -> str:
    caption = re.match(r"<table><caption>(.*?)</caption>", table, re.DOTALL)
    return escape(_("Table: %s") % plain(caption[1]) if caption else _("Table"))


# ---------------------------------------------------------------- footnotes
# No heading can take their ids: `~` is not among the characters that a stored id may have.


def _noted(body: str, listed: list[str], first: int = 1, prefix: str = "") -> str:
    return _with_marks(body, first, own=prefix, other=prefix) + _note_list(listed, prefix)


def _with_marks(body: str, first: int = 1, own: str = "", other: str = "") -> str:
    """The body with a number in the place of each note, linked to the note and to be found from there; the ids here
    begin with `own`, those of the notes with `other`."""
    numbers = count(first)
    return NOTE.sub(lambda _match: _mark(next(numbers), own, other), body)


def _mark(number: int, own: str, other: str) -> str:
    label = escape(_("Note %s") % number)
    return (
        f'<sup class="note"><a id="{own}note~{number}~text" href="#{other}note~{number}" role="doc-noteref"'
        f' aria-label="{label}">{number}</a></sup>'
    )


def _note_list(listed: list[str], prefix: str) -> str:
    if not listed:
        return ""
    items = (
        f'<li id="{prefix}note~{number}">{note} <a href="#{prefix}note~{number}~text" role="doc-backlink"'
        f' aria-label="{escape(_("Back to note %s in the text") % number)}">↑</a></li>'
        for number, note in enumerate(listed, 1)
    )
    title = escape(_("Notes"))
    return (
        f'<section class="notes" role="doc-endnotes" aria-label="{title}"><h2>{title}</h2>'
        f"<ol>{''.join(items)}</ol></section>"
    )
