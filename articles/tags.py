"""Tags of the same meaning become one."""

from collections.abc import Iterable

from django.db import transaction

from articles.models import Redirect, Tag, TaggedArticle


def merge(tags: Iterable[Tag], into: Tag) -> None:
    """Let `into` stand wherever one of the tags does; their addresses lead to its own from then on."""
    with transaction.atomic():
        for tag in tags:
            has_both = TaggedArticle.objects.filter(tag=into).values("content_object")
            tag.tagged.exclude(content_object__in=has_both).update(tag=into)
            Redirect.objects.moved(tag.get_absolute_url(), into.get_absolute_url())
            tag.delete()
