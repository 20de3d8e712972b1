"""The states an article and its newest text can be in, and who may move them where: rules as data.

Two things move. The article's state says what readers have of it; the stage says how far its newest text is. So a live
article can have a draft in review beside it. A scheduled article is not a state: it is a published one whose instant
has not come (DESIGN, idea 1).
"""

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What readers have of it."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    UNPUBLISHED = "unpublished", _("Unpublished")


class Stage(models.TextChoices):
    """How far the newest text is. Settled: there is no newer text than the one readers have or last had."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    NEEDS_CHANGES = "needs_changes", _("Needs changes")
    APPROVED = "approved", _("Approved")
    WAITING = "waiting", _("Goes live by itself")
    SETTLED = "settled", _("No newer draft")


CHANGE: Final = "articles.change_article"
REVIEW: Final = "articles.review_article"
PUBLISH: Final = "articles.publish_article"

NEWER: Final = frozenset(set(Stage) - {Stage.SETTLED})
"""The stages of a text that readers do not have."""


@dataclass(frozen=True)
class Move:
    """One allowed move: from which states and stages, to which, and the permission (app_label.codename) it takes.

    `state` or `stage` None: stays as it is.
    """

    label: Promise | str
    done: Promise | str
    permission: str
    stages: frozenset[str]
    states: frozenset[str] = frozenset(State)
    stage: str | None = None
    state: str | None = None
    wants_note: bool = False


MOVES: Final[dict[str, Move]] = {
    "submit": Move(
        _("Submit for review"),
        _("Submitted for review."),
        CHANGE,
        frozenset({Stage.DRAFT, Stage.NEEDS_CHANGES}),
        stage=Stage.IN_REVIEW,
    ),
    "take_back": Move(
        _("Take back from review"),
        _("Taken back from review."),
        CHANGE,
        frozenset({Stage.IN_REVIEW}),
        stage=Stage.DRAFT,
    ),
    "ask_for_changes": Move(
        _("Ask for changes"),
        _("Changes were asked for."),
        REVIEW,
        frozenset({Stage.IN_REVIEW, Stage.APPROVED}),
        stage=Stage.NEEDS_CHANGES,
        wants_note=True,
    ),
    "approve": Move(_("Approve"), _("Approved."), REVIEW, frozenset({Stage.IN_REVIEW}), stage=Stage.APPROVED),
    "publish": Move(
        _("Publish"), _("Published."), PUBLISH, frozenset(Stage), stage=Stage.SETTLED, state=State.PUBLISHED
    ),
    "publish_later": Move(
        _("Publish the changes later"),
        _("The changes go live by themselves."),
        PUBLISH,
        NEWER,
        states=frozenset({State.PUBLISHED}),
        stage=Stage.WAITING,
    ),
    "unpublish": Move(
        _("Unpublish"),
        _("Taken off the site."),
        PUBLISH,
        frozenset(Stage),
        states=frozenset({State.PUBLISHED}),
        state=State.UNPUBLISHED,
    ),
    "discard": Move(
        _("Discard draft"),
        _("The draft was discarded."),
        CHANGE,
        NEWER,
        states=frozenset({State.PUBLISHED}),
        stage=Stage.SETTLED,
    ),
}

EDITED: Final[dict[str, str]] = {
    Stage.DRAFT: Stage.DRAFT,
    Stage.IN_REVIEW: Stage.IN_REVIEW,
    Stage.NEEDS_CHANGES: Stage.NEEDS_CHANGES,
    # Approved and due was the text as it stood: whoever changes it hands it back.
    Stage.APPROVED: Stage.IN_REVIEW,
    Stage.WAITING: Stage.DRAFT,
    Stage.SETTLED: Stage.DRAFT,
}
"""The stage after the text was changed."""

READY: Final = frozenset({Stage.APPROVED, Stage.WAITING, Stage.SETTLED})
"""The stages from which a magazine that publishes only what was approved may publish."""


class MoveRefused(Exception):
    """The article's state, or that of its newest text, does not allow the move."""


def allows(state: str, stage: str, name: str, approval_required: bool = False) -> bool:
    """Whether the move called `name` is open to an article in that state with a text in that stage."""
    rule = MOVES[name]
    if name in {"publish", "publish_later"} and approval_required and stage not in READY:
        return False
    return state in rule.states and stage in rule.stages


def move(state: str, stage: str, name: str, approval_required: bool = False) -> tuple[str, str]:
    """State and stage after the move called `name`, or MoveRefused."""
    if not allows(state, stage, name, approval_required):
        raise MoveRefused(
            _("“%(move)s” is not possible: the article is “%(state)s”, its newest text “%(stage)s”.")
            % {"move": MOVES[name].label, "state": State(state).label, "stage": Stage(stage).label}
        )
    rule = MOVES[name]
    return rule.state or state, rule.stage or stage
