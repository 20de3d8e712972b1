"""Submitted, sent back, approved, published, now or by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from articles import editing, review
from articles.models import Article, AuditEntry, Edition, Section
from articles.review import TextChanged
from articles.workflow import MoveRefused, Stage, State
from tests.articles.test_editing import held, save
from tests.factories import NOON, make_article, make_section, make_user

pytestmark = pytest.mark.django_db
TOMORROW = NOON + timedelta(days=1)


def move(article: Article, name: str, **said) -> None:
    with transaction.atomic():
        review.move(held(article), name, **{"by": None, "at": NOON, **said})


def test_an_approval_holds_for_the_text_that_was_looked_at_and_falls_when_a_word_changes():
    article, editor = make_article(published=False), make_user(username="editor")
    save(article, headline="One")
    move(article, "submit")
    move(article, "approve", by=editor, seen=2)
    assert held(article).stage == Stage.APPROVED
    assert held(article).latest_revision.approved_at == NOON

    save(article, headline="Two")
    assert held(article).stage == Stage.IN_REVIEW
    assert held(article).latest_revision.approved_at is None


def test_a_text_that_changed_under_the_reviewer_is_not_approved_unread():
    article = make_article(published=False)
    save(article, headline="One")
    move(article, "submit")
    save(article, headline="Two")
    with pytest.raises(TextChanged):
        move(article, "approve", seen=2)
    assert held(article).stage == Stage.IN_REVIEW


def test_asking_for_changes_takes_the_approval_back_and_keeps_the_reason():
    article = make_article(published=False)
    save(article, headline="One")
    move(article, "submit")
    move(article, "approve")
    move(article, "ask_for_changes", note="The second paragraph")
    assert held(article).stage == Stage.NEEDS_CHANGES
    assert held(article).latest_revision.approved_at is None
    assert AuditEntry.objects.about(article).get(deed="ask_for_changes").note == "The second paragraph"


def test_a_magazine_that_wants_approval_refuses_to_publish_without():
    article = make_article(published=False)
    save(article, headline="One")
    with transaction.atomic(), pytest.raises(MoveRefused):
        review.publish(held(article), by=None, at=NOON, approval_required=True)
    move(article, "submit")
    move(article, "approve")
    with transaction.atomic():
        review.publish(held(article), by=None, at=NOON, approval_required=True)
    assert held(article).status == State.PUBLISHED


@time_machine.travel(NOON, tick=False)
def test_changes_to_a_live_piece_go_live_by_themselves_at_their_instant(client):
    article = make_article(headline="As printed", published_at=NOON - timedelta(days=2))
    client.get("/")
    save(article, headline="Better")
    with transaction.atomic():
        review.publish_later(held(article), by=make_user(), at=NOON, live_at=TOMORROW, material=True)
    assert Edition.objects.get(pk=1).next_change == TOMORROW
    assert "As printed" in client.get(article.get_absolute_url()).content.decode()

    with time_machine.travel(TOMORROW, tick=False):
        page = client.get(article.get_absolute_url()).content.decode()
        assert "Better" in page
        assert "As printed" not in page
    row = held(article)
    assert (row.headline, row.stage, row.updated_at) == ("Better", Stage.SETTLED, TOMORROW)


@time_machine.travel(NOON, tick=False)
def test_staff_who_look_ahead_see_the_changes_on_their_day_and_nothing_is_changed_by_looking(client):
    article = make_article(headline="As printed", published_at=NOON - timedelta(days=2))
    client.force_login(make_user())
    save(article, headline="Better")
    with transaction.atomic():
        review.publish_later(held(article), by=None, at=NOON, live_at=TOMORROW)
    for address in ("/", article.get_absolute_url(), "/feed/", article.section.get_absolute_url()):
        ahead = client.get(f"{address}?at=2026-06-03").content.decode()
        assert "Better" in ahead, address
        assert "As printed" not in ahead, address
        assert "Better" not in client.get(address).content.decode(), address
    assert held(article).stage == Stage.WAITING


def test_changes_cannot_be_set_to_go_live_in_the_past_or_beside_nothing():
    live, draft = make_article(), make_article(published=False)
    save(live, headline="Better")
    save(draft, headline="Better")
    with transaction.atomic(), pytest.raises(MoveRefused):
        review.publish_later(held(live), by=None, at=NOON, live_at=NOON)
    with transaction.atomic(), pytest.raises(MoveRefused):
        review.publish_later(held(draft), by=None, at=NOON, live_at=TOMORROW)


def test_whoever_changes_a_text_that_waits_hands_it_back():
    article = make_article()
    save(article, headline="Better")
    with transaction.atomic():
        review.publish_later(held(article), by=None, at=NOON, live_at=TOMORROW)
    save(article, headline="Better still")
    assert held(article).stage == Stage.DRAFT
    Article.objects.go_live(TOMORROW)
    assert held(article).headline != "Better"


def test_a_text_that_cannot_go_live_does_not_break_the_site_and_goes_back_to_its_desk(client):
    article, gone = make_article(headline="As printed", section=make_section()), make_section()
    save(article, headline="Better", section=gone.pk)
    with transaction.atomic():
        review.publish_later(held(article), by=None, at=NOON, live_at=TOMORROW)
    Section.objects.filter(pk=gone.pk).delete()
    Article.objects.go_live(TOMORROW)
    row = held(article)
    assert (row.headline, row.status, row.stage) == ("As printed", State.PUBLISHED, Stage.NEEDS_CHANGES)
    assert AuditEntry.objects.about(article).filter(deed="not_published").exists()


def test_discarding_takes_the_appointment_back():
    article = make_article(headline="As printed")
    save(article, headline="Better")
    with transaction.atomic():
        review.publish_later(held(article), by=None, at=NOON, live_at=TOMORROW)
    with transaction.atomic():
        editing.discard(held(article), by=None, at=NOON)
    Article.objects.go_live(TOMORROW)
    assert held(article).headline == "As printed"
