"""Two save one article: nothing is lost, both texts are shown, and somebody chooses. All of it without JavaScript."""

import pytest
from django.test import Client

from articles.models import Article, Revision
from tests.articles.admin.browser import fields_of
from tests.factories import make_article, make_author, make_person, make_picture, make_section

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def ann():
    return client_of(make_person(role="Publisher", username="ann"))


@pytest.fixture
def bob():
    return client_of(make_person(role="Publisher", username="bob"))


@pytest.fixture
def article():
    return make_article(published=False, headline="As it was", dek="The dek.", body="<p>One two three four.</p>")


def form_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def opened(client: Client, article: Article) -> dict:
    return fields_of(client.get(form_of(article)), "article_form")


def newest(article: Article) -> dict:
    return Article.objects.get(pk=article.pk).newest_content()


def collide(ann, bob, article, *, theirs: dict, mine: dict, button: str = "_save"):
    """Both open it; Bob saves, then Ann. Her answer, and the fields that it has."""
    ann.post(form_of(article), {**opened(ann, article), "note": "so that there is a revision", "_save": "1"})
    hers, his = opened(ann, article), opened(bob, article)
    assert bob.post(form_of(article), {**his, **theirs, "_save": "1"}).status_code == 302
    answer = ann.post(form_of(article), {**hers, **mine, button: "1"})
    assert answer.status_code == 200
    return answer, fields_of(answer, "article_form")


def number_of(article: Article) -> int:
    return Article.objects.get(pk=article.pk).latest_revision.number


def test_what_was_refused_stands_in_the_form_and_in_the_history_and_both_texts_are_shown(ann, bob, article):
    answer, fields = collide(
        ann, bob, article, theirs={"headline": "Bob’s headline"}, mine={"headline": "Ann’s headline"}
    )
    page = answer.content.decode()
    assert "Not saved: bob saved this article at" in page
    assert "<mark>Ann’s</mark> headline" in page
    assert "<mark>Bob’s</mark> headline" in page
    assert "changed in both" in page
    assert fields["headline"] == "Ann’s headline"
    assert newest(article)["headline"] == "Bob’s headline"
    aside = Revision.objects.get(kind="aside")
    assert (aside.content["headline"], aside.by.username) == ("Ann’s headline", "ann")


def test_pressing_save_again_overwrites_nothing_and_is_kept_once(ann, bob, article):
    _answer, fields = collide(ann, bob, article, theirs={"dek": "Bob’s"}, mine={"dek": "Ann’s"})
    for _again in range(2):
        assert ann.post(form_of(article), {**fields, "_save": "1"}).status_code == 200
    assert newest(article)["dek"] == "Bob’s"
    assert Revision.objects.filter(kind="aside").count() == 1


def test_mine_is_taken_knowingly(ann, bob, article):
    _answer, fields = collide(ann, bob, article, theirs={"dek": "Bob’s"}, mine={"dek": "Ann’s"})
    assert ann.post(form_of(article), {**fields, "_over": number_of(article)}).status_code == 302
    assert newest(article)["dek"] == "Ann’s"
    assert "Bob’s" in [revision.content["dek"] for revision in Revision.objects.in_line()]


def test_theirs_is_taken_by_opening_it_and_mine_stays_in_the_history(ann, bob, article):
    answer, _fields = collide(ann, bob, article, theirs={"dek": "Bob’s"}, mine={"dek": "Ann’s"})
    assert f'href="{form_of(article)}"' in answer.content.decode()
    assert opened(ann, article)["dek"] == "Bob’s"
    assert Revision.objects.get(kind="aside").content["dek"] == "Ann’s"


def test_what_only_one_of_them_changed_is_chosen_already(ann, bob, article):
    theirs = {"headline": "Bob’s headline", "dek": "Bob’s"}
    mine = {"headline": "Ann’s headline", "body": "<p>One two three five.</p>"}
    _answer, fields = collide(ann, bob, article, theirs=theirs, mine=mine)
    assert {name: value for name, value in fields.items() if name.startswith("pick_")} == {
        "pick_headline": "mine",
        "pick_dek": "theirs",
        "pick_body": "mine",
    }
    ann.post(form_of(article), {**fields, "_choice": number_of(article)})
    merged = newest(article)
    assert (merged["headline"], merged["dek"]) == ("Ann’s headline", "Bob’s")
    assert merged["body"] == "<p>One two three five.</p>"


def test_every_field_can_be_taken_from_theirs(ann, bob, article):
    section, author, related, picture = make_section(), make_author(name="Cleo"), make_article(), make_picture()
    theirs = {
        "headline": "Bob’s headline",
        "slug": "bobs",
        "dek": "Bob’s",
        "body": "<p>Bob’s.</p>",
        "kind": "opinion",
        "section": section.pk,
        "lead_picture": picture.pk,
        "lead_alt": "Bob’s alt",
        "lead_caption": "Bob’s cap",
        "bylines": f"{author.pk} | with",
        "byline_override": "By Bob",
        "tags": "Sea, Coast",
        "related": str(related.pk),
        "published_at": "2031-05-04T03:02",
        "seo_title": "Bob’s title",
        "seo_description": "Bob’s text",
        "canonical_url": "https://example.org/bob",
        "noindex": "on",
    }
    answer, fields = collide(ann, bob, article, theirs=theirs, mine={"headline": "Ann’s headline"})
    his = newest(article)
    page = answer.content.decode()
    for words in ("with Cleo", related.headline, section.name, picture.alt, "Opinion", "4 May 2031, 03:02"):
        assert words in page
    picks = {f"pick_{name}": "theirs" for name in his}
    ann.post(form_of(article), {**fields, **picks, "_choice": number_of(article)})
    assert newest(article) == his


def test_a_third_who_saves_in_between_is_not_overwritten_either(ann, bob, article):
    _answer, fields = collide(ann, bob, article, theirs={"dek": "Bob’s"}, mine={"dek": "Ann’s"})
    seen = number_of(article)
    carla = client_of(make_person(role="Editor", username="carla"))
    carla.post(form_of(article), {**opened(carla, article), "dek": "Carla’s", "_save": "1"})
    for button in ("_over", "_choice"):
        answer = ann.post(form_of(article), {**fields, button: seen})
        assert "carla saved this article" in answer.content.decode()
        assert newest(article)["dek"] == "Carla’s"


@pytest.mark.parametrize("button", ["_publish", "_submit"])
def test_nothing_is_published_or_submitted_over_a_newer_text(ann, bob, article, button):
    collide(ann, bob, article, theirs={"dek": "Bob’s"}, mine={"dek": "Ann’s"}, button=button)
    article.refresh_from_db()
    assert (article.status, article.stage, article.dek) == ("draft", "draft", "Bob’s")
    assert Revision.objects.filter(kind="aside").count() == 1


def test_what_was_refused_is_kept_although_another_field_is_wrong(ann, bob, article):
    mine = {"dek": "Ann’s", "canonical_url": "no address"}
    answer, fields = collide(ann, bob, article, theirs={"dek": "Bob’s"}, mine=mine)
    assert Revision.objects.get(kind="aside").content["dek"] == "Ann’s"
    assert fields["canonical_url"] == "no address"
    assert "Enter a valid URL" in answer.content.decode()


def test_the_name_of_a_piece_one_may_not_see_is_not_told(bob, article):
    secret = make_article(published=False, headline="The secret plan", section=make_section())
    section = make_section()
    Article.objects.filter(pk=article.pk).update(section=section)
    limited = client_of(make_person(role="Editor", sections=(section,)))
    answer, _fields = collide(limited, bob, article, theirs={"related": str(secret.pk)}, mine={"dek": "Mine"})
    assert "Related articles" in answer.content.decode()
    assert "secret plan" not in answer.content.decode()


@pytest.mark.parametrize("odd", ["", "x", "-1", "0", "9999999999", "9" * 30, "\x00", "²"])
def test_an_odd_choice_is_no_error_of_ours(ann, bob, article, odd):
    _answer, fields = collide(ann, bob, article, theirs={"dek": "Bob’s"}, mine={"dek": "Ann’s"})
    for button in ("_over", "_choice"):
        assert ann.post(form_of(article), {**fields, button: odd, "pick_dek": odd}).status_code in {200, 302}
