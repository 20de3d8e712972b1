"""Which issues somebody at the desk may look at."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.roles import sees_all, visible_to
from newsletter.models import Issue, Item
from newsletter.states import SHOWN


def issues_for(user: Any, at: datetime) -> QuerySet[Issue]:
    """Those that readers have, and of the others those of which each piece is given to the person: somebody limited to
    sections learns nothing from an issue of what is scheduled in another."""
    if sees_all(user):
        return Issue.objects.all()
    seen = visible_to(user, at).values("pk")
    hidden = Item.objects.filter(issue=OuterRef("pk"), article__isnull=False).exclude(article__in=seen)
    return Issue.objects.filter(Q(state__in=SHOWN) | ~Exists(hidden))
