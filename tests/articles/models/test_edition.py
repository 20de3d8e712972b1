from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from articles.models import Edition, FrontPage, Magazine, Section, Tag
from tests.factories import NOON, make_article, make_author, make_page, make_picture, make_section

pytestmark = pytest.mark.django_db


def edition() -> Edition:
    return Magazine.objects.current().edition


def changes_the_edition(deed) -> bool:
    before = edition()
    deed()
    after = edition()
    assert (before.key == after.key) == (before.number == after.number)
    return before.key != after.key


def test_every_kind_of_row_readers_see_turns_the_edition():
    section, author, article = make_section(), make_author(), make_article()
    picture, page, magazine = make_picture(), make_page(), Magazine.objects.current()

    for row in (section, author, article, picture, page, magazine):
        assert changes_the_edition(row.save), row
    assert changes_the_edition(lambda: article.tags.add("tides"))
    assert changes_the_edition(Tag.objects.get().save)
    assert changes_the_edition(page.delete)
    assert changes_the_edition(lambda: FrontPage.objects.create(pk=1).set_picks([article], NOON))


def test_changes_of_many_rows_at_once_turn_it_too():
    make_section()
    assert changes_the_edition(lambda: Section.objects.update(description="New"))
    assert changes_the_edition(lambda: Section.objects.bulk_update(Section.objects.all(), ["description"]))
    assert changes_the_edition(lambda: Section.objects.all().delete())


def test_saving_a_draft_leaves_the_edition_alone():
    article = make_article(published=False)
    assert not changes_the_edition(article.save)


def test_taking_an_article_off_the_site_turns_it():
    article = make_article()
    assert changes_the_edition(article.unpublish)


def test_a_change_that_is_rolled_back_takes_its_edition_along():
    before = edition()
    section = make_section()
    key = edition().key

    def fails():
        with transaction.atomic():
            section.save()
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert edition().key == key != before.key


@time_machine.travel(NOON, tick=False)
def test_the_edition_knows_the_next_scheduled_change():
    make_article(published_at=NOON + timedelta(hours=2))
    make_article(published_at=NOON + timedelta(hours=1))
    make_article(published_at=NOON - timedelta(hours=1))

    assert edition().next_change == NOON + timedelta(hours=1)


@time_machine.travel(NOON, tick=False)
def test_a_scheduled_change_turns_the_edition_once_whoever_sees_it_first():
    make_article(published_at=NOON + timedelta(hours=1))
    make_article(published_at=NOON + timedelta(hours=2))
    before, later = edition(), NOON + timedelta(hours=1)
    assert not before.is_due(NOON)
    assert before.is_due(later)

    Edition.objects.turn_if_due(before, later)
    Edition.objects.turn_if_due(before, later)

    assert edition().number == before.number + 1
    assert edition().next_change == NOON + timedelta(hours=2)
