"""The parts of a picture file: which of them make pixels, and which way up those are.

What is not parsed can do no harm. So before Pillow sees a JPEG or a PNG, everything that makes no pixels is left out:
EXIF, XMP, comments, text, further pictures, whatever is behind the end. (Pillow 13 parses all EXIF of a JPEG for its
resolution, joins its segments one by one, and files PNG text under names the file chooses, beside its own values.)
"""

import re
import struct
import zlib
from collections.abc import Iterator

# Few bytes can be many parts, each costing time: 500 scans in 224 kB took Pillow 13 s, 2 million chunks 6 s.
MAX_JPEG_SEGMENTS = 1000
MAX_JPEG_SCANS = 64
MAX_PNG_CHUNKS = 20_000

JPEG_START, JPEG_END, JPEG_SCAN, JPEG_EXIF = b"\xff\xd8", 0xD9, 0xDA, 0xE1
# Frames, tables and scans; and by its label what bears on colour.
JPEG_CODING = {*range(0xC0, 0xD0), JPEG_END, JPEG_SCAN, 0xDB, 0xDC, 0xDD}
JPEG_LABELS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
JPEG_MARKER = re.compile(rb"\xff+([\xc0-\xcf\xd9-\xfe])")  # in coded data, FF is followed by 00 or D0 to D7
EXIF_LABEL = b"Exif\0\0"

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"IDAT", b"IEND"}

ORIENTATION = 0x0112


class TooManyParts(ValueError):
    """A file made to keep its reader busy."""


def essential(upload: bytes) -> tuple[bytes, bytes]:
    """The file with only what makes its pixels, and the EXIF (TIFF structure, maybe empty) that was taken out of it.

    Of a JPEG and a PNG; other files come back as they are.
    TooManyParts, or for a broken PNG ValueError or struct.error.
    """
    if upload.startswith(JPEG_START):
        return _essential_jpeg(upload)
    if upload.startswith(PNG_START):
        return _essential_png(upload)
    return upload, b""


def orientation(exif: bytes) -> int:
    """The orientation, 1 to 8, by tag 0x0112 of the first directory (Exif 3.0, 4.6.5); 1 where there is none to read.

    Read here and not by Pillow, which reads all tags, warning of each broken one.
    """
    tiff = exif.removeprefix(EXIF_LABEL)
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for place in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _count, value = struct.unpack_from(order + "HHIH", tiff, place)
            if tag == ORIENTATION:
                return value if kind == 3 and 1 <= value <= 8 else 1
    except struct.error:  # cut short or nonsense, which is no reason to refuse good pixels
        return 1
    return 1


def _essential_jpeg(upload: bytes) -> tuple[bytes, bytes]:
    """So a phone's several pictures in one file (MPO) become the first of them."""
    kept, scans, exif = [JPEG_START], 0, b""
    for count, (marker, segment) in enumerate(_jpeg_segments(upload)):
        scans += marker == JPEG_SCAN
        if count > MAX_JPEG_SEGMENTS or scans > MAX_JPEG_SCANS:
            raise TooManyParts
        if marker in JPEG_CODING or (marker in JPEG_LABELS and segment[4:].startswith(JPEG_LABELS[marker])):
            kept.append(segment)
        elif marker == JPEG_EXIF and segment[4:].startswith(EXIF_LABEL):
            exif = exif or segment[4 + len(EXIF_LABEL) :]
    return b"".join(kept), exif


def _jpeg_segments(upload: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker codes, each with its bytes up to the next marker, to the first picture's end (ITU-T T.81, annex B)."""
    found = JPEG_MARKER.search(upload, 2)
    while found and found[1][0] != JPEG_END:
        length = int.from_bytes(upload[found.end() : found.end() + 2])
        following = JPEG_MARKER.search(upload, found.end() + length)
        yield found[1][0], upload[found.end() - 2 : following.start() if following else len(upload)]
        found = following
    if found:
        yield JPEG_END, b"\xff\xd9"


def _essential_png(upload: bytes) -> tuple[bytes, bytes]:
    """Chunks of what is kept have their checksums proved (PNG, third edition, 5.3)."""
    kept, exif = [PNG_START], b""
    for kind, chunk in _png_chunks(upload):
        if kind in PNG_CHUNKS:
            if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
                raise ValueError("checksum")
            kept.append(chunk)
        elif kind == b"eXIf":
            exif = chunk[8:-4]
    return b"".join(kept), exif


def _png_chunks(upload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kinds and whole chunks, to the IEND; struct.error where the file ends before."""
    start = len(PNG_START)
    for _number in range(MAX_PNG_CHUNKS):
        length, kind = struct.unpack_from(">I4s", upload, start)
        yield kind, upload[start : start + length + 12]
        if kind == b"IEND":
            return
        start += length + 12
    raise TooManyParts
