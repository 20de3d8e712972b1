"""Sections, tags, redirects, the front page, the magazine."""

import pytest

from articles.models import FrontPage, Magazine, Redirect, Section, Tag
from tests.articles.admin.browser import send
from tests.factories import make_article, make_section, make_tag

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- sections


def names() -> list[str]:
    return list(Section.objects.values_list("name", flat=True))


def test_a_new_section_stands_last_and_gets_its_address(desk):
    make_section(name="Coast")
    send(desk, "/admin/articles/section/add/", "section_form", name="Élan & Œuvre")
    assert names() == ["Coast", "Élan & Œuvre"]
    assert Section.objects.get(name="Élan & Œuvre").slug == "elan-oeuvre"


@pytest.mark.parametrize(
    ("button", "name", "order"),
    [("up", "C", "ACB"), ("down", "A", "BAC"), ("up", "A", "ABC"), ("down", "C", "ABC"), ("up", "nobody", "ABC")],
)
def test_sections_are_put_in_order_from_the_list(desk, button, name, order):
    for letter in "ABC":
        make_section(name=letter)
    pk = Section.objects.filter(name=name).values_list("pk", flat=True).first() or "x"
    answer = desk.post("/admin/articles/section/arrange/", {button: pk}, follow=True)
    assert answer.status_code == 200
    assert "".join(names()) == order


def test_sections_are_not_put_in_order_by_a_link(desk, client):
    assert desk.get("/admin/articles/section/arrange/").status_code == 405
    client.logout()
    assert client.post("/admin/articles/section/arrange/").status_code == 302


def test_a_section_with_articles_is_not_deleted(desk):
    article = make_article()
    desk.post(f"/admin/articles/section/{article.section_id}/delete/", {"post": "yes"})
    assert Section.objects.exists()


# ---------------------------------------------------------------- tags


def merge(desk, *tags: Tag, into: object = ""):
    fields = {"action": "merge", "_selected_action": [tag.pk for tag in tags], "into": into}
    return desk.post("/admin/articles/tag/", fields, follow=True)


def test_tags_become_one_and_old_addresses_lead_there(desk):
    first, second = make_article(tags=("Coast", "Shore")), make_article(tags=("Shore",))
    coast, shore = Tag.objects.get(name="Coast"), Tag.objects.get(name="Shore")
    old = shore.get_absolute_url()
    assert "Which tag stays?" in merge(desk, coast, shore).content.decode()
    assert Tag.objects.count() == 2
    merge(desk, coast, shore, into=coast.pk)
    assert list(Tag.objects.all()) == [coast]
    assert list(first.tags.names()) == list(second.tags.names()) == ["Coast"]
    assert desk.get(old).headers["Location"] == coast.get_absolute_url()


@pytest.mark.parametrize("into", ["x", "4711", "\x00"])
def test_tags_are_not_merged_into_something_else(desk, into):
    assert "Which tag stays?" in merge(desk, make_tag(name="A"), make_tag(name="B"), into=into).content.decode()
    assert Tag.objects.count() == 2


def test_one_tag_cannot_be_merged(desk):
    assert "Select the tags that shall become one." in merge(desk, make_tag(name="A")).content.decode()


# ---------------------------------------------------------------- redirects


def redirect(desk, old: str, new: str):
    return send(desk, "/admin/articles/redirect/add/", "redirect_form", old_path=old, new_path=new)


def test_a_redirect_leads_in_one_step_whatever_order_they_were_written_in(desk):
    redirect(desk, "/b/", "/c/")
    redirect(desk, "/a/", "/b/")
    redirect(desk, "/c/", "/d/")
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {"/a/": "/d/", "/b/": "/d/", "/c/": "/d/"}


def test_a_redirect_does_not_lead_in_a_circle(desk):
    redirect(desk, "/a/", "/b/")
    assert "leads back" in redirect(desk, "/b/", "/a/").content.decode()
    assert "leads back" in redirect(desk, "/c/", "/c/").content.decode()
    assert Redirect.objects.count() == 1


@pytest.mark.parametrize("path", ["https://other.example/", "//other.example/", "a/", "/a/?b", "javascript:alert(1)"])
def test_a_redirect_stays_on_the_site(desk, path):
    redirect(desk, "/a/", path)
    redirect(desk, path, "/a/")
    assert not Redirect.objects.exists()


# ---------------------------------------------------------------- the front page and the magazine


def test_staff_choose_what_leads_the_front_page_and_in_which_order(desk):
    first, second = make_article(), make_article()
    desk.get("/admin/articles/frontpage/")
    where = "/admin/articles/frontpage/1/change/"
    answer = send(desk, where, "frontpage_form", picks=f"{second.pk}\n{first.pk}")
    assert answer.redirect_chain[-1][0] == where
    assert list(FrontPage().picks()) == [second, first]
    send(desk, where, "frontpage_form", picks=str(first.pk))
    assert list(FrontPage().picks()) == [first]


def test_an_article_leads_the_front_page_once(desk):
    article = make_article()
    desk.get("/admin/articles/frontpage/")
    answer = send(desk, "/admin/articles/frontpage/1/change/", "frontpage_form", picks=f"{article.pk}\n{article.pk}")
    assert "is chosen twice" in answer.content.decode()


def test_the_magazine_says_of_itself_what_staff_write(desk):
    desk.get("/admin/articles/magazine/")
    send(desk, "/admin/articles/magazine/1/change/", "magazine_form", name="The Causeway", time_zone="Europe/Lisbon")
    magazine = Magazine.objects.get()
    assert (magazine.name, magazine.time_zone) == ("The Causeway", "Europe/Lisbon")
    assert "The Causeway" in desk.get("/admin/").content.decode()
