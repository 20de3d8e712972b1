"""One reader of the round-up: what is known of them, and what may be done. Nothing is edited; everything is a deed."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.admin.reach import number_in
from articles.models import AuditEntry
from newsletter import limits, preferences, signing_up
from newsletter.models import Consent, Said, SignUp, Subscriber, Suppression, Worker
from newsletter.states import LIFTED_BY_READER, Reader

SHOWN = 20
"""So many deliveries and bounces stand on the page."""
MOMENT = "j M Y, H:i"


def reader_for(desk, request: HttpRequest, number: Any, deed: str) -> Subscriber:
    """The reader, for somebody who may "view", "tend", "erase" or "export"."""
    if not getattr(desk, f"has_{deed}_permission")(request):
        raise PermissionDenied
    found = Subscriber.objects.filter(pk=number_in(str(number)) or 0).select_related("brought_by").first()
    if found is None:
        raise Http404
    return found


def address_of(who: Subscriber) -> str:
    return reverse("admin:newsletter_subscriber_change", args=[who.pk])


def moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), MOMENT) if at else ""


def badge(who: Subscriber, at: datetime) -> SafeString:
    """The state as a coloured word; a pause is one to those who look."""
    paused = who.state == Reader.ACTIVE and who.paused_until is not None and who.paused_until > at
    kind, words = ("paused", _("Paused")) if paused else (who.state, who.get_state_display())
    return format_html('<span class="badge badge-reader-{}">{}</span>', kind, words)


def remark(who: Subscriber, at: datetime) -> str:
    """The one thing about a reader that a list has room for."""
    if who.state == Reader.ACTIVE and who.paused_until and who.paused_until > at:
        return _("until %(day)s") % {"day": date_format(timezone.localtime(who.paused_until), "j M Y")}
    if who.left_at and who.state != Reader.ACTIVE:
        return _("since %(day)s") % {"day": date_format(timezone.localtime(who.left_at), "j M Y")}
    if who.bounce_score:
        return _("mail came back: %(points)s of 5 points") % {"points": who.bounce_score}
    return _("from %(file)s") % {"file": who.brought_by} if who.brought_by else ""


# ---------------------------------------------------------------- the page


def reader_page(desk, request: HttpRequest, number: Any) -> HttpResponse:
    who, now = reader_for(desk, request, number, "view"), timezone.now()
    shut = Suppression.objects.filter(key=who.key).first()
    tends = desk.may_tend(request)
    context = {
        **frame(desk, request, _("Subscriber"), who),
        "badge": badge(who, now),
        "shut": shut,
        "is_mailable": who.is_mailable(now),
        "consents": Consent.objects.filter(key=who.key).select_related("wording").order_by("-at", "-pk"),
        "deliveries": who.deliveries.select_related("issue").order_by("-pk")[:SHOWN],
        "bounces": who.bounces.select_related("issue")[:SHOWN],
        "may_suppress": tends and (shut is None or shut.reason in LIFTED_BY_READER),
        "may_lift": tends and shut is not None and shut.reason not in LIFTED_BY_READER,
        "may_resend": tends and who.state == Reader.PENDING and shut is None,
        "may_erase": desk.has_erase_permission(request),
        "may_export": desk.has_export_permission(request),
    }
    return TemplateResponse(request, "admin/newsletter/subscriber/reader.html", context)


def frame(desk, request: HttpRequest, title: str, who: Subscriber) -> dict[str, Any]:
    return {
        **desk.admin_site.each_context(request),
        "title": title,
        "opts": desk.opts,
        "reader": who,
        "media": desk.media,
    }


# ---------------------------------------------------------------- the deeds


def do(who: Subscriber, deed: str, *, by: Any, at: datetime) -> None:
    """Suppress, lift or erase, with the record of consent and the log of the desk."""
    with transaction.atomic():
        AuditEntry.objects.note(f"{deed}_reader", who, by=by, at=at)
        getattr(who, deed)(at, Said(by=by.get_username()))


def suppress(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """No more mail to this address, whatever its reader does, until staff lift it."""
    return by_post(desk, request, pk, "suppress", _("This address gets no more mail."))


def lift(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """A complaint, or what staff closed, is open again; the reader still has to sign up and confirm."""
    words = _("The address is open again. Its reader gets mail when they have signed up and confirmed anew.")
    return by_post(desk, request, pk, "lift", words)


def by_post(desk, request: HttpRequest, pk: int, deed: str, words: str) -> HttpResponse:
    who = reader_for(desk, request, pk, "tend")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    do(who, deed, by=request.user, at=timezone.now())
    desk.message_user(request, words, messages.SUCCESS)
    return redirect(address_of(who))


def resend(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a reader who has not confirmed once more, within the limits that hold for everybody."""
    who, now = reader_for(desk, request, pk, "tend"), timezone.now()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if refusal := why_not_now(who, now):
        desk.message_user(request, refusal, messages.WARNING)
        return redirect(address_of(who))
    with transaction.atomic():
        AuditEntry.objects.note("resend_confirmation", who, by=request.user, at=now)
        signing_up.take(who.email, at=now, page=request.path)
    words = _("The mail is on its way.")
    if not Worker.objects.alive(now).exists():
        words = _("The mail goes out as soon as a worker runs.")
    desk.message_user(request, words, messages.SUCCESS)
    return redirect(address_of(who))


def why_not_now(who: Subscriber, at: datetime) -> str:
    """Why the confirmation is not sent again; empty where it may be."""
    if who.state != Reader.PENDING or Suppression.objects.filter(key=who.key).exists():
        return _("This reader is not waiting for a confirmation.")
    mails = list(SignUp.objects.mailed_lately(who.key, at).values_list("mailed_at", flat=True))
    if len(mails) >= limits.A_DAY:
        return _("%(number)d mails went to this address within a day: no more today.") % {"number": len(mails)}
    if mails and mails[0] > at - limits.REST:
        return _("A mail went to this address just now. Wait ten minutes before the next.")
    if SignUp.objects.filter(key=who.key, handled_at=None).exists():
        return _("A mail to this address is waiting to go out already.")
    return ""


def data(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of all we hold of one reader, as they could take it themselves."""
    who, now = reader_for(desk, request, pk, "export"), timezone.now()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    with transaction.atomic():
        AuditEntry.objects.note("export_reader", who, by=request.user, at=now)
        copy = preferences.export(who, now, Said(by=request.user.get_username()))
    response = JsonResponse(copy, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="reader-{who.pk}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def erase_page(desk, request: HttpRequest, number: Any) -> HttpResponse:
    """Says what goes and what stays, and asks; then the reader is forgotten."""
    who = reader_for(desk, request, number, "erase")
    if request.method == "POST":
        do(who, "erase", by=request.user, at=timezone.now())
        desk.message_user(request, _("The reader is erased."), messages.SUCCESS)
        return redirect("admin:newsletter_subscriber_changelist")
    context = frame(desk, request, _("Erase this reader?"), who)
    return TemplateResponse(request, "admin/newsletter/subscriber/erase.html", context)


PAGES = [
    ("<int:pk>/suppress/", suppress, "suppress"),
    ("<int:pk>/lift/", lift, "lift"),
    ("<int:pk>/resend/", resend, "resend"),
    ("<int:pk>/data/", data, "data"),
]
