"""The allow-list, as tables: which elements may be stored, where each may stand, what its attributes may say.

To allow something new, add it to ALLOWED; a container also to ACCEPTS. An attribute's rule gives the value to store.
Addresses follow the WHATWG URL standard: what a browser ignores in a scheme (tabs, newlines, controls) is ignored here.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from unicodedata import category
from urllib.parse import quote

from articles import embeds
from articles.html.text import one_line, tidy

Rule = Callable[[str], str | None]
"""What an attribute's value becomes; None: the attribute is left out."""


def names(words: str) -> frozenset[str]:
    return frozenset(words.split())


TRACKING = names(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid li_fat_id igshid igsh yclid ysclid mc_cid mc_eid "
    "_hsenc _hsmi mkt_tok oly_anon_id oly_enc_id rb_clickid s_cid vero_id wickedid __s _ga _gl ref_src ref_url "
    "pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content"
)
TRACKING_PREFIXES = ("utm_", "mtm_", "hsa_")
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
PICTURE_SCHEMES = frozenset({"https"})

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.IGNORECASE | re.DOTALL)
_EXTERNAL = re.compile(r"(https?:)?[/\\]{2}", re.IGNORECASE)
_HOST = re.compile(r"//[^/?#\\\s]")


def _address(value: str, schemes: frozenset[str]) -> str | None:
    """The URL as a browser reads it (WHATWG URL: controls do not count), or None where it is empty or not allowed."""
    url = re.sub(r"[\x00-\x1f\x7f-\x9f]", "", tidy(value)).strip()
    scheme, rest = match.groups() if (match := _SCHEME.match(url)) else ("", url)
    if not rest or (scheme and scheme.lower() not in schemes):
        return None
    if scheme.lower() in {"http", "https"} and not _HOST.match(rest):
        return None
    if not scheme and ":" in re.split(r"[/?#]", url)[0]:
        return None
    return re.sub(r'[\s"<>`]', lambda odd: quote(odd[0]), url)


def _link(value: str) -> str | None:
    """An allowed address without its tracking parameters; the other parameters stay byte for byte."""
    url = _address(value, LINK_SCHEMES)
    if not url or "?" not in url:
        return url
    page, hash_, fragment = url.partition("#")
    path, _, query = page.partition("?")
    parameters = query.split("&")
    kept = [each for each in parameters if not _is_tracking(each.partition("=")[0].lower())]
    if len(kept) == len(parameters):
        return url
    return (path + ("?" + "&".join(kept) if kept else "") + hash_ + fragment) or None


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def _picture(value: str) -> str | None:
    """A local path or an https address; nothing that leaves the site by `//`."""
    url = _address(value, PICTURE_SCHEMES)
    return None if url is None or "\\" in url or url.startswith("//") else url


def _text(value: str) -> str | None:
    return one_line(value) or None


def _one_of(*words: str) -> Rule:
    return lambda value: next((word for word in value.lower().split() if word in words), None)


def _whole(least: int, most: int) -> Rule:
    def rule(value: str) -> str | None:
        number = int(value) if re.fullmatch(r"-?[0-9]{1,18}", value.strip()) else None
        return str(number) if number is not None and least <= number <= most else None

    return rule


def _mark(value: str) -> str | None:
    """The attribute says all by being there."""
    return ""


def _anchor(value: str) -> str | None:
    fits = 0 < len(value) <= 120 and all(category(c)[0] in "LMN" or c in "-_.:" for c in value)
    return value if fits else None


_NUMBER = _whole(1, 2**53 - 1)
"""A row's number, small enough for every script that reads it."""

_SPANS: dict[str, Rule] = {"colspan": _whole(2, 100), "rowspan": _whole(2, 1000)}

ALLOWED: dict[str, dict[str, Rule]] = {
    # text and its marks
    **{tag: {} for tag in ("br", "em", "strong", "s", "sub", "code")},
    "sup": {"data-note": _mark},
    "a": {"href": _link, "title": _text},
    # blocks
    "p": {"data-article": _NUMBER},
    **{tag: {"id": _anchor} for tag in ("h2", "h3", "h4")},
    **{tag: {} for tag in ("ul", "li", "pre", "hr")},
    "ol": {"start": _whole(-9999, 99999)},
    "blockquote": {"class": _one_of("pullquote")},
    # pictures
    "figure": {
        "data-picture": _NUMBER,
        "data-gallery": _mark,
        "data-embed": _one_of(*embeds.NAMES),
        "data-id": _text,
        "class": _one_of("wide", "full", "left", "right"),
    },
    "figcaption": {},
    "img": {"src": _picture, "alt": one_line, "width": _whole(1, 99999), "height": _whole(1, 99999)},
    # tables
    **{tag: {} for tag in ("table", "caption", "thead", "tbody", "tr")},
    "th": {"scope": _one_of("col", "row", "colgroup", "rowgroup"), **_SPANS},
    "td": _SPANS,
}
"""Every element that may be stored, and for each attribute the rule its value goes through."""

REQUIRED = {"a": "href", "img": "src"}
"""An element without this attribute is not written (its text is)."""

DEFAULTS = {("img", "alt"): ""}

MARKS = frozenset({"em", "strong", "s", "sub", "sup", "code", "a"})
HEADINGS = frozenset({"h2", "h3", "h4"})
TEXT_BLOCKS = HEADINGS | {"pre", "caption", "figcaption", "note"}
"""What holds text and marks only."""

NAMED_APART = frozenset({"gallery", "note"})
"""Names of these tables for a figure with data-gallery and a sup with data-note, which have rules of their own."""

_FLOW = frozenset({"p", "ul", "ol", "blockquote", "pre", "hr", "figure", "table"}) | HEADINGS
ACCEPTS: dict[str, frozenset[str]] = {
    "": _FLOW,
    **dict.fromkeys(("blockquote", "li", "td"), _FLOW),
    "th": _FLOW - HEADINGS,
    "figure": frozenset({"p", "ul", "ol", "table", "pre", "blockquote", "figcaption"}),
    "gallery": frozenset({"figure", "figcaption"}),
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "table": frozenset({"caption", "thead", "tbody"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tr": frozenset({"th", "td"}),
}
"""What each container (the body itself is "") may hold; anything else in it becomes paragraphs."""

IMPLIED = {"gallery": "figure", "ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td"}
"""What stands between a container that holds no text and the text that was put there."""

RENAMED = {
    **dict.fromkeys(("i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("del", "strike"), "s"),
    **dict.fromkeys(("kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("h5", "h6"), "h4"),
    **dict.fromkeys(("dir", "menu"), "ul"),
    "b": "strong",
    "h1": "h2",
    "listing": "pre",
    "tfoot": "tbody",
}

PARAGRAPHS = names(
    "address article aside center dd details dialog div dl dt fieldset footer form header hgroup legend li main nav "
    "p section summary figcaption"
)
"""Where one of these starts or ends, a paragraph does. Elements named in no table leave only their content."""

NESTING = frozenset({"ul", "ol", "blockquote", "figure", "table"})
"""Containers that are only opened down to a bounded depth."""

DROPPED = names(
    "applet area audio base bgsound button canvas datalist embed fencedframe frame frameset iframe input link map math "
    "meta meter noembed noframes noscript object optgroup option output param plaintext portal progress script select "
    "selectedcontent source style svg template textarea title track video xml xmp"
)
"""These vanish with all they hold."""

RESERVED_IDS = names(
    "announcements content follow footer footer-magazine footer-sections latest latest-title look-ahead main menu "
    "new-address newsletter newsletter-email newsletter-error newsletter-title newsletter-website question related "
    "related-title search top"
)
"""Ids of the page around the body, which no heading may take."""

RESERVED_FORMS = re.compile(r"(article|rest|strip)-[0-9]")
"""How the ids begin that pages and keep-reading.js make with a number: as reserved as the others."""


def attributes_of(tag: str, given: Mapping[str, str]) -> dict[str, str] | None:
    """The allowed attributes in the tables' order, or None where one that the element needs is missing."""
    kept: dict[str, str] = {}
    for name, rule in ALLOWED[tag].items():
        value = given.get(name, DEFAULTS.get((tag, name)))
        if value is not None and (cleaned := rule(value)) is not None:
            kept[name] = cleaned
    if tag == "a" and _EXTERNAL.match(kept.get("href", "")):
        kept["rel"] = "noopener"
    return kept if REQUIRED.get(tag, "") in {"", *kept} else None


def start_tag(tag: str, attributes: Mapping[str, str]) -> str:
    return f"<{tag}" + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items()) + ">"
