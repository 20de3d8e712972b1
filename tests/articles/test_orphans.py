"""Files that no picture knows, and the commands for operators."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import making
from articles.models import Picture
from articles.orphans import orphans
from tests.factories import make_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]


def later():
    return timezone.now() + timedelta(days=2)


def run(command: str, **options) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def test_what_a_picture_knows_is_no_orphan(storage):
    making.make_all(make_picture())
    assert list(orphans(storage, later())) == []


def test_what_a_change_leaves_behind_is_one(storage):
    picture = make_picture()
    making.make(picture, picture.renditions()["3x2-64.webp"])
    left = storage.save("pictures/2026/05/left.jpg", ContentFile(b"x"))
    Picture.objects.update(focal_x=2)
    assert list(orphans(storage, later())) == [left, f"{picture.folder}3x2-64.webp"]


def test_what_is_new_may_belong_to_something_that_is_being_saved(storage):
    storage.save("pictures/2026/05/left.jpg", ContentFile(b"x"))
    assert list(orphans(storage, timezone.now())) == []


def test_a_storage_with_nothing_in_it_has_none(storage):
    assert list(orphans(storage, later())) == []


def test_the_command_names_them_and_removes_them(storage):
    left, kept = storage.save("pictures/2026/05/left.jpg", ContentFile(b"x")), make_picture().file.name
    assert "0 files removed." in run("collect_orphans")
    with time_machine.travel(later()):
        assert f"  {left}\n1 files would be removed." in run("collect_orphans", dry_run=True)
        assert storage.exists(left)
        assert f"  {left}\n1 files removed." in run("collect_orphans")
    assert not storage.exists(left)
    assert storage.exists(kept)


def test_with_its_last_rendition_a_folder_goes(storage):
    picture = make_picture()
    making.make_all(picture)
    Picture.objects.all().delete()
    with time_machine.travel(later()):
        run("collect_orphans")
    assert not storage.exists(picture.folder)


def test_a_storage_that_cannot_list_is_said_in_words(storage, monkeypatch):
    def cannot(_path):
        raise NotImplementedError

    monkeypatch.setattr(storage, "listdir", cannot)
    with pytest.raises(CommandError, match="cannot list"):
        run("collect_orphans")


def test_all_that_is_missing_is_made_by_a_command():
    pictures = [make_picture(colour=colour) for colour in ("red", "blue")]
    making.make_all(pictures[0])
    missing = len(pictures[1].renditions())
    assert f"2 of 2 pictures\n{missing} renditions made." in run("make_renditions")
    assert all(picture.is_made for picture in Picture.objects.all())
    assert run("make_renditions") == "0 renditions made.\n"


def test_a_picture_without_its_file_does_not_stop_the_others(storage):
    lost, good = make_picture(colour="red"), make_picture(colour="blue")
    storage.delete(lost.file.name)
    with pytest.raises(CommandError, match=f"A teal field \\({lost.pk}\\)"):
        run("make_renditions")
    assert Picture.objects.get(pk=good.pk).is_made
    assert not Picture.objects.get(pk=lost.pk).is_made


def test_what_was_made_and_is_lost_is_made_again(storage):
    picture = make_picture()
    run("make_renditions")
    making.forget(storage, picture.folder)
    assert run("make_renditions") == "0 renditions made.\n"
    assert f"{len(picture.renditions())} renditions made." in run("make_renditions", all=True)
