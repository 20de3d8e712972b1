"""What the worker does for pictures."""

import pytest
from django_tasks_db.models import DBTaskResult

from articles import making
from articles.models import Picture
from articles.tasks import make_renditions, make_soon
from tests.factories import NOON, make_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]


def asked_for() -> list[list]:
    return [task.args_kwargs["args"] for task in DBTaskResult.objects.all()]


def test_the_worker_makes_all_renditions_and_pages_name_them():
    picture = make_picture()
    assert make_renditions.func(picture.pk, picture.key) == len(picture.renditions())
    assert Picture.objects.get().is_made
    assert make_renditions.func(picture.pk, picture.key) == 0


def test_a_task_that_comes_too_late_does_nothing():
    picture = make_picture()
    assert make_renditions.func(picture.pk, "an older key") == 0
    assert make_renditions.func(picture.pk + 1, picture.key) == 0
    assert making.names_in(picture.file.storage, picture.folder) == set()


def test_a_picture_that_is_saved_is_handed_to_the_worker_once_that_is_sure(django_capture_on_commit_callbacks):
    picture = make_picture()
    with django_capture_on_commit_callbacks(execute=True):
        make_soon(picture)
        assert asked_for() == []
    assert asked_for() == [[picture.pk, picture.key]]


def test_what_is_made_already_is_not_made_again(django_capture_on_commit_callbacks):
    picture = make_picture()
    making.mark_made([picture], NOON)
    picture.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        make_soon(picture)
    assert asked_for() == []
