"""The rights of a picture: what it may be used for, until when, and what is wrong where it may not. Rules as data.

A rule is a function from what is known of a picture, a use and an instant to what stands in the way, or None. It knows
no models; `Picture.rights` fills the facts. Time is an argument: the same picture may be used today and not tomorrow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AHEAD: Final = timedelta(days=14)
"""How long before a picture's rights end staff are told."""


class Licence(models.TextChoices):
    UNKNOWN = "unknown", _("Not known")
    OWN = "own", _("Our own work")
    AGENCY = "agency", _("Agency")
    PRESS = "press", _("Press handout")
    CC_BY = "cc-by", _("CC BY")
    CC_BY_SA = "cc-by-sa", _("CC BY-SA")
    CC_BY_ND = "cc-by-nd", _("CC BY-ND")
    CC_BY_NC = "cc-by-nc", _("CC BY-NC")
    CC_BY_NC_SA = "cc-by-nc-sa", _("CC BY-NC-SA")
    CC_BY_NC_ND = "cc-by-nc-nd", _("CC BY-NC-ND")
    CC0 = "cc0", _("CC0")
    PUBLIC_DOMAIN = "public-domain", _("Public domain")


class Use(models.TextChoices):
    SITE = "site", _("On the site")
    NEWSLETTER = "newsletter", _("In the newsletter")
    FEEDS = "feeds", _("In feeds")


@dataclass(frozen=True)
class Rights:
    """What is known of a picture: `uses` are those that were allowed, `ends` the instant from which nothing is."""

    credit: str
    uses: frozenset[str]
    ends: datetime | None = None
    licence: str = Licence.UNKNOWN


Words = str | Promise
Rule = Callable[[Rights, str, datetime], Words | None]


def _credit(rights: Rights, use: str, at: datetime) -> Words | None:
    return None if rights.credit.strip() else _("It has no credit. Say who made it.")


def _end(rights: Rights, use: str, at: datetime) -> Words | None:
    return _("Its rights have ended.") if rights.ends and rights.ends <= at else None


def _use(rights: Rights, use: str, at: datetime) -> Words | None:
    return None if use in rights.uses else NOT_ALLOWED[use]


NOT_ALLOWED: Final[dict[str, Words]] = {
    Use.SITE: _("It may not be used on the site."),
    Use.NEWSLETTER: _("It may not be used in the newsletter."),
    Use.FEEDS: _("It may not be used in feeds."),
}

SHOWING: Final[tuple[Rule, ...]] = (_end, _use)
"""What decides whether a picture that stands in a published piece is shown."""
PUBLISHING: Final[tuple[Rule, ...]] = (_credit, *SHOWING)
"""What decides whether a piece with it may be published."""


def why_not(rights: Rights, use: str, at: datetime, rules: tuple[Rule, ...] = SHOWING) -> Words | None:
    """What stands in the way of a use at an instant, or None."""
    return next((fault for rule in rules if (fault := rule(rights, use, at))), None)


def ends_soon(rights: Rights, at: datetime) -> bool:
    """Whether the rights end within AHEAD."""
    return rights.ends is not None and at < rights.ends <= at + AHEAD
