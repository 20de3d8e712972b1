"""Previews and guest links: the draft as readers will see it, beside the form and by a link."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles import guests, previews
from articles.admin.reach import article_for, draft_for
from articles.models import Article, GuestLink
from articles.models.content import Content


class LinkForm(forms.Form):
    """A link for somebody without a login: what it opens, for whom, how long."""

    purpose = forms.ChoiceField(
        label=_("What they can do"),
        choices=[
            (guests.Purpose.REVIEW.value, _("Read, comment by paragraph and sign off (review room)")),
            (guests.Purpose.PREVIEW.value, _("Look at the page as readers will see it (preview)")),
        ],
        widget=forms.RadioSelect,
        initial=guests.Purpose.REVIEW.value,
    )
    guest = forms.CharField(
        required=False,
        max_length=120,
        label=_("For whom"),
        help_text=_("The interviewee, the lawyer, the fact checker. Left empty, they are asked for their name."),
        widget=forms.TextInput({"class": "vTextField", "autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("Open for"),
        coerce=int,
        initial=7,
        choices=[(days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in guests.DAYS],
    )


def preview(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """The newest text as readers will see it; of a form that is sent, what stands in it, and nothing is saved."""
    article = draft_for(request, pk)
    content = typed(desk, request, pk) if request.method == "POST" else article.newest_content()
    context = previews.page(article, content, request.masthead, timezone.now())
    response = render(request, "articles/preview.html", context)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def typed(desk, request: HttpRequest, pk: int) -> Content:
    """What a form holds at this moment; a field with a fault keeps what was saved of it. Only for those who may
    change the article: the form knows what they can choose."""
    article = article_for(request, pk, "change")
    before = article.newest_content()
    form = desk.get_form(request, article, change=True)(request.POST, instance=article)
    form.is_valid()
    return form.snapshot_over(before)


def guests_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """The links of an article with what their guests said, and the form that makes one."""
    article = article_for(request, pk, "change")
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            article = article_for(request, pk, "change", held=True)
            link = guests.make(article, by=request.user, at=timezone.now(), **form.cleaned_data)
        desk.message_user(request, _("The link is made. Copy it and send it to your guest."), messages.SUCCESS)
        return redirect(f"{request.path}?new={link.pk}#link-{link.pk}")
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Guests"),
        "opts": desk.opts,
        "article": article,
        "form": form,
        "links": guests.links_of(article, timezone.now()),
        "new": request.GET.get("new", ""),
        "media": desk.media,
    }
    response = TemplateResponse(request, "admin/articles/article/guests.html", context)
    # It holds the addresses that open the draft.
    response["Cache-Control"] = "private, no-store"
    return response


def withdraw(desk, request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Close a link at once; what its guest said stays."""
    article_for(request, pk, "change")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    with transaction.atomic():
        article = article_for(request, pk, "change", held=True)
        found = link_of(article, link)
        guests.withdraw(found, by=request.user, at=timezone.now())
    desk.message_user(request, _("The link is withdrawn; it opens nothing any more."), messages.SUCCESS)
    return redirect("admin:articles_article_guests", pk)


def link_of(article: Article, number: int) -> GuestLink:
    found = article.guest_links.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    return found


PAGES = [
    ("<int:pk>/preview/", preview, "preview"),
    ("<int:pk>/guests/", guests_page, "guests"),
    ("<int:pk>/guests/<int:link>/withdraw/", withdraw, "withdraw_guest"),
]
