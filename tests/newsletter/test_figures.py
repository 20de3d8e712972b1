"""What became of an issue is counted from what is known anyway, and of nobody in particular."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter import charts, figures, growth
from newsletter.models import Batch, Bounce, Consent, Deed, Delivery, Figures, Issue, Item, Pace, Said, Subscriber
from newsletter.states import Reader
from tests.factories import NOON

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def make_issue(*, state: str = "sent", number: int = 1, began_at=NOON) -> Issue:
    return Issue.objects.create(
        subject=f"Issue {number}", state=state, number=number, frozen_at=NOON, began_at=began_at, finished_at=began_at
    )


def deliver(issue: Issue, **states: tuple[str, ...]) -> None:
    """A delivery for each address, in one batch with its counts."""
    made = []
    for state, addresses in states.items():
        for address in addresses:
            reader = Subscriber.objects.of(address) or Subscriber.objects.create(
                email=address, state=Reader.ACTIVE, confirmed_at=NOON - DAY, signed_up_at=NOON - DAY
            )
            made.append(Delivery.objects.create(issue=issue, subscriber=reader, state=state, at=NOON))
    numbers = {state: len(addresses) for state, addresses in states.items()}
    Batch.objects.create(issue=issue, first=made[0].pk, last=made[-1].pk, size=len(made), done=True, **numbers)


def note(deed: str, at) -> None:
    Consent.objects.note(f"{Consent.objects.count():032x}", deed, at, Said())


def test_an_issue_is_told_in_numbers_until_the_next_one_goes_out():
    first, second = make_issue(), make_issue(number=2, began_at=NOON + 7 * DAY)
    deliver(first, sent=("ann@a.org", "bob@a.org"), failed=("cat@b.org",), skipped=("dan@b.org",))
    for at in (NOON - MINUTE, NOON + MINUTE, NOON + 6 * DAY, NOON + 8 * DAY):
        note(Deed.LEFT, at)
        note(Deed.CONFIRMED, at)
    for number, kind in enumerate(["hard", "soft", "policy", "complaint"]):
        Bounce.objects.create(issue=first, kind=kind, source="dsn", at=NOON, fingerprint=str(number))
    found = figures.line(first, NOON + 30 * DAY)
    assert (found.total, found.sent, found.failed, found.skipped, found.in_doubt) == (4, 2, 1, 1, 0)
    assert (found.bounced, found.complained, found.left, found.came) == (3, 1, 2, 2)
    assert (found.share(found.failed), found.share(0)) == (50.0, 0.0)
    assert figures.line(second, NOON + 30 * DAY).left == 1


def test_an_issue_that_nobody_got_divides_by_nothing():
    issue = make_issue(state="cancelled", began_at=None)
    found = figures.of(issue, NOON)
    assert (found.line.sent, found.line.share(3), found.times, found.domains, found.earlier) == (0, 0.0, [], [], [])


def test_beside_it_stand_the_five_that_went_out_before_it():
    issues = [make_issue(number=number, began_at=NOON + number * DAY) for number in range(1, 9)]
    make_issue(number=20, state="cancelled", began_at=NOON)
    assert [line.issue for line in figures.of(issues[6], NOON + 30 * DAY).earlier] == issues[5:0:-1]


def test_the_domains_that_refused_most_are_counted_once_when_the_issue_has_ended():
    issue = make_issue()
    deliver(issue, failed=("a@Busy.example", "b@busy.example", "c@other.example"), sent=("d@fine.example",))
    expected = [("busy.example", 2), ("other.example", 1)]
    assert figures.failing_domains(issue, NOON) == expected
    Delivery.objects.update(state="sent")
    assert figures.failing_domains(issue, NOON) == expected
    with CaptureQueriesContext(connection) as captured:
        figures.failing_domains(issue, NOON)
    assert len(captured) == 1
    assert "@" not in str(Figures.objects.get().counted)


@pytest.mark.parametrize("state", ["sending", "paused"])
def test_nothing_is_kept_while_it_may_still_change(state):
    issue = make_issue(state=state)
    deliver(issue, failed=("a@busy.example",))
    assert figures.failing_domains(issue, NOON) == [("busy.example", 1)]
    assert not Figures.objects.exists()


def test_nothing_is_kept_while_something_is_in_doubt():
    issue = make_issue()
    deliver(issue, failed=("a@busy.example",), in_doubt=("b@busy.example",))
    figures.failing_domains(issue, NOON)
    assert not Figures.objects.exists()


def test_no_more_than_ten_domains_are_named():
    issue = make_issue()
    deliver(issue, failed=tuple(f"a@domain{number}.example" for number in range(15)))
    assert len(figures.failing_domains(issue, NOON)) == 10


def test_clicks_are_shown_only_where_they_were_counted():
    issue = make_issue()
    item = Item.objects.create(issue=issue, position=1, title="Tides")
    assert figures.of(issue, NOON).clicks == []
    Item.objects.filter(pk=item.pk).update(clicks=7)
    assert figures.of(issue, NOON).clicks == [("Tides", 7)]


@pytest.mark.parametrize("minutes", [1, 59, 60, 600, 7 * 24 * 60, 60 * 24 * 60])
def test_any_length_of_time_fits_a_chart_and_nothing_is_lost(minutes):
    issue = make_issue()
    steps = max(1, minutes // 50)
    for minute in range(0, minutes, steps):
        Pace.objects.create(issue=issue, minute=NOON + minute * MINUTE, sent=3, failed=1)
    found = figures.over_time(issue)
    assert len(found) <= figures.BARS
    number = len(range(0, minutes, steps))
    assert sum(sent for _at, sent, _failed in found) == 3 * number
    assert sum(failed for _at, _sent, failed in found) == number
    assert found[0][0] <= NOON


def test_the_weeks_of_half_a_year_are_counted_with_those_who_left():
    at = NOON + 3 * DAY  # a Thursday
    Subscriber.objects.create(email="a@a.org", state=Reader.ACTIVE, confirmed_at=at)
    Subscriber.objects.create(email="b@a.org", state=Reader.ACTIVE, confirmed_at=at - 8 * DAY)
    Subscriber.objects.create(email="c@a.org", state=Reader.ACTIVE, confirmed_at=at - 400 * DAY)
    Subscriber.objects.create(email="d@a.org", state=Reader.PENDING)
    note(Deed.LEFT, at)
    note(Deed.PAUSED, at)
    weeks = growth.counted(at)
    assert len(weeks) == growth.WEEKS
    assert [(week.came, week.went) for week in weeks[-3:]] == [(0, 0), (1, 0), (1, 1)]
    assert all(week.monday.weekday() == 0 for week in weeks)
    assert sum(week.came for week in weeks) == 2


@pytest.mark.parametrize("beside", [True, False])
def test_a_chart_stays_in_its_box_whatever_the_numbers(beside):
    series = [("sent", "Sent"), ("failed", "Refused")]
    rows = [("a", (0, 0)), ("b", (10**9, 1)), ("c", (3, 10**9))]
    chart = charts.bars("x", "X", "", "", series, rows, beside=beside)
    for bar in chart.bars:
        for part in bar.parts:
            assert float(part.y) >= -0.01
            assert float(part.y) + float(part.height) <= 100.01
            assert float(part.x) + float(part.width) <= 100.01
    assert charts.bars("x", "X", "", "", series, []).is_empty
    assert charts.bars("x", "X", "", "", series, rows[:1]).is_empty
