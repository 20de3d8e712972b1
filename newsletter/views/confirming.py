"""The links in a confirmation mail: yes, it was me; no, it wasn't; and a new address. Looking at them does nothing:
programs that scan mail open every link. The one button does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter import boxes, confirming, letters, traps
from newsletter.models import Newsletter
from newsletter.views import subscribing, visits

GONE = 410
SHUT = 409
LOOK_OR_PRESS = ["GET", "HEAD", "POST"]


def closed(request: HttpRequest) -> HttpResponse:
    """The same for a link that is too old, was mistyped or never was; with the form to ask again."""
    context = {"stamp": traps.stamp(request.at, boxes.words(request.masthead.magazine))}
    return render(request, "newsletter/closed.html", context, status=GONE)


def shut(request: HttpRequest, template: str) -> HttpResponse:
    """Only whoever reads the mail of the address comes here."""
    newsletter = Newsletter.objects.current()
    contact = newsletter.reply_to or letters.address(newsletter)
    return render(request, template, {"contact": contact}, status=SHUT)


@csrf_exempt  # nobody has a token whom it was not mailed to
@visits.unlisted
@require_http_methods(LOOK_OR_PRESS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    wish = confirming.wish_of("confirm", token)
    if wish is None:
        return closed(request)
    if request.method != "POST":
        at_once = subscribing.signed_up_here(request, wish.key)
        return render(request, "newsletter/confirm.html", {"at_once": at_once})
    if not visits.from_this_site(request, unnamed=True):
        return visits.refused(request)
    said = visits.said(request, "/newsletter/confirm/", token, wording=wish.wording)
    if confirming.confirm(wish, request.at, said) is confirming.Outcome.SHUT:
        return shut(request, "newsletter/shut.html")
    response = render(request, "newsletter/confirmed.html")
    response.delete_cookie(subscribing.COOKIE, path="/newsletter/", samesite="Lax")
    return response


@csrf_exempt
@visits.unlisted
@require_http_methods(LOOK_OR_PRESS)
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    key = confirming.key_of_stranger(token)
    if key is None:
        return render(request, "newsletter/nothing_to_undo.html", status=GONE)
    if request.method != "POST":
        return render(request, "newsletter/not_me.html")
    if not visits.from_this_site(request, unnamed=True):
        return visits.refused(request)
    confirming.not_me(key, request.at, visits.said(request, "/newsletter/not-me/", token))
    return render(request, "newsletter/forgotten.html")


@csrf_exempt
@visits.unlisted
@require_http_methods(LOOK_OR_PRESS)
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    wish = confirming.wish_of("address", token)
    if wish is None:
        return closed_for_readers(request)
    if request.method != "POST":
        return render(request, "newsletter/new_address.html")
    if not visits.from_this_site(request, unnamed=True):
        return visits.refused(request)
    said = visits.said(request, "/newsletter/address/", token)
    outcome = confirming.take_address(wish, token, request.at, said)
    if outcome is None:
        return closed_for_readers(request)
    if outcome is confirming.Outcome.SHUT:
        return shut(request, "newsletter/address_taken.html")
    return render(request, "newsletter/moved.html")


def closed_for_readers(request: HttpRequest) -> HttpResponse:
    """A link for those who are subscribed: with the form that mails another one."""
    context = {"stamp": traps.stamp(request.at, boxes.PREFERENCES)}
    return render(request, "newsletter/closed_for_readers.html", context, status=GONE)
