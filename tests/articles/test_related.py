import random
from collections import Counter
from datetime import timedelta

import pytest

from articles.models import Article
from articles.related import COMMON, UNIT, WEIGHED_PER_TAG, related_to
from tests.factories import NOON, make_article, make_section

pytestmark = pytest.mark.django_db


def slugs(articles) -> list[str]:
    return [article.slug for article in articles]


def test_hand_picked_articles_come_first_in_their_order():
    shared = make_article(slug="shares-tags", tags=("a", "b"))
    one, two = make_article(slug="one"), make_article(slug="two")
    article = make_article(tags=("a", "b"), related=(two, one))

    assert slugs(related_to(article, NOON)[:3]) == ["two", "one", shared.slug]


def test_a_rare_tag_weighs_more_than_two_common_ones():
    for _n in range(6):
        make_article(tags=("common", "usual"), section=make_section())
    rare = make_article(slug="rare", tags=("rare",), section=make_section())
    article = make_article(tags=("rare", "common", "usual"), section=make_section())

    assert slugs(related_to(article, NOON)[:1]) == [rare.slug]


def test_without_tags_the_same_section_fills_then_the_newest():
    home, away = make_section(), make_section()
    make_article(slug="old-home", section=home, published_at=NOON - timedelta(days=9))
    make_article(slug="new-away", section=away, published_at=NOON - timedelta(days=1))
    make_article(slug="newer-home", section=home, published_at=NOON - timedelta(days=5))
    article = make_article(section=home)

    assert slugs(related_to(article, NOON)[:3]) == ["newer-home", "old-home", "new-away"]


def test_neither_itself_nor_anything_unpublished_is_ever_related():
    draft = make_article(published=False, tags=("a",))
    scheduled = make_article(published_at=NOON + timedelta(minutes=1), tags=("a",))
    article = make_article(tags=("a",), related=(draft, scheduled))

    assert list(related_to(article, NOON)) == []
    assert list(related_to(article, NOON + timedelta(minutes=1))) == [scheduled]


def test_drafts_with_the_same_tag_do_not_push_out_what_is_public():
    public = make_article(tags=("rare",), section=make_section())
    for _n in range(5):
        make_article(section=make_section())
    drafts = [make_article(tags=("rare",), published=False) for _n in range(WEIGHED_PER_TAG + 1)]
    article = make_article(tags=("rare",), related=tuple(drafts[:20]), section=make_section())
    assert related_to(article, NOON)[0] == public


def test_it_is_one_query_when_the_tags_are_known(django_assert_num_queries):
    for _n in range(5):
        make_article(tags=("a", "b"))
    article = Article.objects.prefetch_related("tags").first()

    with django_assert_num_queries(1):
        found = list(related_to(article, NOON))
        assert [piece.section.name for piece in found]
    assert len(found) == len(set(found)) == 4


def test_it_ranks_as_the_rule_says_on_any_archive():
    """The rule, spelled out in Python over a random archive, and the query give the same order."""
    chance = random.Random(7)
    sections = [make_section() for _n in range(3)]
    words = [f"tag{n}" for n in range(12)]
    for number in range(30):
        make_article(
            section=chance.choice(sections),
            tags=chance.sample(words, chance.randint(0, 4)),
            published_at=NOON - timedelta(hours=chance.randint(-3, 40)),
            published=number % 7 != 0,
        )
    pieces = list(Article.objects.prefetch_related("tags"))
    for piece in pieces[:5]:
        piece.set_related(chance.sample([other for other in pieces if other != piece], 2))

    for article in pieces:
        assert slugs(related_to(article, NOON)) == slugs(by_the_rule(article, pieces)[:4])


def by_the_rule(article: Article, pieces: list[Article]) -> list[Article]:
    used = Counter(tag for piece in pieces for tag in piece.tags.all())
    picks = [pick.other_id for pick in article.picks.all()]

    def rank(piece: Article):
        shared = set(piece.tags.all()) & set(article.tags.all())
        weight = sum(UNIT // min(used[tag], COMMON) for tag in shared)
        place = picks.index(piece.pk) if piece.pk in picks else len(picks)
        return (place, -weight, piece.section_id != article.section_id, -piece.published_at.timestamp(), -piece.pk)

    return sorted((p for p in pieces if p != article and p.is_published(NOON)), key=rank)
