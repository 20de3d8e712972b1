"""Files in the storage of pictures that no picture knows: what a killed process, a restored backup or a changed focal
point left behind."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.core.files.storage import Storage
from django.utils import timezone

from articles.models import Picture
from articles.renditions import FOLDER

AGE: Final = timedelta(days=1)
"""What is younger may belong to a picture that is being saved, or to a page somebody still has open."""


def orphans(storage: Storage, at: datetime) -> Iterator[str]:
    """The names of the files that can go, originals first. The storage has to be able to list what is in it."""
    known = set(Picture.objects.values_list("file", flat=True))
    for name in files_below(storage, "pictures"):
        if name not in known and is_old(storage, name, at):
            yield name
    keys = {picture.key for picture in Picture.objects.only("sha256", "focal_x", "focal_y").iterator()}
    for key in folders_in(storage, FOLDER):
        if key not in keys:
            for name in files_below(storage, f"{FOLDER}/{key}"):
                if is_old(storage, name, at):
                    yield name


def remove_emptied(storage: Storage, names: Iterable[str]) -> None:
    """The folders of renditions that nothing is left in, once files of these names are removed."""
    for folder in {name.rpartition("/")[0] for name in names if name.startswith(f"{FOLDER}/")}:
        remove_if_empty(storage, folder)


def remove_if_empty(storage: Storage, folder: str) -> None:
    with suppress(FileNotFoundError):
        if not any(storage.listdir(folder)):
            storage.delete(folder)


def files_below(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from files_below(storage, f"{folder}/{name}")


def folders_in(storage: Storage, folder: str) -> list[str]:
    try:
        return storage.listdir(folder)[0]
    except FileNotFoundError:
        return []


def is_old(storage: Storage, name: str, at: datetime) -> bool:
    changed = storage.get_modified_time(name)
    return (changed if timezone.is_aware(changed) else timezone.make_aware(changed)) < at - AGE
