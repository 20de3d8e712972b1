"""Lines as mail wants them: text in short ones, HTML in none that a mail server would cut.

RFC 5322, 2.1.1: a line should have at most 78 characters and must have at most 998 octets.
"""

import re
import textwrap
from collections.abc import Iterator
from typing import Final

WIDTH: Final = 72
OCTETS: Final = 900

_TOKEN: Final = re.compile(r'<!--.*?-->|<(?:[^<>"]|"[^"]*")*>|[^<]+|<', re.DOTALL)
_IN_TAG: Final = re.compile(r'\s*(?:[^\s"]|"[^"]*")+|\s+|.', re.DOTALL)
_IN_TEXT: Final = re.compile(r"\s?\S+|\s+")
_RUN: Final = re.compile(r"(?:&[a-zA-Z0-9#]{1,10};|.){1,120}", re.DOTALL)
UNSEEN_BREAK: Final = "<!--\n-->"


def wrapped(text: str, width: int = WIDTH) -> str:
    """Plain text in lines of at most `width` characters; an address stays whole. No two empty lines in a row."""
    lines = [line for given in text.splitlines() for line in _wrapped_line(given.strip(), width)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _wrapped_line(line: str, width: int) -> list[str]:
    """A word is broken where it is too long for a line of mail and no address: a text without spaces."""
    if len(line) <= width:
        return [line]
    parts = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    return [each for part in parts for each in ([part] if "://" in part else textwrap.wrap(part, width) or [part])]


def folded(html: str, octets: int = OCTETS) -> str:
    """HTML with no line of more than `octets` octets in UTF-8, that looks the same: broken where white space is, or,
    in a text that has none, by a comment. An attribute stays whole."""
    found: list[str] = []
    column = 0
    for piece, joint in _pieces(html):
        if joint and column and column + len(piece.partition("\n")[0].encode()) > octets:
            piece = joint + (piece[1:] if joint == "\n" else piece)
        found.append(piece)
        _before, newline, last = piece.rpartition("\n")
        column = len(last.encode()) + (0 if newline else column)
    return "".join(found)


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """What is not broken, each with what breaks the line before it: a newline instead of its white space, a comment,
    or nothing where no break may be."""
    for token in _TOKEN.findall(html):
        if token.startswith("<!--"):
            yield token, UNSEEN_BREAK
        elif token.startswith("<"):
            yield from ((piece, "\n" if piece[:1].isspace() else "") for piece in _IN_TAG.findall(token))
        else:
            yield from _pieces_of_text(token)


def _pieces_of_text(text: str) -> Iterator[tuple[str, str]]:
    for word in _IN_TEXT.findall(text):
        for number, run in enumerate(_RUN.findall(word)):
            yield run, "\n" if number == 0 and run[:1].isspace() else UNSEEN_BREAK
