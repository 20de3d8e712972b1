"""The states an article can be in, and who may move it where: rules as data.

A scheduled article is not a state: it is a published one whose instant has not come (DESIGN, idea 1).
"""

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


@dataclass(frozen=True)
class Move:
    """One allowed move: from which states to which, and the permission (app_label.codename) it takes."""

    sources: frozenset[str]
    target: str
    permission: str


MOVES: Final[dict[str, Move]] = {
    "publish": Move(frozenset({State.DRAFT, State.PUBLISHED}), State.PUBLISHED, "articles.publish_article"),
    "unpublish": Move(frozenset({State.PUBLISHED}), State.DRAFT, "articles.publish_article"),
}


class MoveRefused(Exception):
    """The article's state does not allow the move."""


def move(state: str, name: str) -> str:
    """The state after the move called `name`, or MoveRefused."""
    rule = MOVES[name]
    if state not in rule.sources:
        raise MoveRefused(_("An article in the state “%(state)s” cannot be moved that way.") % {"state": state})
    return rule.target
