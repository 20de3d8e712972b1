"""What every request passes: whose address it is, whence pages may load, the instant it looks at, old addresses."""

from collections.abc import Callable
from datetime import UTC, datetime
from unicodedata import normalize
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from articles import masthead
from articles.models import Article, Author, Redirect, Revision, Tag
from articles.roles import sees_all

GetResponse = Callable[[HttpRequest], HttpResponse]


class TrustedProxies:
    """Put the reader's own address in REMOTE_ADDR when TRUSTED_PROXIES proxies of ours stand before the site.

    Each proxy adds the address it was called from at the end of X-Forwarded-For, so the entry that many from the end
    is the first one a stranger could not write. With no proxy of ours, what a request says of itself is dropped.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if not settings.TRUSTED_PROXIES:
            request.META.pop("HTTP_X_FORWARDED_FOR", None)
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        elif len(hops) >= settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = hops[-settings.TRUSTED_PROXIES]
        return self.get_response(request)


class Headers(CSPMiddleware):
    """The policy of whence a page may load (settings say which), and that no other site may embed what is ours."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponse, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        own = parts.config is not None  # a view may have said its own, such as the frame of a mail
        if not report_only and not own and request.path_info.startswith(reverse("admin:index")):
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"]
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class Instant:
    """`request.at` is now, `request.masthead` the magazine around every page; dates and words are the magazine's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()
        request.masthead = masthead.current(request.at)
        request.at = request.masthead.edition.at(request.at)
        magazine = request.masthead.magazine
        with timezone.override(magazine.zone), translation.override(magazine.language):
            return self.get_response(request)


class LookAhead:
    """Staff may look at the site as it was at another instant: `?at=2026-12-01T09:00`. Nobody else's `at` counts, and
    what lies ahead is for those who may see every draft: a scheduled piece is one until then.

    Texts that will have replaced live ones by then are put in their place for this one answer, in a transaction that is
    rolled back, so that every page, list and feed shows them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.looks_ahead = False
        instant = self.instant_asked_for(request)
        if instant is None:
            return self.get_response(request)
        request.at, request.looks_ahead = instant, True
        if request.method in {"GET", "HEAD"} and Revision.objects.due(instant).exists():
            with transaction.atomic():
                Article.objects.go_live(instant)
                request.masthead = masthead.compose(request.masthead.magazine, instant)
                response = self.get_response(request)
                transaction.set_rollback(True)
            return response
        request.masthead = masthead.compose(request.masthead.magazine, instant)
        return self.get_response(request)

    def instant_asked_for(self, request: HttpRequest) -> datetime | None:
        if not has_session(request) or "at" not in request.GET or not request.user.is_staff:
            return None
        if request.path_info.startswith(reverse("admin:index")):
            return None
        instant = read_instant(request.GET["at"], request.masthead.magazine.zone)
        return instant if instant and (instant <= request.at or sees_all(request.user)) else None


def has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def read_instant(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant of "2026-12-01T09:00" or "2026-12-01" in the magazine's zone; None for anything else."""
    try:
        instant = parse_datetime(text)
        if instant is None and (day := parse_date(text)):
            instant = datetime(day.year, day.month, day.day, tzinfo=zone)
        if instant is None:
            return None
        instant = instant if timezone.is_aware(instant) else instant.replace(tzinfo=zone)
        # Near the ends of the calendar one of these steps leaves it; a database takes the other.
        return instant.astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError):
        return None


SHOWN = {
    "article": Article.objects.published,
    "article_rest": Article.objects.published,
    "author": Author.objects.published,
    "author_feed": Author.objects.published,
    "tag": Tag.objects.published,
    "tag_feed": Tag.objects.published,
}
"""What has an address, by the name of its page, and may not be public: as readers see it at an instant."""


def is_hidden(address: str, at: datetime) -> bool:
    """Whether a thing stands at the address that readers do not have: its address would tell what it is called now."""
    try:
        page = resolve(unquote(address))
    except Resolver404:
        return False
    if page.url_name not in SHOWN:
        return False
    shown = SHOWN[page.url_name](at).filter(slug=page.kwargs["slug"])
    if "section_slug" in page.kwargs:
        shown = shown.filter(section__slug=page.kwargs["section_slug"])
    return not shown.exists()


class Moved:
    """Where there is no page, see whether one has moved: one permanent redirect, the query string kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or "\x00" in request.path_info:
            return response
        path = normalize("NFC", request.path_info)
        target = Redirect.objects.target(path) or (quote(path) if path != request.path_info else None)
        if target is None or is_hidden(target, request.at):
            return response
        query = request.META.get("QUERY_STRING", "")
        moved = HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
        # A browser would keep it for ever, and send its reader in a circle if the thing ever moves back.
        moved["Cache-Control"] = "no-cache"
        return moved
