"""What the pages of the newsletter at the desk say while something is missing."""

from django import template
from django.utils import timezone

from newsletter import alerts

register = template.Library()


@register.simple_tag
def no_worker() -> bool:
    return alerts.no_worker(timezone.now())


@register.simple_tag
def mail_goes() -> str:
    return alerts.mail_goes()


@register.simple_tag(takes_context=True)
def has_newsletter(context: template.Context) -> bool:
    """Whether the newsletter is any business of the person who looks."""
    return context["request"].user.has_module_perms("newsletter")
