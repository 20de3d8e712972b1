"""A file of addresses is read as other programs write it, and every line that cannot be read is named."""

import codecs
import contextlib

import pytest

from newsletter import address_file
from newsletter.address_file import NotRead
from newsletter.states import Why

ANN, BOB = "ann@example.org", "bob@example.org"


def lines_of(raw: bytes) -> list[tuple]:
    return [tuple(line) for line in address_file.read(raw).lines]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("latin-1"),
    ],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16", "UTF-16 big", "UTF-16 without a mark", "Latin-1"],
)
def test_the_usual_encodings_and_separators_are_read(encode, separator):
    text = f"Name{separator}E-Mail\r\n“Ünal”, Ann{separator}{ANN}\r\nBøb{separator}{BOB}\r\n"
    text = text.replace("“Ünal”, Ann", '"Ünal, ""Ann"""')
    found = address_file.read(encode(text))
    assert [tuple(line) for line in found.lines] == [(2, ANN, ""), (3, BOB, "")]
    assert found.ignored == ["Name"]


def test_a_list_without_names_of_columns_is_read_from_its_first_line():
    assert lines_of(f"{ANN}\n{BOB}\n".encode()) == [(1, ANN, ""), (2, BOB, "")]
    assert lines_of(f"Ann,{ANN}\nBob,{BOB}\n".encode()) == [(1, ANN, ""), (2, BOB, "")]


def test_blank_lines_count_and_are_no_lines():
    assert lines_of(f"email\n\n{ANN}\n,,\n\r\n{BOB}".encode()) == [(3, ANN, ""), (6, BOB, "")]


def test_a_quoted_name_may_hold_a_line_break_and_the_numbers_stay_right():
    assert lines_of(f'name,email\n"Ann\nSmith",{ANN}\nBob,{BOB}\n'.encode()) == [(2, ANN, ""), (4, BOB, "")]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_and_no_other():
    raw = f'name,email\n"Ann,{ANN}\nBob,{BOB}\n'.encode() + b"x,y@example.org\n" * 40
    found = address_file.read(raw).lines
    assert (found[0].number, found[0].why) == (2, Why.QUOTE)
    assert found[1] == (3, BOB, "")
    assert len(found) == 42


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("", Why.NO_ADDRESS),
        ("a\x00b@example.org", Why.CONTROL),
        ("a\x1b[2Jb@example.org", Why.CONTROL),
        ("ann\u202egro.elpmaxe@", Why.CONTROL),
        ("ann\u200b@example.org", Why.CONTROL),
        ("a" * 250 + "@example.org", Why.LONG),
        ("a" * 20_000 + "@example.org", Why.LONG),
    ],
)
def test_a_hostile_line_is_refused_with_its_number_and_nothing_in_it_is_invisible(cell, why):
    (line, ann) = address_file.read(f"name,email\nAnn,{cell}\nAnn,{ANN}\n".encode()).lines
    assert (line.number, line.why) == (2, why)
    assert not address_file.CONTROL.search(line.text.replace("\ufffd", ""))
    assert len(line.text) <= address_file.KEPT
    assert ann.text == ANN


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "nothing in the file"),
        (b"\n\n  \n", "nothing in the file"),
        (b"email\n", "no line below"),
        (b"name,city\nAnn,Lisbon\n", "no column"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet"),
        (codecs.BOM_UTF16_LE + b"a", "middle of a letter"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(raw, words):
    with pytest.raises(NotRead, match=words):
        address_file.read(raw)


def test_a_file_that_is_too_large_or_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(address_file, "MAX_LINES", 3)
    assert len(address_file.read(b"a@b.org\n" * 3).lines) == 3
    with pytest.raises(NotRead, match="more than"):
        address_file.read(b"a@b.org\n" * 4)
    monkeypatch.setattr(address_file, "MAX_BYTES", 10)
    with pytest.raises(NotRead, match="larger than"):
        address_file.read(b"a@b.org\n" * 2)


@pytest.mark.parametrize("raw", [b"\x00", b"\x00\x00\x00", b"\xff", b"\xff\xfe", b'"', b'""', b",;\t", b"\x81\x8d@"])
def test_no_bytes_break_it(raw):
    with contextlib.suppress(NotRead):
        assert len(address_file.read(raw).lines) <= 1
