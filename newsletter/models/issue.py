"""An issue of the round-up: a draft with its items, and what of it is frozen (DESIGN, idea 6)."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Edition, Picture
from newsletter import states
from newsletter.models.newsletter import OnDoubt
from newsletter.states import FROZEN, SHOWN, IssueState


def new_uid() -> str:
    return secrets.token_hex(8)


class IssueQuerySet(models.QuerySet["Issue"]):
    def archived(self) -> Self:
        """What the public archive shows: whatever readers have got."""
        return self.filter(state__in=SHOWN).order_by("-number")

    def frozen(self) -> Self:
        return self.filter(state__in=FROZEN)

    def held(self) -> Self:
        """As they are now, nobody else changing them until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")


class Issue(models.Model):
    uid = models.CharField(max_length=16, unique=True, default=new_uid, editable=False)
    number = models.PositiveIntegerField(
        _("number"), null=True, unique=True, editable=False, help_text=_("Given when it is first scheduled.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=IssueState.choices, default=IssueState.DRAFT, editable=False
    )
    why = models.CharField(_("why"), max_length=300, blank=True, editable=False)
    """Why it is paused, missed or failed, for the person who looks."""

    subject = models.CharField(_("subject"), max_length=150, blank=True)
    preheader = models.CharField(
        _("preheader"), max_length=150, blank=True, help_text=_("What a mail program shows after the subject.")
    )
    intro = models.TextField(_("words before the pieces"), blank=True)
    outro = models.TextField(_("words after the pieces"), blank=True)
    by_section = models.BooleanField(_("sections as headings"), default=True)

    since = models.DateTimeField(_("pieces from"), null=True, editable=False)
    until = models.DateTimeField(_("pieces to"), null=True, editable=False)

    scheduled_for = models.DateTimeField(_("goes out"), null=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    on_doubt = models.CharField(max_length=6, choices=OnDoubt.choices, default=OnDoubt.HOLD, editable=False)

    # Frozen when it is scheduled; `web` is the archive's page of it. tokens.LEAVE_HERE stands for the reader's token.
    frozen_at = models.DateTimeField(null=True, editable=False)
    html = models.TextField(editable=False, blank=True)
    text = models.TextField(editable=False, blank=True)
    web = models.TextField(editable=False, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    """Of subject, preheader, HTML and text; newsletter.mail.digest makes it."""

    began_at = models.DateTimeField(_("sending began"), null=True, editable=False)
    worked_at = models.DateTimeField(_("last worked on"), null=True, editable=False)
    """When a worker last had it in hand; long ago means that nobody did, or that this is an old backup."""
    finished_at = models.DateTimeField(_("sending ended"), null=True, editable=False)
    watched_from = models.DateTimeField(null=True, editable=False)
    """Since when its failures count: it began, or a person said go on."""
    in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    """How many were refused since the last that was taken."""

    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(_("last saved"), auto_now=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-created_at", "-pk"]
        permissions = [("send_issue", _("Can send an issue of the newsletter"))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IssueState.values), name="issue_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[IssueState.DRAFT, IssueState.CANCELLED])
                | Q(number__isnull=False, frozen_at__isnull=False),
                name="issue_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("Without a subject"))

    def get_absolute_url(self) -> str:
        return reverse("newsletter_issue", args=[self.number])

    @property
    def is_draft(self) -> bool:
        return self.state == IssueState.DRAFT

    @property
    def is_shown(self) -> bool:
        """IssueQuerySet.archived for one."""
        return self.state in SHOWN

    @property
    def went_out(self) -> datetime | None:
        """The day it bears in the archive."""
        return self.began_at or self.frozen_at

    def move(self, name: str, at: datetime, why: str = "") -> None:
        """Make a move of states.MOVES on a held row and save the state; states.WrongState where it is not open."""
        was_shown = self.is_shown
        self.state = states.after(self.state, name)
        self.why = why[:300]
        self.worked_at = at
        with transaction.atomic():
            self.save(update_fields=["state", "why", "worked_at", "saved_at"])
            if self.is_shown != was_shown:  # it appears in the archive, or goes from it
                Edition.objects.turn(at)

    move.alters_data = True  # type: ignore[attr-defined]


class ItemKind(models.TextChoices):
    PIECE = "piece", _("Piece")
    UPDATE = "update", _("Updated since we sent it")


class Item(models.Model):
    """A piece in an issue, with what of it is said there."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="items")
    article = models.ForeignKey(
        Article, verbose_name=_("article"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=6, choices=ItemKind.choices, default=ItemKind.PIECE)
    position = models.PositiveSmallIntegerField(_("position"))
    pinned = models.BooleanField(_("pinned"), default=False)
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("Empty: the headline."))
    blurb = models.TextField(_("blurb"), max_length=600, blank=True, help_text=_("Empty: the dek."))
    shows_picture = models.BooleanField(_("with a picture"), default=True)
    picture = models.ForeignKey(
        Picture,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the article’s own."),
    )
    clicks = models.PositiveIntegerField(_("clicks"), default=0, editable=False)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "article"], name="article_once_in_an_issue"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.article or "")
