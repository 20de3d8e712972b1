"""What waits for one person at the desk, and how they want to be told of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import notices
from articles.models import Article, Notice, StaffMember
from articles.workflow import Stage
from tests.factories import make_article, make_person, make_section, make_user

pytestmark = pytest.mark.django_db

MINE = "/admin/mine/"


@pytest.fixture
def ann():
    return make_person(role="Contributor", username="ann")


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def wait(user, by, headline: str = "The tide") -> Article:
    """Changes are asked of a piece of theirs."""
    article = make_article(headline=headline, published=False, created_by=user)
    Article.objects.filter(pk=article.pk).mark(stage=Stage.NEEDS_CHANGES)
    notices.moved(article, "ask_for_changes", by=by, at=timezone.now(), note="The second paragraph.")
    return article


def test_what_waits_stands_on_the_desk_and_on_a_page_of_ones_own_with_a_link(ann):
    article = wait(ann, make_person(role="Editor"))
    for where in ("/admin/", MINE):
        answer = as_(ann).get(where).content.decode()
        assert "The second paragraph." in answer
        assert f"/admin/articles/article/{article.pk}/change/" in answer
    assert MINE in as_(ann).get("/admin/articles/article/").content.decode()


def test_what_is_done_goes_from_the_list_and_from_nobody_elses(ann):
    editor = make_person(role="Editor")
    wait(ann, editor)
    mine, theirs = Notice.objects.get(), Notice.objects.get()
    theirs.pk, theirs.user = None, editor
    theirs.save()
    as_(ann).post(MINE, {"done": theirs.pk})
    assert Notice.objects.count() == 2
    as_(ann).post(MINE, {"done": mine.pk})
    assert Notice.objects.get() == theirs


@pytest.mark.parametrize("number", ["", "x", "²", "9" * 30, "1\x00", "-1"])
def test_an_odd_number_is_nobodys_notice(ann, number):
    assert as_(ann).post(MINE, {"done": number}).status_code == 302


def test_each_chooses_for_themselves_and_keeps_the_sections_they_are_limited_to(ann):
    coast = make_section(name="Coast")
    editor = make_person(role="Editor", sections=(coast,))
    for user, choice in ((ann, "daily"), (editor, "never")):
        assert as_(user).post(MINE, {"mail": choice}, follow=True).status_code == 200
        assert StaffMember.objects.get(user=user).mail == choice
    assert list(editor.staff_member.sections.all()) == [coast]


@pytest.mark.parametrize("choice", ["", "hourly", "soon\x00", "x" * 5000])
def test_another_choice_is_refused(ann, choice):
    answer = as_(ann).post(MINE, {"mail": choice})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not StaffMember.objects.exists()


def test_it_is_for_those_who_read_articles_at_the_desk(client):
    assert client.get(MINE).status_code == 302
    client.force_login(make_user(superuser=False))
    assert client.get(MINE).status_code == 403
    assert MINE not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("where", ["/admin/", MINE])
def test_the_pages_cost_the_same_with_2_notices_and_with_40(ann, where):
    editor, client = make_person(role="Editor"), as_(ann)

    def queries() -> int:
        client.get(where)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(where).status_code == 200
        return len(captured)

    for number in range(2):
        wait(ann, editor, f"Piece {number}")
    few = queries()
    for number in range(38):
        wait(ann, editor, f"Another piece {number}")
    assert queries() == few
