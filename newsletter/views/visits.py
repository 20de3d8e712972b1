"""What the newsletter's pages ask of a request: whether it comes from the site's own pages, from which network and
page; and what nobody may do with a page whose address is a key."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from newsletter import limits, tokens
from newsletter.models import Said, Wording

View = Callable[..., HttpResponse]


def from_this_site(request: HttpRequest, *, unnamed: bool = False) -> bool:
    """Whether the browser says that a form was sent from one of our own pages (Fetch Metadata, or the Origin header).

    The usual protection compares a secret in the form with one in a cookie. The box stands on pages that are kept, the
    same for everybody, and set no cookie: there is no secret to compare. So the browser's own word counts, which no
    script of another site can change: https://www.w3.org/TR/fetch-metadata/ and RFC 6454. What sends neither header is
    no browser, and has no reader's cookies to misuse.

    `unnamed`: take "Origin: null" from a browser that says no more. It says so on pages with "no-referrer"; there the
    address itself is the secret, which another site does not have.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    ours = {None, f"{request.scheme}://{request.get_host()}", settings.SITE_URL}
    return origin in ours or (unnamed and origin == "null")


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "403.html", status=403)


def unlisted(view: View) -> View:
    """Nobody keeps the page, no search engine lists it, and no other site learns its address, whatever the answer."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def network(request: HttpRequest) -> str:
    """Whence it came, as the TrustedProxies middleware left it; "" where that is no address."""
    return limits.network_address(request.META.get("REMOTE_ADDR", ""))


def page_of(request: HttpRequest) -> str:
    """The path of our page the form stood on, as far as the browser tells; without a query."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    path = came_from.path if came_from.netloc == request.get_host() else ""
    return path[:300] if path.isprintable() else ""


def said(request: HttpRequest, page: str, token: str, *, wording: Wording | None = None, note: str = "") -> Said:
    """For the record, of something done on a page whose address has a token: the page without it."""
    return Said(page=page, wording=wording, network=network(request), token=tokens.token_id(token), note=note)
