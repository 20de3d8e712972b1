import io
import random

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Author, Section, Tag, TaggedArticle
from articles.seeding import AUTHORS, SECTIONS, TAGS, seed
from tests.factories import NOON, make_picture

pytestmark = pytest.mark.django_db


def test_seeded_articles_have_the_shape_of_written_ones():
    make_picture()
    heard = []
    seed(30, NOON, heard.append, random.Random(1))
    article = Article.objects.published(NOON).newest().first()
    derived = (article.body, article.opening, article.goes_on, article.word_count)
    article.derive()

    assert heard == [30]
    assert Article.objects.published(NOON).count() == 30
    assert derived == (article.body, article.opening, article.goes_on, article.word_count)
    assert article.lead_picture
    assert article.credits()
    assert TaggedArticle.objects.filter(content_object=article).count() >= 1


def test_seeding_again_adds_to_what_is_there():
    for _time in range(2):
        call_command("seed", articles=5, stdout=io.StringIO())
    assert Article.objects.count() == 10


def test_seeding_goes_on_after_some_of_it_was_deleted():
    seed(12, NOON, print, random.Random(1))
    for model, slug in [(Article, "piece-3"), (Author, "writer-1"), (Tag, "subject-7"), (Section, "desk-2")]:
        Article.objects.filter(section__slug=slug).delete()
        model.objects.get(slug=slug).delete()
    last = max(int(slug.removeprefix("piece-")) for slug in Article.objects.values_list("slug", flat=True))
    seed(2, NOON, print, random.Random(2))
    assert Article.objects.filter(slug__in=[f"piece-{last + 1}", f"piece-{last + 2}"]).count() == 2
    assert (Author.objects.count(), Tag.objects.count(), Section.objects.count()) == (AUTHORS, TAGS, SECTIONS)


@pytest.mark.parametrize("count", [0, -1, 1_000_001])
def test_a_number_out_of_reason_is_refused(count):
    with pytest.raises(CommandError):
        call_command("seed", articles=count)
