"""The workflow's buttons: each asks on a page of its own and does its deed on POST. And many articles at once."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles import editing, notices, presence, readiness, review
from articles.admin.reach import article_for
from articles.forms import MoveForm
from articles.models import Article, AuditEntry
from articles.roles import may, open_moves
from articles.workflow import MOVES, MoveRefused, Stage, State

ASKED = {
    "take_back": _("It goes back to the drafts; nobody reviews it until it is submitted again."),
    "ask_for_changes": _("It goes back to those who write it. Say what is missing; comments on paragraphs stay."),
    "approve": _("You approve the text exactly as it stands now. Whoever changes it makes the approval void."),
    "unpublish": _(
        "Readers will no longer find this; its address answers “not found” until it is published again. "
        "The text stays here."
    ),
    "discard": _("The form will open with the text that readers see. The draft stays in the history."),
    "submit": _("Those who review are told. You can go on writing."),
}
"""What the page of a move says; publishing has the form's own buttons."""


def approval_required(request: HttpRequest) -> bool:
    return request.masthead.magazine.approval_required


def change_address(pk: int) -> str:
    return reverse("admin:articles_article_change", args=[pk])


def move_page(desk, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Asks first, with room for a note; does it on POST."""
    if name not in ASKED:
        raise Http404
    article = article_for(request, pk, name)
    form = MoveForm(request.POST or None, wants_note=MOVES[name].wants_note, seen=number_of(article))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                do(name, article_for(request, pk, name, held=True), request.user, form)
            desk.message_user(request, MOVES[name].done, messages.SUCCESS)
        except MoveRefused as refusal:
            desk.message_user(request, str(refusal), messages.ERROR)
        return redirect(change_address(pk))
    context = {
        **desk.admin_site.each_context(request),
        "title": MOVES[name].label,
        "opts": desk.opts,
        "article": article,
        "question": ASKED[name],
        "form": form,
        "possible": name in open_moves(request.user, article, approval_required=False),
    }
    return TemplateResponse(request, "admin/articles/article/move.html", context)


def sent_back(article: Article) -> AuditEntry | None:
    """With which words the newest text was sent back, while it is."""
    if article.stage != Stage.NEEDS_CHANGES:
        return None
    return AuditEntry.objects.about(article).filter(deed="ask_for_changes").first()


def number_of(article: Article) -> int:
    return article.latest_revision.number if article.latest_revision else 0


def do(name: str, article: Article, user, form: MoveForm) -> None:
    """The deed itself, on a held article, in the caller's transaction."""
    now, note = timezone.now(), form.cleaned_data["note"]
    if name == "unpublish":
        article.unpublish(at=now, by=user)
    elif name == "discard":
        presence.refuse_if_kept(article, by=user, at=now)
        editing.discard(article, by=user, at=now)
    else:
        review.move(article, name, by=user, at=now, note=note, seen=form.cleaned_data["seen"])
    notices.moved(article, name, by=user, at=now, note=note)


def publish_many(desk, request: HttpRequest, queryset, approval_required: bool) -> None:
    """Publish the newest text of each that may be; those that may not are named with the reason."""
    now, done, refused = timezone.now(), 0, []
    with transaction.atomic():
        for article in Article.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))).held():
            newer = editing.is_pending(article) and may(request.user, "publish", article)
            if article.status == State.PUBLISHED and not newer:
                continue  # as far as this person may know
            fault = why_not(request.user, article)
            try:
                if fault:
                    raise MoveRefused(fault)
                review.publish(article, by=request.user, at=now, approval_required=approval_required)
                notices.moved(article, "publish", by=request.user, at=now)
                done += 1
            except MoveRefused as refusal:
                refused.append(f"{article}: {refusal}")
    text = ngettext("%(count)d article was published.", "%(count)d articles were published.", done)
    if done or not refused:
        desk.message_user(request, text % {"count": done}, messages.SUCCESS)
    for words in refused:
        desk.message_user(request, words, messages.WARNING)


def why_not(user, article: Article) -> str:
    """Why this person cannot publish it from the list, or ""."""
    if not may(user, "publish", article):
        return str(_("You may not publish this."))
    return " ".join(str(fault.message) for fault in readiness.errors(readiness.findings(article.newest_content())))


def take_off(desk, request: HttpRequest, articles: list[Article]) -> None:
    now = timezone.now()
    with transaction.atomic():
        chosen = [article.pk for article in articles if may(request.user, "unpublish", article)]
        held = list(Article.objects.filter(pk__in=chosen, status=State.PUBLISHED).held())
        for article in held:
            article.unpublish(at=now, by=request.user)
            notices.moved(article, "unpublish", by=request.user, at=now)
    text = ngettext("%(count)d article is off the site.", "%(count)d articles are off the site.", len(held))
    desk.message_user(request, text % {"count": len(held)}, messages.SUCCESS)


PAGES = [("<int:pk>/move/<slug:name>/", move_page, "move")]
