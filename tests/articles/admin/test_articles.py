"""The article's life at the desk: written, published, scheduled, changed, taken off the site, deleted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Edition
from articles.workflow import State
from tests.articles.admin.browser import fields_of, send
from tests.factories import NOON, make_article, make_author, make_page, make_picture, make_section, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def form_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


@pytest.fixture
def writer(client):
    """The client of somebody who may write and not publish."""
    user = make_user(username="writer", superuser=False)
    codes = [f"{verb}_article" for verb in ("add", "change", "view", "delete")]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client.force_login(user)
    return client


def edition() -> str:
    return Edition.objects.get(pk=1).key


# ---------------------------------------------------------------- writing


def test_an_article_is_written_in_one_form(desk):
    section, author, other = make_section(), make_author(), make_article()
    answer = send(
        desk,
        ADD,
        "article_form",
        headline="Where the tide ends",
        body="<p>Words.</p>",
        section=section.pk,
        bylines=f"{author.pk} | photographs by",
        tags="Coast, two words",
        related=str(other.pk),
        lead_picture=make_picture().pk,
    )
    assert answer.status_code == 200
    article = Article.objects.get(slug="where-the-tide-ends")
    assert article.status == State.DRAFT
    assert [(credit.author, credit.role) for credit in article.credits()] == [(author, "photographs by")]
    assert sorted(article.tags.names()) == ["Coast", "two words"]
    assert list(article.related_picks()) == [other]


def test_saving_what_was_opened_changes_nothing(desk):
    author, other = make_author(), make_article()
    article = make_article(
        authors=(author,), tags=("Coast",), related=(other,), published_at=NOON + timedelta(seconds=5), seo_title="A"
    )
    before = Article.objects.filter(pk=article.pk).values().get()
    send(desk, form_of(article), "article_form")
    after = Article.objects.filter(pk=article.pk).values().get()
    assert {**after, "saved_at": None} == {**before, "saved_at": None}
    assert [credit.author for credit in article.credits()] == [author]


def test_a_draft_does_not_turn_the_edition(desk):
    article = make_article(published=False)
    desk.get("/")
    before = edition()
    send(desk, form_of(article), "article_form", headline="Another")
    assert edition() == before


def test_a_new_byline_of_a_live_article_turns_the_edition(desk):
    article, author = make_article(), make_author()
    desk.get("/")
    before = edition()
    send(desk, form_of(article), "article_form", bylines=str(author.pk))
    assert edition() == before
    send(desk, form_of(article), "article_form", button="_publish", _sure="1")
    assert edition() != before


def test_a_material_change_of_a_live_article_is_dated(desk):
    article = make_article(published_at=NOON - timedelta(days=300))
    send(desk, form_of(article), "article_form", button="_publish", _sure="1")
    article.refresh_from_db()
    assert article.updated_at is None
    send(desk, form_of(article), "article_form", button="_publish", _sure="1", material_change="on")
    article.refresh_from_db()
    assert timezone.now() - article.updated_at < timedelta(minutes=1)


def test_a_draft_has_no_material_changes(desk):
    assert "material_change" not in fields_of(desk.get(form_of(make_article(published=False))), "article_form")


def test_nothing_is_saved_when_one_field_is_wrong(desk):
    article = make_article(published=False, headline="Before")
    answer = send(desk, form_of(article), "article_form", headline="After", bylines="4711")
    assert "no longer there" in answer.content.decode()
    article.refresh_from_db()
    assert article.headline == "Before"


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(desk):
    article = make_article(published=False, headline="Before")
    opened = fields_of(desk.get(form_of(article)), "article_form")
    send(desk, form_of(article), "article_form", headline="Theirs")

    answer = desk.post(form_of(article), {**opened, "headline": "Mine", "_save": "1"})
    assert "chief saved this article after you opened it" in answer.content.decode()
    article.refresh_from_db()
    assert article.headline == "Theirs"

    again = fields_of(answer, "article_form")
    assert again["headline"] == "Mine"
    desk.post(form_of(article), {**again, "_save": "1"})
    article.refresh_from_db()
    assert article.headline == "Theirs"
    desk.post(form_of(article), {**again, "_over": article.latest_revision.number})
    article.refresh_from_db()
    assert article.headline == "Mine"


def test_the_history_takes_whatever_it_is_sent(desk):
    assert desk.post(f"/admin/articles/article/{make_article().pk}/history/").status_code == 200


# ---------------------------------------------------------------- publishing


def test_two_clicks_from_the_list_to_the_reader(desk):
    article = make_article(published=False, published_at=None)
    assert form_of(article) in desk.get(LIST).content.decode()
    answer = send(desk, form_of(article), "article_form", button="_publish", _sure="1")
    assert f'<a href="{article.get_absolute_url()}">View on site</a>' in answer.content.decode()
    assert desk.get(article.get_absolute_url()).status_code == 200


def test_a_new_article_can_be_published_at_once(desk):
    send(
        desk,
        ADD,
        "article_form",
        button="_publish",
        _sure="1",
        headline="At once",
        body="<p>Words.</p>",
        section=make_section().pk,
    )
    assert Article.objects.published(timezone.now()).filter(slug="at-once").exists()


def test_a_date_ahead_schedules(desk):
    article = make_article(published=False, published_at=None)
    ahead = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    answer = send(desk, form_of(article), "article_form", button="_publish", _sure="1", published_at=ahead)
    article.refresh_from_db()
    assert article.is_scheduled(timezone.now())
    text = answer.content.decode()
    assert "is scheduled for" in text
    assert f"?at={ahead}" in text
    assert Edition.objects.get(pk=1).next_change == article.published_at


def test_a_published_article_can_be_moved_to_another_date(desk):
    article = make_article()
    send(desk, form_of(article), "article_form", button="_publish", _sure="1", published_at="2026-05-01T08:00")
    article.refresh_from_db()
    assert article.published_at == datetime(2026, 5, 1, 8, tzinfo=UTC)


def test_a_published_article_does_not_lose_its_date(desk):
    answer = send(desk, form_of(make_article()), "article_form", published_at="")
    assert "A published article has a date." in answer.content.decode()


def test_an_old_address_leads_to_the_new_one(desk):
    article = make_article(slug="first")
    old = article.get_absolute_url()
    send(desk, form_of(article), "article_form", button="_publish", _sure="1", slug="second")
    article.refresh_from_db()
    assert desk.get(old).headers["Location"] == article.get_absolute_url()


def test_taking_an_article_off_the_site_is_asked_about(desk):
    article = make_article()
    address = reverse("admin:articles_article_move", args=[article.pk, "unpublish"])
    assert address in desk.get(form_of(article)).content.decode()
    assert "Readers will no longer find this" in desk.get(address).content.decode()
    assert desk.get(article.get_absolute_url()).status_code == 200
    desk.post(address, {"seen": 0})
    assert desk.get(article.get_absolute_url()).status_code == 404


def test_a_draft_cannot_be_taken_off_the_site(desk):
    article = make_article(published=False)
    address = reverse("admin:articles_article_move", args=[article.pk, "unpublish"])
    assert "This is not possible" in desk.get(address).content.decode()
    assert "is not possible" in desk.post(address, {"seen": 0}, follow=True).content.decode()
    article.refresh_from_db()
    assert article.status == State.DRAFT


def test_many_are_published_at_once_and_taken_off_after_a_question(desk):
    articles = [make_article(published=False, published_at=None) for _ in range(3)]
    chosen = {"_selected_action": [article.pk for article in articles]}
    assert (
        "3 articles were published."
        in desk.post(LIST, {"action": "publish_selected", **chosen}, follow=True).content.decode()
    )
    assert Article.objects.published(timezone.now()).count() == 3
    question = desk.post(LIST, {"action": "unpublish_selected", **chosen})
    assert "Take off the site?" in question.content.decode()
    assert Article.objects.published(timezone.now()).count() == 3
    desk.post(LIST, {"action": "unpublish_selected", "sure": "1", **chosen}, follow=True)
    assert Article.objects.published(timezone.now()).count() == 0


def test_deleting_what_readers_see_asks_clearly(desk):
    article = make_article()
    text = desk.get(f"/admin/articles/article/{article.pk}/delete/").content.decode()
    assert "This article is on the site" in text
    many = desk.post(LIST, {"action": "delete_selected", "_selected_action": [article.pk]}).content.decode()
    assert "Live since" in many
    draft = make_article(published=False)
    assert "on the site" not in desk.get(f"/admin/articles/article/{draft.pk}/delete/").content.decode()


# ---------------------------------------------------------------- who may what


def test_somebody_who_may_not_publish_is_not_offered_it_and_is_refused(writer):
    article = make_article(published=False, created_by=User.objects.get(username="writer"))
    page = writer.get(form_of(article))
    assert b'name="_publish"' not in page.content
    answer = writer.post(form_of(article), {**fields_of(page, "article_form"), "_publish": "1"})
    assert answer.status_code == 403
    assert b"publish_selected" not in writer.get(LIST).content
    writer.post(LIST, {"action": "publish_selected", "_selected_action": [article.pk]})
    article.refresh_from_db()
    assert article.status == State.DRAFT


def test_somebody_who_may_not_publish_cannot_change_what_readers_see(writer):
    article = make_article(
        body="<p>As <strong>printed</strong>.</p>", authors=(make_author(name="Ana"),), tags=("Coast",)
    )
    page = writer.get(form_of(article))
    assert page.status_code == 200
    assert "<p>As <strong>printed</strong>.</p>" in page.content.decode()
    assert fields_of(page, "article_form").keys() <= {"_popup"}
    assert writer.post(form_of(article), {"headline": "Changed"}).status_code == 403
    assert writer.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert writer.post(reverse("admin:articles_article_move", args=[article.pk, "unpublish"])).status_code == 403


def test_what_pickers_offer_is_for_those_who_may_see_it(writer, client):
    assert writer.get("/admin/articles/article/lookup/").status_code == 200
    assert writer.get("/admin/articles/author/lookup/").status_code == 403
    client.logout()
    assert client.get("/admin/articles/article/lookup/").status_code == 302


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=draft", {"A draft"}),
        ("?state=scheduled", {"Ahead"}),
        ("?state=live", {"Élan"}),
        ("?q=elan", {"Élan"}),
        ("?q=ELAN+words", {"Élan"}),
        ("?author=ana", {"Élan"}),
        ("?author=nobody", set()),
        ("?state=odd", {"A draft", "Ahead", "Élan"}),
        ("?q=%00", {"A draft", "Ahead", "Élan"}),
        ("?author=%00", {"A draft", "Ahead", "Élan"}),
        ("?p=x", {"A draft", "Ahead", "Élan"}),
    ],
)
def test_the_list_finds(desk, query, found):
    make_article(headline="A draft", published=False)
    make_article(headline="Ahead", published_at=timezone.now() + timedelta(days=2))
    make_article(
        headline="Élan", body="<p>Words.</p>", authors=(make_author(name="Ana Silva"), make_author(name="Ana B"))
    )
    page = desk.get(LIST + query, follow=True)
    assert {article.headline for article in page.context["cl"].result_list} == found


def test_the_list_shows_state_and_byline(desk):
    make_article(headline="Ahead", published_at=timezone.now() + timedelta(days=2), authors=(make_author(name="Ana"),))
    text = desk.get(LIST).content.decode()
    assert '<span class="badge badge-scheduled">Scheduled</span>' in text
    assert "Ana" in text


def test_pickers_find_by_word_and_by_number(desk):
    article = make_article(headline="Where the tide ends", lead_picture=make_picture())
    make_article(headline="Another")
    found = desk.get("/admin/articles/article/lookup/?term=TIDE").json()["results"]
    assert [(one["id"], one["text"]) for one in found] == [(str(article.pk), "Where the tide ends")]
    assert found[0]["picture"].startswith("/pictures/")
    assert desk.get(f"/admin/articles/article/lookup/?id={article.pk}").json()["results"] == found
    for odd in ("x", "-1", "9" * 30, "%00", "²"):
        assert desk.get(f"/admin/articles/article/lookup/?id={odd}").json()["results"] == []


# ---------------------------------------------------------------- the first page


def test_the_desk_shows_the_work_at_hand(desk):
    make_article(headline="A draft", published=False, authors=(make_author(name="Ana"),))
    make_article(headline="Ahead", published_at=timezone.now() + timedelta(days=2))
    make_article(headline="Out now")
    text = desk.get("/admin/").content.decode()
    for words in ("A draft", "Ana", "Ahead", "Out now", "Write an article"):
        assert words in text


def test_the_desk_costs_the_same_however_much_there_is(desk, django_assert_num_queries):
    def write(count):
        for _ in range(count):
            make_article(authors=(make_author(),))
            make_article(authors=(make_author(),), published=False)

    write(2)
    desk.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/admin/")
    queries = len(few)  # the log is emptied when the next request begins
    write(20)
    desk.get("/admin/")
    with django_assert_num_queries(queries):
        desk.get("/admin/")


def test_the_admin_bears_the_name_of_the_magazine(desk):
    make_page()
    assert ">Magazine</a></div>" in desk.get("/admin/").content.decode()


# ---------------------------------------------------------------- sent back


def test_the_form_says_why_a_text_was_sent_back_for_as_long_as_it_is(desk):
    article = make_article(published=False)
    send(desk, form_of(article), "article_form", button="_submit", headline="Tides")
    move = reverse("admin:articles_article_move", args=[article.pk, "ask_for_changes"])
    article.refresh_from_db()
    assert "This field is required" in desk.post(move, {"seen": article.latest_revision.number}).content.decode()
    desk.post(move, {"seen": article.latest_revision.number, "note": "Who says so <b>?"})
    assert "Who says so &lt;b&gt;?" in desk.get(form_of(article)).content.decode()
    send(desk, form_of(article), "article_form", button="_submit")
    assert "Who says so" not in desk.get(form_of(article)).content.decode()
