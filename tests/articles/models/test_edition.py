import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Edition, FrontPage, Magazine, Section, Tag
from articles.models.edition import PublicModel, PublicQuerySet
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


def test_tags_are_rows_readers_see_however_they_are_changed():
    article = make_article(tags=("tides", "salt"))
    assert changes_the_edition(lambda: Tag.objects.filter(name="salt").update(name="Salt"))
    assert changes_the_edition(lambda: article.tags.clear())
    assert changes_the_edition(lambda: Tag.objects.all().delete())


def test_no_model_readers_see_can_be_changed_in_bulk_behind_the_editions_back():
    models = [model for model in apps.get_app_config("articles").get_models() if issubclass(model, PublicModel)]
    assert Tag in models
    for model in models:
        assert isinstance(model._default_manager.all(), PublicQuerySet), model


@time_machine.travel(NOON, tick=False)
def test_a_request_that_began_before_the_change_sees_what_the_change_brought(client):
    make_article(headline="Due now", published_at=NOON + timedelta(hours=1))
    before, later = edition(), NOON + timedelta(hours=1)
    Edition.objects.turn_if_due(before, later)

    with time_machine.travel(later - timedelta(milliseconds=1), tick=False):
        assert "Due now" in client.get("/").content.decode()


@time_machine.travel(NOON, tick=False)
def test_a_clock_that_is_far_ahead_does_not_publish_what_is_scheduled(client):
    make_article(headline="Next year", published_at=NOON + timedelta(days=300))
    Edition.objects.turn_if_due(edition(), NOON + timedelta(days=3000))
    assert "Next year" not in client.get("/").content.decode()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_schedule_at_once_neither_is_forgotten():
    section = make_section()
    now = timezone.now()
    started, results = threading.Event(), []

    def second():
        started.wait(10)
        make_article(section=section, published_at=now + timedelta(hours=5))
        results.append("saved")
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        make_article(section=section, published_at=now + timedelta(hours=1))
        started.set()
        time.sleep(0.5)
    thread.join(10)

    assert results == ["saved"]
    assert edition().next_change == now + timedelta(hours=1)


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
