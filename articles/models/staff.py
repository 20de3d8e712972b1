"""What the desk knows of the people who work at it, and what it has to tell them."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.html.text import one_line
from articles.models.section import Section

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models.article import Article

LONGEST_NOTICE = 500


class StaffMember(models.Model):
    """What is set for one login: the sections it is limited to, and how it wants to be told."""

    class Mail(models.TextChoices):
        SOON = "soon", _("Soon: what has gathered, at most every ten minutes")
        DAILY = "daily", _("Once a day, in the morning")
        NEVER = "never", _("Not at all")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_member")
    sections = models.ManyToManyField(
        Section,
        verbose_name=_("only these sections"),
        blank=True,
        related_name="+",
        help_text=_("An editor who shall work on some sections only. None chosen: all of them."),
    )
    mail = models.CharField(_("mail about work that waits"), max_length=6, choices=Mail.choices, default=Mail.SOON)
    told_at = models.DateTimeField(_("last told"), null=True, editable=False)

    class Meta:
        verbose_name = _("at the desk")
        verbose_name_plural = _("at the desk")

    def __str__(self) -> str:
        return str(self.user)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def not_told(self) -> Self:
        return self.filter(told_at__isnull=True)

    def tell(
        self,
        users: "Iterable[User]",
        *,
        reason: str,
        text: str,
        at: datetime,
        article: "Article | None" = None,
        title: str = "",
        address: str = "",
    ) -> None:
        """Note for each of them, once, what waits; their digest carries it. Who may no longer log in is left out.

        What is about no article has a title and the address (a path) of the page of the desk where it is seen to.
        """
        words = one_line(text)
        words = words if len(words) <= LONGEST_NOTICE else f"{words[: LONGEST_NOTICE - 1]}…"
        people = {user.pk: user for user in users if user.is_active}.values()
        about = {"article": article, "title": one_line(title)[:200], "address": address}
        self.bulk_create(Notice(user=user, reason=reason, text=words, at=at, **about) for user in people)

    tell.alters_data = True  # type: ignore[attr-defined]


class Notice(models.Model):
    """Something that waits for somebody; a digest tells what has gathered (articles.notices)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    article = models.ForeignKey("articles.Article", null=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("about"), max_length=200, blank=True)
    address = models.CharField(_("page of the desk"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=20)
    text = models.CharField(_("what"), max_length=500)
    at = models.DateTimeField(_("since"))
    told_at = models.DateTimeField(_("told"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["user", "at"], condition=models.Q(told_at__isnull=True), name="notice_not_told")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def about(self) -> str:
        """What it is about, in a line."""
        return str(self.article) if self.article_id else self.title
