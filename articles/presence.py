"""Who has an article open at this moment, and who keeps it to themselves.

A form that is open says so every few seconds, and good-bye when it is closed (articles/static/articles/presence.js).
One in a tab in the background is slowed down by its browser to once a minute or less: it says so when it goes there,
and is taken for open for that much longer.

A lock belongs to one sitting of one person. A page that is loaded again is another sitting of the same person, so a
lock goes over to the next one when its own is no longer there.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from articles.models import Article, AuditEntry
from articles.models.audit import name_of
from articles.models.presence import GONE, LOCK_LAPSES, EditLock, Presence
from articles.workflow import MoveRefused

BACKGROUND = timedelta(seconds=75)
"""How much longer than GONE a tab in the background may be silent: browsers wake it once a minute."""

FORGOTTEN = timedelta(hours=1)


class Kept(MoveRefused):
    """Somebody else keeps the article to themselves: nobody else saves it. `lock` says who and since when."""

    def __init__(self, lock: EditLock, at: datetime) -> None:
        words = {"name": person(lock.user), "time": clock(lock.since, at)}
        super().__init__(_("%(name)s keeps this article to themselves since %(time)s.") % words)
        self.lock = lock


def person(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


def clock(moment: datetime, at: datetime) -> str:
    """A moment as people at the desk read it: 14:02, and with the day if that was not today."""
    local = timezone.localtime(moment)
    return date_format(local, "H:i" if local.date() == timezone.localtime(at).date() else "j M, H:i")


# ---------------------------------------------------------------- who is here


def seen(
    article: Article, *, by: Any, sitting: str, at: datetime, unsaved: bool = False, background: bool = False
) -> None:
    """A form says that it is open; IntegrityError where the article was deleted meanwhile."""
    until = at + BACKGROUND if background else at
    row = Presence(article=article, user=by, sitting=sitting, since=at, seen_at=until, unsaved=unsaved)
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["article", "sitting"],
        update_fields=["seen_at", "unsaved"],
    )


def others(article: Article, sitting: str, at: datetime) -> list[Presence]:
    """The other forms that have it open, those opened first in front."""
    here = Presence.objects.here(at).filter(article=article).exclude(sitting=sitting)
    return list(here.select_related("user").order_by("since", "pk"))


def gone(article: Article, *, by: Any, sitting: str, at: datetime) -> None:
    """A form was closed. Its lock lapses as soon as a page that was only loaded again would have come back.

    Whoever leaves sweeps: rows of forms that never said good-bye.
    """
    Presence.objects.filter(article=article, user=by, sitting=sitting).delete()
    EditLock.objects.filter(article=article, user=by, sitting=sitting).update(seen_at=at - LOCK_LAPSES + GONE)
    Presence.objects.filter(seen_at__lt=at - FORGOTTEN).delete()


# ---------------------------------------------------------------- the lock


def lock_of(article: Article, at: datetime) -> EditLock | None:
    lock = EditLock.objects.filter(article=article).select_related("user").first()
    return lock if lock and lock.holds(at) else None


def is_held_by(lock: EditLock, *, by: Any, sitting: str, at: datetime) -> bool:
    """Whether it is this sitting's lock; without a sitting, this person's."""
    if lock.user_id != by.pk:
        return False
    if not sitting or lock.sitting == sitting:
        return True
    return not Presence.objects.here(at).filter(article=lock.article_id, sitting=lock.sitting).exists()


def kept_from(article: Article, *, by: Any, at: datetime, sitting: str = "") -> EditLock | None:
    """The lock that stands in the way of this sitting's saves."""
    lock = lock_of(article, at)
    return None if lock is None or is_held_by(lock, by=by, sitting=sitting, at=at) else lock


def refuse_if_kept(article: Article, *, by: Any, at: datetime, sitting: str = "") -> None:
    """What every change of an article's text asks first. Kept, where somebody else keeps it to themselves."""
    if lock := kept_from(article, by=by, at=at, sitting=sitting):
        raise Kept(lock, at)


def keep(article: Article, *, by: Any, sitting: str, at: datetime, over: bool = False) -> EditLock:
    """Take a held article for one sitting; `over`: from whoever has it, which is noted. Kept, where it is taken."""
    before = kept_from(article, by=by, at=at, sitting=sitting)
    if before and not over:
        raise Kept(before, at)
    taken = {"user": by, "sitting": sitting, "since": at, "seen_at": at}
    lock, _is_new = EditLock.objects.update_or_create(article=article, defaults=taken)
    if before:
        AuditEntry.objects.note("take_over", article, by=by, at=at, note=name_of(before.user))
    return lock


def give_back(article: Article, *, by: Any, sitting: str, at: datetime) -> None:
    if (lock := lock_of(article, at)) and is_held_by(lock, by=by, sitting=sitting, at=at):
        lock.delete()


def hold_on(article: Article, *, by: Any, sitting: str, at: datetime) -> EditLock | None:
    """The lock of the article. This sitting's, or one that falls to it, is kept for as long as the form is open."""
    lock = lock_of(article, at)
    if lock and is_held_by(lock, by=by, sitting=sitting, at=at):
        lock.sitting, lock.seen_at = sitting, at
        EditLock.objects.filter(pk=lock.pk).update(sitting=sitting, seen_at=at)
    return lock
