"""The text in stored HTML: as plain text, as a number of words; and the characters that may be in it at all."""

import re
from html import unescape

_INLINE = frozenset({"a", "code", "em", "img", "s", "strong", "sub", "sup"})

_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff"
    + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
    + "]"
)
BLANK = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]*")
_LINES = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)[^<>]*>|(?P<text>[^<]+)")
"""Finds the tags and the texts of stored HTML, in which < and > are escaped everywhere else."""

_IN_NOTE = r"(?:[^<]++|<(?!/?sup\b)[^<>]*+>|<sup>(?:[^<]++|<(?!/?sup\b)[^<>]*+>)*+</sup>)*+"
NOTE = re.compile(rf'<sup data-note="">(?P<note>{_IN_NOTE})</sup>')
"""Finds the footnotes of stored HTML, each at its place in the text."""
INSERT = re.compile(r'<p data-article="(?P<number>[0-9]+)"><a [^<>]*>(?P<headline>[^<]*)</a></p>')
"""Finds what stands in stored HTML for other articles."""


def plain(html: str) -> str:
    """The text of stored HTML: entities decoded, a newline at the end of each block, a tab between table cells.

    Without the footnotes, which would stand in the middle of sentences, and without the headlines of other articles,
    which are not of this text and perhaps not public; `notes` has the former.
    """
    text = INSERT.sub("", without_notes(html))
    lines = "".join(map(_plain_token, TOKEN.finditer(text))).split("\n")
    return "\n".join(filter(None, (line.rstrip(" \t") for line in lines)))


def without_notes(html: str) -> str:
    return NOTE.sub("", html)


def notes(html: str) -> list[str]:
    """The footnotes of stored HTML in their order, as HTML."""
    return [match["note"] for match in NOTE.finditer(html)]


def _plain_token(token: re.Match[str]) -> str:
    if text := token["text"]:
        return unescape(text)
    tag = token["tag"]
    if tag in _INLINE:
        return ""
    return ("\t" if token["end"] else "") if tag in {"td", "th"} else "\n"


UNSPACED = (
    (re.compile("[\u3005-\u3007\u3040-\u30ff\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"), 2),
    (re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1980-\u19df]+"), 5),
)
"""Scripts written without spaces, and how many characters are read in the time of one word: Han and kana 2;
Thai, Lao, Burmese and Khmer, whose vowels and tones are characters of their own, 5."""


def word_count(html: str) -> int:
    """The number of words in stored HTML, as a reader would count them: for lengths and reading times."""
    return words_in(plain(html))


def words_in(text: str) -> int:
    """The number of words in a plain text.

    A word is what stands between spaces or dashes and has a letter or digit (so Hangul, Arabic and Devanagari count as
    written). A run of a script without spaces counts one word for each 2 (or 5) characters, rounded up: see UNSPACED.
    """
    words = 0
    for run, characters in UNSPACED:
        words += sum(-(-len(found) // characters) for found in run.findall(text))
        text = run.sub(" ", text)
    return words + sum(any(map(str.isalnum, word)) for word in re.split(r"[\s\u2013-\u2015]+", text))


def tidy(text: str) -> str:
    """Without controls, lone surrogates and noncharacters; every kind of line end is a newline."""
    return _CONTROLS.sub("", _LINES.sub("\n", text))


def one_line(text: str) -> str:
    return " ".join(tidy(text).split())
