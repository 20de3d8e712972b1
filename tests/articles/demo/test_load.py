from datetime import timedelta

import pytest
from django.utils import timezone

from articles import html
from articles.demo import load, texts
from articles.models import Article, Author, FrontPage, Page, Picture, Section, Tag

SMALL = (150, 100)
PUBLISHED = 34


@pytest.fixture
def loaded(db, monkeypatch):
    monkeypatch.setattr(load, "PORTRAIT_SIZE", (64, 64))
    at = timezone.now()
    load.load(at, lambda _what: None, size=SMALL)
    return at


def test_the_demo_is_a_whole_magazine(loaded):
    public = Article.objects.published(loaded)
    newest, oldest = public.newest().first(), public.newest().last()

    assert public.count() == PUBLISHED
    assert Article.objects.scheduled(loaded).count() == 3
    assert Article.objects.drafts().count() == 3
    assert Section.objects.count() == 7
    assert Author.objects.count() == 12
    assert Tag.objects.count() >= 40
    assert {page.slug for page in Page.objects.all()} == {"about", "masthead", "contact", "privacy"}
    assert FrontPage.objects.get().picks().first().slug == "the-last-pilot-boat"
    assert loaded - newest.published_at < timedelta(days=2)
    assert loaded - oldest.published_at > timedelta(days=180)


def test_every_piece_has_a_picture_with_alt_and_credit_a_byline_and_tags(loaded):
    for article in Article.objects.select_related("lead_picture").prefetch_related("bylines__author", "tags"):
        assert article.lead_picture.alt, article.slug
        assert article.lead_picture.credit, article.slug
        assert article.credits(), article.slug
        assert len(article.tags.all()) >= 3, article.slug
    assert Article.objects.filter(picks__isnull=False).distinct().count() >= 8
    assert Article.objects.filter(body__contains="pullquote").count() >= 20


def test_loading_again_is_refused_and_changes_nothing(loaded):
    Article.objects.filter(slug="the-last-pilot-boat").update(headline="Mine now")
    Picture.objects.filter(led_articles=None, portraits=None).delete()
    with pytest.raises(load.NotEmpty):
        load.load(loaded, lambda _what: None, size=SMALL)
    assert Article.objects.get(slug="the-last-pilot-boat").headline == "Mine now"
    assert Article.objects.count() == 40


@pytest.mark.parametrize("text", texts.articles(), ids=lambda text: text.slug)
def test_each_text_is_of_real_length_and_clean_as_it_stands(text):
    words = html.word_count(text.body)
    assert 290 <= words <= 900, words
    assert "lorem" not in text.body.lower()
    assert html.plain(html.clean(text.body)) == html.plain(text.body)


def test_no_two_texts_share_a_sentence():
    owners: dict[str, set[str]] = {}
    for text in texts.articles():
        for sentence in html.plain(text.body).replace("\n", " ").split(". "):
            if len(sentence) > 60:
                owners.setdefault(sentence.strip(), set()).add(text.slug)
    assert [sentence for sentence, slugs in owners.items() if len(slugs) > 1] == []
