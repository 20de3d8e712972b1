"""Texts saved by themselves are thinned by a rule; what somebody meant, said or was shown is never lost."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.models import Article, AuditEntry, Comment, GuestLink, Revision, SignOff
from articles.thinning import STEPS, surplus, thin, too_many
from tests.factories import NOON, make_article

Kind = Revision.Kind
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONG_AFTER = NOON + 400 * DAY


def make_revision(article: Article, *, at=NOON, kind=Kind.AUTOSAVE, sitting="sitting-1", **marks) -> Revision:
    number = article.revisions.count() + 1
    content = {"headline": f"Text {number}"}
    return Revision.objects.create(
        article=article, number=number, kind=kind, content=content, at=at, sitting=sitting, **marks
    )


def make_sitting(article: Article, *, minutes, sitting="sitting-1", start=NOON) -> list[Revision]:
    """One text a minute."""
    return [make_revision(article, at=start + n * MINUTE, sitting=sitting) for n in range(minutes)]


def left(article: Article) -> set[int]:
    return set(article.revisions.values_list("pk", flat=True))


# ---------------------------------------------------------------- the rule


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "kept"),
    [
        (30 * MINUTE, 180),  # the last of them is half an hour old; what is older than an hour is thinned
        (2 * HOUR, 18),
        (2 * DAY, 3),
        (8 * DAY, 1),
        (40 * DAY, 1),
    ],
)
def test_three_hours_of_writing_leave_fewer_texts_the_longer_ago_they_are(age, kept):
    article = make_article(published=False)
    made = make_sitting(article, minutes=180)
    end = NOON + 3 * HOUR
    removed = thin(article, end + age)
    assert removed == 180 - len(left(article))
    assert made[-1].pk in left(article)
    if age >= 2 * HOUR:
        assert len(left(article)) == kept
    else:
        assert left(article) >= {revision.pk for revision in made if revision.at >= end + age - HOUR}


@pytest.mark.django_db
def test_after_a_month_the_last_text_of_each_sitting_is_left():
    article = make_article(published=False)
    lasts = {make_sitting(article, minutes=30, sitting=f"sitting-{n}", start=NOON + n * DAY)[-1].pk for n in range(5)}
    thin(article, LONG_AFTER)
    assert left(article) == lasts


@pytest.mark.django_db
def test_what_was_saved_by_itself_without_a_sitting_stays():
    article = make_article(published=False)
    make_sitting(article, minutes=90, sitting="")
    assert thin(article, LONG_AFTER) == 0


def test_each_stretch_is_made_of_whole_ones_of_the_next():
    for longer, shorter in pairwise(STEPS):
        assert longer.older_than > shorter.older_than
        assert longer.stretch % shorter.stretch == timedelta()


ROWS = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 50 * 24 * 60)), max_size=60).map(
    lambda found: [
        (key, sitting, NOON + minutes * MINUTE)
        for key, (sitting, minutes) in enumerate(sorted(found, key=lambda row: row[1]))
    ]
)


def thinned(rows, may_go, at):
    gone = set(too_many(rows, may_go, at))
    return [row for row in rows if row[0] not in gone]


@given(ROWS, st.sets(st.integers(0, 60)), st.lists(st.integers(0, 90 * 24 * 60), min_size=1, max_size=5))
def test_thinning_often_leaves_what_thinning_once_at_the_end_leaves(rows, stay, minutes):
    may_go = {row[0] for row in rows} - stay
    instants = [NOON + n * MINUTE for n in sorted(minutes)]
    often = rows
    for instant in instants:
        often = thinned(often, may_go, instant)
        assert thinned(often, may_go, instant) == often, "twice at one instant is once"
    assert often == thinned(rows, may_go, instants[-1])


@given(ROWS, st.integers(0, 90 * 24 * 60))
def test_nothing_of_the_last_hour_goes(rows, minutes):
    at, may_go = NOON + minutes * MINUTE, {row[0] for row in rows}
    gone = set(too_many(rows, may_go, at))
    assert not [row for row in rows if row[0] in gone and row[2] > at - HOUR]


# ---------------------------------------------------------------- what stays whatever its age


def commented(revision):
    Comment.objects.create(article=revision.article, revision=revision, text="Why?", name="Ana", at=NOON)


def guest_link(revision, **fields):
    return GuestLink.objects.create(
        article=revision.article, purpose="review", created_at=NOON, expires_at=NOON + DAY, **fields
    )


def signed_off(revision):
    link = guest_link(revision)
    SignOff.objects.create(link=link, revision=revision, text_digest=revision.text_digest, name="Ben", at=NOON)


def points_to(name):
    return lambda revision: Article.objects.filter(pk=revision.article_id).mark(**{name: revision})


KEEPERS = {
    "approved": lambda revision: revision.mark(approved_at=NOON),
    "live once": lambda revision: revision.mark(went_live_at=NOON),
    "set to go live": lambda revision: revision.mark(live_at=NOON),
    "with a note": lambda revision: Revision.objects.filter(pk=revision.pk).update(note="The quote is checked"),
    "commented": commented,
    "signed off": signed_off,
    "seen by a guest": lambda revision: guest_link(revision, seen_revision=revision),
    "the newest": points_to("latest_revision"),
    "the live one": points_to("live_revision"),
    "named in the log": lambda revision: AuditEntry.objects.note(
        "submit", revision.article, by=None, at=NOON, number=revision.number
    ),
    "saved by somebody": lambda revision: Revision.objects.filter(pk=revision.pk).update(kind=Kind.SAVE),
    "put aside": lambda revision: Revision.objects.filter(pk=revision.pk).update(kind=Kind.ASIDE),
    "restored": lambda revision: Revision.objects.filter(pk=revision.pk).update(kind=Kind.RESTORED),
    "as it was before": lambda revision: Revision.objects.filter(pk=revision.pk).update(kind=Kind.FOUND),
}


@pytest.mark.django_db
@pytest.mark.parametrize("keep", KEEPERS.values(), ids=KEEPERS)
def test_never_removed_is_a_text_that_is(keep):
    article = make_article(published=False)
    made = make_sitting(article, minutes=5)
    keep(made[2])
    assert thin(article, LONG_AFTER) == 3
    assert left(article) == {made[2].pk, made[-1].pk}


@pytest.mark.django_db
@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from([None, None, None, *KEEPERS]), st.integers(0, 3), st.integers(0, 40 * 24 * 60)),
        max_size=12,
    ),
    st.integers(0, 80 * 24 * 60),
)
def test_whatever_was_done_in_whatever_order_nothing_that_counts_goes(deeds, minutes):
    article = make_article(published=False)
    kept, lasts = set(), {}
    for keep, sitting, saved in sorted(deeds, key=lambda deed: deed[2]):
        revision = make_revision(article, at=NOON + saved * MINUTE, sitting=f"sitting-{sitting}")
        lasts[sitting] = revision.pk
        if keep:
            KEEPERS[keep](revision)
            if keep not in {"the newest", "the live one"}:
                kept.add(revision.pk)
    article.refresh_from_db()
    kept |= {pk for pk in (article.latest_revision_id, article.live_revision_id) if pk}
    at = NOON + minutes * MINUTE
    thin(article, at)
    assert left(article) >= kept | set(lasts.values())
    assert thin(article, at) == 0
    assert Comment.objects.filter(article=article).count() == sum(keep == "commented" for keep, *_rest in deeds)


@pytest.mark.django_db
def test_other_articles_are_left_alone():
    article, other = make_article(published=False), make_article(published=False)
    make_sitting(other, minutes=90)
    assert thin(article, LONG_AFTER) == 0
    assert len(left(other)) == 90


# ---------------------------------------------------------------- what it costs


@pytest.mark.django_db
def test_it_costs_the_same_few_queries_however_many_there_are():
    def queries(minutes, at) -> int:
        article = make_article(published=False)
        make_sitting(article, minutes=minutes)
        with CaptureQueriesContext(connection) as captured:
            thin(article, at)
        return len(captured)

    few = queries(5, LONG_AFTER)
    assert queries(90, LONG_AFTER) == few <= 12
    assert queries(20, NOON + HOUR) <= 4, "while somebody writes there is seldom anything to do"


# ---------------------------------------------------------------- the command


@pytest.mark.django_db
def test_the_command_says_what_it_would_do_and_does_it(capsys):
    articles = [make_article(published=False) for _n in range(3)]
    for article in articles:
        make_sitting(article, minutes=10)
    make_article()
    call_command("thin_revisions", "--dry-run")
    assert "3 articles looked at, 27 texts saved by themselves would be removed." in capsys.readouterr().out
    assert Revision.objects.count() == 30
    call_command("thin_revisions")
    assert "3 articles looked at, 27 texts saved by themselves removed." in capsys.readouterr().out
    assert [surplus(article, LONG_AFTER) for article in articles] == [[], [], []]
    call_command("thin_revisions")
    assert "0 texts" in capsys.readouterr().out
