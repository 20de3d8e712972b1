"""What belongs to the site and to no page of it: robots, health, pictures, pages for errors."""

from django.conf import settings
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.static import serve

from articles.addresses import absolute


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/?",
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while the site can answer from its database; a load balancer asks here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    response = HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse | HttpResponse:
    """A picture from the disc of this machine: a proxy before the site may serve the folder itself, but need not.

    Every file there was written by us (articles.pictures) under a name made of its content, so it may be kept for ever.
    """
    response = serve(request, name, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # Feed readers show the pictures of a feed on pages of their own.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)
