from datetime import timedelta

import feedparser
import pytest

from articles.models import Magazine
from tests.factories import NOON, make_article, make_author, make_picture, make_section

pytestmark = pytest.mark.django_db


def feed(client, path: str) -> feedparser.FeedParserDict:
    response = client.get(path)
    assert response["Content-Type"].startswith("application/rss+xml")
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def test_a_feed_carries_whole_texts_with_absolute_addresses(client):
    author = make_author(name="Ann <b>")
    make_article(
        headline="Salt & “water”",
        body='<p>See <a href="/coast/other/">this</a>.</p>',
        authors=(author,),
        tags=("tides",),
        section=make_section(name="Coast"),
        lead_picture=make_picture(),
        slug="salt",
    )
    [entry] = feed(client, "/feed/").entries

    assert entry.title == "Salt & “water”"
    assert entry.link.startswith("http")
    assert entry.link.endswith("/coast/salt/")
    assert f'href="{entry.link.removesuffix("salt/")}other/"' in entry.content[0].value
    assert entry.author == "Ann <b>"
    assert [tag.term for tag in entry.tags] == ["Coast", "tides"]
    assert entry.enclosures[0].href.startswith("http")
    assert entry.enclosures[0].type == "image/jpeg"


def test_a_character_no_feed_may_carry_is_dropped_when_it_is_saved(client):
    author = make_author(name="An\x0bn")
    make_article(headline="Salt\x08 water", dek="A\x00dek", authors=(author,), tags=("ti\x0bdes",))
    [entry] = feed(client, "/feed/").entries
    assert (entry.title, entry.author) == ("Salt water", "An n")


def test_sections_authors_and_tags_have_feeds_of_their_own(client):
    ann = make_author(name="Ann", slug="ann")
    coast, work = make_section(name="Coast"), make_section(name="Work")
    make_article(headline="Mine", section=coast, authors=(ann,), tags=("tides",))
    make_article(headline="Other", section=work)

    for path in ("/coast/feed/", "/authors/ann/feed/", "/tags/tides/feed/"):
        assert [entry.title for entry in feed(client, path).entries] == ["Mine"], path
    assert [entry.title for entry in feed(client, "/work/feed/").entries] == ["Other"]


def test_feeds_show_nothing_before_its_time(client):
    make_article(published=False)
    make_article(published_at=NOON.replace(year=2999))
    assert feed(client, "/feed/").entries == []


def test_a_feed_says_the_magazines_name_and_language_and_is_of_one_request(client):
    magazine = Magazine.objects.current()
    magazine.name, magazine.language = "The Causeway", "pt-br"
    magazine.save()
    make_section(name="Coast")
    parsed = feed(client, "/coast/feed/")
    assert (parsed.feed.title, parsed.feed.language) == ("Coast · The Causeway", "pt-br")
    assert feed(client, "/feed/").feed.title == "The Causeway"


def test_a_feed_costs_the_same_queries_for_one_piece_and_for_twenty(client, settings, django_assert_num_queries):
    settings.PAGE_CACHE_SECONDS = 0
    author = make_author()
    counts = []
    for more in (1, 19):
        for n in range(more):
            make_article(authors=(author,), tags=("a", "b"), published_at=NOON + timedelta(minutes=n))
        client.get("/feed/")
        with django_assert_num_queries(4):
            counts.append(len(feed(client, "/feed/").entries))
    assert counts == [1, 20]
