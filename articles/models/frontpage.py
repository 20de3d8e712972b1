"""What leads the front page: staff's picks in order; the newest pieces fill the rest."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, ArticleQuerySet
from articles.models.edition import Edition, PublicModel


class FrontPage(PublicModel):
    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front page")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_front_page")]

    def __str__(self) -> str:
        return str(_("Front page"))

    def picks(self) -> ArticleQuerySet:
        """The picked articles in order, whatever their state."""
        return Article.objects.filter(front_pick__isnull=False).order_by("front_pick__position")

    def set_picks(self, articles: list[Article], at: datetime) -> None:
        with transaction.atomic():
            FrontPick.objects.all().delete()
            FrontPick.objects.bulk_create(
                FrontPick(article=article, position=position) for position, article in enumerate(articles, 1)
            )
            Edition.objects.turn(at)

    set_picks.alters_data = True


class FrontPick(models.Model):
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="front_pick")
    position = models.PositiveSmallIntegerField(_("position"), unique=True)

    class Meta:
        verbose_name = _("front page pick")
        verbose_name_plural = _("front page picks")
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.article)
