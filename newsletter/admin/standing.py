"""Where an issue stands: its state as a coloured word, what comes next, and the page of one that is no draft."""

from datetime import datetime

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from articles.admin.deeds import words_of
from articles.models import AuditEntry
from newsletter.admin.reach import CHANGE, SEND
from newsletter.models import Issue
from newsletter.states import MOVES, IssueState

MOMENT = "j M Y, H:i"
WITH_DAY = "l j F, H:i"
S = IssueState

EXPLAINED = {
    S.DRAFT: _lazy("Nobody gets it before it is scheduled."),
    S.SCHEDULED: _lazy("Its text is fixed. Until it goes out it can come back to be a draft."),
    S.PREPARING: _lazy("The list of those who get it is being made."),
    S.SENDING: _lazy("It is on its way to the readers."),
    S.PAUSED: _lazy("Nothing goes out until somebody lets it go on."),
    S.SENT: _lazy("It has gone out, and stands in the archive."),
    S.CANCELLED: _lazy("It was called off and will not be sent."),
    S.FAILED: _lazy("It reached nobody. Its pieces can come in the next issue."),
    S.MISSED: _lazy("Nobody has got it. Schedule it anew, or take it back to the drafts and look at it again."),
}

BY_HAND = ("back_to_draft", "cancel")
"""The moves that are a button on the page of an issue, beside scheduling. While it is sent there are others, in
newsletter.admin.progress; the rest are the worker's."""
NEXT = {
    S.DRAFT: ("", _lazy("Compose")),
    S.SCHEDULED: ("preview", _lazy("Look at it")),
    S.MISSED: ("schedule", _lazy("Schedule anew")),
    S.PAUSED: ("progress", _lazy("See why")),
    S.FAILED: ("progress", _lazy("See why")),
    S.SENDING: ("progress", _lazy("Watch it")),
    S.PREPARING: ("progress", _lazy("Watch it")),
    S.SENT: ("progress", _lazy("Numbers")),
    S.CANCELLED: ("", pgettext_lazy("the issue", "Open")),
}
"""What the list offers for each state: the page of the issue (empty: the issue itself), and its words."""


def change_address(pk: int) -> str:
    return reverse("admin:newsletter_issue_change", args=[pk])


def badge(issue: Issue) -> SafeString:
    return format_html('<span class="badge badge-issue-{}">{}</span>', issue.state, issue.get_state_display())


def next_deed(issue: Issue) -> SafeString:
    page, words = NEXT[IssueState(issue.state)]
    address = reverse(f"admin:newsletter_issue_{page}", args=[issue.pk]) if page else change_address(issue.pk)
    return format_html('<a class="next-deed" href="{}">{}</a>', address, words)


def moment(at: datetime | None, form: str = MOMENT) -> str:
    return date_format(timezone.localtime(at), form) if at else ""


def when(issue: Issue) -> str:
    """When it goes, went or would have gone."""
    if issue.state == S.SENT:
        return moment(issue.finished_at or issue.began_at)
    return moment(issue.began_at or issue.scheduled_for)


# ---------------------------------------------------------------- the page of one that is no draft


def about(desk, request: HttpRequest, issue: Issue, title: str) -> dict[str, object]:
    """What every page of one issue shows."""
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "issue": issue,
        "original": issue,
        "title": title,
        "badge": badge(issue),
        "explained": EXPLAINED[IssueState(issue.state)],
        "may_change": request.user.has_perm(CHANGE),
        "may_send": request.user.has_perm(SEND),
        "media": desk.media,
    }


def page(desk, request: HttpRequest, issue: Issue) -> TemplateResponse:
    """An issue that is fixed, or that the person may not change: what it holds, where it stands, what can be done."""
    now = timezone.now()
    context = about(desk, request, issue, str(issue)) | {
        "items": list(issue.items.select_related("article", "article__section").defer("article__body")),
        "moves": ways_on(issue),
        "may_schedule": issue.state in MOVES["schedule"].sources,
        "now": now,
        "wants_worker": issue.state in {S.SCHEDULED, S.PREPARING, S.SENDING},
        "log": [(entry, words_of(entry.deed)) for entry in AuditEntry.objects.about(issue)[:12]],
        "subtitle": issue.get_state_display(),
    }
    return TemplateResponse(request, "admin/newsletter/issue/standing.html", context)


def ways_on(issue: Issue) -> list[tuple[str, str]]:
    """The moves by hand that are open now: (name, words)."""
    return [(name, str(MOVES[name].label)) for name in BY_HAND if issue.state in MOVES[name].sources]
