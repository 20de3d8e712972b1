"""A picture as HTML: <picture> with every width and format of its place."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.renditions import MODERN, PLACES, SOCIAL, WIDE, Place, Rendition, fallback_suffix, sized


class PictureFile(NamedTuple):
    """One file of a picture: its address, width and height in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class PictureFacts:
    """What is known of a picture that is to be shown. `folder` is the address below which its renditions stand, with
    the last slash, `file` that of the picture as it is kept; `colour` is "#rrggbb"."""

    number: int
    folder: str
    file: str
    width: int
    height: int
    colour: str
    transparent: bool = False

    def address(self, rendition: Rendition) -> str:
        return self.folder + rendition.name

    def one(self, crop: str, width: int, suffix: str = "") -> Rendition:
        """The rendition of a crop that is `width` px wide, or as wide as the picture allows."""
        return sized(crop, (width,), suffix or fallback_suffix(self.transparent), self.width, self.height)[0]

    def file_of(self, rendition: Rendition) -> PictureFile:
        return PictureFile(self.address(rendition), rendition.width, rendition.height)

    @property
    def plain(self) -> PictureFile:
        """The whole picture, of a size and format that everything knows: feed readers, programs for mail."""
        return self.file_of(self.one("whole", PLACES["body"].fallback))

    @property
    def social(self) -> list[PictureFile]:
        """The shapes that search engines and social networks want; a link is shown with the first one."""
        return [self.file_of(self.one(crop, width)) for crop, width in SOCIAL]

    @property
    def thumbnail(self) -> str:
        """The address of a small one, for lists of the desk."""
        return self.address(self.one("3x2", PLACES["thumbnail"].most, "webp"))


def picture_html(facts: PictureFacts, alt: str, place: str, first: bool = False) -> SafeString:
    """The picture in a place of renditions.PLACES; `first` is one the reader sees at once.

    Until it has come, its dominant colour stands there: three classes, one for each channel (magazine.css).
    """
    shown = PLACES[place]
    old = facts.one(shown.crop, shown.fallback)
    width, height = shown.size(facts.width, facts.height) or (old.width, old.height)
    return format_html(
        '<picture>{}{}<img class="picture crop-{}{}" src="{}" alt="{}" width="{}" height="{}" loading="{}"'
        ' fetchpriority="{}" decoding="async"></picture>',
        _sources(facts, shown.wide, format_html(' media="{}"', WIDE)) if shown.wide else "",
        _sources(facts, shown),
        shown.crop,
        "" if facts.transparent else colour_classes(facts.colour),
        facts.address(old),
        alt,
        width,
        height,
        "eager" if first else "lazy",
        "high" if first and not shown.height else "auto",
    )


def _sources(facts: PictureFacts, place: Place, media: str = "") -> SafeString:
    """A <source> for each modern format; one with another crop says its own shape."""
    rows = ((each, sized(place.crop, place.widths, each, facts.width, facts.height)) for each in MODERN)
    return format_html_join(
        "",
        '<source type="image/{}"{} srcset="{}" sizes="{}"{}>',
        (
            (
                suffix,
                media,
                ", ".join(f"{facts.address(each)} {each.width}w" for each in found),
                place.sizes_for(facts.width, facts.height),
                format_html(' width="{}" height="{}"', found[-1].width, found[-1].height) if media else "",
            )
            for suffix, found in rows
        ),
    )


def colour_classes(colour: str) -> str:
    """The classes of a colour "#rrggbb", sixteen steps for each channel."""
    return f" r-{colour[1]} g-{colour[3]} b-{colour[5]}".lower()
