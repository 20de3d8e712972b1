"""A folder of pictures, made in memory: broken and hostile ones, harmless ones in disguise, and good ones.

Three functions, each from file name to bytes. `hostile_pictures` have to be refused. `disguised_pictures` have good
pixels and something else besides, which must not survive. `good_pictures` are all shapes in which the same scene, four
fields of colour, is uploaded by honest people.
"""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

SIZE = (64, 48)
# Top left, top right, bottom left, bottom right.
FIELDS = ((220, 30, 30), (30, 180, 40), (30, 40, 200), (240, 220, 60))
SECRET = b"5 Secret Lane, <script>alert(1)</script>"


def scene(size: tuple[int, int] = SIZE) -> Image.Image:
    """Four fields of colour, so that every turn and every swap of channels shows."""
    small = Image.new("RGB", (2, 2))
    small.putdata(FIELDS)
    return small.resize(size, Image.Resampling.NEAREST)


def encoded(image: Image.Image, format_name: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, format_name, **options)
    return target.getvalue()


def hostile_pictures() -> dict[str, bytes]:
    """None of these is a picture we want; each must be refused."""
    return {**_not_pictures(), **_other_formats(), **_cut_short(), **_bombs(), **_damaged(), **_badly_named(b"GIF89a")}


def disguised_pictures() -> dict[str, bytes]:
    """Good pixels, with a wrong name, a stowaway or broken metadata: taken in, and nothing but the pixels is left."""
    return {**_polyglots(), **_broken_metadata(), **_misnamed(), **_badly_named(encoded(scene(), "JPEG"))}


def good_pictures() -> dict[str, bytes]:
    """The scene as honest people upload it. Names starting with "grey" and "clear" have lost colour or a corner."""
    return {**_modes(), **_turned(), **_with_metadata(), **_profiled(), **_animated(), **_greys(), **_clear()}


# Hostile


def _not_pictures() -> dict[str, bytes]:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    return {
        "zero.jpg": b"",
        "one-byte.png": b"\xff",
        "nulls.gif": bytes(1000),
        "page.jpg": b"<!doctype html><script>alert(1)</script>",
        "paper.png": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "script.svg": svg,
        "script.png": b'<?xml version="1.0"?>' + svg,
        "magick.mvg": b"push graphic-context\nviewbox 0 0 9 9\nfill 'url(https://x/\"|id\")'\npop graphic-context",
        "magick.jpg": b"push graphic-context\nimage over 0,0 0,0 'label:@/etc/passwd'\npop graphic-context",
        "magick.msl": b'<?xml version="1.0"?><image><read filename="caption:@/etc/passwd"/></image>',
        "delegate.gif": b"ephemeral:/tmp/picture.gif",
        "postscript.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file\n%%EOF",
        "layers.psd": b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 9, 9, 8, 3) + bytes(300),
        "bitmap.xbm": b"#define x_width 8\n#define x_height 8\nstatic char x_bits[] = {0,0,0,0,0,0,0,0};",
        "mail.webp": b"RIFF\x24\0\0\0WAVEfmt " + bytes(30),
        "film.avif": b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(100),
    }


def _other_formats() -> dict[str, bytes]:
    names = ("TIFF", "BMP", "ICO", "PPM", "TGA", "PCX", "JPEG2000", "SGI", "DDS", "EPS", "PDF")
    as_themselves = {f"other.{name.lower()}": encoded(scene(), name) for name in names}
    return as_themselves | {f"{name.lower()}-inside.jpg": encoded(scene(), name) for name in names}


def _cut_short() -> dict[str, bytes]:
    cut = {}
    for name in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
        whole = encoded(Image.effect_noise((200, 100), 90).convert("RGB"), name)
        for percent in (1, 10, 50, 90):
            cut[f"cut-at-{percent}.{name.lower()}"] = whole[: len(whole) * percent // 100]
    return cut


def _bombs() -> dict[str, bytes]:
    jpeg, png = encoded(scene(), "JPEG", progressive=True), encoded(scene(), "PNG")
    frame, scan, end = jpeg.index(b"\xff\xc2"), jpeg.rindex(b"\xff\xda"), len(jpeg) - 2
    avif = encoded(scene(), "AVIF")
    place = avif.index(b"ispe") + 8
    grey = encoded(Image.new("L", (4000, 4000)), "JPEG", progressive=True)
    last = grey[grey.rindex(b"\xff\xda") : -2]
    return {
        "900-megapixels.png": _png(30_000, 30_000, 8, 2, bytes(12_000_000)),
        "99-megapixels.png": _png(9_900, 10_000, 1, 0, bytes(10_000 * 1239)),
        "one-long-row.png": _png(1_000_000, 1, 1, 0, bytes(125_001)),
        "profile.png": _png(9, 9, 8, 2, bytes(9 * 28), _chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(20_000_000)))),
        "huge-frame.jpg": jpeg[: frame + 5] + struct.pack(">HH", 65_500, 65_500) + jpeg[frame + 9 :],
        "scans.jpg": grey[:-2] + last * 2000 + grey[-2:],
        "scans-small.jpg": jpeg[:end] + jpeg[scan:end] * 500 + jpeg[end:],
        "segments.jpg": jpeg[:2] + b"\xff\xe1\0\x09Exif\0\0x" * 100_000 + jpeg[2:],
        "chunks.png": png[:33] + _chunk(b"abCd", b"") * 500_000 + png[33:],
        "huge-screen.gif": b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + encoded(scene(), "GIF")[10:],
        "huge-frame.gif": _gif_with_frame(65_535, 65_535),
        "huge-canvas.webp": _webp(b"VP8X", b"\x10\0\0\0" + b"\xfe\x3f\0" * 2),
        "huge-lossless.webp": _webp(b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(64)),
        "large-lossless.webp": encoded(Image.new("RGB", (6000, 6000)), "WEBP", lossless=True, quality=0, method=0),
        "huge.avif": avif[:place] + struct.pack(">II", 60_000, 60_000) + avif[place + 8 :],
        "heavy.jpg": jpeg + bytes(26 * 1024 * 1024),
    }


def _damaged() -> dict[str, bytes]:
    jpeg, png, gif = (encoded(scene(), name) for name in ("JPEG", "PNG", "GIF"))
    frame, data = jpeg.index(b"\xff\xc0"), png.index(b"IDAT")
    return {
        "no-scan.jpg": jpeg[: jpeg.index(b"\xff\xda")] + b"\xff\xd9",
        "no-frame.jpg": jpeg[:frame] + jpeg[frame + 19 :],
        "no-size.jpg": jpeg[: frame + 5] + bytes(4) + jpeg[frame + 9 :],
        "twelve-bits.jpg": jpeg[: frame + 4] + b"\x0c" + jpeg[frame + 5 :],
        "two-layers.jpg": jpeg[: frame + 9] + b"\x02" + jpeg[frame + 10 :],
        "header-checksum.png": png[:29] + b"\0\0\0\0" + png[33:],
        "data-checksum.png": png[: data + 12] + bytes([png[data + 12] ^ 1]) + png[data + 13 :],
        "no-data.png": png[:33] + _chunk(b"IEND", b""),
        "no-size.png": _png(0, 0, 8, 2, b""),
        "seven-bits.png": _png(9, 9, 7, 2, bytes(300)),
        "too-few-rows.png": _png(100, 100, 8, 2, bytes(300)),
        "chunk-longer-than-file.png": png[:33] + b"\xff\xff\xff\xffIDAT" + png[41:],
        "no-frame.gif": gif[:13] + b";",
        "only-header.webp": b"RIFF\x04\0\0\0WEBP",
        "mixed.webp": _webp(b"VP8 ", b"\x30\x01\0\x9d\x01\x2a\x40\0\x30\0" + bytes(50)),
        "only-type.avif": encoded(scene(), "AVIF")[:32],
    }


def _badly_named(content: bytes) -> dict[str, bytes]:
    names = (
        "a" * 400 + ".jpg",
        "../../../etc/passwd.jpg",
        "..\\..\\windows\\win.ini.jpg",
        "/etc/cron.d/picture.png",
        "nul\0byte.php\0.jpg",
        "right\u202egpj.exe",
        "new\nline\r\nSet-Cookie: a=b.jpg",
        "<img src=x onerror=alert(1)>.png",
        "'; DROP TABLE articles; --.gif",
        "|id`id`$(id).jpg",
        "CON.jpg",
        ".htaccess",
        "picture.jpg.php",
        ".jpg",
        " ",
    )
    return dict.fromkeys(names, content)


# Good pixels, and something else


def _polyglots() -> dict[str, bytes]:
    archive = b"PK\x03\x04" + SECRET + b"PK\x05\x06" + bytes(18)
    wrapped = {f"and-archive.{n.lower()}": encoded(scene(), n) + archive for n in ("JPEG", "PNG", "GIF", "WEBP")}
    jpeg, png, gif = (encoded(scene(), name) for name in ("JPEG", "PNG", "GIF"))
    return wrapped | {
        "and-page.jpg": jpeg + b"<html>" + SECRET,
        "comment.jpg": encoded(scene(), "JPEG", comment=b"<?php " + SECRET),
        "segment.jpg": jpeg[:2] + b"\xff\xef" + struct.pack(">H", 2 + len(SECRET)) + SECRET + jpeg[2:],
        "text.png": png[:33] + _chunk(b"tEXt", b"Comment\0" + SECRET) + png[33:],
        "after-the-end.png": png + _chunk(b"tEXt", b"Comment\0" + SECRET),
        "comment.gif": encoded(scene(), "GIF", comment=SECRET),
        "after-the-end.gif": gif + SECRET,
    }


def _broken_metadata() -> dict[str, bytes]:
    jpeg, png = encoded(scene(), "JPEG"), encoded(scene(), "PNG")
    tag_of_4_gb = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHII", 0x0112, 7, 0xFFFFFFFF, 0xFFFFFFF0)
    many_tags = b"MM\0*\0\0\0\x08\xff\xff" + b"".join(struct.pack(">HHII", tag, 7, 60_000, 8) for tag in range(5000))
    in_a_circle = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHII", 0x8769, 4, 1, 8) + struct.pack(">I", 8)
    odd_turn = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHI4s", 0x0112, 2, 4, b"six\0") + bytes(4)
    metadata = {
        "nonsense": SECRET,
        "empty": b"",
        "tag-of-4-gb": tag_of_4_gb,
        "many-tags": many_tags,
        "circle": in_a_circle,
        "odd-turn": odd_turn,
    }
    broken = {f"exif-{name}.jpg": _with_exif(jpeg, exif) for name, exif in metadata.items()}
    broken |= {f"exif-{name}.png": png[:33] + _chunk(b"eXIf", exif) + png[33:] for name, exif in metadata.items()}
    for key in (b"icc_profile", b"transparency", b"bbox", b"exif", b"interlace", b"default_image"):
        broken[f"key-{key.decode()}.png"] = png[:33] + _chunk(b"tEXt", key + b"\0" + SECRET) + png[33:]
    for name in ("JPEG", "PNG", "WEBP", "AVIF"):
        broken[f"profile.{name.lower()}"] = encoded(scene(), name, icc_profile=SECRET * 10)
    return broken | {"exif-twice.jpg": _with_exif(_with_exif(jpeg, odd_turn), SECRET)}


def _misnamed() -> dict[str, bytes]:
    names = {"JPEG": "really.png", "PNG": "really.jpg", "WEBP": "really.gif", "GIF": "really.webp", "AVIF": "no-suffix"}
    return {name: encoded(scene(), format_name) for format_name, name in names.items()}


# Good


def _modes() -> dict[str, bytes]:
    picture = scene()
    return {
        "plain.jpg": encoded(picture, "JPEG"),
        "fine.jpg": encoded(picture, "JPEG", quality=95, subsampling="4:4:4"),
        "progressive.jpg": encoded(picture, "JPEG", progressive=True),
        "cmyk.jpg": encoded(picture.convert("CMYK"), "JPEG", quality=95),
        "plain.png": encoded(picture, "PNG"),
        "palette.png": encoded(picture.quantize(8), "PNG"),
        "sixteen-bits.png": sixteen_bits(picture),
        "opaque.png": encoded(picture.convert("RGBA"), "PNG"),
        "plain.gif": encoded(picture, "GIF"),
        "plain.webp": encoded(picture, "WEBP"),
        "lossless.webp": encoded(picture, "WEBP", lossless=True),
        "plain.avif": encoded(picture, "AVIF"),
        "full-chroma.avif": encoded(picture, "AVIF", subsampling="4:4:4"),
        "tiny.png": encoded(scene((2, 2)), "PNG"),
        "several.mpo": encoded(picture, "MPO", save_all=True, append_images=[Image.new("RGB", SIZE)]),
    }


# From each EXIF orientation to how the upright scene lies in the file.
LYING = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def _turned() -> dict[str, bytes]:
    turned = {}
    for orientation, way in LYING.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        lying = scene() if way is None else scene().transpose(way)
        for name in ("JPEG", "PNG", "WEBP", "AVIF"):
            turned[f"turned-{orientation}.{name.lower()}"] = encoded(lying, name, exif=exif)
    return turned


def _with_metadata() -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x013B] = "Secret Artist"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 22.0, 0.0)})
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    return {
        f"located.{name.lower()}": encoded(scene(), name, exif=exif, xmp=xmp)
        for name in ("JPEG", "PNG", "WEBP", "AVIF")
    }


def _profiled() -> dict[str, bytes]:
    """With sRGB said out loud, and with a profile in which red and blue have changed places."""
    red, green, blue = scene().split()
    swapped, profile = Image.merge("RGB", (blue, green, red)), profile_with_red_and_blue_swapped()
    said = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profiled = {}
    for name in ("JPEG", "PNG", "WEBP", "AVIF"):
        profiled[f"srgb.{name.lower()}"] = encoded(scene(), name, icc_profile=said)
        profiled[f"swapped.{name.lower()}"] = encoded(swapped, name, icc_profile=profile)
    return profiled


def _animated() -> dict[str, bytes]:
    more = {"save_all": True, "append_images": [Image.new("RGB", SIZE), Image.new("RGB", SIZE, "white")]}
    return {f"moving.{name.lower()}": encoded(scene(), name, **more) for name in ("GIF", "WEBP", "AVIF", "PNG")}


def _greys() -> dict[str, bytes]:
    grey = scene().convert("L")
    said = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    deep = b"".join(b"\0" + b"".join(bytes((g, g)) for g in row) for row in _rows(grey))
    return {
        "grey.jpg": encoded(grey, "JPEG"),
        "grey.png": encoded(grey, "PNG"),
        "grey.gif": encoded(grey, "GIF"),
        "grey.avif": encoded(grey, "AVIF"),
        "grey-profiled.png": encoded(grey, "PNG", icc_profile=said),
        "grey-sixteen-bits.png": _png(*SIZE, 16, 0, deep),
        "grey-with-opaque-alpha.png": encoded(grey.convert("LA"), "PNG"),
    }


def _clear() -> dict[str, bytes]:
    """The bottom right field is transparent."""
    clear = scene().convert("RGBA")
    clear.paste((0, 0, 0, 0), (SIZE[0] // 2, SIZE[1] // 2, *SIZE))
    return {
        "clear.png": encoded(clear, "PNG"),
        "clear-palette.png": encoded(clear.quantize(8), "PNG"),
        "clear.gif": encoded(clear, "GIF"),
        "clear.webp": encoded(clear, "WEBP"),
        "clear.avif": encoded(clear, "AVIF"),
        "clear-colour.png": encoded(scene(), "PNG", transparency=FIELDS[3]),
        "clear-swapped.png": encoded(_swapped(clear), "PNG", icc_profile=profile_with_red_and_blue_swapped()),
    }


# The makers


def _rows(image: Image.Image) -> list[bytes]:
    data, stride = image.tobytes(), len(image.getbands()) * image.width
    return [data[start : start + stride] for start in range(0, len(data), stride)]


def _swapped(image: Image.Image) -> Image.Image:
    red, green, blue, *alpha = image.split()
    return Image.merge(image.mode, (blue, green, red, *alpha))


def sixteen_bits(image: Image.Image) -> bytes:
    """An RGB image as a PNG of 16 bits a channel, which Pillow cannot write."""
    rows = b"".join(b"\0" + b"".join(bytes((value, value)) for value in row) for row in _rows(image))
    return _png(*image.size, 16, 2, rows)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, bits: int, colour_type: int, rows: bytes, *chunks: bytes) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0))
    data = _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data


def _gif_with_frame(width: int, height: int) -> bytes:
    """A GIF whose screen is small and whose first frame is not."""
    gif = encoded(scene(), "GIF")
    palette = 3 << ((gif[10] & 7) + 1) if gif[10] & 0x80 else 0
    frame = gif.index(b",", 13 + palette)
    return gif[: frame + 5] + struct.pack("<HH", width, height) + gif[frame + 9 :]


def _webp(kind: bytes, data: bytes) -> bytes:
    body = b"WEBP" + kind + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _with_exif(jpeg: bytes, exif: bytes) -> bytes:
    """The JPEG with this as its first EXIF segment, cut at the 64 kB a segment may have."""
    payload = (b"Exif\0\0" + exif)[:65_533]
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


def profile_with_red_and_blue_swapped() -> bytes:
    """An ICC profile (ICC.1:2010, matrix and curve) of sRGB's primaries with red and blue in each other's place."""
    red, green, blue = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    curve = b"curv" + struct.pack(">IIH2x", 0, 1, round(2.2 * 256))
    tags = {b"wtpt": _xyz(0.9642, 1.0, 0.8249), b"rXYZ": _xyz(*blue), b"gXYZ": _xyz(*green), b"bXYZ": _xyz(*red)}
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    return _profile(tags)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _profile(tags: dict[bytes, bytes]) -> bytes:
    table, data, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value
    white = _xyz(0.9642, 1.0, 0.8249)[8:]
    size = struct.pack(">I", start + len(data))
    header = size + bytes(4) + b"\x02\x40\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + white
    return header.ljust(128, b"\0") + table + data
