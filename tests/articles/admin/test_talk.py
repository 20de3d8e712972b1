"""Comments at the desk: who may say, answer, resolve and take back what, and that nothing typed is lost."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import comments, editing
from articles.models import Article, AuditEntry, Comment, GuestLink, Notice, Revision
from tests.articles.test_comments import BODY
from tests.factories import NOON, make_article, make_person, make_section, make_user

pytestmark = pytest.mark.django_db

ODD_NUMBERS = ["", "x", "-1", "0", "²", "9" * 30, str(2**63), "1\x00"]


@pytest.fixture
def ann():
    return make_person(role="Contributor", username="ann")


@pytest.fixture
def article(ann):
    article = make_article(headline="The tide", body=BODY, published=False, created_by=ann)
    editing.add(article, article.content(), by=ann, at=NOON)
    return article


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/talk/"


def panel(article: Article) -> str:
    return f"{page(article)}panel/"


def form(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def say(article: Article, text: str = "Who says so?", **where) -> Comment:
    return comments.say(article.latest_revision, text, at=NOON, **where)


# ---------------------------------------------------------------- saying


def test_an_editor_comments_on_a_paragraph_without_a_script(article):
    editor = make_person(role="Editor", username="ed")
    answer = as_(editor).post(page(article), {"say": "2", "text-2": "Which road?"})
    comment = Comment.objects.get()
    assert answer.headers["Location"] == f"{page(article)}#thread-{comment.pk}"
    assert (comment.block, comment.quote, comment.by) == (2, "The road goes under.", editor)
    assert Notice.objects.get().user.username == "ann"
    assert AuditEntry.objects.get().deed == "comment"


def test_a_comment_can_be_on_a_field_or_on_the_whole(article, desk):
    desk.post(page(article), {"say": "headline", "text-headline": "Too short."})
    desk.post(panel(article), {"say": "chosen", "about": "body", "text-chosen": "Fine."})
    assert list(Comment.objects.values_list("field", "block")) == [("headline", None), ("body", None)]


def test_the_contributor_finds_the_comment_at_the_paragraph_and_beside_the_form(article, ann):
    say(article, block=2, by=make_person(role="Editor"))
    beside = as_(ann).get(form(article)).content.decode()
    assert "Who says so?" in beside
    assert 'data-about="2"' in beside
    between = as_(ann).get(page(article)).content.decode()
    assert between.index("The road goes under.") < between.index("Who says so?") < between.index("Later")


def test_a_comment_on_a_paragraph_as_it_stands_in_the_editor_finds_it_in_the_saved_text(article, desk):
    """Unsaved paragraphs above it have moved it to another number, and its own words were changed."""
    sent = {"say": "chosen", "about": "5", "words": "The road  goes under water.", "text-chosen": "Which?"}
    assert desk.post(panel(article), sent).status_code == 200
    assert Comment.objects.get().block == 2


def test_a_paragraph_that_is_not_saved_yet_is_said_to_be_so_and_the_words_stay(article, desk):
    sent = {"say": "chosen", "about": "2", "words": "Something new entirely, about boats.", "text-chosen": "Mine."}
    answer = desk.post(panel(article), sent)
    assert answer.status_code == 422
    assert "not saved yet" in answer.content.decode()
    assert ">Mine.</textarea>" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_number_means_the_paragraph_of_the_text_the_person_had_before_them(article, desk):
    """Somebody has put a paragraph on top since the page was opened."""
    seen = article.latest_revision.number
    content = {**article.newest_content(), "body": f"<p>A new opening.</p>{BODY}"}
    editing.record(article, content, by=None, at=NOON)
    desk.post(page(article), {"say": "2", "text-2": "Which road?", "seen": seen})
    assert Comment.objects.get().quote == "The road goes under."
    assert comments.threads(article, content["body"])[0].place == 3


def test_a_comment_on_a_piece_without_revisions_makes_one_of_what_is_there(desk):
    article = make_article(body=BODY)
    assert article.latest_revision is None
    desk.post(page(article), {"say": "1", "text-1": "Good."})
    desk.post(page(article), {"say": "2", "text-2": "Good."})
    article.refresh_from_db()
    revision = Revision.objects.get()
    assert (revision.kind, revision.by, revision.at) == ("found", None, article.saved_at)
    assert article.latest_revision == revision
    assert article.stage == "settled"


def test_who_is_called_and_cannot_see_it_is_named_to_the_writer(article, desk):
    make_person(role="Contributor", username="colleague")
    sent = {"say": "chosen", "about": "body", "text-chosen": "@colleague @ann look"}
    answer = desk.post(panel(article), sent).content.decode()
    assert "@colleague cannot see this article" in answer
    assert "@ann cannot" not in answer
    answer = desk.post(page(article), {"say": "body", "text-body": "@colleague"}, follow=True)
    assert "@colleague cannot see this article" in answer.content.decode()
    assert set(Notice.objects.values_list("user__username", "reason")) == {("ann", "mention"), ("ann", "comment")}


def test_only_those_who_may_see_it_are_offered_for_an_at(article, desk):
    make_person(role="Contributor", username="colleague")
    make_person(role="Editor", username="elsewhere", sections=(make_section(),))
    make_person(role="Editor", username="edith")
    offered = desk.get(form(article)).context["talk"]["people"]
    assert [login for login, _name in offered] == ["ann", "chief", "edith"]


# ---------------------------------------------------------------- answering, resolving, taking back


def test_a_comment_is_answered_resolved_and_opened_again(article, ann):
    client, comment = as_(ann), say(article, block=2, by=make_person(role="Editor", username="ed"))
    client.post(page(article), {"answer": comment.pk, f"answer-{comment.pk}": "The old one."})
    assert comment.answers.get().by == ann
    assert Notice.objects.get().user.username == "ed"
    client.post(page(article), {"resolve": comment.pk})
    comment.refresh_from_db()
    assert comment.resolved_by == ann
    assert "Resolved (1)" in client.get(form(article)).content.decode()
    client.post(page(article), {"reopen": comment.pk})
    comment.refresh_from_db()
    assert comment.resolved_at is None
    deeds = set(AuditEntry.objects.values_list("deed", flat=True))
    assert deeds == {"comment", "resolve_comment", "reopen_comment"}


def test_a_guests_comment_is_marked_as_one_and_can_be_answered_and_resolved(article, desk):
    link = GuestLink.objects.create(article=article, purpose="review", created_at=NOON, expires_at=NOON)
    comment = say(article, "It was the north quay.", block=1, guest=link, name="Jan Verhoeven")
    answer = desk.get(page(article)).content.decode()
    assert "Jan Verhoeven" in answer
    assert "badge-guest" in answer
    desk.post(page(article), {"answer": comment.pk, f"answer-{comment.pk}": "Thank you."})
    desk.post(page(article), {"resolve": comment.pk})
    comment.refresh_from_db()
    assert comment.answers.count() == 1
    assert comment.resolved_at


def test_what_one_said_is_taken_back_until_somebody_answers(article, ann):
    comment = say(article, block=1, by=ann)
    other = say(article, block=1, by=make_person(role="Editor"))
    client = as_(ann)
    assert f'name="remove" value="{comment.pk}"' in client.get(page(article)).content.decode()
    assert "no longer be taken back" in client.post(page(article), {"remove": other.pk}).content.decode()
    answer = say(article, "So it is.", by=other.by, parent=comment)
    assert "no longer be taken back" in client.post(page(article), {"remove": comment.pk}).content.decode()
    assert set(Comment.objects.all()) == {comment, other, answer}
    answer.delete()
    assert client.post(page(article), {"remove": comment.pk}).status_code == 302
    assert Comment.objects.get() == other


def test_the_last_answer_is_taken_back_and_the_thread_stays(article, ann):
    comment = say(article, block=1, by=make_person(role="Editor"))
    answer = say(article, "Oops.", by=ann, parent=comment)
    as_(ann).post(page(article), {"remove": answer.pk})
    assert Comment.objects.get() == comment


def test_comments_whose_paragraph_is_gone_are_still_there_with_their_words(article, desk):
    say(article, block=2)
    editing.record(
        article, {**article.newest_content(), "body": "<p>The tide comes in twice a day.</p>"}, by=None, at=NOON
    )
    for where in (page(article), form(article)):
        answer = desk.get(where).content.decode()
        assert "Paragraph is gone" in answer
        assert "The road goes under." in answer


# ---------------------------------------------------------------- who may


def test_a_reviewer_who_may_not_write_can_comment(article):
    user = make_user(username="lawyer", superuser=False)
    codes = ["view_article", "review_article", "change_others_article"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = as_(user)
    assert 'name="text-2"' in client.get(page(article)).content.decode()
    assert client.post(page(article), {"say": "2", "text-2": "Careful."}).status_code == 302
    assert "Careful." in client.get(form(article)).content.decode()


def test_who_may_only_look_reads_the_comments_and_says_nothing(article):
    say(article, block=2)
    user = make_user(superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "change_others_article"]))
    client = as_(user)
    answer = client.get(page(article)).content.decode()
    assert "Who says so?" in answer
    assert "<textarea" not in answer
    assert client.post(page(article), {"say": "2", "text-2": "Hm."}).status_code == 403
    assert client.post(panel(article), {"resolve": Comment.objects.get().pk}).status_code == 403


def test_nobody_else_sees_that_anything_was_said(article):
    say(article, "A secret word", block=2)
    for user in (make_person(role="Contributor"), make_person(role="Editor", sections=(make_section(),))):
        for where in (page(article), panel(article)):
            for answer in (as_(user).get(where), as_(user).post(where, {"say": "1", "text-1": "Hm."})):
                assert answer.status_code in {403, 404}
                assert "secret" not in answer.content.decode()
    Article.objects.get(pk=article.pk).publish(at=timezone.now())
    reader = as_(make_person(role="Contributor"))
    assert "secret" not in reader.get(form(article)).content.decode()
    assert reader.get(page(article)).status_code == 403
    assert Client().get(page(article)).status_code == 302
    assert Comment.objects.count() == 1


def test_a_comment_on_another_article_is_not_touched_from_here(article, desk):
    other = make_article(body=BODY, published=False)
    editing.add(other, other.content(), by=None, at=NOON)
    comment = say(other, block=1)
    for deed in ("answer", "resolve", "remove", "reopen"):
        answer = desk.post(page(article), {deed: comment.pk, f"answer-{comment.pk}": "Mine."})
        assert "no longer there" in answer.content.decode()
    comment.refresh_from_db()
    assert comment.resolved_at is None


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "x" * 4001], ids=["empty", "blank", "NUL", "long"])
def test_a_comment_without_words_or_with_too_many_is_refused_and_what_was_typed_stays(article, desk, text):
    answer = desk.post(page(article), {"say": "2", "text-2": text, "text-1": "Half a thought"})
    assert answer.status_code == 200
    assert answer.context["refusal"]
    assert ">Half a thought</textarea>" in answer.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_odd_numbers_are_refused_in_words(article, desk, number):
    for sent in (
        {"say": number, f"text-{number}": "Words."},
        {"say": "chosen", "about": number, "text-chosen": "Words.", "seen": number},
        *({deed: number, f"answer-{number}": "Words."} for deed in ("answer", "resolve", "reopen", "remove")),
        {"nothing": "1"},
    ):
        assert desk.post(page(article), sent).context["refusal"]
        assert desk.post(panel(article), sent).status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize("pk", [0, 10**6, 2**63, 10**30])
def test_an_article_that_is_not_there_is_not_found(desk, pk):
    for where in ("talk/", "talk/panel/"):
        assert desk.get(f"/admin/articles/article/{pk}/{where}").status_code == 404


def test_hostile_words_show_as_text(article, desk):
    hostile = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>"""
    say(article, hostile, block=2, name=hostile)
    make_user(username="x").__class__.objects.filter(username="x").update(first_name="</script><script>alert(1)")
    for where in (page(article), panel(article), form(article)):
        answer = desk.get(where).content.decode()
        assert "<script>alert" not in answer
        assert "<img src=x" not in answer


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize("where", [form, page, panel])
def test_the_pages_cost_the_same_with_2_comments_and_with_60(article, desk, where):
    people = [make_person(role="Editor") for _n in range(4)]

    def queries() -> int:
        desk.get(where(article))
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(where(article)).status_code == 200
        return len(captured)

    for number in range(2):
        say(article, block=number + 1, by=people[number])
    few = queries()
    for number in range(29):
        comment = say(article, block=number % 4 + 1, by=people[number % 4])
        say(article, "So?", by=people[0], parent=comment)
        if number % 3 == 0:
            comments.resolve(comment, by=people[1], at=NOON)
    assert queries() == few
