"""What the worker does for the magazine (django-tasks). Each may run twice, or not at all, and nothing is lost."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from articles import making
from articles.models import Picture


@task()
def make_renditions(number: int, key: str) -> int:
    """Every rendition of a picture that is still as it was, and how many were missing; then pages name them."""
    picture = Picture.objects.filter(pk=number).first()
    if picture is None or picture.key != key or picture.is_made:
        return 0
    made = making.make_all(picture)
    making.mark_made([picture], timezone.now())
    return made


def make_soon(picture: Picture) -> None:
    """Let the worker make the renditions of a picture that was just saved, once that is sure, if they are not there."""
    if not picture.is_made:
        transaction.on_commit(partial(make_renditions.enqueue, picture.pk, picture.key))
