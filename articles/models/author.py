from datetime import datetime
from functools import cached_property
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import html, profiles
from articles.models.edition import PublicQuerySet
from articles.models.redirect import Addressed
from articles.models.slug import SlugField


class AuthorQuerySet(PublicQuerySet):
    def published(self, at: datetime) -> Self:
        """Those of whom the public sees a piece at an instant."""
        pieces = apps.get_model("articles", "Article").objects.published(at)
        return self.filter(Exists(pieces.filter(bylines__author=OuterRef("pk"))))


class Author(Addressed):
    """A byline. It needs no login; somebody who has one can be tied to it."""

    name = models.CharField(_("name"), max_length=120)
    slug = SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120, blank=True, help_text=_("For example: Staff writer"))
    bio = models.TextField(_("biography"), blank=True)
    portrait = models.ForeignKey(
        "articles.Picture",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="portraits",
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Shown to readers."))
    social_profiles = models.TextField(
        _("social profiles"),
        blank=True,
        validators=[profiles.validate],
        help_text=_("One a line, with a name if you like: Mastodon https://social.example/@me"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("login"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
    )

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **options):
        self.bio = html.clean(self.bio)
        super().save(*args, **options)

    def address_of(self, slug: str) -> str:
        return reverse("author", args=[slug])

    def get_absolute_url(self) -> str:
        return self.address_of(self.slug)

    @cached_property
    def profiles(self) -> list[profiles.Profile]:
        return profiles.parse(self.social_profiles)
