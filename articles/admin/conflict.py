"""Two texts of one article side by side, field by field, for somebody who has to choose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.differences import BlockChange, FieldChange, Fold, Span, fields, folded
from articles.models import Author, Picture, Section
from articles.models.article import Kind
from articles.models.content import EMPTY, Content
from articles.roles import visible_to


@dataclass(frozen=True)
class Part:
    """A piece of text; `marked` where the other text has something else."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Line:
    """A paragraph or the whole of a short field; or so many paragraphs that are the same in both."""

    parts: tuple[Part, ...] = ()
    tag: str = "p"
    folded: int = 0
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A field in which two texts differ. `picked`: whose is proposed; `both`: each of the two has changed it."""

    name: str
    label: str
    mine: list[Line]
    theirs: list[Line]
    picked: str = "mine"
    both: bool = True


class Names:
    """What people read for the numbers in some contents; what a person may not see stays without a name."""

    def __init__(self, user: Any, contents: Iterable[Content]) -> None:
        contents = list(contents)
        self.authors = Author.objects.in_bulk({pk for content in contents for pk, _role in content["bylines"]})
        self.pictures = Picture.objects.in_bulk({content["lead_picture"] for content in contents} - {None})
        self.sections = Section.objects.in_bulk({content["section"] for content in contents} - {None})
        seen = visible_to(user, timezone.now())
        self.related = seen.in_bulk({pk for content in contents for pk in content["related"]})

    def __call__(self, field: str, value: Any) -> str:
        if field == "bylines":
            author, role = value
            return f"{role} {self.named(self.authors, author)}".strip()
        if field == "kind":
            return str(dict(Kind.choices).get(value, value))
        if field == "published_at":
            return date_format(timezone.localtime(datetime.fromisoformat(value)), "j M Y, H:i")
        if field == "noindex":
            return _("Yes") if value else _("No")
        tables = {"lead_picture": self.pictures, "section": self.sections, "related": self.related}
        return self.named(tables[field], value) if field in tables else str(value)

    @staticmethod
    def named(rows: Mapping[int, Any], number: int) -> str:
        return str(rows[number]) if number in rows else f"#{number}"


def rows(user: Any, mine: Content, theirs: Content, base: Content | None, labels: Mapping[str, Any]) -> list[Row]:
    """The fields in which the two differ. With `base`, the text both began from, a field that only one of them changed
    is proposed as that one has it."""
    changes = fields(theirs, mine, Names(user, [mine, theirs]))
    return [row(change, mine, theirs, base, str(labels.get(change.name, change.name))) for change in changes]


def row(change: FieldChange, mine: Content, theirs: Content, base: Content | None, label: str) -> Row:
    before = base and base.get(change.name, EMPTY[change.name])
    only_theirs = base is not None and before == mine[change.name]
    only_mine = base is not None and before == theirs[change.name]
    picked = "theirs" if only_theirs else "mine"
    return Row(change.name, label, *sides(change), picked=picked, both=not (only_mine or only_theirs))


def sides(change: FieldChange) -> tuple[list[Line], list[Line]]:
    """The field as it is in my text, and in theirs."""
    if change.kind == "body":
        shown = folded(change.blocks)
        return side(shown, "new"), side(shown, "gone")
    if change.kind == "list":
        return items(change, "added"), items(change, "removed")
    if change.kind == "text":
        return [Line(parts_of(change.spans, "new"))], [Line(parts_of(change.spans, "gone"))]
    return [Line((Part(change.after, marked=True),))], [Line((Part(change.before, marked=True),))]


def parts_of(spans: Iterable[Span], kind: str) -> tuple[Part, ...]:
    """The spans of one side, as few pieces as there are changes: what is bold in them is not shown here."""
    own = (span for span in spans if span.kind in {"same", kind})
    runs = groupby(own, lambda span: span.kind == kind)
    return tuple(Part("".join(span.text for span in run), marked=marked) for marked, run in runs)


def items(change: FieldChange, kind: str) -> list[Line]:
    here = [item for item in change.items if item.kind in {"kept", "moved", kind}]
    return [Line((Part(item.name, marked=item.kind != "kept"),)) for item in here]


NOTES = {"moved": gettext_lazy("at another place"), "formatting": gettext_lazy("formatted otherwise")}


def side(shown: Iterable[BlockChange | Fold], kind: str) -> list[Line]:
    """The blocks of one of two bodies; `kind` is what only this one has."""
    lines = []
    for change in shown:
        if isinstance(change, Fold):
            lines.append(Line(folded=change.count))
        elif change.kind in {"same", "changed", "moved", kind}:
            lines.append(Line(parts_of(change.spans, kind), tag_of(change, kind), note=note_of(change)))
    return lines


def tag_of(change: BlockChange, kind: str) -> str:
    return change.tag if kind == "new" else change.before_tag or change.tag


def note_of(change: BlockChange) -> str:
    if change.kind == "moved":
        return str(NOTES["moved"])
    return str(NOTES["formatting"]) if change.formatting or change.retagged else ""
