"""Which move of an issue is open in which state."""

import pytest

from newsletter import states
from newsletter.states import MOVES, IssueState

WAY = ["schedule", "prepare", "send", "pause", "resume", "finish"]


def moves_from(state):
    return {name: move.target for name, move in MOVES.items() if state in move.sources}


def test_an_issue_goes_from_draft_to_sent_by_these_moves():
    state = IssueState.DRAFT
    for move in WAY:
        state = states.after(state, move)
    assert state == IssueState.SENT


@pytest.mark.parametrize("state", [IssueState.CANCELLED, IssueState.FAILED])
def test_nothing_leads_out_of_an_issue_that_was_given_up(state):
    assert moves_from(state) == {}


def test_nothing_leads_out_of_a_sent_issue_but_to_send_what_is_in_doubt():
    """No other button, and no clock, sends an issue a second time."""
    assert moves_from(IssueState.SENT) == {"send_doubtful": IssueState.SENDING}
    assert MOVES["send_doubtful"].sources == {IssueState.SENT}


def test_a_missed_issue_waits_for_a_person():
    state = states.after(IssueState.SCHEDULED, "miss")
    for move in ("prepare", "send", "resume"):
        with pytest.raises(states.WrongState):
            states.after(state, move)
    assert {states.after(state, move) for move in ("schedule", "back_to_draft", "cancel")} == {
        *(IssueState.SCHEDULED, IssueState.DRAFT, IssueState.CANCELLED),
    }


def test_what_is_being_sent_is_paused_before_it_is_cancelled():
    with pytest.raises(states.WrongState, match="Sending"):
        states.after(IssueState.SENDING, "cancel")
    assert states.after(IssueState.PAUSED, "cancel") == IssueState.CANCELLED


def test_every_state_can_be_reached():
    assert {move.target for move in MOVES.values()} == set(IssueState.values)
