"""Whole pages, kept for an edition (DESIGN, idea 3).

The key holds the edition's key and the release, so nothing is ever invalidated: a change turns the edition and the
old pages are asked for no more. No kept page outlives the next scheduled change. A browser or a CDN keeps what it
likes and asks each time with the ETag, which costs the site one query.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from magazine.middleware import has_session

logger = logging.getLogger(__name__)
ORDINARY_QUERY = re.compile(r"(page=([1-9]\d{0,3}))?")
NOT_PAGES = ("/admin/", "/healthz/", "/newsletter/", "/preview/", "/review/", "/search/")
PAGES_ALL_THE_SAME = ("/newsletter/issues/",)


def release() -> str:
    """A name for the code as it stands: after a deployment, pages kept by the old one are not found."""
    digest = hashlib.sha256()
    for folder in ("articles", "magazine", "newsletter", "templates"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class PageCache:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.release = release()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_picture(request.path_info):
            return self.get_response(request)
        if has_session(request):
            return private(self.get_response(request))
        if request.method not in {"GET", "HEAD"} or not is_page(request.path_info):
            return self.get_response(request)
        # A page that is kept is shown under the site's own names only, as one that is made would be.
        request.get_host()
        response = self.kept_or_made(request)
        if response.status_code != 200:
            return response
        return get_conditional_response(request, etag=response["ETag"], response=response)

    def kept_or_made(self, request: HttpRequest) -> HttpResponse:
        seconds = self.seconds(request)
        key = f"page:{self.release}:{request.masthead.edition.key}:{digest(request.get_full_path())}"
        response = attempt(lambda: cache.get(key)) if seconds else None
        if response is None:
            response = public(self.get_response(request))
            if seconds and response.status_code == 200 and request.method == "GET" and is_page_asked_for(request):
                attempt(lambda: cache.set(key, response, seconds))
        return response

    def seconds(self, request: HttpRequest) -> int:
        """How long the page may be kept: not past the next scheduled change, not past midnight, since pages say the
        day, and not at all with an odd query or while somebody works on the site itself."""
        if settings.DEBUG or not ORDINARY_QUERY.fullmatch(request.META.get("QUERY_STRING", "")):
            return 0
        masthead = request.masthead
        tomorrow = request.at.astimezone(masthead.magazine.zone).date() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(), masthead.magazine.zone)
        ends = [instant for instant in (midnight, masthead.edition.next_change) if instant]
        left = (min(ends) - request.at).total_seconds()
        return max(0, int(min(settings.PAGE_CACHE_SECONDS, left)))


def is_page(path: str) -> bool:
    return path.startswith(PAGES_ALL_THE_SAME) or not path.startswith(NOT_PAGES)


def is_picture(path: str) -> bool:
    """What is kept for ever under its name, whoever asks for it."""
    return path.startswith("/pictures/") or (settings.MEDIA_URL.startswith("/") and path.startswith(settings.MEDIA_URL))


def is_page_asked_for(request: HttpRequest) -> bool:
    """Whether `?page=` names the page that is shown: a stranger cannot fill the cache with numbers there are not."""
    asked = ORDINARY_QUERY.fullmatch(request.META.get("QUERY_STRING", ""))
    return not asked or not asked[2] or int(asked[2]) == getattr(request, "page_shown", None)


def attempt(deed: Callable[[], Any]) -> Any:
    """A cache that cannot be reached is an empty one: the page is made, and the operator reads why it took longer."""
    try:
        return deed()
    except Exception:  # each backend has exceptions of its own
        logger.exception("The page cache cannot be reached")
        return None


def digest(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()


def public(response: HttpResponse) -> HttpResponse:
    """Anybody may keep it and must ask before using it again; with a login it may be another."""
    if response.status_code == 200:
        response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:24]}"'
        response.headers.setdefault("Cache-Control", "public, no-cache")
        patch_vary_headers(response, ["Cookie"])
    return response


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
