"""Comments find their paragraph again, and what is done with them is kept in the log."""

from datetime import timedelta

import pytest

from articles import comments, editing
from articles.models import AuditEntry, Comment
from tests.factories import NOON, make_article, make_person

pytestmark = pytest.mark.django_db

BODY = "<p>The tide comes in twice a day.</p><p>The road goes under.</p><h2>Later</h2><p>It comes up again.</p>"


@pytest.fixture
def article():
    article = make_article(body=BODY, published=False)
    editing.add(article, article.content(), by=None, at=NOON)
    return article


def say(article, text="Who says so?", **where) -> Comment:
    return comments.say(article.latest_revision, text, at=NOON, **where)


def standing_in(article, body: str) -> list[tuple[str, int | None]]:
    return [(thread.comment.text, thread.place) for thread in comments.threads(article, body)]


def test_comments_stand_in_the_order_of_the_text(article):
    say(article, "third", block=3)
    say(article, "headline", about="headline")
    gone = say(article, "gone", block=2)
    say(article, "first", block=1)
    body = BODY.replace("<p>The road goes under.</p>", "")
    assert standing_in(article, body) == [("headline", None), ("first", 1), ("third", 2), ("gone", None)]
    assert [thread.is_gone for thread in comments.threads(article, body)] == [False, False, False, True]
    assert gone.quote == "The road goes under."


def test_a_comment_goes_with_its_paragraph_when_that_is_moved_and_edited(article):
    say(article, block=1)
    body = "<p>New opening.</p><p>It comes up again.</p><p>The tide comes in twice every day.</p>"
    assert standing_in(article, body) == [("Who says so?", 3)]


def test_a_comment_stays_with_a_long_paragraph_when_a_word_of_it_changes(article):
    long = " ".join(f"The tide came in over causeway {number}." for number in range(60))
    revision = editing.add(article, {**article.content(), "body": f"<p>{long}</p>"}, by=None, at=NOON)
    comments.say(revision, "Long!", at=NOON, block=1)
    assert standing_in(article, f"<p>Before.</p><p>{long.replace('causeway 7', 'the road')}</p>") == [("Long!", 2)]


def test_answers_hang_below_the_first_comment_whichever_is_answered(article):
    first = say(article, block=1)
    answer = say(article, "I do.", parent=first)
    say(article, "And I.", parent=answer)
    (thread,) = comments.threads(article, BODY)
    assert [one.text for one in thread.answers] == ["I do.", "And I."]


def test_all_comments_cost_one_query(article, django_assert_num_queries):
    editor = make_person(role="Editor")
    for number in range(30):
        say(article, parent=say(article, block=number % 4 + 1, by=editor), by=editor)
    with django_assert_num_queries(1):
        for thread in comments.threads(article, BODY):
            assert thread.comment.by
            assert thread.comment.revision.number


def test_what_is_done_with_a_comment_is_in_the_log(article):
    editor = make_person(role="Editor")
    comment = say(article, block=1, by=editor)
    for _twice in range(2):
        comments.resolve(comment, by=editor, at=NOON)
    comments.reopen(comment, by=editor, at=NOON)
    comments.remove(comment, by=editor, at=NOON)
    deeds = list(AuditEntry.objects.order_by("pk").values_list("deed", flat=True))
    assert deeds == ["comment", "resolve_comment", "reopen_comment", "remove_comment"]
    assert {entry.actor for entry in AuditEntry.objects.all()} == {editor.username}


def test_only_ones_own_is_taken_back_and_only_while_nobody_has_answered(article):
    editor, other = make_person(role="Editor"), make_person(role="Editor")
    comment = say(article, block=1, by=editor)
    assert comments.may_be_removed(comment, editor, [])
    assert not comments.may_be_removed(comment, other, [])
    assert not comments.may_be_removed(comment, editor, [say(article, parent=comment, by=other)])
    comments.resolve(comment, by=other, at=NOON + timedelta(hours=1))
    assert not comments.may_be_removed(comment, editor, [])
