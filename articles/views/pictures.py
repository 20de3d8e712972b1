"""Renditions that are not made yet when a reader asks for them."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from articles import making
from articles.metadata import mime_type
from articles.models import Picture


@require_safe
def rendition(request: HttpRequest, number: int, key: str, name: str) -> HttpResponse:
    """One of the renditions that the table knows, under a key that only pages tell. It stays the same for ever.

    While the machine is busy, the reader gets the original for this once: larger than need be, but there.
    """
    picture = get_object_or_404(Picture, pk=number)
    wanted = picture.renditions().get(name)
    if wanted is None or not constant_time_compare(key, picture.key):
        raise Http404
    try:
        response = HttpResponse(making.content_of(picture, wanted), content_type=mime_type(name))
        response["Cache-Control"] = "public, max-age=31536000, immutable"
    except making.Busy:
        response = HttpResponse(status=HTTPStatus.FOUND, headers={"Location": picture.file.url})
        response["Cache-Control"] = "no-store"
    except (Picture.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    # Feed readers show the pictures of a feed on pages of their own.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
