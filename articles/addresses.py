"""What an address on the site may be: reserved words, slugs in any script, absolute addresses.

Sections and plain pages share the first part of a path with the site's own pages, so none may take another's word.
"""

import re
from collections.abc import Container, Iterator
from typing import Final
from unicodedata import category, is_normalized, name, normalize

from django.conf import settings
from django.core.exceptions import ValidationError
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
        "pictures",
        "preview",
        "review",
        "search",
        "sitemap",
        "static",
        "tags",
        "well-known",
    }
)

SPELT: Final = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
"""Latin letters that Unicode does not take apart. articles/static/articles/slug.js has the same table."""

UNSEEN: Final = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""Characters nobody sees (Unicode's Default_Ignorable_Code_Point): with them two addresses would look the same."""

COMPATIBLE: Final = re.compile("[^\u0e33\u0eb3\u0edc\u0edd]+")
"""All but four letters of Thai and Lao, which NFKC takes apart into letters that nobody writes them with."""


class SlugConverter:
    """A path converter for slugs in any script."""

    regex = "[^/]+"  # re knows no class of marks, so to_python looks closer

    def to_python(self, value: str) -> str:
        if not is_slug(value):
            raise ValueError(value)
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


def is_slug(text: str) -> bool:
    """Whether it is letters, vowel signs and other marks, and digits of any script, hyphens and underscores, in NFC."""
    seen = is_normalized("NFC", text) and not UNSEEN.search(text)
    return seen and text != "" and all(letter in "-_" or letter.isalnum() or _is_mark(letter) for letter in text)


def in_any_script(slug: str) -> None:
    """Refuse, with a ValidationError, what is no slug. Django's own validator knows no marks, so it refuses Hindi."""
    if not is_slug(slug):
        raise ValidationError(_("A slug has only letters, digits, hyphens and underscores."), code="invalid")


def slug_of(text: str, longest: int = 100) -> str:
    """A slug in the text's own script; Latin letters lose their accents, since readers type these addresses.

    In NFC; "" for a text without a letter or digit. articles/static/articles/slug.js makes the same.
    """
    compatible = COMPATIBLE.sub(lambda run: normalize("NFKC", run[0]), UNSEEN.sub("", text))
    letters = normalize("NFC", "".join(_spelt(compatible.lower())))
    return re.sub(r"[-\s]+", "-", letters).strip("-_")[:longest].strip("-_")


def _spelt(text: str) -> Iterator[str]:
    """What of a text can stand in a slug, and its white space. A mark shares the lot of the letter before it."""
    keeps_marks = False
    for letter in text:
        if _is_mark(letter):
            yield letter if keeps_marks else ""
            continue
        keeps_marks = letter.isalnum() and not letter.isascii() and not name(letter, "").startswith("LATIN ")
        yield _plain(letter) if letter in "-_" or letter.isalnum() or letter.isspace() else ""


def _is_mark(letter: str) -> bool:
    return category(letter) in {"Mn", "Mc"}


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
