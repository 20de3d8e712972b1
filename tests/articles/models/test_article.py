from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.models import Article, Byline, RelatedPick
from articles.models.byline import Credit
from articles.workflow import MoveRefused
from tests.factories import NOON, make_article, make_author, make_section

pytestmark = pytest.mark.django_db


class TestVisibility(TestCase):
    """The rule for one article and the rule for many are the same rule."""

    @given(
        published=st.booleans(),
        minutes=st.none() | st.integers(min_value=-5, max_value=5),
    )
    def test_queryset_and_instance_agree_at_every_instant(self, published, minutes):
        instant = None if minutes is None else NOON + timedelta(minutes=minutes)
        article = make_article(published_at=instant, published=published)

        assert Article.objects.published(NOON).filter(pk=article.pk).exists() == article.is_published(NOON)


def test_a_scheduled_article_appears_because_its_instant_has_passed():
    article = make_article(published_at=NOON)
    before = NOON - timedelta(microseconds=1)

    assert not article.is_published(before)
    assert article.is_scheduled(before)
    assert list(Article.objects.scheduled(before)) == [article]
    assert article.is_published(NOON)
    assert list(Article.objects.published(NOON)) == [article]


def test_a_draft_is_never_public():
    article = make_article(published=False, published_at=NOON - timedelta(days=1))

    assert not Article.objects.published(NOON).exists()
    assert list(Article.objects.drafts()) == [article]


def test_publishing_gives_the_moment_as_the_date_and_keeps_the_first_one():
    article = make_article(published=False, published_at=None)

    article.publish(at=NOON)
    article.unpublish()
    article.publish(at=NOON + timedelta(days=3))

    assert article.published_at == article.first_published_at == NOON


def test_a_rescheduled_piece_is_first_published_when_it_really_appears():
    article = make_article(published_at=NOON + timedelta(days=2), published=False)
    article.publish(at=NOON)
    article.published_at = NOON + timedelta(days=5)
    article.publish(at=NOON)

    assert article.first_published_at == NOON + timedelta(days=5)


@time_machine.travel(NOON, tick=False)
def test_a_scheduled_piece_moved_earlier_is_first_published_then():
    article = make_article(published_at=NOON + timedelta(days=10))
    article.published_at = NOON + timedelta(days=1)
    article.save()
    assert article.first_published_at == NOON + timedelta(days=1)


def test_a_draft_cannot_be_unpublished():
    with pytest.raises(MoveRefused):
        make_article(published=False).unpublish()


def test_the_database_refuses_a_published_article_without_a_date():
    article = make_article(published=False, published_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status="published")


def test_the_database_refuses_a_slug_twice():
    article = make_article(slug="once")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(slug="once", section=article.section)


def test_the_database_refuses_a_state_or_kind_it_does_not_know():
    article = make_article()
    for change in ({"status": "hidden"}, {"kind": "advert"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**change)


def test_the_byline_keeps_its_order_and_roles():
    writer, photographer = make_author(name="Writer"), make_author(name="Photographer")
    article = make_article()
    article.set_credits([Credit(photographer, "photographs by"), Credit(writer)])
    article.set_credits([Credit(writer), Credit(photographer, "photographs by")])

    assert article.credits() == [Credit(writer, ""), Credit(photographer, "photographs by")]


def test_the_database_refuses_two_names_in_one_place_of_a_byline():
    article = make_article(authors=(make_author(),))
    with pytest.raises(IntegrityError), transaction.atomic():
        Byline.objects.create(article=article, author=make_author(), position=1)


def test_the_database_refuses_an_article_related_to_itself():
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        RelatedPick.objects.create(article=article, other=article, position=1)


def test_an_article_may_not_take_the_address_of_its_sections_feed():
    article = make_article(published=False)
    article.slug = "feed"
    with pytest.raises(ValidationError) as refusal:
        article.full_clean()
    assert "feed" in refusal.value.message_dict["slug"][0]


@pytest.mark.parametrize(
    ("headline", "slug"),
    [("Tide & time", "tide-time"), ("東京の海", "東京の海"), ("البحر والملح", "البحر-والملح"), ("!?", "article")],
)
def test_a_headline_in_any_script_gives_a_free_slug(headline, slug):
    make_article(slug=slug)
    article = Article(headline=headline, section=make_section(name="Other"))

    assert article.free_slug() == f"{slug}-2"


def test_saving_cleans_the_body_and_counts_its_words():
    article = make_article(body="<p>One two <script>bad()</script>three.</p>" + "<p>More words here.</p>" * 100)

    assert "script" not in article.body
    assert "bad" not in article.body
    assert article.word_count == 303
    assert article.reading_minutes == 1
    assert article.goes_on
    assert len(article.opening) < len(article.body)


def test_an_update_is_shown_only_when_it_came_after_publication():
    article = make_article()
    assert article.shown_update is None
    article.updated_at = NOON - timedelta(hours=1)
    assert article.shown_update is None
    article.updated_at = NOON + timedelta(hours=1)
    assert article.shown_update == NOON + timedelta(hours=1)


@pytest.mark.parametrize("headline", ["हिन्दी में समुद्र", "ทะเลและเกลือ", "கடல் நீர்", "הַיָּם"])
def test_a_headline_with_vowel_signs_keeps_them_in_an_address_that_works(client, headline):
    article = Article(headline=headline, section=make_section(name="Coast"))
    article.slug = article.free_slug()
    article.full_clean()
    article.publish(at=NOON)

    assert len(article.slug) == len(headline)
    assert client.get(article.get_absolute_url()).status_code == 200
