"""Which pictures stand in the body of which article, as it is in its row."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.picture import Picture


class PictureUseQuerySet(models.QuerySet["PictureUse"]):
    def note(self, article: models.Model, numbers: Iterable[int]) -> None:
        """The article's body names these pictures and no others; a number that no picture has is passed over."""
        before = set(self.filter(article=article).values_list("picture", flat=True))
        now = set(numbers)
        if gone := before - now:
            self.filter(article=article, picture__in=gone).delete()
        if new := now - before:
            there = Picture.objects.filter(pk__in=new).values_list("pk", flat=True)
            self.bulk_create([PictureUse(article=article, picture_id=number) for number in there])

    note.alters_data = True  # type: ignore[attr-defined]

    def of(self, picture: Picture) -> "PictureUseQuerySet":
        """The uses of a picture, with their articles, the newest first."""
        return self.filter(picture=picture).select_related("article__section").order_by("-article__published_at", "-pk")


class PictureUse(models.Model):
    """A picture in a body: it cannot be deleted then, and it can say where it is used. Written by Article.save."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="picture_uses")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="uses")

    objects: Any = PictureUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a picture")
        verbose_name_plural = _("uses of pictures")
        constraints = [models.UniqueConstraint(fields=["article", "picture"], name="picture_use_once")]

    def __str__(self) -> str:
        return f"{self.picture_id} in {self.article_id}"
