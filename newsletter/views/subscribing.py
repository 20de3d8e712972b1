"""The newsletter's page and its box: taking an address."""

import logging
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import boxes, limits, signing_up, tokens, traps
from newsletter.forms import SignUpForm
from newsletter.models import Wish
from newsletter.views import visits

COOKIE: Final = "newsletter_sign_up"
COOKIE_LASTS: Final = timedelta(days=1)

log = logging.getLogger(__name__)


@csrf_exempt  # visits.from_this_site says why
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    words = boxes.words(request.masthead.magazine)
    if request.method != "POST":
        return show(request, "newsletter/newsletter.html", None, words)
    if not visits.from_this_site(request):
        return visits.refused(request)
    form = SignUpForm(request.POST, words=words, at=request.at, strict=signing_up.is_wave(request.at))
    return answer(request, form, "newsletter/newsletter.html", "newsletter_thanks", words)


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/thanks.html")


def answer(
    request: HttpRequest, form: SignUpForm, page: str, thanks: str, words: str, kind: str = Wish.SIGN_UP
) -> HttpResponse:
    """The same for every address: its state is looked at by nobody before the worker does (newsletter.signing_up).

    A machine that filled in what no person sees is thanked like everybody, and forgotten.
    """
    in_place = request.headers.get("X-Requested-With") == "fetch"
    if not form.is_from_a_machine():
        if not form.is_valid():
            # New words cannot be read in place: at 409 the script sends the form as any other, to the page with them.
            status = 409 if in_place and form.trap is traps.Trap.OTHER_WORDS else 422
            return show(request, "newsletter/_answer.html" if in_place else page, form, words, status=status)
        try:
            take(request, form, kind, words if kind == Wish.SIGN_UP else "")
        except signing_up.TooMany:
            return too_many(request, in_place)
    response = render(request, "newsletter/_answer.html", {"thanks": thanks}) if in_place else redirect(thanks)
    if kind == Wish.SIGN_UP:
        remember(response, tokens.key_of(form.data.get("email", "")))
    return response


def show(request: HttpRequest, template: str, form: SignUpForm | None, words: str, status: int = 200) -> HttpResponse:
    """A page with the form, stamped for this moment."""
    context = {"form": form, "stamp": traps.stamp(request.at, words), "wait": int(traps.QUICK.total_seconds() * 1000)}
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def take(request: HttpRequest, form: SignUpForm, kind: str, words: str) -> None:
    signing_up.take(
        form.cleaned_data["email"],
        at=request.at,
        kind=kind,
        words=words,
        page=visits.page_of(request),
        network=visits.network(request),
    )


def too_many(request: HttpRequest, in_place: bool) -> HttpResponse:
    network = visits.network(request)
    if limits.is_our_own(network):
        log.warning("Many sign-ups come from %s: if that is a proxy, TRUSTED_PROXIES is too low", network)
    template = "newsletter/_answer.html" if in_place else "newsletter/too_many.html"
    response = render(request, template, {"too_many": True}, status=429)
    response["Retry-After"] = str(int(limits.NETWORK_WINDOW.total_seconds()))
    response["Cache-Control"] = "no-store"
    return response


def remember(response: HttpResponse, key: str) -> None:
    """So that the browser that signed up confirms in one step. The same for every address that is typed."""
    response.set_cookie(
        COOKIE,
        tokens.sign("seen", {"k": key}),
        max_age=COOKIE_LASTS,
        path="/newsletter/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def signed_up_here(request: HttpRequest, key: str) -> bool:
    """Whether this browser is the one that signed an address up, a short while ago."""
    seen = tokens.read("seen", request.COOKIES.get(COOKIE, ""), COOKIE_LASTS)
    return seen is not None and seen.get("k") == key
