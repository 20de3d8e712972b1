"""How far an issue has come while it is sent, and what became of it afterwards."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from articles.admin.audit import MARK, harmless
from newsletter import charts, figures, sending
from newsletter.admin.reach import SEND, VIEW, issue_for
from newsletter.admin.standing import EXPLAINED, about, badge, change_address
from newsletter.figures import ENDED, Numbers
from newsletter.models import Issue
from newsletter.states import MOVES, IssueState, WrongState

S = IssueState
GOES_ON = frozenset({S.SCHEDULED, S.PREPARING, S.SENDING})
"""Whatever is in one of these may change while somebody looks."""
COUNTED = ENDED | {S.PAUSED}
COLUMNS = ("what", "detail", "number")

DEEDS = {"pause": sending.pause, "resume": sending.resume}
DONE = {
    "pause": _lazy("It is paused. Mails that are on their way at this moment still arrive."),
    "resume": _lazy("It goes on."),
}


# ---------------------------------------------------------------- while it runs


def progress_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    issue = issue_for(request, pk, VIEW)
    if issue.is_draft:
        return redirect(change_address(pk))
    title = _("Numbers") if issue.state == S.SENT else _("Progress")
    context = about(desk, request, issue, title) | running(request, issue)
    if issue.began_at and issue.state in COUNTED:
        context |= numbers(request, issue)
    return TemplateResponse(request, "admin/newsletter/issue/progress.html", context)


def running(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """What changes while it is sent; a handful of small questions, however many readers there are."""
    now = timezone.now()
    found = sending.progress(issue, now)
    done = found.total - found.queued - found.deferred
    may_send = request.user.has_perm(SEND)
    moves = {name for name in ("pause", "resume", "cancel") if issue.state in MOVES[name].sources}
    return {
        "issue": issue,
        "badge": badge(issue),
        "explained": EXPLAINED[S(issue.state)],
        "progress": found,
        "done": done,
        "percent": done * 100 // found.total if found.total else 0,
        "left": time_left(found.seconds_left),
        "goes_on": issue.state in GOES_ON,
        "may_send": may_send,
        "moves": moves if may_send else set(),
        "may_settle": may_send and bool(found.in_doubt) and issue.state not in {S.CANCELLED, S.FAILED},
    }


def time_left(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return _("about a minute")
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("about %d minute", "about %d minutes", minutes) % minutes
    hours = round(minutes / 60)
    return ngettext("about %d hour", "about %d hours", hours) % hours


def state(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """What the page's script asks every other second."""
    context = running(request, issue_for(request, pk, VIEW))
    html = render_to_string("admin/newsletter/issue/_running.html", context, request)
    said = {"open": context["goes_on"], "words": words_of(context), "html": html}
    return JsonResponse(said, headers={"Cache-Control": "private, no-store"})


def words_of(context: dict[str, Any]) -> str:
    """For those who hear the page: by tens, so that it does not talk all the time."""
    issue = context["issue"]
    if issue.state != S.SENDING:
        return f"{issue.get_state_display()}. {issue.why}".strip()
    return _("%(percent)d percent are done.") % {"percent": context["percent"] // 10 * 10}


def deed(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, go on, or settle what is in doubt."""
    issue = issue_for(request, pk, SEND)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    name = request.POST.get("deed", "")
    if name not in DEEDS and name not in sending.DOUBT_CHOICES:
        raise Http404
    try:
        words = do(issue, name, by=request.user)
    except WrongState as refusal:
        desk.message_user(request, str(refusal), messages.ERROR)
    else:
        desk.message_user(request, words, messages.SUCCESS)
    return redirect("admin:newsletter_issue_progress", pk)


def do(issue: Issue, name: str, *, by: Any) -> str:
    now = timezone.now()
    if name in DEEDS:
        DEEDS[name](issue, by=by, at=now)
        return str(DONE[name])
    number = sending.settle_doubt(issue, name, by=by, at=now)
    if name == "resend":
        return ngettext("%d mail goes out again.", "%d mails go out again.", number) % number
    return ngettext("%d mail is left as it is.", "%d mails are left as they are.", number) % number


# ---------------------------------------------------------------- afterwards


def numbers(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    found = figures.of(issue, timezone.now())
    # A domain may have one reader only, so it is as good as an address.
    sees_readers = request.user.has_perm("newsletter.view_subscriber")
    return {
        "numbers": found,
        "times": times_chart(found),
        "shares": [share(line, this=line is found.line) for line in (found.line, *found.earlier)],
        "domains": with_bars(found.domains) if sees_readers else [],
        "clicks": with_bars(found.clicks),
    }


def share(line: figures.Line, *, this: bool) -> dict[str, Any]:
    """A row of the comparison: the numbers, and their percentages of what was sent."""
    names = ("failed", "bounced", "complained", "left")
    return {"line": line, "this": this} | {name: line.share(getattr(line, name)) for name in names}


def times_chart(found: Numbers) -> charts.Chart:
    day = len({timezone.localdate(at) for at, _sent, _failed in found.times}) > 1
    form = "j M, H:i" if day else "H:i"
    return charts.bars(
        "times",
        _("Sent over time"),
        _("For each step of time a bar of the mails that were sent, and on it those that were refused."),
        _("From"),
        [("sent", _("Sent")), ("failed", _("Refused"))],
        [(date_format(timezone.localtime(at), form), (sent, failed)) for at, sent, failed in found.times],
    )


def with_bars(rows: list[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """With the length of a bar, of 100."""
    peak = max((number for _label, number in rows), default=0)
    return [(label, number, f"{number * 100 / peak:.2f}" if peak else "0") for label, number in rows]


def numbers_file(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """All of it, one number a line."""
    issue = issue_for(request, pk, VIEW)
    if issue.began_at is None or issue.state not in COUNTED:
        raise Http404
    found = figures.of(issue, timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="issue-{issue.number or issue.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write(MARK)
    rows = csv.writer(response)
    rows.writerow(COLUMNS)
    rows.writerows([what, harmless(detail), number] for what, detail, number in lines(request, found))
    return response


def lines(request: HttpRequest, found: Numbers) -> Iterator[tuple[str, str, int]]:
    line = found.line
    for name in ("total", "sent", "failed", "skipped", "in_doubt", "complained", "left", "came"):
        yield name, "", getattr(line, name)
    yield from (("bounced", kind, number) for kind, number in found.bounces.items())
    for at, sent, failed in found.times:
        moment = timezone.localtime(at).isoformat(timespec="minutes")
        yield "sent from", moment, sent
        yield "failed from", moment, failed
    if request.user.has_perm("newsletter.view_subscriber"):
        yield from (("failed at", domain, number) for domain, number in found.domains)
    yield from (("clicks", title, number) for title, number in found.clicks)


PAGES = [
    ("<int:pk>/progress/", progress_page, "progress"),
    ("<int:pk>/progress/state/", state, "progress_state"),
    ("<int:pk>/progress/deed/", deed, "progress_deed"),
    ("<int:pk>/progress/numbers/", numbers_file, "numbers"),
]
