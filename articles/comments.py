"""Comments on a text: said of a field or of a paragraph of the body, found again in newer texts, answered, resolved.

A paragraph is known by its number, its key and its words in the revision it was said of (articles.differences); in a
newer text it is the paragraph of the same key, or the one most like it, or none any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from articles.differences import Block, blocks, locate_among
from articles.models import Article, AuditEntry, Comment, GuestLink, Revision
from articles.models.audit import name_of

# The whole of nearly every paragraph: by these words it is found again when it has been edited.
LONGEST_QUOTE = 2000


@dataclass(frozen=True)
class Thread:
    """A comment and its answers, and where it stands in the text looked at: the number of the paragraph from 1 on;
    None where it is about a field, or the paragraph is gone."""

    comment: Comment
    place: int | None
    answers: list[Comment] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.comment.resolved_at is None

    @property
    def is_gone(self) -> bool:
        """It was said of a paragraph that the text no longer has."""
        return self.comment.block is not None and self.place is None


def say(
    revision: Revision,
    text: str,
    *,
    at: datetime,
    by: Any = None,
    guest: GuestLink | None = None,
    name: str = "",
    about: str = "body",
    block: int | None = None,
    parent: Comment | None = None,
) -> Comment:
    """A comment on a revision, by a login or a guest; an answer stands where the comment it answers stands.

    A block that the body does not have counts as none: the comment is then about the whole field.
    """
    said_of = parent.parent or parent if parent else None
    paragraph = next((each for each in blocks(revision.content["body"]) if each.number == block), None)
    comment = Comment.objects.create(
        article_id=revision.article_id,
        revision=revision,
        parent=said_of,
        field=said_of.field if said_of else about,
        block=paragraph.number if paragraph else None,
        block_key=paragraph.key if paragraph else "",
        quote=paragraph.text[:LONGEST_QUOTE] if paragraph else "",
        text=text,
        by=by,
        guest=guest,
        name=name or name_of(by),
        at=at,
    )
    AuditEntry.objects.note(
        "comment", revision.article, by=by, at=at, number=revision.number, note=f"{comment.name}: {text}"
    )
    return comment


def threads(article: Article, body: str) -> list[Thread]:
    """All comments on an article with their answers, as they stand in a body, in one query; in the order of the
    text: fields first, then paragraphs, then those whose paragraph is gone."""
    said = Comment.objects.filter(article=article).select_related("by", "guest", "resolved_by", "revision")
    comments = list(said.defer("revision__content"))
    paragraphs = blocks(body)
    found = {one.pk: Thread(one, place_among(paragraphs, one)) for one in comments if one.parent_id is None}
    for one in comments:
        if one.parent_id in found:
            found[one.parent_id].answers.append(one)
    return sorted(found.values(), key=_order)


def place_among(paragraphs: Sequence[Block], comment: Comment) -> int | None:
    """The number of the paragraph that a comment is about; None where it is about a field or the paragraph is gone."""
    if comment.block is None:
        return None
    return locate_among(paragraphs, comment.quote, comment.block_key, near=comment.block)


def _order(thread: Thread) -> tuple[int, int, datetime]:
    return (2 if thread.is_gone else int(thread.place is not None), thread.place or 0, thread.comment.at)


def resolve(comment: Comment, *, by: Any, at: datetime) -> None:
    """Done with. Who resolves what is resolved already changes nothing."""
    if comment.resolved_at is None:
        _settle(comment, at, by)
        _note("resolve_comment", comment, by=by, at=at)


def reopen(comment: Comment, *, by: Any, at: datetime) -> None:
    if comment.resolved_at is not None:
        _settle(comment, None, None)
        _note("reopen_comment", comment, by=by, at=at)


def remove(comment: Comment, *, by: Any, at: datetime) -> None:
    """Take back what one said oneself and nobody has answered: see `may_be_removed`."""
    _note("remove_comment", comment, by=by, at=at)
    comment.delete()


def may_be_removed(comment: Comment, by: Any, answers: Iterable[Comment]) -> bool:
    """One's own, while nobody has answered or resolved it; what others stand on stays."""
    return comment.by_id == by.pk and comment.resolved_at is None and not list(answers)


def _settle(comment: Comment, at: datetime | None, by: Any) -> None:
    comment.resolved_at, comment.resolved_by = at, by
    comment.save(update_fields=["resolved_at", "resolved_by"])


def _note(deed: str, comment: Comment, *, by: Any, at: datetime) -> None:
    words = f"{comment.name}: {comment.text}"
    AuditEntry.objects.note(deed, comment.article, by=by, at=at, number=comment.revision.number, note=words)
