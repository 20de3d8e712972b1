"""Renditions, made of a picture's original and kept in its storage: one when it is asked for, or all of them."""

import io
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from typing import IO, Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import QuerySet
from PIL import Image

from articles import locks
from articles.models import Edition, Picture
from articles.renditions import Rendition, crop_of, options_of

AT_ONCE: Final = max(1, (os.cpu_count() or 2) // 2)
"""How many renditions one machine encodes for readers at the same time."""
WAITING: Final = 8
"""How many requests wait for their turn; the others are answered at once with the original."""
PATIENCE: Final = 5.0
"""Seconds after which one that waits is too."""


class Busy(Exception):
    """The machine has enough to do: the rendition may be asked for again in a moment."""


def content_of(picture: Picture, rendition: Rendition) -> bytes:
    """The rendition as it is kept, made and kept first if it is not yet. Busy if it is not its turn.

    Of several who ask for the same one makes it and the others wait for that one.
    """
    storage, name = picture.file.storage, picture.folder + rendition.name
    if found := _kept(storage, name):
        return found
    with locks.held("rendition-waits", places=AT_ONCE + WAITING) as may_wait:
        if not may_wait:
            raise Busy
        with locks.held(f"rendition-{_row_of_locks(name)}", PATIENCE) as first:
            if found := _kept(storage, name):
                return found
            with locks.held("rendition-encodes", PATIENCE if first else 0, places=AT_ONCE) as turn:
                if not (first and turn):
                    raise Busy
                return make(picture, rendition)


def _row_of_locks(name: str) -> int:
    """One of 64 locks: so few files are enough for all renditions there will ever be."""
    return sum(name.encode()) % 64


def make(picture: Picture, rendition: Rendition) -> bytes:
    """Encode one and keep it."""
    with picture.file.storage.open(str(picture.file.name)) as file:
        image = opened(file, picture, [rendition])
    content = encoded(cut(image, picture, rendition), rendition.suffix)
    keep(picture, {rendition.name: content})
    return content


def make_all(picture: Picture) -> int:
    """Make those that are missing, one after the other, and how many those were. The caller notes that all are there
    (`mark_made`)."""
    missing = missing_of(picture)
    if not missing:
        return 0
    with picture.file.storage.open(str(picture.file.name)) as file:
        image = opened(file, picture, missing)
    for alike in _alike(picture, missing):
        keep(picture, _all_encoded(cut(image, picture, alike[0]), alike))
    return len(missing)


def _alike(picture: Picture, wanted: Iterable[Rendition]) -> Iterable[list[Rendition]]:
    """By pixels: a crop may be the whole picture, and formats differ in their encoding alone."""
    groups: dict[Any, list[Rendition]] = {}
    for each in wanted:
        shape = (box_of(picture, each.crop), each.width, each.height)
        groups.setdefault(shape, []).append(each)
    return groups.values()


def _all_encoded(image: Image.Image, alike: list[Rendition]) -> dict[str, bytes]:
    once = {suffix: encoded(image, suffix) for suffix in {each.suffix for each in alike}}
    return {each.name: once[each.suffix] for each in alike}


def missing_of(picture: Picture) -> list[Rendition]:
    there = names_in(picture.file.storage, picture.folder)
    return [rendition for name, rendition in picture.renditions().items() if name not in there]


def mark_made(pictures: Collection[Picture], at: datetime) -> None:
    """Note that every rendition is there, so that pages name them where they are kept: the edition turns once.

    A key that is not the picture's any more does no harm, since it is compared with the present one.
    """
    with transaction.atomic():
        for picture in pictures:
            QuerySet(Picture).filter(pk=picture.pk).update(made_key=picture.key)
        if pictures:
            Edition.objects.turn(at)


def forget(storage: Storage, folder: str) -> None:
    """Remove what is kept in a folder of renditions."""
    for name in names_in(storage, folder):
        storage.delete(folder + name)
    with suppress(FileNotFoundError):
        if not any(storage.listdir(folder)):  # only discs have folders
            storage.delete(folder.removesuffix("/"))


def names_in(storage: Storage, folder: str) -> set[str]:
    try:
        return set(storage.listdir(folder)[1])
    except FileNotFoundError:
        return set()


def keep(picture: Picture, contents: dict[str, bytes]) -> None:
    """Store them, and take them back if the picture was changed or removed meanwhile: it may have had to go."""
    storage, folder = picture.file.storage, picture.folder
    for name, content in contents.items():
        if not storage.exists(folder + name):
            storage.save(folder + name, ContentFile(content))
    now = Picture.objects.filter(pk=picture.pk).first()
    if now is None or now.key != picture.key:
        for name in contents:
            storage.delete(folder + name)
        raise Picture.DoesNotExist


def _kept(storage: Storage, name: str) -> bytes | None:
    try:
        with storage.open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


# Pixels


def opened(file: IO[bytes], picture: Picture, wanted: Iterable[Rendition]) -> Image.Image:
    """The original, in RGB or RGBA. A JPEG is decoded no larger than the renditions need it, which saves most of the
    work."""
    image: Image.Image = Image.open(io.BytesIO(file.read()))
    scale = max(each.width / crop_of(each.crop, picture.width, picture.height)[0] for each in wanted)
    image.draft("RGB", (round(picture.width * scale), round(picture.height * scale)))
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def cut(image: Image.Image, picture: Picture, rendition: Rendition) -> Image.Image:
    """The crop around the focal point, in the size of the rendition. `image` may be smaller than the picture is."""
    left, top, right, bottom = box_of(picture, rendition.crop)
    across, down = image.width / picture.width, image.height / picture.height
    box = (left * across, top * down, right * across, bottom * down)
    size = (rendition.width, rendition.height)
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def box_of(picture: Picture, crop: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a crop in the picture, in pixels."""
    width, height = crop_of(crop, picture.width, picture.height)
    left = _start(picture.focal_x, width, picture.width)
    top = _start(picture.focal_y, height, picture.height)
    return left, top, left + width, top + height


def _start(focal: int, length: int, whole: int) -> int:
    """Where a crop of that length begins: the focal point (per cent) is in its middle, as far as there is room."""
    return min(max(0, round(whole * focal / 100 - length / 2)), whole - length)


def encoded(image: Image.Image, suffix: str) -> bytes:
    options = options_of(suffix, image.width)
    if options["format"] == "JPEG" and image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    target = io.BytesIO()
    image.save(target, **options)
    return target.getvalue()
