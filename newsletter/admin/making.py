"""Making an issue: this week's draft, or an empty one."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import AuditEntry
from newsletter import roundup
from newsletter.admin.standing import change_address
from newsletter.models import Issue, Newsletter
from newsletter.roles import issues_for
from newsletter.states import IssueState


def new_page(desk, request: HttpRequest) -> HttpResponse:
    """Two ways to begin. Only a POST makes something."""
    if request.method == "POST":
        return this_weeks(desk, request) if "_compose" in request.POST else empty(desk, request)
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": _("A new issue"),
        "fewest": Newsletter.objects.current().fewest_pieces,
        "media": desk.media,
    }
    return TemplateResponse(request, "admin/newsletter/issue/new.html", context)


def this_weeks(desk, request: HttpRequest) -> HttpResponse:
    """A draft of what is new since the last issue; none where that is too little, or where there is one already."""
    now = timezone.now()
    with transaction.atomic():
        since = roundup.since_last(now)
        there = issues_for(request.user, now).filter(state=IssueState.DRAFT, until__gt=since).first()
        issue = there or roundup.compose(since, now, by=request.user)
        if issue and not there:
            AuditEntry.objects.note("add", issue, by=request.user, at=now, note=_("This week’s draft"))
    if issue is None:
        return too_few(desk, request)
    if there:
        words = _("This week’s draft is there already: here it is. A second one can begin empty.")
        desk.message_user(request, words, messages.WARNING)
    else:
        count = issue.items.count()
        words = ngettext("The draft is made, with %(count)d piece.", "The draft is made, with %(count)d pieces.", count)
        desk.message_user(request, words % {"count": count}, messages.SUCCESS)
    return redirect(change_address(issue.pk))


def too_few(desk, request: HttpRequest) -> HttpResponse:
    fewest = Newsletter.objects.current().fewest_pieces
    words = ngettext(
        "No draft was made: since the last issue there are fewer than %(count)d new piece. "
        "You can begin with an empty one.",
        "No draft was made: since the last issue there are fewer than %(count)d new pieces. "
        "You can begin with an empty one.",
        fewest,
    )
    desk.message_user(request, words % {"count": fewest}, messages.WARNING)
    return redirect("admin:newsletter_issue_add")


def empty(desk, request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        issue = Issue.objects.create(created_by=request.user, on_doubt=Newsletter.objects.current().on_doubt)
        AuditEntry.objects.note("add", issue, by=request.user, at=now, note=_("An empty draft"))
    desk.message_user(request, _("An empty draft is made. Add the pieces you want."), messages.SUCCESS)
    return redirect(change_address(issue.pk))
