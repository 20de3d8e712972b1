"""What is looked at before a piece is published: rules as data.

A rule is a function from the piece to what is wrong with it. It knows no models: who asks fills a `Piece`.
An error stands in the way of publishing, a warning does not.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles import html
from articles.html.blocks import without_pictures
from articles.links import Answer, addresses_in

SHORTEST_HEADLINE = 3  # characters, as the article's own validator
LONGEST_HEADLINE = 80  # characters; search engines and teasers cut what is longer
NAMED_LINKS = 5  # in one message


class Level(models.TextChoices):
    ERROR = "error", _("Has to be mended")
    WARNING = "warning", _("Worth a look")


@dataclass(frozen=True)
class PictureFacts:
    """The lead picture as this piece shows it: with the piece's own alt text where it has one."""

    alt: str
    credit: str


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What the rules look at. `body` is stored HTML, `section` a name or "", `byline` whether anybody is named.

    `links` is what `links.check` said, for the addresses that have been asked.
    """

    headline: str
    dek: str
    body: str
    section: str
    byline: bool
    picture: PictureFacts | None
    links: Mapping[str, Answer] = field(default_factory=dict)
    seo_description: str = ""
    open_comments: int = 0
    fallen_sign_offs: int = 0


Words = str | Promise
Fault = tuple[str, Words]
"""The field of the form, and what is wrong with it and how to mend it, in plain text."""


@dataclass(frozen=True)
class Rule:
    """`title` says what is so when the rule is kept; `test` gives what is wrong, or None."""

    code: str
    level: Level
    title: Words
    test: Callable[[Piece], Fault | None]


@dataclass(frozen=True)
class Finding:
    code: str
    level: Level
    message: Words
    field: str


@dataclass(frozen=True)
class Result:
    """What one rule found; without a finding the rule is kept."""

    rule: Rule
    finding: Finding | None


def results(piece: Piece) -> list[Result]:
    """What each rule says, in the order of RULES."""
    return [Result(rule, _finding(rule, piece)) for rule in RULES]


def look(piece: Piece) -> list[Finding]:
    """What is wrong, in the order of RULES."""
    return [result.finding for result in results(piece) if result.finding]


def passed(piece: Piece) -> list[Rule]:
    """The rules that the piece keeps, in their order."""
    return [result.rule for result in results(piece) if not result.finding]


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether the piece may not be published like this."""
    return any(finding.level == Level.ERROR for finding in findings)


def _finding(rule: Rule, piece: Piece) -> Finding | None:
    fault = rule.test(piece)
    return Finding(rule.code, rule.level, message=fault[1], field=fault[0]) if fault else None


# What is wrong with …


def _headline(piece: Piece) -> Fault | None:
    length = len(piece.headline.strip())
    if not length:
        return "headline", _("The piece has no headline yet. Write one.")
    if length < SHORTEST_HEADLINE:
        return "headline", _("The headline is too short to tell anything. Write at least three characters.")
    return None


def _headline_length(piece: Piece) -> Fault | None:
    length = len(piece.headline.strip())
    if length <= LONGEST_HEADLINE:
        return None
    message = _("The headline is {length} characters long. Above {most}, search engines and phones cut it off.")
    return "headline", format_lazy(message, length=length, most=LONGEST_HEADLINE)


def _section(piece: Piece) -> Fault | None:
    return None if piece.section else ("section", _("The piece stands in no section. Choose one."))


def _body(piece: Piece) -> Fault | None:
    if html.plain(piece.body).strip() or _pictures_in(piece.body):
        return None
    return "body", _("The piece has no text. Write it, or put a picture here.")


def _dek(piece: Piece) -> Fault | None:
    if piece.dek.strip():
        return None
    return "dek", _("There is no dek. One sentence under the headline tells readers why to go on.")


def _byline(piece: Piece) -> Fault | None:
    return None if piece.byline else ("bylines", _("Nobody is named as the author. Add a name, or other words for it."))


def _lead_picture(piece: Piece) -> Fault | None:
    if piece.picture:
        return None
    return "lead_picture", _("There is no lead picture. Teasers and shared links look bare without one.")


def _lead_alt(piece: Piece) -> Fault | None:
    if not piece.picture or piece.picture.alt.strip():
        return None
    return "lead_alt", _("The lead picture has no alt text. Say what it shows, for readers who cannot see it.")


def _lead_credit(piece: Piece) -> Fault | None:
    if not piece.picture or piece.picture.credit.strip():
        return None
    return "lead_picture", _("The lead picture has no credit. Say in the picture’s own form who made it.")


_ALT = re.compile(r' alt="\s*[^"\s]')


def _pictures_in(body: str) -> list[str]:
    return [token[0] for token in html.TOKEN.finditer(body) if token["tag"] == "img"]


def _body_alt(piece: Piece) -> Fault | None:
    """Of pictures from elsewhere: those of the library have alt texts of their own, or are said to be decorative."""
    count = sum(not _ALT.search(picture) for picture in _pictures_in(without_pictures(piece.body)))
    if not count:
        return None
    message = ngettext_lazy(
        "{count} picture in the text has no alt text. Say what it shows, for readers who cannot see it.",
        "{count} pictures in the text have no alt text. Say what they show, for readers who cannot see them.",
        count,
    )
    return "body", format_lazy(message, count=count)


def _links(piece: Piece) -> Fault | None:
    """Of answers that were kept, those count whose link is still in the body."""
    answers = [piece.links[address] for address in addresses_in(piece.body) if address in piece.links]
    dead = [answer for answer in answers if answer.is_dead]
    if not dead:
        return None
    message = ngettext_lazy(
        "{count} link in the text leads nowhere. Mend it or take it out: {links}",
        "{count} links in the text lead nowhere. Mend them or take them out: {links}",
        len(dead),
    )
    return "body", format_lazy(message, count=len(dead), links=_named(dead))


def _named(dead: list[Answer]) -> Words:
    each = [format_lazy("{address} ({reason})", address=one.address, reason=one.reason) for one in dead[:NAMED_LINKS]]
    return format_lazy(", ".join(["{}"] * len(each)) + (", …" if len(dead) > len(each) else ""), *each)


# TK is the trade's mark for "to come"; in small letters it ends addresses in Tokelau.
_PLACEHOLDER = re.compile(r"\b((?:TK)+|XXX+|(?i:lorem\s+ipsum))\b")


def _placeholder(piece: Piece) -> Fault | None:
    body = "\n".join(map(html.plain, [piece.body, *html.notes(piece.body)]))
    texts = {"headline": piece.headline, "dek": piece.dek, "body": body}
    for name, text in (texts | {"seo_description": piece.seo_description}).items():
        if found := _PLACEHOLDER.search(text):
            message = _("“{words}” still stands here. Put in what was to come, or take it out.")
            return name, format_lazy(message, words=" ".join(found[0].split()))
    return None


def _comments(piece: Piece) -> Fault | None:
    if not piece.open_comments:
        return None
    message = ngettext_lazy(
        "{count} comment is not resolved. Answer it, or resolve it.",
        "{count} comments are not resolved. Answer them, or resolve them.",
        piece.open_comments,
    )
    return "body", format_lazy(message, count=piece.open_comments)


def _sign_offs(piece: Piece) -> Fault | None:
    if not piece.fallen_sign_offs:
        return None
    message = ngettext_lazy(
        "{count} guest signed off an earlier text. Let them see what changed.",
        "{count} guests signed off an earlier text. Let them see what changed.",
        piece.fallen_sign_offs,
    )
    return "body", format_lazy(message, count=piece.fallen_sign_offs)


RULES: Final = (
    Rule("headline", Level.ERROR, _("It has a headline"), _headline),
    Rule("headline-length", Level.WARNING, _("The headline is short enough"), _headline_length),
    Rule("section", Level.ERROR, _("It stands in a section"), _section),
    Rule("body", Level.ERROR, _("It has a text"), _body),
    Rule("dek", Level.WARNING, _("It has a dek"), _dek),
    Rule("byline", Level.WARNING, _("Somebody is named as the author"), _byline),
    Rule("lead-picture", Level.WARNING, _("It has a lead picture"), _lead_picture),
    Rule("lead-alt", Level.ERROR, _("No lead picture is without alt text"), _lead_alt),
    Rule("lead-credit", Level.ERROR, _("No lead picture is without credit"), _lead_credit),
    Rule("body-alt", Level.WARNING, _("Pictures in the text have alt texts"), _body_alt),
    Rule("links", Level.WARNING, _("No link is known to be dead"), _links),
    Rule("placeholder", Level.WARNING, _("No placeholder was left in"), _placeholder),
    Rule("comments", Level.WARNING, _("Every comment is resolved"), _comments),
    Rule("sign-offs", Level.WARNING, _("What guests signed off is this text"), _sign_offs),
)
