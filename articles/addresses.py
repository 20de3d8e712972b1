"""What an address on the site may be: reserved words, slugs in any script, absolute addresses.

Sections and plain pages share the first part of a path with the site's own pages, so none may take another's word.
"""

from typing import Final

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
        "search",
        "sitemap",
        "static",
        "tags",
        "well-known",
    }
)


class SlugConverter:
    """A path converter for slugs in any script: letters, digits, hyphens and underscores."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def not_reserved(slug: str) -> None:
    """Refuse, with a ValidationError, a slug that is the first word of one of the site's own addresses."""
    if slug.lower() in RESERVED:
        raise ValidationError(
            _("“%(slug)s” is one of the site’s own addresses; choose another."), code="reserved", params={"slug": slug}
        )


def not_feed(slug: str) -> None:
    """Refuse an article's slug that is the address of its section's feed."""
    if slug == "feed":
        raise ValidationError(_("“feed” is the address of the section’s feed; choose another."), code="reserved")


def absolute(path: str) -> str:
    """The full address of a path on this site; an address that is absolute already stays as it is."""
    return path if "://" in path else f"{settings.SITE_URL}{path}"
