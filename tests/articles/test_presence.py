"""Who has an article open, and who keeps it to themselves."""

from datetime import timedelta

import pytest

from articles import presence
from articles.models import AuditEntry
from articles.models.presence import GONE, LOCK_LAPSES, EditLock, Presence
from tests.factories import NOON, make_article, make_person

pytestmark = pytest.mark.django_db

MINE, OTHER, THIRD = "a" * 16, "b" * 16, "c" * 16


@pytest.fixture
def article():
    return make_article(published=False)


@pytest.fixture
def ann():
    return make_person(role="Editor", username="ann")


@pytest.fixture
def bob():
    return make_person(role="Editor", username="bob")


def later(**span):
    return NOON + timedelta(**span)


def names(article, sitting, at):
    return [(row.user.username, row.unsaved) for row in presence.others(article, sitting, at)]


def test_each_sees_the_other_with_what_is_unsaved_and_nobody_sees_themselves(article, ann, bob):
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.seen(article, by=bob, sitting=OTHER, at=NOON, unsaved=True)
    assert names(article, MINE, NOON) == [("bob", True)]
    assert names(article, OTHER, NOON) == [("ann", False)]


def test_two_tabs_of_one_person_are_two(article, ann):
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.seen(article, by=ann, sitting=OTHER, at=NOON)
    assert names(article, MINE, NOON) == [("ann", False)]


def test_how_long_somebody_is_here_is_counted_from_the_first_sign(article, ann):
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.seen(article, by=ann, sitting=MINE, at=later(seconds=4), unsaved=True)
    row = Presence.objects.get()
    assert (row.since, row.seen_at, row.unsaved) == (NOON, later(seconds=4), True)


def test_who_is_silent_is_gone_and_a_tab_in_the_background_may_be_silent_for_longer(article, ann, bob):
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.seen(article, by=bob, sitting=OTHER, at=NOON, background=True)
    assert names(article, THIRD, NOON + GONE) == [("bob", False)]
    assert names(article, THIRD, later(seconds=61)) == [("bob", False)]
    assert names(article, THIRD, NOON + GONE + presence.BACKGROUND) == []


def test_who_says_good_bye_is_gone_at_once_and_sweeps_what_was_forgotten(article, ann, bob):
    presence.seen(article, by=bob, sitting=OTHER, at=later(hours=-2))
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.gone(article, by=bob, sitting=MINE, at=NOON)
    assert names(article, THIRD, NOON) == [("ann", False)], "nobody says good-bye for somebody else"
    presence.gone(article, by=ann, sitting=MINE, at=NOON)
    assert not Presence.objects.exists()


def test_what_one_keeps_to_themselves_nobody_else_saves_and_no_other_tab_of_theirs(article, ann, bob):
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.keep(article, by=ann, sitting=MINE, at=NOON)
    presence.refuse_if_kept(article, by=ann, sitting=MINE, at=NOON)
    for who, sitting in ((bob, OTHER), (ann, OTHER), (bob, "")):
        with pytest.raises(presence.Kept, match="ann keeps this article to themselves since 12:00"):
            presence.refuse_if_kept(article, by=who, sitting=sitting, at=NOON)


def test_the_same_person_on_another_page_of_the_desk_is_not_kept_out(article, ann):
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.keep(article, by=ann, sitting=MINE, at=NOON)
    presence.refuse_if_kept(article, by=ann, at=NOON)


def test_a_page_that_is_loaded_again_has_the_lock_of_the_one_before(article, ann, bob):
    presence.seen(article, by=ann, sitting=MINE, at=NOON)
    presence.keep(article, by=ann, sitting=MINE, at=NOON)
    presence.gone(article, by=ann, sitting=MINE, at=NOON)
    presence.seen(article, by=ann, sitting=OTHER, at=later(seconds=2))
    presence.hold_on(article, by=ann, sitting=OTHER, at=later(seconds=2))
    assert presence.kept_from(article, by=bob, sitting=THIRD, at=later(minutes=1))
    assert not presence.kept_from(article, by=ann, sitting=OTHER, at=later(minutes=1))


def test_a_lock_ends_by_hand_by_leaving_and_by_silence(article, ann, bob):
    def kept(at):
        return presence.kept_from(article, by=bob, sitting=OTHER, at=at) is not None

    presence.keep(article, by=ann, sitting=MINE, at=NOON)
    presence.give_back(article, by=bob, sitting=OTHER, at=NOON)
    assert kept(NOON), "only who has it gives it back"
    presence.give_back(article, by=ann, sitting=MINE, at=NOON)
    assert not kept(NOON)

    presence.keep(article, by=ann, sitting=MINE, at=NOON)
    presence.gone(article, by=ann, sitting=MINE, at=NOON)
    assert kept(NOON)
    assert not kept(NOON + GONE)

    presence.keep(article, by=ann, sitting=MINE, at=NOON)
    assert kept(NOON + LOCK_LAPSES - timedelta(seconds=1))
    assert not kept(NOON + LOCK_LAPSES)


def test_a_lock_is_taken_over_only_knowingly_and_the_log_says_from_whom(article, ann, bob):
    presence.keep(article, by=ann, sitting=MINE, at=NOON)
    with pytest.raises(presence.Kept):
        presence.keep(article, by=bob, sitting=OTHER, at=NOON)
    presence.keep(article, by=bob, sitting=OTHER, at=NOON, over=True)
    assert EditLock.objects.get().user == bob
    assert presence.kept_from(article, by=ann, sitting=MINE, at=NOON)
    noted = AuditEntry.objects.about(article).get(deed="take_over")
    assert (noted.actor, noted.note) == ("bob", "ann")
