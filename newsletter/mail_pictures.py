"""Pictures for mail: of each that is used, smaller JPEGs (PNG where it is transparent), made once and kept.

A mail that carried the originals would weigh megabytes. The name says of which original (its SHA-256), which part and
which size, so a picture is made when a preview or an issue first needs it and found from then on. A piece's picture is
3:2 as everywhere on the site, around the focal point: mail programs do not crop. One among staff's words stays whole.
"""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from html import escape, unescape
from operator import or_
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q
from PIL import Image, ImageOps

from articles import pictures
from articles.addresses import absolute
from articles.models import Picture
from articles.rights import Use, why_not

LARGE: Final = 1120
SMALL: Final = 336
"""Pixels across: twice what is shown, for fine screens."""
SUFFIXES: Final = {"JPEG": ".jpg", "PNG": ".png"}
SAVE: Final[dict[str, dict[str, Any]]] = {
    "JPEG": {"quality": 80, "progressive": True, "optimize": True},
    "PNG": {"optimize": True},
}
FIGURE: Final = re.compile(r"<figure>(?:(?!<figure>).)*?</figure>|<img[^<>]*>", re.DOTALL)
OURS: Final = re.compile(r"/newsletter/([0-9a-f]{20})-")
IMG: Final = re.compile(r'<img src="(?P<src>[^"]*)"(?: alt="(?P<alt>[^"]*)")?[^<>]*>')


@dataclass(frozen=True)
class MailPicture:
    """A picture as mail carries it: its path or address on the site, and its size in pixels."""

    path: str
    width: int
    height: int

    @property
    def address(self) -> str:
        return absolute(self.path)

    @property
    def shown_large(self) -> tuple[int, int]:
        return self.shown_in(LARGE // 2)

    @property
    def shown_small(self) -> tuple[int, int]:
        return self.shown_in(SMALL // 2)

    def shown_in(self, across: int) -> tuple[int, int]:
        """The size on the page: Outlook goes by these attributes alone."""
        across = min(across, self.width)
        return across, max(1, round(across * self.height / self.width))


class NoSuchPicture(Exception):
    """The original is not there, or cannot be read."""


def made(picture: Picture, width: int, *, whole: bool = False) -> MailPicture:
    """The picture, cropped to 3:2 or whole, at most `width` px wide; NoSuchPicture if its original is gone."""
    size = size_of(picture, width, whole=whole)
    part = "whole" if whole else f"{picture.focal_x}-{picture.focal_y}"
    stem = f"newsletter/{picture.sha256[:20]}-{part}-{size[0]}"
    names = [stem + suffix for suffix in SUFFIXES.values()]
    name = next(filter(default_storage.exists, names), None) or make(picture, size, stem)
    return MailPicture(default_storage.url(name), *size)


def size_of(picture: Picture, width: int, *, whole: bool) -> tuple[int, int]:
    """The whole picture, or the largest 3:2 within it, no wider than `width`, in whole pixels."""
    ratio = picture.height / picture.width if whole else 2 / 3
    across = min(width, picture.width, max(1, int(picture.height / ratio)))
    return across, max(1, round(across * ratio))


def make(picture: Picture, size: tuple[int, int], stem: str) -> str:
    """Make the file and give back its name; a storage that has the name by now chooses another.

    The original was encoded by us within bounds (articles.pictures), so it is opened without more ado.
    """
    try:
        with picture.file.open("rb") as original, Image.open(original, formats=tuple(pictures.FORMATS)) as image:
            image.draft(image.mode, (2 * size[0], 2 * size[1]))  # spares memory; only JPEG knows it
            mode = "RGBA" if image.has_transparency_data else "RGB"
            centre = (picture.focal_x / 100, picture.focal_y / 100)
            small = ImageOps.fit(image.convert(mode), size, Image.Resampling.LANCZOS, centering=centre)
    except (*pictures.DAMAGE, Image.DecompressionBombError) as error:
        raise NoSuchPicture(str(picture)) from error
    kind = "PNG" if mode == "RGBA" and small.getchannel("A").getextrema() != (255, 255) else "JPEG"
    target = io.BytesIO()
    (small if kind == "PNG" else small.convert("RGB")).save(target, kind, **SAVE[kind])
    return default_storage.save(stem + SUFFIXES[kind], ContentFile(target.getvalue()))


# ---------------------------------------------------------------- among staff's words


def in_words(words: str, at: datetime) -> str:
    """Stored HTML with our pictures as mail carries them at an instant. What may not be in the newsletter then, is
    gone, or stands on another site, which would see who opens the mail, is left out with its caption."""
    names = {name_of(unescape(found["src"])) for found in IMG.finditer(words)} - {""}
    ours = {picture.file.name: picture for picture in Picture.objects.filter(file__in=names)} if names else {}
    return FIGURE.sub(lambda figure: replaced(figure[0], ours, at), words)


def name_of(address: str) -> str:
    """The name in our storage of a picture at an address; "" for one that is not ours."""
    path = address.removeprefix(settings.SITE_URL)
    return path.removeprefix(settings.MEDIA_URL) if path.startswith(settings.MEDIA_URL) else ""


def replaced(figure: str, ours: dict[str, Picture], at: datetime) -> str:
    found = IMG.search(figure)
    if found is None:
        return figure
    picture = ours.get(name_of(unescape(found["src"])))
    if picture is None or why_not(picture.rights, Use.NEWSLETTER, at):
        return ""
    try:
        small = made(picture, LARGE, whole=True)
    except NoSuchPicture:
        return ""
    width, height = small.shown_large
    alt = found["alt"] or escape(picture.alt)
    return IMG.sub(
        lambda _found: f'<img src="{escape(small.path)}" alt="{alt}" width="{width}" height="{height}">', figure
    )


# ---------------------------------------------------------------- in the archive


def as_allowed(page: str, at: datetime, *uses: Use) -> str:
    """The archive's page of an issue without the pictures that may no longer be used so: rights end, and what was
    frozen does not know it."""
    stems = sorted(set(OURS.findall(page)))
    if not stems:
        return page
    known = Picture.objects.filter(reduce(or_, (Q(sha256__startswith=stem) for stem in stems)))
    allowed = {picture.sha256[:20] for picture in known if not any(why_not(picture.rights, use, at) for use in uses)}
    return FIGURE.sub(lambda figure: figure[0] if allowed.issuperset(OURS.findall(figure[0])) else "", page)
