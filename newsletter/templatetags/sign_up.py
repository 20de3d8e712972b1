"""The stamp of the sign-up form that stands on kept pages."""

from django import template
from django.utils import timezone

from newsletter import boxes, traps

register = template.Library()


@register.simple_tag(takes_context=True)
def week_stamp(context: template.Context) -> str:
    """The same all week on every page, so that pages and their ETags stay as they are."""
    magazine = context.get("magazine")
    return traps.week_stamp(timezone.now(), boxes.words(magazine)) if magazine else ""
