"""A file of addresses as other programs write it: its bytes in, its lines out. Nothing is looked up and nothing kept.

CSV as in RFC 4180, with comma, semicolon or tab; UTF-8 with or without a mark, UTF-16, else Windows' Latin-1. What is
wrong with the file as a whole raises NotRead, for the person who brought it; what is wrong with a line goes with it.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from newsletter.states import Why

MAX_BYTES: Final = 25 * 1024 * 1024
MAX_LINES: Final = 500_000
LONGEST_ADDRESS: Final = 254
LONGEST_LINE: Final = 10_000
KEPT: Final = 200
"""So much of a refused line stands in the report."""
LONGEST_RECORD: Final = 20
"""A quoted field may hold line breaks; one that is not closed so many lines on was never meant to be open."""

SEPARATORS: Final = (",", ";", "\t")
NAMES: Final = {"email", "emails", "mail", "emailaddress", "mailaddress", "subscriberemail", "memberemail"}
"""What the column is called, in small letters and without anything else."""
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]")
"""Control characters, and those that show nothing or turn the text round."""
SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class NotRead(Exception):
    """The file cannot be read; its words say what to do."""


class Line(NamedTuple):
    number: int
    text: str
    """The address; of a line that is refused already, so much of it as the report shows."""
    why: str = ""
    """One of states.Why, if it is refused whatever else there is."""


@dataclass(frozen=True)
class AddressFile:
    lines: list[Line]
    ignored: list[str]
    """The names of the other columns."""


@dataclass(frozen=True)
class Shape:
    """How the file is written: what parts its cells, in which of them the address stands, and the columns' names."""

    separator: str
    column: int
    names: list[str]

    @property
    def ignored(self) -> list[str]:
        return [name for place, name in enumerate(self.names) if place != self.column and name]


def read(raw: bytes) -> AddressFile:
    """The lines of a file that hold something, with their numbers as an editor shows them."""
    if len(raw) > MAX_BYTES:
        raise NotRead(_("The file is larger than 25 MB. Bring it in parts."))
    records = list(numbered(decoded(raw)))
    if not records:
        raise NotRead(_("There is nothing in the file."))
    if len(records) > MAX_LINES:
        raise NotRead(_("The file has more than 500,000 lines. Bring it in parts."))
    shape = shape_of(records[0][1])
    rest = records[1:] if shape.names else records
    if not rest:
        raise NotRead(_("There is no line below the names of the columns."))
    return AddressFile([line(number, text, shape) for number, text in rest], shape.ignored)


def decoded(raw: bytes) -> str:
    if raw.startswith(SPREADSHEETS):
        raise NotRead(_("This is a spreadsheet. Open it and save it as CSV, then bring that file."))
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif raw[1:2] == b"\x00" or raw[:1] == b"\x00":
        encodings = ["utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be", "latin-1"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotRead(_("The file ends in the middle of a letter. Save it again as CSV in UTF-8."))


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The records that are not blank, each with the number of its first line."""
    rows = re.split("\r\n|\n|\r", text)
    place = 0
    while place < len(rows):
        record, height = rows[place], 1
        if record.count('"') % 2:
            height, record = closed(rows, place)
        if record.strip(" \t,;"):
            yield place + 1, record
        place += height


def closed(rows: list[str], place: int) -> tuple[int, str]:
    """How many lines a record takes whose quoted field goes on, and the record; one line, if it is never closed."""
    for end in range(place + 1, min(place + LONGEST_RECORD, len(rows))):
        if rows[end].count('"') % 2:
            return end - place + 1, "\n".join(rows[place : end + 1])
    return 1, rows[place]


def shape_of(first: str) -> Shape:
    """By the first line: the names of the columns, or an address already."""
    separator = max(SEPARATORS, key=first.count)
    cells = [cell.strip() for cell in cells_of(first, separator)]
    for place, cell in enumerate(cells):
        if re.sub(r"[^a-z]", "", cell.lower()) in NAMES:
            return Shape(separator, place, [CONTROL.sub("", name)[:40] for name in cells])
    for place, cell in enumerate(cells):
        if "@" in cell:
            return Shape(separator, place, [])
    if len(cells) == 1:
        return Shape(separator, 0, [])
    raise NotRead(_("There is no column “email” in the first line, and no address either."))


def cells_of(record: str, separator: str) -> list[str]:
    if len(record) > LONGEST_LINE:
        return [record]
    try:
        return next(csv.reader([record], delimiter=separator), [])
    except csv.Error:
        return [record]


def line(number: int, record: str, shape: Shape) -> Line:
    """What stands in a record, and whether that can be an address at all."""
    if len(record) > LONGEST_LINE:
        return refused(number, record, Why.LONG)
    if record.count('"') % 2:
        return refused(number, record, Why.QUOTE)
    cells = cells_of(record, shape.separator)
    cell = cells[shape.column].strip(" ") if shape.column < len(cells) else ""
    if not cell:
        return refused(number, record, Why.NO_ADDRESS)
    if CONTROL.search(cell):
        return refused(number, cell, Why.CONTROL)
    if len(cell) > LONGEST_ADDRESS:
        return refused(number, cell, Why.LONG)
    return Line(number, cell)


def refused(number: int, text: str, why: str) -> Line:
    """With what shows nothing made visible, so that the report is readable and every database takes it."""
    return Line(number, CONTROL.sub("\N{REPLACEMENT CHARACTER}", text[:KEPT]), str(why))
