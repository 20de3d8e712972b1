"""Leaving by the link in a mail: by its button, or by the mail program's own (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter import boxes, leaving, traps
from newsletter.views import visits

ONE_CLICK = "One-Click"


@csrf_exempt  # mail programs have no cookie of ours and no page of ours to come from
@visits.unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """The same for every token, so that nobody learns which ones are true."""
    one_click = request.method == "POST" and request.POST.get("List-Unsubscribe") == ONE_CLICK
    if token in leaving.TEST_LINKS and not one_click:
        return render(request, "newsletter/test_link.html")
    if request.method != "POST":
        return render(request, "newsletter/leave.html")
    if not one_click and not visits.from_this_site(request, unnamed=True):
        return visits.refused(request)
    said = visits.said(request, "/newsletter/leave/", token, note="one-click" if one_click else "")
    leaving.leave(token, request.at, said)
    if one_click:
        return HttpResponse("You are unsubscribed.\n", content_type="text/plain; charset=utf-8")
    return left(request)


def left(request: HttpRequest) -> HttpResponse:
    context = {"stamp": traps.stamp(request.at, boxes.words(request.masthead.magazine))}
    return render(request, "newsletter/left.html", context)
