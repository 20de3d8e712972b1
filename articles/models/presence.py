"""Who has an article open at this moment, and who has taken it for themselves."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# A form says every few seconds that it is open; one that has not for this long is closed.
GONE = timedelta(seconds=20)
# Whoever took an article and is not seen for this long has left it.
LOCK_LAPSES = timedelta(minutes=15)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self, at: datetime) -> Self:
        return self.filter(seen_at__gt=at - GONE)


class Presence(models.Model):
    """One form opened by one person: `sitting` is drawn by the form."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sitting = models.CharField(max_length=36)
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"), db_index=True)
    unsaved = models.BooleanField(_("has unsaved changes"), default=False)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        constraints = [models.UniqueConstraint(fields=["article", "sitting"], name="sitting_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.article}"


class EditLock(models.Model):
    """Somebody has taken the article: nobody else saves it until they give it back, leave, or are taken over from."""

    article = models.OneToOneField("articles.Article", on_delete=models.CASCADE, related_name="edit_lock")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sitting = models.CharField(max_length=36)
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("lock")
        verbose_name_plural = _("locks")

    def __str__(self) -> str:
        return f"{self.user}: {self.article}"

    def holds(self, at: datetime) -> bool:
        return self.seen_at > at - LOCK_LAPSES
