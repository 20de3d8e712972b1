"""What an address on the site may be: reserved words, slugs in any script, absolute addresses.

Sections and plain pages share the first part of a path with the site's own pages, so none may take another's word.
"""

from collections.abc import Container
from typing import Final
from unicodedata import normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

RESERVED: Final = frozenset(
    {
        "admin",
        "api",
        "authors",
        "feed",
        "healthz",
        "latest",
        "media",
        "newsletter",
        "search",
        "sitemap",
        "static",
        "tags",
        "well-known",
    }
)

SPELT: Final = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
"""Latin letters that Unicode does not take apart. articles/static/articles/slug.js has the same table."""


class SlugConverter:
    """A path converter for slugs in any script: letters, digits, hyphens and underscores."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def not_reserved(slug: str) -> None:
    """Refuse, with a ValidationError, a slug that is the first word of one of the site's own addresses."""
    if slug.lower() in RESERVED or settings.MEDIA_URL.startswith(f"/{slug}/"):
        raise ValidationError(
            _("“%(slug)s” is one of the site’s own addresses; choose another."), code="reserved", params={"slug": slug}
        )


def not_feed(slug: str) -> None:
    """Refuse an article's slug that is the address of its section's feed."""
    if slug == "feed":
        raise ValidationError(_("“feed” is the address of the section’s feed; choose another."), code="reserved")


def slug_of(text: str, longest: int = 100) -> str:
    """A slug in the text's own script; Latin letters lose their accents, since readers type these addresses.

    "" for a text without a letter or digit.
    """
    letters = "".join(map(_plain, normalize("NFKC", text).lower()))
    return slugify(letters, allow_unicode=True)[:longest].strip("-_")


def _plain(letter: str) -> str:
    parts = normalize("NFD", letter)
    return parts[0] if len(parts) > 1 and parts[0].isascii() else SPELT.get(letter, letter)


def free_slug(wanted: str, taken: Container[str]) -> str:
    """The slug itself, or with the first number from 2 on that makes it one nobody has."""
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def absolute(path: str) -> str:
    """The full address of a path on this site; an address that is absolute already stays as it is."""
    return path if "://" in path else f"{settings.SITE_URL}{path}"
