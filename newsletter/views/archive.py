"""The archive: the issues that readers have got, each as it was frozen. And the way from a mail to a piece, counted."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.rights import Use
from newsletter import clicks, mail_pictures
from newsletter.models import Issue, Newsletter

PER_PAGE = 24


@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    archived = Issue.objects.archived().defer("html", "text", "web", "intro", "outro")
    page = Paginator(archived, PER_PAGE).get_page(request.GET.get("page"))
    request.page_shown = page.number
    return render(request, "newsletter/issues.html", {"page": page})


@require_safe
def issue(request: HttpRequest, number: int) -> HttpResponse:
    archived = Issue.objects.archived().defer("html", "text")
    found = get_object_or_404(archived, number=number)
    context = {
        "issue": found,
        "shown": mail_pictures.as_allowed(found.web, request.at, Use.SITE, Use.NEWSLETTER),
        "name": Newsletter.objects.current().short_name,
    }
    return render(request, "newsletter/issue.html", context)


@require_safe
def click(request: HttpRequest, number: int, item: int) -> HttpResponse:
    """To the piece of an item, and only there: the address names rows of ours, so nobody is led elsewhere by it.

    This GET counts, and is no token: it says nothing of who clicked, changes nothing for anybody, and a number that a
    scanner makes too large is a number that is too large. HEAD and what a browser fetches ahead are not counted.
    """
    found = clicks.found(number, item, request.at)
    if found is None:
        raise Http404
    if request.method == "GET" and not is_ahead(request):
        clicks.count(found)
    response = HttpResponseRedirect(found.article.get_absolute_url())
    response["Cache-Control"] = "no-store"
    return response


def is_ahead(request: HttpRequest) -> bool:
    """Whether a browser or mail program fetches ahead of its reader (Fetch's Sec-Purpose, and older names of it)."""
    said = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"))
    return any("prefetch" in each.lower() or "preview" in each.lower() for each in said)
