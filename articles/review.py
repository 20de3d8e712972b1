"""Review: a text is submitted, sent back or approved, and published with the log of who did it.

All of these run in the caller's transaction, on an article the caller holds. MoveRefused, where its state does not
allow the move; TextChanged, where it is no longer the text that was looked at.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.models import Article, AuditEntry
from articles.workflow import MoveRefused

BEFORE_PUBLISHING = _("Before publishing")


class TextChanged(MoveRefused):
    """The text was changed after the person who decides had opened it."""


def move(article: Article, name: str, *, by: Any, at: datetime, note: str = "", seen: int | None = None) -> None:
    """Submit, take back, ask for changes or approve the newest text. `seen` is the number of the revision that the
    person had before them; an approval holds for exactly that one."""
    newest = article.latest_revision
    refuse_unseen(article, seen)
    article.status, article.stage = workflow.move(article.status, article.stage, name)
    if name == "approve" and newest:
        newest.mark(approved_at=at, approved_by=by)
    if name == "ask_for_changes" and newest:
        newest.mark(approved_at=None, approved_by=None)
    Article.objects.filter(pk=article.pk).mark(stage=article.stage, saved_at=at)
    AuditEntry.objects.note(name, article, by=by, at=at, number=newest.number if newest else None, note=note)


def refuse_unseen(article: Article, seen: int | None) -> None:
    """TextChanged, where the newest text is another than the one somebody had before them."""
    newest = article.latest_revision
    if seen is not None and newest and newest.number != seen:
        raise TextChanged(_("The text was changed after you opened it. Look at the newest text first."))


def publish(article: Article, *, by: Any, at: datetime, approval_required: bool = False) -> None:
    """The newest text becomes what readers see, now or on its own date."""
    workflow.move(article.status, article.stage, "publish", approval_required)
    article.publish(at=at, by=by)


def publish_later(
    article: Article,
    *,
    by: Any,
    at: datetime,
    live_at: datetime,
    material: bool = False,
    approval_required: bool = False,
) -> None:
    """The newest text takes the place of the live one at `live_at`: the edition turns then, no job has to run."""
    newest = article.latest_revision
    article.status, article.stage = workflow.move(article.status, article.stage, "publish_later", approval_required)
    if newest is None or live_at <= at:
        raise MoveRefused(_("Choose a time that lies ahead."))
    newest.mark(live_at=live_at, scheduled_by=by, material=material)
    Article.objects.filter(pk=article.pk).mark(stage=article.stage, saved_at=at)
    Article.objects.expect_change(at)
    AuditEntry.objects.note("publish_later", article, by=by, at=at, number=newest.number, note=live_at.isoformat())
