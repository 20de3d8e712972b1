import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, FrontPage, Magazine
from articles.seeding import seed
from tests.factories import NOON, make_article, make_author, make_page, make_picture, make_section

pytestmark = pytest.mark.django_db

JUNK = [
    "page=x",
    "page=-1",
    "page=0",
    "page=999999999999999999999",
    "page=%00",
    "q=%00",
    "q=%ff%fe",
    "q=" + "x" * 5000,
    "at=x",
    "page=1&page=2",
    "%00=%00",
    "q=%27%22%3E%3Cscript%3E",
    "q=%25%5F%5C",
]


@pytest.fixture
def small_magazine():
    section = make_section(name="Coast")
    author = make_author(name="Ann", slug="ann")
    make_page(slug="about")
    return make_article(slug="piece", section=section, authors=(author,), tags=("tides",), lead_picture=make_picture())


ADDRESSES = [
    "/",
    "/latest/",
    "/coast/",
    "/coast/piece/",
    "/coast/piece/rest/",
    "/authors/",
    "/authors/ann/",
    "/tags/tides/",
    "/search/",
    "/search/?q=headline",
    "/feed/",
    "/coast/feed/",
    "/authors/ann/feed/",
    "/tags/tides/feed/",
    "/newsletter/",
    "/newsletter/issues/",
    "/newsletter/issues/feed/",
    "/newsletter/preferences/",
    "/about/",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-articles.xml",
    "/healthz/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers(client, small_magazine, address):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("address", [address for address in ADDRESSES if "?" not in address])
@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_a_query_is_never_an_error(client, small_magazine, address, junk):
    assert client.get(f"{address}?{junk}").status_code in {200, 304}


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/coast/nothing/",
        "/authors/x/",
        "/tags/x/",
        "/x/y/z/",
        "/%00/",
        "/%ff/",
        "/coast/feed/x/",
        "/" + "x" * 3000 + "/",
    ],
)
def test_what_is_not_there_says_so(client, small_magazine, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "Coast" in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/coast/", "/coast/piece/", "/coast/piece/rest/", "/search/"])
def test_readers_pages_take_no_post(client, small_magazine, address):
    assert client.post(address).status_code == 405


def test_the_rest_of_an_article_is_not_indexed_and_says_where_it_belongs(client):
    body = "".join(f"<p>Paragraph {n} with a few words to read in it.</p>" for n in range(60))
    article = make_article(body=body)
    response = client.get(article.get_rest_url())

    assert response["X-Robots-Tag"] == "noindex"
    assert f'{article.get_absolute_url()}>; rel="canonical"' in response["Link"]
    fragment = response.content.decode()
    assert "Paragraph 59" in fragment
    assert "Paragraph 0 " not in fragment
    assert "<html" not in fragment


def test_the_rail_leaves_out_the_article_and_its_teasers(client):
    for n in range(14):
        make_article(headline=f"Piece number {n}.", slug=f"piece-{n}", published_at=NOON + timedelta(minutes=n))
    response = client.get(Article.objects.get(slug="piece-13").get_absolute_url())
    shown = {response.context["article"].pk, *(piece.pk for piece in response.context["related"])}
    rail = [piece.pk for piece in response.context["latest"]]

    assert rail
    assert not shown & set(rail)


def test_lists_are_paged_and_a_page_too_far_is_the_last(client):
    section = make_section(name="Coast")
    for n in range(15):
        make_article(section=section, slug=f"p{n}", published_at=NOON + timedelta(minutes=n))

    assert len(client.get("/coast/").context["page"]) == 12
    assert [a.slug for a in client.get("/coast/?page=2").context["page"]] == ["p2", "p1", "p0"]
    assert client.get("/coast/?page=99").context["page"].number == 2


def test_the_front_page_shows_no_piece_twice(client):
    sections = [make_section(name="Coast"), make_section(name="Work")]
    for n in range(30):
        make_article(section=sections[n % 2], published_at=NOON + timedelta(minutes=n))
    sheet = client.get("/").context["front"]
    pieces = [sheet.lead, *sheet.beside, *sheet.grid, *(a for strip in sheet.strips for a in strip.articles)]
    assert len(pieces) == len(set(pieces)) == 17


def test_picks_lead_the_front_page_in_their_order_and_only_when_public(client):
    old = make_article(slug="old", published_at=NOON - timedelta(days=90))
    draft = make_article(slug="draft", published=False)
    newest = make_article(slug="newest", published_at=NOON)
    FrontPage.objects.create(pk=1).set_picks([draft, old], NOON)

    sheet = client.get("/").context["front"]
    assert [sheet.lead, *sheet.beside] == [old, newest]


PAGES = {"article": 8, "section": 8, "author": 8, "tag": 8, "latest": 8, "search": 8, "authors": 8, "front": 10}


def queries(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_cost_the_same_few_queries_at_10_and_at_1000_articles(client, settings):
    settings.PAGE_CACHE_SECONDS = 0
    make_picture()
    Magazine.objects.current()
    counts = []
    for more in (10, 990):
        seed(more, NOON, lambda _written: None, random.Random(1))
        article = Article.objects.order_by("pk").last()
        paths = {
            "article": article.get_absolute_url(),
            "section": article.section.get_absolute_url(),
            "author": article.authors.first().get_absolute_url(),
            "tag": article.tags.first().get_absolute_url(),
            "latest": "/latest/",
            "search": "/search/?q=harbour",
            "authors": "/authors/",
            "front": "/",
        }
        cold = {name: queries(client, path) for name, path in paths.items()}
        counts.append({name: queries(client, path) for name, path in paths.items()})
        assert all(number <= PAGES[name] for name, number in cold.items()), cold
    assert counts[0] == counts[1]
