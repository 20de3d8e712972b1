from unicodedata import normalize

import pytest
from django.core.exceptions import ValidationError

from articles.addresses import RESERVED
from articles.models import Article, Redirect, Section
from articles.urls import urlpatterns as reading
from magazine.urls import urlpatterns
from tests.factories import NOON, make_article, make_author, make_page, make_section, make_tag

pytestmark = pytest.mark.django_db


def moved(client, old: str, new: str) -> bool:
    response = client.get(f"{old}?page=2&x=å")
    return response.status_code == 301 and response["Location"].startswith(f"{new}?page=2&x=")


def test_every_former_address_of_an_article_leads_straight_to_the_present_one(client):
    coast, work = make_section(name="Coast"), make_section(name="Work")
    article = make_article(slug="one", section=coast)
    for slug, section in [("two", coast), ("two", work), ("three", work)]:
        article.slug, article.section = slug, section
        article.save()
        article.refresh_from_db()

    for old in ("/coast/one/", "/coast/two/", "/work/two/"):
        assert moved(client, old, "/work/three/"), old
    assert client.get("/work/three/").status_code == 200


def test_a_renamed_section_takes_along_its_articles_feed_and_earlier_redirects(client):
    coast = make_section(name="Coast")
    article = make_article(slug="one", section=coast)
    article.slug = "two"
    article.save()
    coast = Section.objects.get()
    coast.slug = "shore"
    coast.save()

    assert moved(client, "/coast/", "/shore/")
    assert moved(client, "/coast/feed/", "/shore/feed/")
    assert moved(client, "/coast/two/", "/shore/two/")
    assert moved(client, "/coast/one/", "/shore/two/")


def test_an_address_that_comes_back_is_a_page_again_and_no_loop(client):
    article = make_article(slug="one", section=make_section(name="Coast"))
    for slug in ("two", "one"):
        article.slug = slug
        article.save()

    assert client.get("/coast/one/").status_code == 200
    assert moved(client, "/coast/two/", "/coast/one/")
    assert Redirect.objects.count() == 1


def test_authors_tags_and_pages_keep_their_old_addresses_too(client):
    author, tag, page = make_author(slug="ann"), make_tag(name="tides"), make_page(slug="about")
    make_article(authors=(author,), tags=("tides",))
    for thing in (author, tag, page):
        thing.refresh_from_db()
        thing.slug = "new"
        thing.save()

    assert moved(client, "/authors/ann/", "/authors/new/")
    assert moved(client, "/tags/tides/feed/", "/tags/new/feed/")
    assert moved(client, "/about/", "/new/")


def test_addresses_in_any_script_keep_leading_to_the_new_one(client):
    article = make_article(slug="東京の海", section=make_section(name="Coast"))
    article.slug = "港の朝"
    article.save()
    response = client.get("/coast/東京の海/")
    assert response.status_code == 301
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    "tail", ["/evil.example/", "//evil.example", "\\evil.example/", "%0d%0aSet-Cookie:x=1/", "?a=b"]
)
def test_nothing_after_an_old_path_leads_to_another_site(client, tail):
    Redirect.objects.create(old_path="/old/", new_path="/")
    location = client.get(f"/old/{tail}")["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\n" not in location


def test_a_piece_that_moved_after_its_section_was_renamed_is_found_in_one_step(client):
    news, other = make_section(name="News"), make_section(name="Other")
    article = make_article(slug="x", section=news)
    news.slug = "daily"
    news.save()
    article = Article.objects.get()
    article.section = other
    article.save()

    assert moved(client, "/news/x/", "/other/x/")


def test_a_redirect_may_be_kept_by_nobody_since_things_move_back(client):
    article = make_article(slug="a")
    article.slug = "b"
    article.save()
    assert client.get(f"/{article.section.slug}/a/")["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("new", ["/bb/", "/aa/new/", "/aa/"])
def test_a_way_that_leads_back_is_refused_and_followed_nowhere(client, new):
    Redirect.objects.create(old_path="/bb/", new_path="/aa/")
    row = Redirect(old_path="/aa/", new_path=new)
    with pytest.raises(ValidationError):
        row.full_clean()
    if new != "/aa/":
        row.save()
        assert client.get("/aa/").status_code == 404


def test_names_that_differ_in_capitals_alone_are_different_addresses():
    Redirect.objects.create(old_path="/x/", new_path="/News/x/")
    Redirect.objects.moved("/news/", "/daily/")
    assert Redirect.objects.get(old_path="/x/").new_path == "/News/x/"


def test_an_address_written_with_letters_taken_apart_is_found(client):
    make_section(name="Économie", slug="économie")
    response = client.get(f"/{normalize('NFD', 'économie')}/")
    assert response.status_code == 301
    assert client.get(response["Location"]).status_code == 200


def test_an_article_read_again_from_the_database_knows_its_address_anew(client):
    article = make_article(slug="a")
    Article.objects.filter(pk=article.pk).update(slug="b")
    article.refresh_from_db()
    article.slug = "c"
    article.save()
    assert moved(client, f"/{article.section.slug}/b/", article.get_absolute_url())


def test_a_draft_that_nobody_saw_leaves_no_redirect():
    article = make_article(slug="one", published=False)
    article.slug = "two"
    article.save()
    assert not Redirect.objects.exists()


def test_the_old_address_of_another_article_is_refused_and_said_to_lead_there():
    article = make_article(slug="one", section=make_section(name="Coast"))
    article.slug = "two"
    article.save()
    other = make_article(published=False)
    other.slug = "one"

    with pytest.raises(ValidationError) as refusal:
        other.full_clean()
    assert "/coast/two/" in refusal.value.message_dict["slug"][0]


def test_an_article_may_take_its_own_old_address_back(client):
    article = make_article(slug="one")
    article.slug = "two"
    article.save()
    article.slug = "one"
    article.full_clean()
    article.save()
    assert client.get(f"/{article.section.slug}/one/").status_code == 200


@pytest.mark.parametrize("path", ["//elsewhere.example/", "https://elsewhere.example/", "no-slash", "/with?query"])
def test_a_redirect_leads_only_to_a_path_on_this_site(path):
    with pytest.raises(ValidationError):
        Redirect(old_path="/old/", new_path=path).full_clean()


def test_a_section_and_a_page_do_not_share_an_address():
    make_page(slug="about")
    with pytest.raises(ValidationError, match="page has this address"):
        Section(name="About", slug="about", colour="teal").full_clean()
    make_section(slug="coast")
    page = make_page(title="Contact", slug="contact")
    page.slug = "coast"
    with pytest.raises(ValidationError, match="section has this address"):
        page.full_clean()


@pytest.mark.parametrize("slug", ["admin", "search", "tags", "latest", "Feed", "static", "newsletter", "authors"])
def test_a_section_may_not_take_one_of_the_sites_own_addresses(slug):
    with pytest.raises(ValidationError) as refusal:
        Section(name="X", slug=slug, colour="teal").full_clean()
    assert "own addresses" in refusal.value.message_dict["slug"][0]


def test_every_first_word_of_the_sites_own_addresses_is_reserved():

    routes = [str(pattern.pattern).strip("^").split("/")[0] for pattern in [*urlpatterns, *reading]]
    words = {word for word in routes if word.isalpha()}
    assert words <= RESERVED
    assert {"admin", "authors", "feed", "latest", "newsletter", "search", "tags"} <= words


def test_first_publication_decides_whether_an_address_was_ever_public():
    article = make_article(slug="one", published_at=NOON.replace(year=2999))
    article.slug = "two"
    article.save()
    assert not Redirect.objects.exists()
