"""Clicks: how often a piece is opened from an issue, if staff want to know; never by whom."""

from datetime import datetime

from django.db.models import F

from articles.models import Article
from newsletter.models import Issue, Item, Newsletter


def found(number: int, item: int, at: datetime) -> Item | None:
    """An item of an issue that readers have, if its piece is public; so nobody is told of others."""
    shown = Item.objects.filter(
        issue__in=Issue.objects.archived().order_by(), article__in=Article.objects.published(at)
    )
    return shown.filter(pk=item, issue__number=number).select_related("article__section").first()


def count(item: Item) -> None:
    """One more, while staff want it counted. Old links lead on when they no longer do."""
    if Newsletter.objects.current().counts_clicks:
        Item.objects.filter(pk=item.pk).update(clicks=F("clicks") + 1)
