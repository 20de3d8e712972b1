"""The desk: what the admin's first page shows of the work at hand, and the badge of an article's state."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Article

SHOWN = 12

register = template.Library()


@register.simple_tag
def desk() -> dict[str, object]:
    """Drafts, what is scheduled, what has just appeared: six queries, however many articles there are."""
    now = timezone.now()
    articles = Article.objects.for_teasers().with_bylines()
    return {
        "now": timezone.localtime(now),
        "drafts": articles.drafts()[:SHOWN],
        "scheduled": articles.scheduled(now)[:SHOWN],
        "recent": articles.published(now).newest()[:SHOWN],
    }


@register.simple_tag
def state(article: Article) -> SafeString:
    return badge(article, timezone.now())


def badge(article: Article, at: datetime) -> SafeString:
    """Draft, Scheduled for …, or Live since …"""
    if article.is_published(at):
        kind, word = "live", _("Live since {date}")
    elif article.is_scheduled(at):
        kind, word = "scheduled", _("Scheduled for {date}")
    else:
        kind, word = "draft", _("Draft")
    date = article.published_at and date_format(timezone.localtime(article.published_at), "SHORT_DATETIME_FORMAT")
    return format_html('<span class="badge badge-{}">{}</span>', kind, word.format(date=date))
