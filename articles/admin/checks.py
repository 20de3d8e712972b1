"""What is looked at before an article is published: the list beside its form, and the question before publishing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import html, notices, readiness, review
from articles.admin.moves import approval_required, change_address, number_of
from articles.admin.reach import article_for
from articles.checklist import Level, Result, blocks
from articles.forms import LONGEST_BODY, PublishForm
from articles.models import Article
from articles.roles import may
from articles.workflow import MoveRefused, State


def checklist_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """The list for the newest text; a POST asks the links first. `?part` gives the list alone, for the form's page."""
    article = article_for(request, pk, "change")
    content = article.newest_content()
    if request.method == "POST":
        readiness.ask_links(content["body"], readiness.PATIENTLY)
    context = {**page(desk, request, article), "title": "", **checklist_context(article)}
    context["title"] = context["checklist_title"]
    template = "_checks" if "part" in request.GET else "checklist"
    return TemplateResponse(request, f"admin/articles/article/{template}.html", context)


def checklist_context(article: Article) -> dict[str, object]:
    content = article.newest_content()
    results = readiness.results(content, article)
    return {
        "faults": sorted((result for result in results if result.finding), key=rank),
        "kept": [result.rule for result in results if not result.finding],
        "links_waiting": len(readiness.not_asked(content["body"])),
        "checklist_address": reverse("admin:articles_article_checklist", args=[article.pk]),
        "checklist_title": review.BEFORE_PUBLISHING,
    }


def rank(result: Result) -> int:
    """Errors first."""
    return int(result.finding.level != Level.ERROR)


def page(desk, request: HttpRequest, article: Article) -> dict[str, object]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "article": article}


def publish_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """The question before publishing a text that could be better: what was found, and whether it goes out as it is."""
    article = article_for(request, pk, "publish")
    form = PublishForm(request.POST if request.method == "POST" else {**request.GET.dict(), "seen": number_of(article)})
    found = readiness.findings(article.newest_content(), article)
    if request.method == "POST" and form.is_valid() and not blocks(found):
        try:
            with transaction.atomic():
                publish(article_for(request, pk, "publish", held=True), request, form)
        except MoveRefused as refusal:
            desk.message_user(request, str(refusal), messages.ERROR)
        else:
            desk.tell_published(request, Article.objects.get(pk=pk))
        return redirect(change_address(pk))
    context = {
        **page(desk, request, article),
        **checklist_context(article),
        "title": review.BEFORE_PUBLISHING,
        "form": form,
        "blocked": blocks(found),
        "button": words_of_button(article, bool(found)),
    }
    return TemplateResponse(request, "admin/articles/article/publish.html", context)


def words_of_button(article: Article, doubts: bool) -> str:
    if article.status == State.PUBLISHED:
        return str(_("Publish the changes as they are") if doubts else _("Publish changes"))
    if article.published_at and article.published_at > timezone.now():
        return str(_("Schedule it as it is") if doubts else _("Schedule"))
    return str(_("Publish it as it is") if doubts else _("Publish"))


def publish(article: Article, request: HttpRequest, form: PublishForm) -> None:
    """The newest text of a held article, now or when the form says; refused where it is not the one that was seen."""
    now, wanted = timezone.now(), form.cleaned_data
    review.refuse_unseen(article, wanted.get("seen"))
    said = {"by": request.user, "at": now, "approval_required": approval_required(request)}
    if article.status == State.PUBLISHED and wanted["live_at"] and wanted["live_at"] > now:
        review.publish_later(article, live_at=wanted["live_at"], material=wanted["material_change"], **said)
        notices.moved(article, "publish_later", by=request.user, at=now)
        return
    if wanted["material_change"] and article.is_published(now):
        article.updated_at = now
    review.publish(article, **said)
    notices.moved(article, "publish", by=request.user, at=now)


def ask_before_publishing(request: HttpRequest) -> None:
    """Links nobody has asked yet are asked before the form's transaction begins."""
    if not may(request.user, "publish"):
        raise PermissionDenied
    body = request.POST.get("body", "")
    if len(body) <= LONGEST_BODY:
        readiness.ask_links(html.clean(body), readiness.SHORTLY)


PAGES = [
    ("<int:pk>/checklist/", checklist_page, "checklist"),
    ("<int:pk>/publish/", publish_page, "publish"),
]
