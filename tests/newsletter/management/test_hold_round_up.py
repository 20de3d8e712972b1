from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from newsletter import sending
from newsletter.models import Issue, Newsletter
from newsletter.states import IssueState
from tests.newsletter.mailing import Clock, make_frozen, make_readers, make_sending, run

pytestmark = pytest.mark.django_db


def test_after_it_a_worker_finds_nothing_to_send(mailoutbox):
    make_readers(number=2)
    make_sending()
    make_frozen(state=IssueState.SCHEDULED)
    said = StringIO()
    call_command("hold_round_up", stdout=said)
    assert sending.start_due(timezone.now()) == []
    assert run(Clock(timezone.now())) == 0
    assert mailoutbox == []
    assert set(Issue.objects.values_list("state", flat=True)) == {IssueState.PAUSED, IssueState.MISSED}
    assert "Held for a person: 2." in said.getvalue()
    assert Newsletter.objects.current().drafted_for
