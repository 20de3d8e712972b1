"""From draft to scheduled: what stands in the way, when it goes and to how many, and the moves after that."""

from copy import copy
from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from articles import links
from articles.forms import shown_name
from articles.models import Article
from articles.roles import who_has
from newsletter import preflight, roundup, sending, testing, tokens
from newsletter.admin.reach import CHANGE, SEND, issue_for
from newsletter.admin.standing import BY_HAND, WITH_DAY, about, change_address, moment
from newsletter.forms import ScheduleForm, TestForm
from newsletter.models import Issue, Newsletter, OnDoubt, Subscriber
from newsletter.states import MOVES, WrongState

SEEN_LASTS = timedelta(hours=1)
"""How long what was looked at counts as looked at."""
SENDERS = 10
"""How many of those who may send are named to somebody who may not."""

DONE = {"back_to_draft": _lazy("It is a draft again."), "cancel": _lazy("It is called off.")}
ASKED = {
    "back_to_draft": _lazy("Nobody has got it yet. Its text can be changed again, and it waits to be scheduled."),
    "cancel": _lazy("It will not be sent. Whoever has not got it by now never gets it; this cannot be taken back."),
}


# ---------------------------------------------------------------- a test


def test_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """To whom a test goes: the list that was saved, or what is typed."""
    issue = issue_for(request, pk, CHANGE)
    saved = Newsletter.objects.current().test_addresses
    form = TestForm(request.POST if request.method == "POST" else None, initial={"addresses": saved})
    if request.method == "POST" and form.is_valid():
        send_test(desk, request, issue, form.cleaned_data["addresses"])
        return redirect(request.path)
    context = about(desk, request, issue, _("Send a test")) | {"form": form, "saved": saved}
    return TemplateResponse(request, "admin/newsletter/issue/test.html", context)


def send_test(desk, request: HttpRequest, issue: Issue, addresses: list[str]) -> None:
    try:
        sent = testing.send_test(issue, addresses, by=request.user, at=timezone.now())
    except testing.TestFailed as failure:
        desk.message_user(request, str(failure), messages.ERROR)
        return
    words = ngettext("The test went to %(count)d address.", "The test went to %(count)d addresses.", len(sent))
    desk.message_user(request, words % {"count": len(sent)}, messages.SUCCESS)


# ---------------------------------------------------------------- before it is scheduled


def schedule_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the way, and the form; a POST first shows the exact numbers, and schedules when those are sure."""
    issue, now = issue_for(request, pk, CHANGE), timezone.now()
    if request.method == "POST" and not request.user.has_perm(SEND):
        raise PermissionDenied
    if issue.state not in MOVES["schedule"].sources:
        desk.message_user(request, not_now(issue), messages.WARNING)
        return redirect(change_address(pk))
    if request.method != "POST":
        form = ScheduleForm(at=now, initial=proposed(request, first_possible(issue, now)))
        return asking_page(desk, request, issue, form, findings(issue, first_possible(issue, now)))
    form = ScheduleForm(request.POST, at=now)
    if not form.is_valid():
        return asking_page(desk, request, issue, form, findings(issue, first_possible(issue, now)))
    if "_sure" in request.POST:
        return schedule(desk, request, issue, form)
    found = findings(issue, form.moment, ask=links.check)
    page = asking_page if preflight.stops(found) else confirm_page
    return page(desk, request, issue, form, found)


def asking_page(desk, request, issue: Issue, form: ScheduleForm, found: list[preflight.Finding]) -> HttpResponse:
    now = timezone.now()
    context = about(desk, request, issue, _("Schedule")) | {
        **grouped(found, issue),
        "form": form,
        "now": timezone.localtime(now),
        "zone": timezone.get_current_timezone_name(),
        "readers": Subscriber.objects.mailable(now).count(),
        "senders": [] if request.user.has_perm(SEND) else [shown_name(user) for user in who_has(SEND)[:SENDERS]],
    }
    return TemplateResponse(request, "admin/newsletter/issue/schedule.html", context)


def first_possible(issue: Issue, now: datetime) -> datetime:
    """From when on everything in the issue is on the site, as far as that is a matter of time."""
    ahead = Article.objects.scheduled(now).filter(pk__in=issue.items.values("article"))
    return max([now, *ahead.order_by().values_list("published_at", flat=True)])


def not_now(issue: Issue) -> str:
    return _("The issue is “{state}” and cannot be scheduled.").format(state=issue.get_state_display())


def proposed(request: HttpRequest, after: datetime) -> dict[str, object]:
    """The next day and hour of the round-up, whether or not its draft is made every week."""
    newsletter = Newsletter.objects.current()
    slot = roundup.next_slot(newsletter, request.masthead.magazine, after)
    return {"when": slot, "on_doubt": newsletter.on_doubt, "now": "at"}


def findings(issue: Issue, at: datetime, ask: preflight.Ask | None = None) -> list[preflight.Finding]:
    """What is to be said of an issue that goes out at an instant, which a draft does not know of itself."""
    asked = copy(issue)
    asked.scheduled_for = at
    return preflight.check(asked, at, ask=ask)


def grouped(found: list[preflight.Finding], issue: Issue) -> dict[str, object]:
    """What stops it and what is worth a look, each with the page where it is mended."""
    ways = [(finding, *way_to_mend(finding.code, issue)) for finding in found]
    return {
        "stops": [each for each in ways if each[0].level == "stop"],
        "warnings": [each for each in ways if each[0].level != "stop"],
    }


def way_to_mend(code: str, issue: Issue) -> tuple[str, str]:
    """(address, words) of the page where a finding is mended."""
    if code == "postal_address":
        return reverse("admin:articles_magazine_change", args=[1]), _("Open the magazine’s settings")
    if code == "laptop":
        return "", ""
    if code in {"alt", "width", "picture"}:
        return reverse("admin:articles_picture_changelist"), _("Open the pictures")
    return change_address(issue.pk), _("Open the issue")


def confirm_page(desk, request, issue: Issue, form: ScheduleForm, found: list[preflight.Finding]) -> HttpResponse:
    title = _("Send it now?") if form.is_now else _("Schedule it?")
    context = about(desk, request, issue, title) | {
        **grouped(found, issue),
        "form": form,
        "readers": Subscriber.objects.mailable(form.moment).count(),
        "when": moment(form.moment, WITH_DAY),
        "zone": f"{form.shown_moment.tzname()}, {timezone.get_current_timezone_name()}",
        "doubt": OnDoubt(form.cleaned_data["on_doubt"]).label,
        "seen": tokens.sign("schedule", as_seen(issue, form)),
    }
    return TemplateResponse(request, "admin/newsletter/issue/confirm.html", context)


def as_seen(issue: Issue, form: ScheduleForm) -> dict[str, object]:
    """What the person was shown: nothing is scheduled that was not looked at, links and all, as it is and for then."""
    when = "now" if form.is_now else form.moment.isoformat()
    return {"issue": issue.pk, "saved_at": issue.saved_at.isoformat(), "when": when}


def schedule(desk, request: HttpRequest, issue: Issue, form: ScheduleForm) -> HttpResponse:
    """The deed, on the issue as the person saw it."""
    try:
        with transaction.atomic():
            issue = issue_for(request, issue.pk, SEND, held=True)
            if tokens.read("schedule", request.POST.get("seen", ""), SEEN_LASTS) != as_seen(issue, form):
                raise WrongState(_("The issue was changed while you looked at it. Look at it again."))
            # What is looked at and frozen is the issue as it is at that time: the row has to know it before.
            issue.scheduled_for = form.moment
            issue.save(update_fields=["scheduled_for"])
            sending.schedule(issue, form.moment, by=request.user, at=timezone.now())
            Issue.objects.filter(pk=issue.pk).update(on_doubt=form.cleaned_data["on_doubt"])
    except (WrongState, sending.NotReady) as refusal:
        desk.message_user(request, str(refusal), messages.ERROR)
        return redirect(request.path)
    words = _("The issue is scheduled: {when}.").format(when=moment(form.moment, WITH_DAY))
    desk.message_user(request, words, messages.SUCCESS)
    return redirect(change_address(issue.pk))


# ---------------------------------------------------------------- the moves after that


def move_page(desk, request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Asks first; does it on POST."""
    if name not in BY_HAND:
        raise Http404
    issue = issue_for(request, pk, SEND)
    if request.method == "POST":
        move(desk, request, pk, name)
        return redirect(change_address(pk))
    title = _("Call it off?") if name == "cancel" else str(MOVES[name].label)
    context = about(desk, request, issue, title) | {
        "question": ASKED[name],
        "button": _("Yes, call it off") if name == "cancel" else MOVES[name].label,
        "possible": issue.state in MOVES[name].sources,
    }
    return TemplateResponse(request, "admin/newsletter/issue/move.html", context)


def move(desk, request: HttpRequest, pk: int, name: str) -> None:
    now, deed = timezone.now(), getattr(sending, name)
    try:
        with transaction.atomic():
            deed(issue_for(request, pk, SEND, held=True), by=request.user, at=now)
    except WrongState as refusal:
        desk.message_user(request, str(refusal), messages.ERROR)
    else:
        desk.message_user(request, DONE[name], messages.SUCCESS)


PAGES = [
    ("<int:pk>/test/", test_page, "test"),
    ("<int:pk>/schedule/", schedule_page, "schedule"),
    ("<int:pk>/move/<slug:name>/", move_page, "move"),
]
