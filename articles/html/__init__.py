"""The one allow-list and the one sanitiser (bleach's parser under our tables). What is stored is safe.

The parsed tree is not filtered but written anew, in one canonical form: blocks, runs of text in them, and marks (em,
a, …) on the text. Canonical HTML parses to itself, which is why cleaning it again changes nothing.
"""

import re
from html import escape, unescape
from urllib.parse import urljoin

from django.utils.safestring import SafeString, mark_safe

from articles.html.allowed import ALLOWED
from articles.html.parser import Parser, nest_lists, walk
from articles.html.text import BLANK, NOTE, TOKEN, notes, one_line, plain, tidy, word_count, words_in
from articles.html.writer import Ids, Writer

__all__ = [
    "ALLOWED",
    "NOTE",
    "TOKEN",
    "clean",
    "notes",
    "plain",
    "stored",
    "with_absolute_links",
    "word_count",
    "words_in",
]

_ROUNDS = 5
_ADDRESS = re.compile(r' (?P<name>href|src)="(?P<value>[^"]*)"')


def clean(html: str) -> str:
    """HTML from anywhere as what may be stored: allowed elements only, canonical, the same when cleaned again.

    Never raises for a string. Time is linear in practice; nesting deeper than the tables' bounds is flattened.
    """
    for _ in range(_ROUNDS):
        cleaned = _rewritten(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    lines = map(one_line, plain(html).splitlines())
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if not BLANK.fullmatch(line))


def stored(html: str) -> SafeString:
    """Stored HTML, for a template to print. Only for what `clean` returned."""
    return mark_safe(html)  # the only one of the project


def with_absolute_links(html: str, base: str) -> str:
    """Stored HTML for feeds and mail: links and pictures that are relative to `base` (a whole URL) made absolute."""

    def joined(address: re.Match[str]) -> str:
        return f' {address["name"]}="{escape(urljoin(base, unescape(address["value"])))}"'

    return TOKEN.sub(lambda token: token[0] if token["text"] else _ADDRESS.sub(joined, token[0]), html)


def _rewritten(html: str) -> str:
    root = Parser(namespaceHTMLElements=False).parseFragment(tidy(html), scripting=True)
    nest_lists(root)
    writer = Writer(Ids(root))
    for event, item in walk(root):
        getattr(writer, event)(item)
    return writer.result()
