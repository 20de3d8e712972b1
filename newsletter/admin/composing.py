"""The form of a draft: shown, saved, and what it asks for while it is filled in."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from js_asset import Media as MediaWithNonce

from articles import search
from articles.admin.desk import LONGEST_TERM, OFFERED
from articles.admin.reach import number_in
from articles.models import Article, AuditEntry
from articles.pickers import LARGEST_ID, choosable, shown
from articles.roles import visible_to
from newsletter.admin.reach import CHANGE, issue_for
from newsletter.admin.standing import about, change_address
from newsletter.forms import IssueForm
from newsletter.forms.pieces import MOST, arranged, earlier_issues, is_arranging, open_to_issues, row_of
from newsletter.models import Issue

GO_ON = {"_preview": "preview", "_test": "test", "_schedule": "schedule"}
"""The buttons that save and go on, and the page they lead to."""


def form_page(desk, request: HttpRequest, issue: Issue, form: IssueForm | None = None) -> HttpResponse:
    form = form or IssueForm(instance=issue, user=request.user)
    context = about(desk, request, issue, _("Compose")) | {
        "form": form,
        "pieces": form.pieces,
        "faults": form.number_of_faults(),
        "newer": form.newer and newest_save(issue),
        "not_saved": form.is_bound,
        "media": MediaWithNonce.from_media(desk.media + form.all_media).with_nonce(request.csp_nonce),
        "may_delete": desk.has_delete_permission(request, issue),
        "most": MOST,
    }
    return TemplateResponse(request, "admin/newsletter/issue/compose.html", context)


def save_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """Saves the words and the pieces as one; or gives the form back, arranged anew or with its faults."""
    with transaction.atomic():
        issue = issue_for(request, pk, CHANGE, held=True)
        arranging = is_arranging(request.POST)
        data = arranged(request.POST) if arranging else request.POST
        form = IssueForm(data, instance=issue, user=request.user)
        if arranging or not form.is_valid():
            return form_page(desk, request, issue, form)
        save(request, form)
    desk.message_user(request, _("Saved."), messages.SUCCESS)
    for button, page in GO_ON.items():
        if button in request.POST:
            return redirect(reverse(f"admin:newsletter_issue_{page}", args=[pk]))
    return redirect(change_address(pk))


def save(request: HttpRequest, form: IssueForm) -> None:
    issue = form.save()
    form.save_pieces()
    count = issue.items.count()
    pieces = ngettext("%(count)d piece", "%(count)d pieces", count) % {"count": count}
    AuditEntry.objects.note("change", issue, by=request.user, at=timezone.now(), note=pieces)


def newest_save(issue: Issue) -> dict[str, str]:
    """Who saved it last, and when, for somebody whose form is older than that."""
    entry = AuditEntry.objects.about(issue).first()
    return {
        "name": entry.actor if entry and entry.actor else _("Somebody else"),
        "time": date_format(timezone.localtime(issue.saved_at), "H:i"),
        "value": issue.saved_at.isoformat(),
    }


# ---------------------------------------------------------------- pieces for the form


def pieces_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """What the picker of pieces asks: ?term= what can be found, ?id= what one is. Only what an issue may hold."""
    issue, now = issue_for(request, pk, CHANGE), timezone.now()
    seen = visible_to(request.user, now)
    rows = open_to_issues(choosable(Article).filter(pk__in=seen.values("pk")), now)
    if "id" in request.GET:
        rows = rows.filter(pk=number_in(request.GET["id"]))
    elif term := request.GET.get("term", "").replace("\x00", "").strip()[:LONGEST_TERM]:
        rows = search.matching(rows, term)
    found = list(rows.order_by("-published_at", "-pk")[:OFFERED])
    earlier = earlier_issues([article.pk for article in found], issue)
    return JsonResponse({"results": [shown(article) | said_before(article, earlier) for article in found]})


def said_before(article: Article, earlier: dict[int, int]) -> dict[str, str]:
    if article.pk not in earlier:
        return {}
    note = shown(article)["note"]
    return {"note": _("{note} · was in issue {number}").format(note=note, number=earlier[article.pk])}


def row_page(desk, request: HttpRequest, pk: int, article: int, number: int) -> HttpResponse:
    """A row of the form for an article that was chosen, with its number there, to be put into the page."""
    issue, now = issue_for(request, pk, CHANGE), timezone.now()
    allowed = open_to_issues(visible_to(request.user, now), now)
    if number >= MOST or article > LARGEST_ID or not allowed.filter(pk=article).exists():
        raise Http404
    context = {"row": row_of(article, number, issue, now), "number": number}
    return TemplateResponse(request, "admin/newsletter/issue/_row.html", context)


PAGES = [
    ("<int:pk>/pieces/", pieces_page, "pieces"),
    ("<int:pk>/row/<int:article>/<int:number>/", row_page, "row"),
]
