"""The guests of an article, beside its form."""

from django import template
from django.utils import timezone

from articles import guests
from articles.models import Article

register = template.Library()


@register.simple_tag
def guests_of(article: Article) -> list[guests.Invitation]:
    return guests.links_of(article, timezone.now())
