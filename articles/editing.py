"""Writing: every save makes a revision, and the live row stays as it is until it is published (DESIGN, idea 2).

All of these run in the caller's transaction, on an article the caller holds (`Article.objects.held()`).
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from articles import workflow
from articles.models import Article, AuditEntry, Revision
from articles.models.content import Content, digest, normal, same_but_for_address
from articles.workflow import Stage, State

Kind = Revision.Kind


class Overtaken(Exception):
    """Somebody saved a newer text than the one this was made from. `newest` is theirs."""

    def __init__(self, newest: Revision) -> None:
        super().__init__(str(newest))
        self.newest = newest


def begin(content: Content, *, by: Any, at: datetime, kind: Kind = Kind.SAVE, sitting: str = "") -> Article:
    """A new article with its first revision. The same sitting begins an article once: asked again, the text is saved
    as its newest."""
    if sitting and (article := begun(sitting, by=by)):
        record(article, content, by=by, at=at, kind=kind, sitting=sitting)
        return article
    article = Article(created_by=by)
    article.take(content)
    add(article, content, by=by, at=at, kind=kind, sitting=sitting)
    AuditEntry.objects.note("begin", article, by=by, at=at)
    return article


def begun(sitting: str, *, by: Any) -> Article | None:
    """The article that a sitting of this person has begun, held.

    One person's beginnings come one after the other: who asks again before the first answer waits for it here.
    """
    get_user_model().objects.select_for_update(no_key=True).filter(pk=by.pk).first()
    first = Revision.objects.filter(sitting=sitting, number=1, by=by).values("article")
    return Article.objects.filter(pk__in=first).select_related("latest_revision").held().first()


def record(
    article: Article,
    content: Content,
    *,
    by: Any,
    at: datetime,
    kind: Kind = Kind.SAVE,
    note: str = "",
    sitting: str = "",
    base: int | None = None,
) -> Revision | None:
    """Save a text as the newest of an article; None where an article without revisions is saved as it stands.

    `base` is the number of the revision it was made from (0: there was none). Overtaken, where a newer one than that
    came from another sitting. Nothing new: the newest revision is given back, but a save after autosaves is kept, so
    that the history has a line that somebody meant.
    """
    if base is not None and (newer := newer_than(article, base, sitting)):
        raise Overtaken(newer)
    content, before = normal(content), article.newest_content()
    newest = article.latest_revision
    changed = content != before
    meant = newest is not None and newest.kind == Kind.AUTOSAVE and kind != Kind.AUTOSAVE
    if not changed and not note and not meant:
        return newest
    if newest is None or not same_but_for_address(before, newest.content):
        # The row was written past the desk, or before there were revisions: what it held stays in the history.
        add(article, before, by=None, at=min(article.saved_at, at), kind=Kind.FOUND)
    revision = add(article, content, by=by, at=at, kind=kind, note=note, sitting=sitting)
    if changed:
        article.stage = workflow.EDITED[article.stage]
    if article.status != State.PUBLISHED:
        article.take(content)
    else:
        keep_marks(article, at)
    if kind != Kind.AUTOSAVE:
        AuditEntry.objects.note("save", article, by=by, at=at, number=revision.number, note=note)
    return revision


def add(article: Article, content: Content, **said: Any) -> Revision:
    """One more revision, the newest. Does not touch the row but for the pointer."""
    revision = Revision.objects.create(article=article, number=next_number(article), content=content, **said)
    if revision.kind != Kind.ASIDE:
        article.latest_revision = revision
        Article.objects.filter(pk=article.pk).mark(latest_revision=revision)
    return revision


def next_number(article: Article) -> int:
    last = Revision.objects.filter(article=article).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def keep_marks(article: Article, at: datetime) -> None:
    """The stage of a text beside a live one: readers see nothing of it, so the edition stays."""
    Article.objects.filter(pk=article.pk).mark(stage=article.stage, saved_at=at)


def newer_than(article: Article, base: int, sitting: str) -> Revision | None:
    """The newest revision that came after `base` from another sitting."""
    newest = article.latest_revision
    if newest is None or newest.number <= base:
        return None
    later = Revision.objects.in_line().filter(article=article, number__gt=base).exclude(kind=Kind.FOUND)
    if sitting:
        later = later.exclude(sitting=sitting)
    return later.select_related("by").order_by("-number").first()


def put_aside(article: Article, content: Content, *, by: Any, at: datetime, sitting: str = "") -> Revision:
    """Keep a text that could not be saved over a newer one: it stands in the history and is not the newest."""
    said = {"kind": Kind.ASIDE, "by": by, "at": at, "sitting": sitting}
    content = normal(content)
    same = Revision.objects.filter(article=article, kind=Kind.ASIDE, digest=digest(content), by=by).first()
    return same or add(article, content, **said)


def restore(article: Article, revision: Revision, *, by: Any, at: datetime) -> Revision | None:
    """An earlier text as the newest draft. What readers see stays until it is published.

    The date and the slug that publishing filled in later stay, and so does the slug where another article has the
    earlier one by now.
    """
    now = article.newest_content()
    content = {**revision.content, "published_at": revision.content.get("published_at") or now["published_at"]}
    slug = revision.content.get("slug") or ""
    if not slug or Article.objects.filter(slug=slug).exclude(pk=article.pk).exists():
        content["slug"] = now["slug"]
    note = f"{Kind.RESTORED.label}: {revision.number}"
    return record(article, content, by=by, at=at, kind=Kind.RESTORED, note=note)


def discard(article: Article, *, by: Any, at: datetime) -> None:
    """Leave the draft beside a live piece: its form opens with the live text again. The draft stays in the history."""
    newest = article.latest_revision
    article.status, article.stage = workflow.move(article.status, article.stage, "discard")
    if newest:
        newest.mark(live_at=None)
    keep_marks(article, at)
    AuditEntry.objects.note("discard", article, by=by, at=at, number=newest.number if newest else None)


def is_pending(article: Article) -> bool:
    """Whether there is a newer text beside what readers see."""
    return article.status == State.PUBLISHED and article.stage != Stage.SETTLED
