"""Safe decoding of uploaded pictures.

What comes in is a stranger's file; what we store is our own encoding of its pixels, upright and in sRGB, and nothing
else: no EXIF, no place, no XMP, no comment, no trailing data. `take_in` is the only door.

Limits follow what the decoders were measured to need (benchmarks/picture_intake.py): a picture is taken in with
less than 300 MB of memory. They are checked on the header, before any pixel is decoded, and are well below the size
at which Pillow itself warns of a decompression bomb, so its warning never decides.
"""

import hashlib
import io
import math
import os
import re
import struct
import zlib
from dataclasses import dataclass
from typing import IO, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, JpegImagePlugin, UnidentifiedImageError

from articles import picture_files

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 32_768  # of what is uploaded
LONG_SIDE = 4096  # of what is stored


@dataclass(frozen=True)
class Format:
    """How one format is taken in: what it is stored as, its largest upload (pixels), its longest stored side (px)."""

    stored_as: str
    suffix: str
    max_pixels: int = MAX_PIXELS
    long_side: int = LONG_SIDE


# WebP's decoder holds four copies of the picture, AVIF's decoder two and a half and its encoder five.
FORMATS = {
    "JPEG": Format("JPEG", ".jpg"),
    "PNG": Format("PNG", ".png", max_pixels=40_000_000),
    "GIF": Format("PNG", ".png", max_pixels=25_000_000),
    "WEBP": Format("WEBP", ".webp", max_pixels=16_800_000),
    "AVIF": Format("AVIF", ".avif", max_pixels=25_000_000, long_side=3072),
}

# A progressive JPEG is held as coefficients too, up to six bytes a pixel.
MAX_PROGRESSIVE_PIXELS = 32_000_000
HALVED_ABOVE = {False: 40_000_000, True: 25_000_000}  # pixels, by "is progressive": read at half size, saving memory

SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "progressive": True, "optimize": True},
    "PNG": {"compress_level": 4},  # on photographs as small as 6, in less than half the time
    "WEBP": {"quality": 90, "method": 4},
    "AVIF": {"quality": 80, "speed": 6},
}

# Everything Pillow 13 was seen, or can be read in its source, to raise on a broken file.
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)

NO_PICTURE = _("This is not a picture we can read. Upload a JPEG, PNG, WebP, GIF or AVIF file.")
EMPTY = _("This file is empty.")
TOO_HEAVY = _("This file is larger than {limit} MB. Save the picture smaller, or as a JPEG.")
TOO_LARGE = _(
    "This picture is {width} × {height} pixels. A {format} may have up to {limit} million pixels, "
    "and no side above {side}. Save it smaller, or as a JPEG."
)
HUGE = _("This picture has far too many pixels. Save it smaller.")
CROWDED = _("This file is put together from too many parts. Open it in a picture editor and save it again.")
DAMAGED = _("This picture is damaged or incomplete. Open it in a picture editor and save it again.")


class BadPicture(ValueError):
    """An upload that is not taken in; `str(error)` is what the editor reads."""


@dataclass(frozen=True)
class Intake:
    """A picture as we store it.

    `name` is made from the SHA-256 of `content`, so the same picture has the same name; it takes nothing from the
    uploaded name. `width` and `height` are pixels, `format` is Pillow's name of what `content` is, `colour` is the
    dominant colour as "#rrggbb".
    """

    content: bytes
    name: str
    width: int
    height: int
    format: str
    colour: str
    sha256: str
    transparent: bool


def take_in(file: IO[bytes]) -> Intake:
    """Decode an upload (any seekable binary file, Django's included) and encode it anew; BadPicture if it cannot be.

    The format is found by content. Upright by its EXIF orientation, in sRGB by its ICC profile, 8 bits a channel,
    first frame of an animation, no metadata. Stored in its own format, GIF as PNG. A long side above 4096 px (AVIF:
    3072) is scaled down to it. A JPEG above 40 megapixels (progressive: 25) is first read at half size.
    Reads from the start of the file and leaves its position anywhere.
    """
    upload = _bytes_of(file)
    try:
        image, format_name, subsampling = _decoded(upload)
    except BadPicture:
        raise
    except picture_files.TooManyParts as error:
        raise BadPicture(CROWDED) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # the latter under `-W error` only
        raise BadPicture(HUGE) from error
    except UnidentifiedImageError as error:
        raise BadPicture(NO_PICTURE) from error
    except DAMAGE as error:
        raise BadPicture(DAMAGED) from error
    del upload
    return _stored(image, FORMATS[format_name], subsampling)


_FILE_NAMES = (
    re.compile(r".*\.(jpe?g|jfif|png|webp|gif|avif|hei[cf]|tiff?|bmp|svg|psd|dng|raw)", re.IGNORECASE | re.DOTALL),
    re.compile(
        r"(_?mg|img|dsc[fn]?|pxl|mvimg|gopr|dji|p|wa|image|photo|picture|pic|scan|file|screen ?shot|untitled|unnamed"
        r"|download|bild|foto|capture)[\s_()#\d.:-]*(wa\d+|at[\s\d.:-]+|copy|edited)?[\s()\d]*",
        re.IGNORECASE,
    ),
    re.compile(r"[\d_.\s()-]{5,}|[0-9a-f-]{16,}", re.IGNORECASE),
)


def alt_is_a_file_name(alt: str) -> bool:
    """Whether an alt text is what a camera or computer called the file ("IMG_2034.jpg", "dsc0001", "image (3)")."""
    return any(pattern.fullmatch(alt.strip()) for pattern in _FILE_NAMES)


# In: from bytes to plain pixels


def _bytes_of(file: IO[bytes]) -> bytes:
    """The whole file, once its size is known to be within bounds."""
    size = file.seek(0, os.SEEK_END) or file.tell()  # Django's spooled uploads return None
    if not size:
        raise BadPicture(EMPTY)
    if size > MAX_BYTES:
        raise BadPicture(format_lazy(TOO_HEAVY, limit=MAX_BYTES // 1024**2))
    file.seek(0)
    return file.read(MAX_BYTES)


def _decoded(upload: bytes) -> tuple[Image.Image, str, int]:
    """Plain pixels (L, RGB or RGBA), the format they came in, and a JPEG's chroma subsampling as Pillow counts it."""
    content, exif = picture_files.essential(upload)
    with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as image:
        name = str(image.format)
        _check_dimensions(image, name)
        profile = image.info.get("icc_profile")
        orientation = picture_files.orientation(exif or image.info.get("exif", b""))
        subsampling = JpegImagePlugin.get_sampling(image)
        _halve_if_huge(image)
        image.load()
        plain = _shrunk(image, _working_mode(image), FORMATS[name].long_side)
    del image, content  # and with them the decoder's memory
    upright = _opaque_if_it_is(_upright(_in_srgb(plain, profile), orientation))
    upright.info.clear()  # Pillow writes the comments and profiles it finds here
    return upright, name, subsampling


def _check_dimensions(image: Image.Image, name: str) -> None:
    """Refuse by the header alone."""
    width, height = image.size
    limit = MAX_PROGRESSIVE_PIXELS if _is_progressive(image) else FORMATS[name].max_pixels
    if width < 1 or height < 1:
        raise BadPicture(DAMAGED)
    if width * height > limit or max(width, height) > MAX_SIDE:
        values = {"width": width, "height": height, "format": name, "limit": limit // 1_000_000, "side": MAX_SIDE}
        raise BadPicture(format_lazy(TOO_LARGE, **values))


def _is_progressive(image: Image.Image) -> bool:
    return image.format == "JPEG" and "progressive" in image.info


def _halve_if_huge(image: Image.Image) -> None:
    """Let libjpeg decode at half size where that still gives the long side we store, or where memory demands it."""
    width, height = image.size
    if max(width, height) >= 2 * LONG_SIDE or width * height > HALVED_ABOVE[_is_progressive(image)]:
        image.draft(image.mode, (max(1, width // 2), max(1, height // 2)))  # does nothing but for JPEG


def _working_mode(image: Image.Image) -> str:
    if image.has_transparency_data:
        return "RGBA"
    if image.mode in ("1", "L", "I;16"):
        return "L"
    return "CMYK" if image.mode == "CMYK" else "RGB"


def _shrunk(image: Image.Image, mode: str, long_side: int) -> Image.Image:
    """The image in `mode`, its long side at most `long_side` px.

    Done in strips: `Image.resize` on the whole would hold a second, and with alpha a third, copy of the large picture.
    """
    scale = long_side / max(image.size)
    if scale >= 1:
        return _in_mode(image, mode)
    small = Image.new(mode, (max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    for top in range(0, small.height, 256):
        bottom = min(top + 256, small.height)
        small.paste(_resized_strip(image, small, top, bottom), (0, top))
    return small


def _resized_strip(image: Image.Image, small: Image.Image, top: int, bottom: int) -> Image.Image:
    """Rows `top` to `bottom` of `small`, from the rows of `image` that the filter reaches."""
    rows = image.height / small.height  # of the large picture, to one of the small
    reach = math.ceil(3 * max(rows, 1)) + 1  # Lanczos looks three rows either way
    first, last = max(0, int(top * rows) - reach), min(image.height, math.ceil(bottom * rows) + reach)
    strip = _in_mode(image.crop((0, first, image.width, last)), small.mode)
    box = (0.0, top * rows - first, float(image.width), min(bottom * rows - first, float(strip.height)))
    return strip.resize((small.width, bottom - top), Image.Resampling.LANCZOS, box=box)


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    if image.mode == "I;16":
        image = _in_eight_bits(image)
    return image if image.mode == mode else image.convert(mode)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey as L; Pillow's own conversion would turn all but the darkest to white."""
    eight = image.point(lambda grey: grey / 256).convert("L")
    if "transparency" in eight.info:
        eight.info["transparency"] >>= 8
    return eight


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """L, RGB or RGBA, its colours moved to sRGB where a usable profile says what they mean (ICC.1)."""
    if profile:
        try:
            image = _moved_to_srgb(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
        except (ImageCms.PyCMSError, *DAMAGE):  # a broken or mismatched profile is as good as none
            pass
    return image.convert("RGB") if image.mode == "CMYK" else image


def _moved_to_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    """As print shops and browsers do it: relative colorimetric, with black point compensation."""
    output_mode = "RGBA" if image.mode == "RGBA" else "RGB"
    in_place = image.mode == output_mode
    moved = ImageCms.profileToProfile(
        image,
        profile,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode=None if in_place else output_mode,
        inPlace=in_place,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return _in_mode(moved or image, "L") if image.mode == "L" else moved or image


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turned as its EXIF orientation says (Exif 3.0, tag 0x0112); values outside 2 to 8 turn nothing."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _opaque_if_it_is(image: Image.Image) -> Image.Image:
    """Without an alpha channel in which every pixel is opaque."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image


# Out: from plain pixels to what is stored


def _stored(image: Image.Image, kind: Format, subsampling: int) -> Intake:
    content = _encoded(image, kind.stored_as, subsampling)
    digest = hashlib.sha256(content).hexdigest()
    name = digest[:20] + kind.suffix
    return Intake(
        content, name, image.width, image.height, kind.stored_as, _dominant_colour(image), digest, image.mode == "RGBA"
    )


def _encoded(image: Image.Image, format_name: str, subsampling: int) -> bytes:
    """A JPEG that came with full chroma (0 is 4:4:4) keeps it, all others are 4:2:0."""
    options = dict(SAVE_OPTIONS[format_name])
    if format_name == "JPEG":
        options["subsampling"] = "4:4:4" if subsampling == 0 else "4:2:0"
    target = io.BytesIO()
    image.save(target, format_name, **options)
    return target.getvalue()


def _dominant_colour(image: Image.Image) -> str:
    """The commonest of six colours, as "#rrggbb"; what is transparent lies on white."""
    sample = image.resize((64, 64), Image.Resampling.NEAREST).convert("RGBA")
    ground = Image.new("RGBA", sample.size, "white")
    few = Image.alpha_composite(ground, sample).convert("RGB").quantize(6)
    histogram = few.histogram()
    commonest = 3 * histogram.index(max(histogram))
    return "#" + bytes(few.getpalette() or [])[commonest : commonest + 3].hex()
