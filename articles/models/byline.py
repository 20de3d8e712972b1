"""What stands in rows of its own and belongs to an article's content: its bylines and its hand-picked relations."""

from typing import NamedTuple

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from articles.models.author import Author
from articles.prepared import Prepared


class Credit(NamedTuple):
    """One name in a byline, with the role before it: "", "with", "photographs by"."""

    author: Author
    role: str = ""


class Byline(models.Model):
    """One name of an article's byline. Written by Article.set_credits alone."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, verbose_name=_("author"), on_delete=models.PROTECT, related_name="bylines")
    role = models.CharField(_("role"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["article", "position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="byline_position_once"),
            models.UniqueConstraint(fields=["article", "author"], name="byline_author_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.author}".strip()


class RelatedPick(models.Model):
    """One related article picked by hand. Written by Article.set_related alone."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="picks")
    other = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="picks_of")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        ordering = ["article", "position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="related_position_once"),
            models.UniqueConstraint(fields=["article", "other"], name="related_article_once"),
            models.CheckConstraint(condition=~Q(article=models.F("other")), name="article_not_related_to_itself"),
        ]

    def __str__(self) -> str:
        return str(self.other)


def bylines_and_authors() -> Prefetch:
    return Prefetch("bylines", Byline.objects.select_related("author"))


@Prepared
def bylines_of(*articles: int) -> models.QuerySet[Byline]:
    return Byline.objects.filter(article__in=articles).select_related("author").order_by("position")
