"""The newsletter's page and its box."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter.forms import SignUpForm


def from_this_site(request: HttpRequest) -> bool:
    """Whether the browser says a form was sent from one of our own pages (Fetch Metadata, or the Origin header).

    The box stands on pages that are the same for everybody and set no cookie, so there is no secret in it to compare.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin in {None, f"{request.scheme}://{request.get_host()}", settings.SITE_URL}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "newsletter/newsletter.html", {"form": SignUpForm()})
    if not from_this_site(request):
        raise PermissionDenied
    form = SignUpForm(request.POST)
    accepted = form.is_valid()
    if accepted:
        form.save(request.at)
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "newsletter/_answer.html", {"form": form}, status=200 if accepted else 422)
    if accepted:
        return redirect("newsletter_thanks")
    return render(request, "newsletter/newsletter.html", {"form": form}, status=422)


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/thanks.html")
