from datetime import timedelta

import pytest

from articles.models import Article
from articles.prepared import Prepared
from tests.factories import NOON, make_article, make_section

pytestmark = pytest.mark.django_db


def test_it_gives_what_the_queryset_gives_whatever_the_values():
    coast, work = make_section(name="Coast"), make_section(name="Work")
    for number in range(6):
        make_article(section=[coast, work][number % 2], published_at=NOON + timedelta(hours=number))

    def newest(section, at):
        return Article.objects.published(at).filter(section=section).newest().select_related("section")

    prepared = Prepared(newest)
    for section in (coast, work, coast):
        for hours in (-1, 0, 3, 9):
            at = NOON + timedelta(hours=hours)
            assert list(prepared(section, at)) == list(newest(section, at))


def test_what_is_joined_comes_along_in_one_query(django_assert_num_queries):
    make_article(section=make_section(name="Coast"), slug="a")
    prepared = Prepared(lambda slug: Article.objects.filter(slug=slug).select_related("section"))
    with django_assert_num_queries(2):
        assert [article.section.name for article in prepared("a")] == ["Coast"]
        assert list(prepared("b")) == []


def test_another_number_of_values_is_another_query():
    first, second, third = (make_article() for _n in range(3))
    prepared = Prepared(lambda *articles: Article.objects.filter(pk__in=articles).order_by("pk"))
    assert list(prepared(first)) == [first]
    assert list(prepared(second, third)) == [second, third]
    assert list(prepared(third, first)) == [first, third]


def test_the_query_is_written_once():
    built = []

    def build(slug):
        built.append(slug)
        return Article.objects.filter(slug=slug)

    prepared = Prepared(build)
    for slug in "abc":
        list(prepared(slug))
    assert len(built) == 1


def test_a_value_that_does_not_reach_the_database_is_refused():
    with pytest.raises(TypeError, match="hold each of its values"):
        Prepared(lambda slug: Article.objects.filter(slug="fixed" if slug else ""))("a")
    with pytest.raises(TypeError, match="takes instants"):
        Prepared(lambda slug: Article.objects.filter(slug=slug))(None)
