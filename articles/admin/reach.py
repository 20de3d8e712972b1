"""How far a person reaches at the desk: what an admin page of one article asks before anything else."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from articles.models import Article
from articles.pickers import LARGEST_ID
from articles.roles import given_to, may, visible_to


def article_for(request: HttpRequest, pk: int, deed: str, *, held: bool = False) -> Article:
    """The article, for somebody who may do the deed to it; 404 for those who may not know of it, 403 for the rest.

    `held`: as it is now, nobody else changing it; only in a transaction.
    """
    articles = Article.objects.all().select_related("section", "latest_revision")
    article = (articles.held() if held else articles).filter(pk=pk).first()
    if article is None or not visible_to(request.user, timezone.now()).filter(pk=pk).exists():
        raise Http404
    if not may(request.user, deed, article):
        raise PermissionDenied
    return article


def draft_for(request: HttpRequest, pk: int, *, held: bool = False) -> Article:
    """The article, for somebody who may see its drafts, whether they may change them or not."""
    article = article_for(request, pk, "view", held=held)
    if not given_to(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return article


def number_in(text: str) -> int | None:
    """The number a browser sent, if it is one that a row can have."""
    known = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    return int(text) if known and int(text) <= LARGEST_ID else None
