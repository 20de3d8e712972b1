"""The states and stages, and who may move what where: the table is the promise."""

import pytest

from articles.workflow import EDITED, MOVES, NEWER, MoveRefused, Stage, State, allows, move


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("stage", Stage.values)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_refused_wherever_the_table_does_not_allow_it(name, state, stage):
    if allows(state, stage, name):
        assert move(state, stage, name) == (MOVES[name].state or state, MOVES[name].stage or stage)
    else:
        with pytest.raises(MoveRefused, match=str(MOVES[name].label)):
            move(state, stage, name)


def test_the_way_of_a_text_from_draft_to_published_and_off_again():
    state, stage = State.DRAFT, Stage.DRAFT
    seen = []
    for name in ("submit", "ask_for_changes", "submit", "approve", "publish", "unpublish"):
        state, stage = move(state, stage, name)
        seen.append((state, stage))
    assert seen == [
        (State.DRAFT, Stage.IN_REVIEW),
        (State.DRAFT, Stage.NEEDS_CHANGES),
        (State.DRAFT, Stage.IN_REVIEW),
        (State.DRAFT, Stage.APPROVED),
        (State.PUBLISHED, Stage.SETTLED),
        (State.UNPUBLISHED, Stage.SETTLED),
    ]


@pytest.mark.parametrize("stage", Stage.values)
def test_a_changed_text_is_never_approved_or_due(stage):
    assert EDITED[stage] in NEWER - {Stage.APPROVED, Stage.WAITING}


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.IN_REVIEW, Stage.NEEDS_CHANGES])
@pytest.mark.parametrize("name", ["publish", "publish_later"])
def test_a_magazine_that_wants_approval_publishes_nothing_else(stage, name):
    assert not allows(State.PUBLISHED, stage, name, approval_required=True)
    assert allows(State.PUBLISHED, Stage.APPROVED, name, approval_required=True)
