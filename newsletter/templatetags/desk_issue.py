"""What the desk shows of the round-up beside its forms."""

from django import template
from django.db.models import F
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.rights import Use, why_not
from newsletter.forms import PieceForm
from newsletter.models import Issue
from newsletter.roles import issues_for
from newsletter.states import IssueState

WAITING = (IssueState.SCHEDULED, IssueState.MISSED, IssueState.DRAFT)

register = template.Library()


@register.simple_tag
def piece_picture(row: PieceForm) -> SafeString:
    """The picture a piece has in the issue, or in words why it has none."""
    picture = row.shown_picture
    if picture is None:
        return format_html('<span class="piece-none quiet">{}</span>', _("No picture"))
    if why_not(picture.rights, Use.NEWSLETTER, timezone.now()):
        words = _("Not allowed in the newsletter: left out")
        return format_html('<span class="piece-none piece-refused">{}</span>', words)
    image = '<img class="thumbnail" src="{}" alt="" width="72" height="48" loading="lazy" decoding="async">'
    return format_html(image, picture.facts.thumbnail)


@register.simple_tag(takes_context=True)
def round_up(context: template.Context) -> Issue | None:
    """The issue that somebody has to see to: the next to go out, or else the newest draft. For those who make them."""
    user = context["request"].user
    if not user.has_perm("newsletter.change_issue"):
        return None
    waiting = issues_for(user, timezone.now()).filter(state__in=WAITING).defer("html", "text", "web")
    return waiting.order_by(F("scheduled_for").asc(nulls_last=True), "-created_at").first()
