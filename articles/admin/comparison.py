"""Two texts of an article side by side in words: names for numbers, blocks with what became of them.

All that comes out is plain text, for the template to escape.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles import differences
from articles.admin.desk import thumbnail
from articles.admin.timeline import moment
from articles.differences import BlockChange, FieldChange, Fold, Mark, Span
from articles.forms import ArticleForm
from articles.models import Article, Author, Kind, Picture, Section
from articles.models.content import Content
from articles.roles import visible_to

AROUND = 1
"""Unchanged blocks shown on each side of a change."""

BLOCKS: Final[dict[str, Promise]] = {
    "p": _lazy("paragraph"),
    "h2": _lazy("heading"),
    "h3": _lazy("smaller heading"),
    "h4": _lazy("smallest heading"),
    "ul": _lazy("list"),
    "ol": _lazy("numbered list"),
    "blockquote": _lazy("quotation"),
    "pre": _lazy("code"),
    "figure": _lazy("picture"),
    "img": _lazy("picture"),
    "table": _lazy("table"),
    "hr": _lazy("line across"),
}
MARKS: Final[dict[str, Promise]] = {
    "strong": _lazy("bold"),
    "em": _lazy("italic"),
    "a": _lazy("a link"),
    "s": _lazy("struck through"),
    "sub": _lazy("lowered"),
    "sup": _lazy("raised"),
    "code": _lazy("code"),
    "img": _lazy("a picture"),
}


# ---------------------------------------------------------------- names


@dataclass(frozen=True)
class Names:
    """What the numbers in contents stand for, looked up at once. A piece not the person’s to see has no name."""

    sections: dict[int, Section]
    pictures: dict[int, Picture]
    authors: dict[int, Author]
    articles: dict[int, Article]
    seen: frozenset[int]

    def __call__(self, name: str, value: Any) -> str:
        if name == "bylines":
            author, role = value
            return f"{role} {self.found(self.authors, author)}".strip()
        if name == "related" and value in self.articles and value not in self.seen:
            return _("an article that is not yours to see")
        rows = {"section": self.sections, "lead_picture": self.pictures, "related": self.articles}.get(name)
        if rows is not None:
            return self.found(rows, value)
        return WORDS[name](value) if name in WORDS else str(value)

    def found(self, rows: dict[int, Any], number: Any) -> str:
        return str(rows[number]) if number in rows else _("no longer there (number {number})").format(number=number)

    def missing(self, content: Content) -> list[str]:
        """What a content names and is gone by now, in words."""
        wanted = [
            (_("the section"), self.sections, [content["section"]]),
            (_("the lead picture"), self.pictures, [content["lead_picture"]]),
            (_("an author of the byline"), self.authors, [author for author, _role in content["bylines"]]),
            (_("a related article"), self.articles, content["related"]),
        ]
        return [words for words, rows, numbers in wanted if any(each and each not in rows for each in numbers)]


def names_in(user: Any, at: datetime, *contents: Content) -> Names:
    """Five queries, whatever the contents name."""
    related = {number for content in contents for number in content["related"]}
    return Names(
        Section.objects.in_bulk({content["section"] for content in contents} - {None}),
        Picture.objects.in_bulk({content["lead_picture"] for content in contents} - {None}),
        Author.objects.defer("bio").in_bulk({author for content in contents for author, _ in content["bylines"]}),
        Article.objects.for_teasers().in_bulk(related),
        frozenset(visible_to(user, at).filter(pk__in=related).values_list("pk", flat=True)),
    )


def date_of(value: str) -> str:
    try:
        return moment(datetime.fromisoformat(value))
    except ValueError:
        return value


WORDS: Final = {
    "kind": lambda value: str(Kind(value).label) if value in Kind.values else str(value),
    "noindex": lambda value: _("Yes") if value else _("No"),
    "published_at": date_of,
}


# ---------------------------------------------------------------- fields


@dataclass(frozen=True)
class ShownField:
    """A field that differs, as the page shows it."""

    name: str
    label: str
    change: FieldChange
    spans: tuple["ShownSpan", ...] = ()
    blocks: tuple["ShownBlock | ShownFold", ...] = ()
    before_picture: str = ""
    after_picture: str = ""


def shown_fields(before: Content, after: Content, names: Names) -> list[ShownField]:
    return [shown_field(change, before, after, names) for change in differences.fields(before, after, names)]


def shown_field(change: FieldChange, before: Content, after: Content, names: Names) -> ShownField:
    label = ArticleForm.base_fields[change.name].label if change.name in ArticleForm.base_fields else change.name
    pictures = [
        thumbnail(names.pictures.get(content["lead_picture"])) if change.name == "lead_picture" else ""
        for content in (before, after)
    ]
    return ShownField(
        change.name,
        str(capfirst(label)),
        change,
        tuple(shown_span(span) for span in change.spans),
        tuple(shown_blocks(change.blocks)),
        *pictures,
    )


# ---------------------------------------------------------------- the body


@dataclass(frozen=True)
class ShownSpan:
    """A piece of text with what became of it; `says` puts a change of formatting in words."""

    kind: str
    text: str
    classes: str
    says: str


@dataclass(frozen=True)
class ShownBlock:
    """A block with what became of it in words."""

    kind: str
    tag: str
    says: tuple[str, ...]
    spans: tuple[ShownSpan, ...]


@dataclass(frozen=True)
class ShownFold:
    """Unchanged blocks, opened on demand."""

    blocks: tuple[ShownBlock, ...]


def shown_blocks(changes: tuple[BlockChange, ...]) -> Iterator[ShownBlock | ShownFold]:
    place = 0
    for part in differences.folded(changes, AROUND):
        if isinstance(part, Fold):
            yield ShownFold(tuple(shown_block(change) for change in changes[place : place + part.count]))
            place += part.count
        else:
            yield shown_block(part)
            place += 1


def shown_block(change: BlockChange) -> ShownBlock:
    spans = tuple(shown_span(span) for span in change.spans)
    says = tuple(said_of(change, any(span.says for span in spans)))
    return ShownBlock(change.kind, change.tag or "p", says, spans)


def said_of(change: BlockChange, said_inside: bool) -> Iterator[str]:
    """What became of a block, in words."""
    what, before = block_name(change.tag), block_name(change.before_tag)
    if change.kind == "new":
        yield _("New: {what}").format(what=what)
    elif change.kind == "gone":
        yield _("Taken out: {what}").format(what=before)
    elif change.kind == "moved":
        yield _("Moved here: {what}, was number {number}").format(what=what, number=change.before_number)
    elif change.retagged:
        yield _("Now: {what}; was: {before}").format(what=what, before=before)
    elif change.tag not in {"p", ""}:
        yield str(capfirst(what))
    if change.formatting and not said_inside:
        yield _("Formatting changed")


def block_name(tag: str) -> str:
    return str(BLOCKS.get(tag) or BLOCKS["p"])


def shown_span(span: Span) -> ShownSpan:
    marks = span.before if span.kind == "gone" else span.after
    classes = " ".join(dict.fromkeys(f"is-{mark.tag}" for mark in marks))
    return ShownSpan(span.kind, span.text, classes, "; ".join(said_of_marks(span)) if span.formatting else "")


def said_of_marks(span: Span) -> Iterator[str]:
    """A change of formatting in words: now bold; the link leads to …"""
    before, after = set(span.before), set(span.after)
    was, became = {mark.tag for mark in before}, {mark.tag for mark in after}
    for mark in sorted(after - before):
        yield from said_of_new(mark, mark.tag in was)
    for tag in sorted(was - became):
        yield _("no longer {what}").format(what=mark_name(tag))


def said_of_new(mark: Mark, was_there: bool) -> Iterator[str]:
    if mark.tag == "a" and was_there:
        yield _("the link leads to {address} now").format(address=mark.target)
    elif mark.tag == "a":
        yield _("now a link to {address}").format(address=mark.target)
    elif mark.tag == "img" and was_there:
        yield _("another picture: {address}").format(address=mark.target)
    else:
        yield _("now {what}").format(what=mark_name(mark.tag))


def mark_name(tag: str) -> str:
    return str(MARKS.get(tag) or BLOCKS.get(tag) or tag)
