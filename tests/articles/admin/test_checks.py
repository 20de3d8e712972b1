"""What an editor is shown before publishing, and what stands in the way."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from articles import guests, links, readiness
from articles.models import Article, Comment
from articles.workflow import Stage, State
from tests.articles.admin.browser import send
from tests.articles.test_editing import save
from tests.factories import NOON, make_article, make_author, make_person, make_picture, make_section

pytestmark = pytest.mark.django_db
DEAD = "https://gone.example/page"


def form_of(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def question(article: Article) -> str:
    return reverse("admin:articles_article_publish", args=[article.pk])


def checklist(article: Article) -> str:
    return reverse("admin:articles_article_checklist", args=[article.pk])


def faultless(**fields) -> Article:
    fields = {"published": False, "authors": (make_author(),), "lead_picture": make_picture()} | fields
    return make_article(published_at=None, **fields)


@pytest.fixture
def internet(monkeypatch, settings):
    """Links are asked, and all of them are dead; gives what was asked."""
    settings.CHECK_LINKS = True
    asked: list[str] = []

    def check(addresses, **_limits):
        asked.extend(addresses)
        return {one: links.Answer(one, "refuses", 404, links.GONE) for one in addresses}

    monkeypatch.setattr(links, "check", check)
    return asked


def test_a_piece_with_nothing_to_be_said_of_it_is_published_by_one_click(desk):
    article = faultless()
    answer = send(desk, form_of(article), "article_form", button="_publish")
    assert "View on site" in answer.content.decode()
    article.refresh_from_db()
    assert article.status == State.PUBLISHED


def test_a_piece_that_could_be_better_is_saved_and_published_after_a_question(desk):
    article = faultless(lead_picture=None)
    answer = send(desk, form_of(article), "article_form", button="_publish", dek="Changed")
    assert answer.redirect_chain[-1][0] == question(article)
    text = answer.content.decode()
    assert "There is no lead picture" in text
    article.refresh_from_db()
    assert (article.status, article.dek) == (State.DRAFT, "Changed")
    desk.post(question(article), {"seen": article.latest_revision.number})
    article.refresh_from_db()
    assert article.status == State.PUBLISHED


def test_what_has_to_be_mended_stands_in_the_way_even_of_somebody_who_insists(desk):
    article = faultless(lead_picture=make_picture(credit=""))
    answer = send(desk, form_of(article), "article_form", button="_publish", _sure="1")
    assert "has no credit" in answer.content.decode()
    assert "Publish it as it is" not in answer.content.decode()
    desk.post(question(article), {"seen": "1"})
    article.refresh_from_db()
    assert article.status == State.DRAFT


def test_the_date_of_changes_to_a_live_piece_is_carried_over_the_question(desk):
    article = faultless(lead_picture=None)
    article.publish(at=NOON)
    answer = send(
        desk,
        form_of(article),
        "article_form",
        button="_publish",
        dek="Later",
        live_at="2190-01-01T09:00",
        material_change="on",
    )
    fields = fields_of_question(answer)
    assert fields["live_at"].startswith("2190-01-01")
    desk.post(question(article), fields)
    article.refresh_from_db()
    assert (article.stage, article.dek) == (Stage.WAITING, "A dek.")
    assert article.latest_revision.material


def fields_of_question(answer) -> dict:
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_the_text_that_was_asked_about_is_the_one_that_is_published(desk):
    article = faultless(lead_picture=None)
    save(article, dek="Seen")
    save(article, dek="Changed meanwhile")
    answer = desk.post(question(article), {"seen": "2"}, follow=True)
    assert "The text was changed after you opened it" in answer.content.decode()
    article.refresh_from_db()
    assert article.status == State.DRAFT


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 400, "\x00"])
def test_an_odd_answer_to_the_question_publishes_nothing(desk, odd):
    article = faultless(lead_picture=None)
    for name in ("seen", "live_at"):
        assert desk.post(question(article), {"seen": "0", name: odd}).status_code == 200
        assert desk.get(question(article), {name: odd}).status_code == 200
    article.refresh_from_db()
    assert article.status == State.DRAFT


def test_who_may_not_publish_is_not_asked(client):
    contributor = make_person(role="Contributor")
    article = faultless(created_by=contributor)
    client.force_login(contributor)
    assert client.get(question(article)).status_code == 403
    assert client.post(question(article), {"seen": "0"}).status_code == 403
    assert client.get(checklist(article)).status_code == 200
    assert client.get(checklist(faultless())).status_code == 404


def test_dead_links_are_found_before_publishing_and_not_asked_twice(desk, internet):
    article = faultless(body=f'<p><a href="{DEAD}">There</a></p>')
    answer = send(desk, form_of(article), "article_form", button="_publish")
    assert "1 link in the text leads nowhere" in answer.content.decode()
    assert internet == [DEAD]
    send(desk, form_of(article), "article_form", button="_publish", _sure="1")
    assert internet == [DEAD]
    article.refresh_from_db()
    assert article.status == State.PUBLISHED


def test_an_editor_asks_the_links_from_the_list(desk, internet):
    article = faultless(body=f'<p><a href="{DEAD}">There</a></p>')
    assert "1 link was not asked yet" in desk.get(form_of(article)).content.decode()
    assert internet == []
    part = desk.post(checklist(article) + "?part").content.decode()
    assert "leads nowhere" in part
    assert "<html" not in part
    cache.clear()
    assert "1 link was not asked yet" in desk.get(checklist(article)).content.decode()


def test_an_operator_can_keep_the_site_from_asking(desk, settings, monkeypatch):
    settings.CHECK_LINKS = False
    monkeypatch.setattr(links, "check", lambda *_args, **_limits: pytest.fail("asked the internet"))
    article = faultless(body=f'<p><a href="{DEAD}">There</a></p>')
    desk.post(checklist(article))
    assert not readiness.not_asked(article.body)
    send(desk, form_of(article), "article_form", button="_publish")
    article.refresh_from_db()
    assert article.status == State.PUBLISHED


def test_open_comments_are_counted(desk):
    article = faultless()
    revision = save(article, dek="Another")
    Comment.objects.create(article=article, revision=revision, text="Sure?", name="Ann", at=NOON)
    assert "1 comment is not resolved" in desk.get(checklist(article)).content.decode()


def test_a_guest_who_signed_off_an_earlier_text_is_counted_until_they_sign_again(desk):
    article = faultless()
    revision = save(article, dek="As signed")
    link = guests.make(article, "review", guest="Maria", days=7, by=None, at=NOON)
    guests.sign(link, revision, name="Maria", remark="", at=NOON)
    assert "signed off an earlier text" not in desk.get(checklist(article)).content.decode()
    changed = save(article, dek="Changed")
    assert "1 guest signed off an earlier text" in desk.get(checklist(article)).content.decode()
    guests.sign(link, changed, name="Maria", remark="", at=NOON)
    assert "signed off an earlier text" not in desk.get(checklist(article)).content.decode()


def test_of_several_selected_those_with_faults_are_named_and_the_rest_published(desk):
    good, bad = faultless(headline="Good"), faultless(headline="Bad", lead_picture=make_picture(credit=""))
    choice = {"action": "publish_selected", "_selected_action": [good.pk, bad.pk]}
    text = desk.post(reverse("admin:articles_article_changelist"), choice, follow=True).content.decode()
    assert "1 article was published." in text
    assert "Bad: The lead picture has no credit" in text
    bad.refresh_from_db()
    assert bad.status == State.DRAFT


def test_a_new_article_without_section_is_kept_as_a_draft_and_not_submitted(desk):
    answer = send(desk, "/admin/articles/article/add/", "article_form", button="_submit", headline="Tide")
    assert "This field is required" in answer.content.decode()
    send(desk, "/admin/articles/article/add/", "article_form", button="_continue", headline="Tide")
    assert Article.objects.get().section is None
    send(desk, form_of(Article.objects.get()), "article_form", button="_submit", section=make_section().pk)
    assert Article.objects.get().stage == Stage.IN_REVIEW
