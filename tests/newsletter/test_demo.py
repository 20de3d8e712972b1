"""What `make demo` shows, whole."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from articles.demo import load
from articles.models import Article, Comment
from articles.roles import given_to
from newsletter.models import Issue
from tests.factories import make_roles

SMALL = (150, 100)


@pytest.fixture
def loaded(db, monkeypatch):
    monkeypatch.setattr(load, "PORTRAIT_SIZE", (64, 64))
    load.load(timezone.now(), lambda _what: None, size=SMALL)


def test_the_command_tells_where_to_read_where_to_write_and_the_login(loaded, settings):
    settings.DEBUG = True
    said = [io.StringIO(), io.StringIO(), io.StringIO()]
    call_command("demo", stdout=said[0], address="http://127.0.0.1:8123")
    call_command("demo", stdout=said[1], address="http://127.0.0.1:8123")
    user = get_user_model().objects.get(username="demo")
    user.set_password("my own")
    user.save()
    call_command("demo", stdout=said[2], address="http://127.0.0.1:8123")

    for text in said[:2]:
        assert "http://127.0.0.1:8123/admin/" in text.getvalue()
        assert "demo / demo-magazine" in text.getvalue()
    assert "the password you gave it" in said[2].getvalue()


def test_the_command_makes_a_desk_logins_last_weeks_issue_and_a_draft(client, db, monkeypatch, settings):
    settings.DEBUG = True
    monkeypatch.setattr(load, "PORTRAIT_SIZE", (64, 64))
    monkeypatch.setattr(load, "draw_scene", lambda _slug, _size: Image.new("RGB", SMALL))
    make_roles()
    said = [io.StringIO(), io.StringIO()]
    for output in said:
        call_command("demo", stdout=output)

    people = {user.username: user for user in get_user_model().objects.all()}
    assert {name: [group.name for group in user.groups.all()] for name, user in people.items()} == {
        "demo": [],
        "contributor": ["Contributor"],
        "editor": ["Editor"],
        "publisher": ["Publisher"],
    }
    for name in people:
        for output in said:
            assert f"{name} / demo-magazine" in output.getvalue()
    assert people["contributor"].author.name == "Wren Tolliver"
    mine = given_to(people["contributor"]).off_the_site().values_list("stage", flat=True)
    assert {"draft", "in_review", "needs_changes"} <= set(mine)
    assert Article.objects.off_the_site().filter(stage="approved").exists()
    assert Article.objects.published(timezone.now()).drafts().get().slug == "the-tram-that-came-back"
    assert Comment.objects.get().block == 2
    last_week, draft = Issue.objects.archived().get(), Issue.objects.get(state="draft")
    assert client.get(last_week.get_absolute_url()).status_code == 200
    assert 3 <= last_week.items.count() <= 12
    assert 3 <= draft.items.count() <= 12
    assert not {item.article_id for item in last_week.items.all()} & {item.article_id for item in draft.items.all()}
    assert last_week.deliveries.filter(state="sent").count() > 80


def test_in_production_the_login_gets_a_password_of_its_own(loaded, settings):
    settings.DEBUG = False
    said = io.StringIO()
    call_command("demo", stdout=said)
    assert "demo-magazine" not in said.getvalue()
    assert not get_user_model().objects.get(username="demo").check_password("demo-magazine")
