"""The review room: one article's newest text in places that a guest can comment on, with the guest's own comments and
what changed since the text they last read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from articles import teasers
from articles.comments import Thread, threads
from articles.differences import Block, BlockChange, FieldChange, Fold, blocks, fields, folded
from articles.models import Article, Author, Comment, GuestLink, Picture
from articles.models.content import READ, Content

HEAD: Final = {"lead_picture": _("the picture"), "headline": _("the headline"), "dek": _("the dek")}
"""The fields a guest can comment on, besides the body."""

LABELS: Final = {
    "headline": _("Headline"),
    "dek": _("Dek"),
    "body": _("Text"),
    "lead_picture": _("Picture"),
    "lead_alt": _("Description of the picture"),
    "lead_caption": _("Caption"),
    "bylines": _("Byline"),
    "byline_override": _("Byline"),
}


@dataclass(frozen=True)
class Remark:
    """One thing said, as the guest may see it: staff by name, never by login."""

    name: str
    text: str
    at: datetime
    from_desk: bool


@dataclass(frozen=True)
class Talk:
    """A guest's comment and what followed."""

    pk: int
    quote: str
    remarks: list[Remark]
    is_open: bool

    @property
    def key(self) -> str:
        return str(self.pk)


@dataclass
class Place:
    """Where a guest can say something: a paragraph (by its number), a field, or the piece as a whole."""

    about: str
    number: int | None = None
    html: str = ""
    changed: bool = False
    talks: list[Talk] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"p{self.number}" if self.number else self.about


@dataclass(frozen=True)
class Change:
    """A field that reads otherwise than before."""

    label: Any
    change: FieldChange
    blocks: list[BlockChange | Fold]


@dataclass(frozen=True)
class Room:
    head: dict[str, Place]
    body: list[Place]
    whole: Place
    gone: list[Talk]
    changes: list[Change]


def compose(link: GuestLink, shown: Article, content: Content) -> Room:
    """The room of a link, for an article as it is read (articles.previews.as_read) with that content."""
    changes = changes_since(link, content)
    changed = {change.change.name for change in changes}
    numbers = changed_blocks(changes)
    room = Room(
        head={name: Place(name, changed=name in changed) for name in HEAD},
        body=[paragraph(block, block.number in numbers) for block in blocks(shown.body)],
        whole=Place("body"),
        gone=[],
        changes=changes,
    )
    for thread in threads(shown, shown.body):
        if thread.comment.guest_id == link.pk:
            place_for(room, thread).append(talk(thread, link))
    return room


def paragraph(block: Block, changed: bool) -> Place:
    return Place("body", number=block.number, html=teasers.without_ids(block.html), changed=changed)


def place_for(room: Room, thread: Thread) -> list[Talk]:
    if thread.is_gone:
        return room.gone
    if thread.place:
        return room.body[thread.place - 1].talks
    return room.head.get(thread.comment.field, room.whole).talks


def talk(thread: Thread, link: GuestLink) -> Talk:
    """The desk's answers and the guest's own; what another guest may have said is not theirs to see."""
    said = [thread.comment, *thread.answers]
    remarks = [remark(comment) for comment in said if comment.guest_id in {None, link.pk}]
    return Talk(thread.comment.pk, thread.comment.quote, remarks, thread.is_open)


def remark(comment: Comment) -> Remark:
    if comment.guest_id:
        return Remark(comment.name, comment.text, comment.at, from_desk=False)
    name = comment.by.get_full_name() if comment.by else ""
    return Remark(name or str(_("The editors")), comment.text, comment.at, from_desk=True)


# ---------------------------------------------------------------- what changed


def changes_since(link: GuestLink, content: Content) -> list[Change]:
    """What reads otherwise than the text the guest last read; nothing on a first visit."""
    if link.seen_revision is None:
        return []
    before, after = ({name: each[name] for name in READ} for each in (link.seen_revision.content, content))
    names = names_in(before, after)
    found = fields(before, after, lambda name, value: names.get((name, key_of(value)), str(value)))
    return [Change(LABELS[change.name], change, folded(change.blocks)) for change in found]


def changed_blocks(changes: Iterable[Change]) -> set[int | None]:
    return {block.after_number for each in changes for block in each.change.blocks if block.kind != "same"}


def key_of(value: Any) -> Any:
    """A byline is named by its author, with the role beside it."""
    return tuple(value) if isinstance(value, list) else value


def names_in(*versions: Content) -> dict[tuple[str, Any], str]:
    """What a person reads for the authors and pictures that stand in contents by number."""
    named = {key_of(credit) for content in versions for credit in content["bylines"]}
    authors = Author.objects.in_bulk({number for number, _role in named})
    pictures = Picture.objects.in_bulk({content["lead_picture"] for content in versions} - {None})
    gone = str(_("no longer there"))
    names = {
        ("bylines", (number, role)): f"{role} {authors.get(number, gone)}".strip() for number, role in sorted(named)
    }
    shown = {content["lead_picture"]: pictures.get(content["lead_picture"]) for content in versions}
    return names | {("lead_picture", number): picture.alt if picture else gone for number, picture in shown.items()}
