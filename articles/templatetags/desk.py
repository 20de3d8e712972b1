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
DAY_AND_TIME = "j M Y, H:i"

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
    """The badge with its date in words: Draft, Scheduled for …, Live since …"""
    words = {"draft": _("Draft"), "scheduled": _("Scheduled for {date}"), "live": _("Live since {date}")}
    kind = kind_of(article, timezone.now())
    return format_html('<span class="badge badge-{}">{}</span>', kind, words[kind].format(date=day_of(article)))


def short_state(article: Article, at: datetime) -> SafeString:
    """The badge with the date below it, for a list."""
    words = {"draft": _("Draft"), "scheduled": _("Scheduled"), "live": _("Live")}
    kind = kind_of(article, at)
    badge = format_html('<span class="badge badge-{}">{}</span>', kind, words[kind])
    return format_html('{} <span class="below">{}</span>', badge, day_of(article))


def kind_of(article: Article, at: datetime) -> str:
    if article.is_published(at):
        return "live"
    return "scheduled" if article.is_scheduled(at) else "draft"


def day_of(article: Article) -> str:
    moment = article.published_at
    return date_format(timezone.localtime(moment), DAY_AND_TIME) if moment else ""
