from collections import Counter
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, FrontPage, Notice
from newsletter import roundup
from newsletter.models import Issue, ItemKind, Newsletter
from newsletter.states import FROZEN, SHOWN, IssueState
from tests.factories import NOON, make_article, make_person, make_section
from tests.newsletter.paper import WEEK_AGO, in_section, make_issue, make_magazine, make_pieces, set_newsletter

pytestmark = pytest.mark.django_db


def pieces_of(issue: Issue) -> list[Article]:
    return [item.article for item in issue.items.filter(kind=ItemKind.PIECE)]


def updates_of(issue: Issue) -> list[Article]:
    return [item.article for item in issue.items.filter(kind=ItemKind.UPDATE)]


# ---------------------------------------------------------------- what comes in


def test_an_issue_has_what_appeared_since_the_last_and_is_public():
    new = make_pieces(count=3)
    make_article(published_at=WEEK_AGO)
    make_article(published_at=NOON + timedelta(hours=1))
    make_article(published=False)
    assert set(pieces_of(roundup.compose(WEEK_AGO, NOON))) == set(new)


def test_what_staff_picked_for_the_front_page_comes_first_in_their_order():
    pieces = make_pieces(count=6)
    FrontPage.objects.get_or_create(pk=1)[0].set_picks([pieces[4], pieces[2]], at=NOON)
    assert pieces_of(roundup.compose(WEEK_AGO, NOON))[:2] == [pieces[4], pieces[2]]


def test_no_section_has_two_before_each_other_with_pieces_has_one():
    busy, quiet, silent = make_section(), make_section(), make_section()
    of_busy, of_quiet = in_section(busy, 1, 2, 3, 4), in_section(quiet, 90)
    assert silent.articles.count() == 0
    chosen = pieces_of(roundup.compose(WEEK_AGO, NOON))
    assert chosen == [of_busy[0], of_quiet[0], *of_busy[1:]]


def test_a_pick_of_the_front_page_counts_for_its_section():
    one, other = make_section(), make_section()
    picked, second = in_section(one, 5, 1)
    (of_other,) = in_section(other, 50)
    FrontPage.objects.get_or_create(pk=1)[0].set_picks([picked], at=NOON)
    assert pieces_of(roundup.compose(WEEK_AGO, NOON)) == [picked, of_other, second]


@given(st.lists(st.integers(0, 4), max_size=30), st.lists(st.integers(0, 4), max_size=4), st.integers(1, 20))
def test_each_place_goes_to_a_section_that_has_the_fewest_and_there_to_its_newest(others, first, most):
    newest_first = [SimpleNamespace(pk=number, section_id=section) for number, section in enumerate(others)]
    before = [SimpleNamespace(pk=-1 - number, section_id=section) for number, section in enumerate(first)]
    chosen = roundup.in_turns(before, newest_first, most)
    assert chosen[: len(before)] == before[:most]
    assert len(chosen) == min(most, len(before) + len(newest_first))
    for place in range(len(before), len(chosen)):
        had = Counter(each.section_id for each in chosen[:place])
        left = [each for each in newest_first if each not in chosen[:place]]
        fewest = min(had[each.section_id] for each in left)
        assert chosen[place] == next(each for each in left if had[each.section_id] == fewest)


def test_an_issue_has_no_more_pieces_than_staff_want():
    make_pieces(count=9)
    set_newsletter(most_pieces=4)
    assert len(pieces_of(roundup.compose(WEEK_AGO, NOON))) == 4


@pytest.mark.parametrize("state", sorted(FROZEN))
def test_no_piece_comes_twice(state):
    sent, *new = make_pieces(count=5)
    make_issue(sent, state=state)
    assert set(pieces_of(roundup.compose(WEEK_AGO, NOON))) == set(new)


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_a_piece_that_readers_did_not_get_comes_all_the_same(state):
    pieces = make_pieces(count=4)
    make_issue(pieces[0], state=state)
    assert set(pieces_of(roundup.compose(WEEK_AGO, NOON))) == set(pieces)


def test_what_staff_pin_comes_again_and_first():
    again, *new = make_pieces(count=4)
    make_issue(again, state="sent")
    issue = roundup.compose(WEEK_AGO, NOON, pinned=[again])
    assert pieces_of(issue)[0] == again
    assert set(pieces_of(issue)) == {again, *new}
    assert [item.article for item in issue.items.filter(pinned=True)] == [again]


def test_titles_and_blurbs_are_the_pieces_own_until_staff_write_others():
    make_pieces(count=3)
    issue = roundup.compose(WEEK_AGO, NOON)
    assert {(item.title, item.blurb) for item in issue.items.all()} == {("", "")}
    assert issue.subject == pieces_of(issue)[0].headline
    assert all(piece.headline in issue.preheader for piece in pieces_of(issue)[1:])


def test_long_headlines_fit_the_subject():
    make_pieces(count=3, headline="")
    Article.objects.update(headline="Wörter " * 28)
    issue = roundup.compose(WEEK_AGO, NOON)
    assert len(issue.subject) <= 150
    assert len(issue.preheader) <= 150


def test_composing_asks_the_same_few_questions_however_many_pieces_there_are(django_assert_max_num_queries):
    make_pieces(count=30, sections=5)
    with django_assert_max_num_queries(14):
        roundup.compose(WEEK_AGO, NOON)


# ---------------------------------------------------------------- updates


def changed(piece: Article, at: datetime) -> None:
    Article.objects.filter(pk=piece.pk).update(updated_at=at)


def test_a_piece_readers_had_and_that_was_materially_changed_comes_as_an_update():
    had, same, *_new = make_pieces(count=5)
    make_issue(had, same, state="sent", at=NOON)
    changed(had, NOON + timedelta(days=2))
    issue = roundup.compose(WEEK_AGO, NOON + timedelta(days=7))
    assert updates_of(issue) == [had]
    assert issue.items.last().article == had


def test_an_update_is_told_once_and_again_after_another_change():
    (had,) = make_pieces(count=1)
    make_issue(had, state="sent", at=NOON)
    changed(had, NOON + timedelta(days=1))
    second = make_issue(state="sent", at=NOON + timedelta(days=2))
    second.items.create(article=had, kind=ItemKind.UPDATE, position=1)
    assert roundup.updates(NOON + timedelta(days=3)) == []
    changed(had, NOON + timedelta(days=4))
    assert roundup.updates(NOON + timedelta(days=5)) == [had]


@pytest.mark.parametrize("state", sorted(set(IssueState.values) - SHOWN))
def test_nobody_is_told_of_a_change_in_what_nobody_got(state):
    (had,) = make_pieces(count=1)
    make_issue(had, state=state, at=NOON)
    changed(had, NOON + timedelta(days=1))
    assert roundup.updates(NOON + timedelta(days=2)) == []


def test_a_change_before_the_issue_or_without_weight_is_no_update():
    before, cosmetic = make_pieces(count=2)
    changed(before, NOON - timedelta(minutes=5))
    make_issue(before, cosmetic, state="sent", at=NOON)
    cosmetic.refresh_from_db()
    cosmetic.body = "<p>A comma, less.</p>"
    cosmetic.save()
    assert roundup.updates(NOON + timedelta(days=1)) == []


def test_updates_alone_make_no_issue():
    had = make_pieces(count=4)
    make_issue(*had, state="sent", at=NOON)
    for piece in had:
        changed(piece, NOON + timedelta(days=1))
    assert roundup.compose(NOON, NOON + timedelta(days=7)) is None


# ---------------------------------------------------------------- the empty week


def test_a_thin_week_has_no_issue_and_staff_are_told():
    publisher, editor = make_person(role="Publisher"), make_person(role="Contributor")
    make_pieces(count=2)
    assert roundup.compose(WEEK_AGO, NOON) is None
    assert not Issue.objects.exists()
    notice = Notice.objects.get(user=publisher)
    assert "2 new pieces" in notice.text
    assert notice.about
    assert notice.address == "/admin/newsletter/issue/"
    assert not Notice.objects.filter(user=editor).exists()


def test_what_a_thin_week_had_comes_in_the_next():
    first = make_pieces(count=2)
    roundup.compose(roundup.since_last(NOON), NOON)
    later = make_article(published_at=NOON + timedelta(days=3))
    make_issue(make_article(published_at=WEEK_AGO), state="sent", at=WEEK_AGO)
    issue = roundup.compose(roundup.since_last(NOON + timedelta(days=7)), NOON + timedelta(days=7))
    assert set(pieces_of(issue)) == {*first, later}


def test_who_makes_one_by_hand_in_a_thin_week_is_not_written_to():
    publisher = make_person(role="Publisher")
    make_pieces(count=1)
    assert roundup.compose(WEEK_AGO, NOON, by=publisher) is None
    assert not Notice.objects.exists()
    assert roundup.compose(WEEK_AGO, NOON, by=publisher, fewest=1).created_by == publisher


# ---------------------------------------------------------------- the slot

LONDON, NEW_YORK, APIA = "Europe/London", "America/New_York", "Pacific/Apia"


def slot(zone: str, weekday: int, hour: time, after: datetime) -> datetime:
    return roundup.next_slot(Newsletter(weekday=weekday, hour=hour, time_zone=zone), make_magazine(), after)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "weekday", "hour", "after", "expected"),
    [
        (LONDON, 4, time(9), at(2026, 1, 6, 12), at(2026, 1, 9, 9)),
        (LONDON, 4, time(9), at(2026, 7, 7, 12), at(2026, 7, 10, 8)),
        (LONDON, 4, time(9), at(2026, 1, 9, 9), at(2026, 1, 16, 9)),
        (LONDON, 4, time(9), at(2026, 1, 9, 8, 59), at(2026, 1, 9, 9)),
        # London's clocks jump from 1 to 2 on 29 March 2026: half past one does not exist, so it is at the jump.
        (LONDON, 6, time(1, 30), at(2026, 3, 28), at(2026, 3, 29, 1)),
        (LONDON, 6, time(1, 30), at(2026, 3, 29, 1), at(2026, 4, 5, 0, 30)),
        # … and go back from 2 to 1 on 25 October: half past one comes twice, and the first counts.
        (LONDON, 6, time(1, 30), at(2026, 10, 24), at(2026, 10, 25, 0, 30)),
        (LONDON, 6, time(1, 30), at(2026, 10, 25, 0, 30), at(2026, 11, 1, 1, 30)),
        (NEW_YORK, 6, time(2, 30), at(2026, 3, 7), at(2026, 3, 8, 7)),
        # Samoa left out the whole of Friday 30 December 2011.
        (APIA, 4, time(9), at(2011, 12, 28), at(2011, 12, 30, 10)),
        (APIA, 4, time(9), at(2011, 12, 30, 10), at(2012, 1, 5, 19)),
        # A day that is another one in the zone: Monday 00:30 in Apia is Sunday in London.
        (APIA, 0, time(0, 30), at(2026, 6, 5), at(2026, 6, 7, 11, 30)),
    ],
)
def test_the_slot_is_at_its_hour_whatever_clocks_do(zone, weekday, hour, after, expected):
    assert slot(zone, weekday, hour, after) == expected


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 6),
    st.times().map(lambda each: each.replace(microsecond=0)),
    st.sampled_from([LONDON, NEW_YORK, "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_slots_follow_one_another_a_week_apart_and_none_is_left_out(after, weekday, hour, zone):
    newsletter = Newsletter(weekday=weekday, hour=hour, time_zone=zone)
    first = roundup.next_slot(newsletter, None, after)
    second = roundup.next_slot(newsletter, None, first)
    assert after < first <= after + timedelta(days=7, hours=1)
    assert timedelta(days=6, hours=22) <= second - first <= timedelta(days=7, hours=2)
    assert first.astimezone(ZoneInfo(zone)).weekday() == weekday
    assert roundup.last_slot(newsletter, None, first) == first
    assert roundup.last_slot(newsletter, None, second - timedelta(seconds=1)) == first


# ---------------------------------------------------------------- the weekly draft

FRIDAY = at(2026, 6, 5, 9)


def weekly(**fields) -> Newsletter:
    """A newsletter with a draft each Friday at nine in UTC, on for some weeks."""
    make_magazine()
    return set_newsletter(**{"weekly": True, "drafted_for": FRIDAY - timedelta(days=7), **fields})


def fresh(count: int = 4) -> None:
    make_pieces(count=count, before=FRIDAY)


def test_the_draft_is_made_when_its_hour_has_come_and_staff_are_told():
    publisher = make_person(role="Publisher")
    weekly()
    fresh()
    assert roundup.draft_if_due(FRIDAY - timedelta(seconds=1)) is None
    issue = roundup.draft_if_due(FRIDAY)
    assert issue.state == IssueState.DRAFT
    assert issue.items.count() == 4
    notice = Notice.objects.get(user=publisher)
    assert notice.address == f"/admin/newsletter/issue/{issue.pk}/change/"


def test_a_slot_has_one_draft_however_often_the_worker_looks():
    weekly()
    fresh()
    assert roundup.draft_if_due(FRIDAY)
    assert not any(roundup.draft_if_due(FRIDAY + timedelta(minutes=each)) for each in range(3))
    assert Issue.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_makes_the_draft():
    weekly()
    fresh()
    made, together = [], Barrier(4)

    def work() -> None:
        together.wait()
        try:
            made.append(roundup.draft_if_due(FRIDAY))
        finally:
            connection.close()

    workers = [Thread(target=work) for _number in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    assert len(made) == 4
    assert len([issue for issue in made if issue]) == Issue.objects.count() == 1


def test_nothing_is_made_where_staff_do_not_want_it_weekly():
    weekly(weekly=False)
    fresh()
    assert roundup.draft_if_due(FRIDAY) is None


def test_a_thin_week_is_told_once():
    publisher = make_person(role="Publisher")
    weekly()
    fresh(1)
    for minutes in range(3):
        assert roundup.draft_if_due(FRIDAY + timedelta(minutes=minutes)) is None
    assert Notice.objects.filter(user=publisher).count() == 1


def test_who_has_made_one_by_hand_this_week_gets_no_second():
    publisher = make_person(role="Publisher")
    weekly()
    fresh()
    mine = make_issue(at=FRIDAY, created_by=publisher)
    Issue.objects.update(created_at=FRIDAY - timedelta(days=1))
    assert roundup.draft_if_due(FRIDAY) is None
    assert Issue.objects.get() == mine
    assert "no second draft" in Notice.objects.get(user=publisher).text


def test_a_draft_that_nobody_sent_last_week_keeps_none_from_this():
    weekly()
    fresh()
    make_issue(at=FRIDAY, created_by=make_person(role="Publisher"))
    Issue.objects.update(created_at=FRIDAY - timedelta(days=8))
    assert roundup.draft_if_due(FRIDAY)


def test_by_itself_it_goes_when_the_time_to_undo_is_over_and_staff_know_until_when():
    publisher = make_person(role="Publisher")
    weekly(by_itself=True, undo_minutes=90)
    fresh()
    issue = roundup.draft_if_due(FRIDAY)
    assert issue.state == IssueState.SCHEDULED
    assert issue.scheduled_for == FRIDAY + timedelta(minutes=90)
    assert issue.html
    assert "10:30" in Notice.objects.get(user=publisher).text


def test_by_itself_goes_nothing_that_the_preflight_stops():
    publisher = make_person(role="Publisher")
    weekly(by_itself=True)
    make_magazine(postal_address="")
    fresh()
    assert roundup.draft_if_due(FRIDAY).state == IssueState.DRAFT
    assert "postal address" in Notice.objects.get(user=publisher).text


def test_a_draft_that_is_made_too_late_is_for_a_person_to_send():
    """The worker did not run, or an old backup was restored: the draft harms nobody, a mail at night would."""
    weekly(by_itself=True, late_hours=6)
    fresh()
    assert roundup.draft_if_due(FRIDAY + timedelta(hours=7)).state == IssueState.DRAFT


def test_after_a_backup_was_put_back_no_draft_is_made_and_sent_a_second_time():
    """It was made before Friday's draft, which readers have had by now."""
    weekly(by_itself=True)
    fresh()
    roundup.pass_over(FRIDAY + timedelta(hours=1))
    assert roundup.draft_if_due(FRIDAY + timedelta(hours=1)) is None
    make_pieces(count=3, before=FRIDAY + timedelta(days=7))
    assert roundup.draft_if_due(FRIDAY + timedelta(days=7))


def test_slots_before_the_last_are_not_made_up_for():
    weekly(drafted_for=FRIDAY - timedelta(days=70))
    fresh()
    assert roundup.draft_if_due(FRIDAY)
    assert roundup.draft_if_due(FRIDAY + timedelta(minutes=1)) is None
    assert Newsletter.objects.current().drafted_for == FRIDAY


def test_who_turns_it_on_behind_its_hour_gets_the_first_draft_next_week():
    weekly(drafted_for=None)
    fresh()
    assert roundup.draft_if_due(FRIDAY + timedelta(days=3)) is None
    assert roundup.draft_if_due(FRIDAY + timedelta(days=4)) is None
    make_pieces(count=3, before=FRIDAY + timedelta(days=7))
    assert roundup.draft_if_due(FRIDAY + timedelta(days=7))
