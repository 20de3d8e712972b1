"""The desk: what the admin's first page shows of the work at hand, and the badge of an article's state."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles import notices
from articles.models import Article
from articles.roles import given_to, may, sees_all
from articles.workflow import Stage, State

SHOWN = 12
FOR_YOU = 6
DAY_AND_TIME = "j M Y, H:i"

register = template.Library()


@register.simple_tag(takes_context=True)
def desk(context: template.Context) -> dict[str, object]:
    """What waits, what is written, what is scheduled, what has just appeared: as many queries however much there is."""
    now, user = timezone.now(), context["request"].user
    articles = given_to(user).for_the_desk().with_bylines()
    newest_first = articles.order_by("-saved_at", "-pk")
    return {
        "now": timezone.localtime(now),
        "in_review": newest_first.filter(stage=Stage.IN_REVIEW)[:SHOWN],
        "needs_changes": newest_first.filter(stage=Stage.NEEDS_CHANGES)[:SHOWN],
        "approved": newest_first.filter(stage=Stage.APPROVED)[:SHOWN],
        "drafts": newest_first.filter(stage=Stage.DRAFT)[:SHOWN],
        "scheduled": articles.scheduled(now)[:SHOWN],
        "recent": articles.published(now).newest()[:SHOWN],
        "may_write": may(user, "add"),
        "may_look_ahead": sees_all(user),
        "for_you": [(notice, notices.address_of(notice)) for notice in notices.inbox(user, now)[:FOR_YOU]],
    }


WORDS = {
    "draft": _lazy("Draft"),
    "in_review": _lazy("In review"),
    "needs_changes": _lazy("Needs changes"),
    "approved": _lazy("Approved"),
    "waiting": _lazy("Update scheduled"),
    "unpublished": _lazy("Unpublished"),
    "scheduled": _lazy("Scheduled"),
    "live": _lazy("Live"),
}
"""The words of the badges, by what `kinds_of` gives."""


@register.simple_tag
def state(article: Article, given: bool = True) -> SafeString:
    """The badges with the date in words: Draft, Scheduled for …, Live since … and what stands beside it.

    `given`: whether the article's drafts are; if not, nothing is said of them.
    """
    days = {
        "scheduled": (_("Scheduled for {date}"), article.published_at),
        "live": (_("Live since {date}"), article.published_at),
    }
    if article.stage == Stage.WAITING:
        days["waiting"] = (_("Changes go live {date}"), article.latest_revision.live_at)
    badges = [
        (kind, days[kind][0].format(date=shown(days[kind][1])) if kind in days else beside(kind, article))
        for kind in kinds_of(article, timezone.now(), given)
    ]
    return format_html_join(" ", '<span class="badge badge-{}">{}</span>', badges)


def short_state(article: Article, at: datetime, given: bool) -> SafeString:
    """The badges with the date below, for a list."""
    kinds = [(kind, beside(kind, article)) for kind in kinds_of(article, at, given)]
    badges = format_html_join(" ", '<span class="badge badge-{}">{}</span>', kinds)
    return format_html('{} <span class="below">{}</span>', badges, day_of(article))


def beside(kind: str, article: Article) -> str:
    """A stage in words, of a text that stands beside a public one."""
    if article.status == State.PUBLISHED and kind not in {"live", "scheduled", "waiting"}:
        return _("{stage}: newer text").format(stage=WORDS[kind])
    return str(WORDS[kind])


def kinds_of(article: Article, at: datetime, given: bool) -> list[str]:
    """What readers have of it, then the stage of a newer text, for those it is given to: ["live", "in_review"]."""
    stage = [] if article.stage == Stage.SETTLED or not given else [str(article.stage)]
    if article.status == State.PUBLISHED:
        return ["live" if article.is_published(at) else "scheduled", *stage]
    return (["unpublished"] if article.status == State.UNPUBLISHED else []) + stage


def day_of(article: Article) -> str:
    return shown(article.published_at)


def shown(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), DAY_AND_TIME) if moment else ""
