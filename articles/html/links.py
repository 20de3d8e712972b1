"""The addresses in stored HTML, for readers who are not on the site: feeds and mail."""

import re

_TAG = re.compile(r"<(?:a|img)\b[^<>]*>")
_PATH = re.compile(r'(\b(?:href|src)=")(/(?!/)|#)')


def with_absolute_links(html: str, site: str, page: str) -> str:
    """Stored HTML whose links and pictures work anywhere.

    `site` is the site's address without a slash at its end, before which paths stand; `page` is the address of the page
    the text is on, for links to a place in it.
    """
    return _TAG.sub(lambda tag: _PATH.sub(lambda part: _absolute(part, site, page), tag[0]), html)


def _absolute(part: re.Match[str], site: str, page: str) -> str:
    return f"{part[1]}{page if part[2] == '#' else site}{part[2]}"
