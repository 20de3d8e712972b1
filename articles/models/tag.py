from datetime import datetime
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from articles.addresses import slug_of
from articles.models.edition import PublicModel, PublicQuerySet
from articles.models.redirect import Addressed
from articles.models.slug import SlugField


class TagQuerySet(PublicQuerySet):
    def published(self, at: datetime) -> Self:
        """Those of which the public sees a piece at an instant."""
        pieces = apps.get_model("articles", "Article").objects.published(at)
        return self.filter(Exists(pieces.filter(tagged__tag=OuterRef("pk"))))


class Tag(TagBase, Addressed):
    slug = SlugField(_("slug"), max_length=100, unique=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """A slug in the name's own script; of the code points, for a name without a letter or digit such as “!?”."""
        slug = slug_of(tag, 90) or "-".join(f"u{ord(character):x}" for character in tag.strip())[:90]
        return slug if i is None else f"{slug}-{i + 1}"

    def address_of(self, slug: str) -> str:
        return reverse("tag", args=[slug])

    def get_absolute_url(self) -> str:
        return self.address_of(self.slug)


class TaggedArticle(ItemBase, PublicModel):
    content_object = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("tagged article")
        verbose_name_plural = _("tagged articles")
        constraints = [
            # Also the index by which the newest pieces of a tag are found.
            models.UniqueConstraint(fields=["tag", "content_object"], name="article_tagged_once"),
        ]
