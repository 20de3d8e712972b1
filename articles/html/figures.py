"""The structured blocks in canonical form: a figure with a picture of ours, a gallery, an embed; a related article.

What claims to be one and is none stays what it would be without the claim, and its text with it.
"""

import re
from html import unescape

from articles import embeds
from articles.html.allowed import start_tag

Child = tuple[str, str]  # the kind, its HTML

_CAPTION = re.compile(r"<figcaption>.*?</figcaption>", re.DOTALL)
_PICTURE = re.compile(r"<img [^<>]*>")
_LINK = re.compile(r'<a href="(?P<href>[^"<>]*)"[^<>]*>[^<>]+</a>')
_PARAGRAPH = re.compile(r"<p>(.*)</p>", re.DOTALL)
_IN_GALLERY = re.compile(r"<figure(?: [^<>]*)?>(?P<inside>.*)</figure>", re.DOTALL)
_CLASS = re.compile(r' class="[^"]*"')


def figure(given: dict[str, str], inside: str) -> tuple[dict[str, str], str]:
    """The attributes that a figure keeps, and its inside: a picture or a link first and the caption last, or as it is.

    A picture's figure holds one img; an embed's one link, which says what is shown: what it is not, it cannot claim.
    """
    rest, caption = _CAPTION.sub("", inside), "".join(_CAPTION.findall(inside))
    if "data-picture" in given and _PICTURE.fullmatch(rest):
        return _only(given, "data-picture", "class"), rest + caption
    if "data-embed" in given:
        link = _LINK.fullmatch(bare[1] if (bare := _PARAGRAPH.fullmatch(rest)) else rest)
        if link and (found := embeds.recognise(unescape(link["href"]))):
            shown = found if found.provider == given["data-embed"] else embeds.Embed(embeds.CARD)
            return {"data-embed": shown.provider, **({"data-id": shown.id} if shown.id else {})}, link[0] + caption
    return {}, inside


def gallery(given: dict[str, str], children: list[Child]) -> list[Child]:
    """Figures with a picture each, and one caption last; with anything else in it, all of it stands by itself."""
    captions = [html for kind, html in children if kind == "figcaption"]
    items = [(kind, html) for kind, html in children if kind != "figcaption"]
    if not all(kind == "figure" and _holds_a_picture(html) for kind, html in items):
        return [*items, *(("p", re.sub("</?figcaption>", "", html)) for html in captions)]
    start = start_tag("figure", {"data-gallery": "", **(_only(given, "class") if _is_wide(given) else {})})
    inside = "".join(_CLASS.sub("", html[: html.index(">")]) + html[html.index(">") :] for _, html in items)
    return [("figure", f"{start}{inside}{''.join(captions)}</figure>")]


def insert(number: str, html: str) -> str:
    """The paragraph that stands for an article: one link and nothing else; or ""."""
    return f'<p data-article="{number}">{html}</p>' if _LINK.fullmatch(html) else ""


def _holds_a_picture(html: str) -> bool:
    match = _IN_GALLERY.fullmatch(html)
    return bool(match and _PICTURE.fullmatch(_CAPTION.sub("", match["inside"])))


def _is_wide(given: dict[str, str]) -> bool:
    return given.get("class") in {"wide", "full"}


def _only(given: dict[str, str], *names: str) -> dict[str, str]:
    return {name: given[name] for name in names if name in given}
