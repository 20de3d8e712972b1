"""Files of readers that staff bring: the form, how far the worker is, what was refused, and the way back."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.audit import MARK, Echo, harmless
from newsletter import importing
from newsletter.address_file import MAX_BYTES, NotRead
from newsletter.models import Intake, RefusedLine

EARLIER = 10
SHOWN = 50
"""Refused lines on the page; the file has them all."""
COLUMNS = ("line", "what_stands_there", "why")


class IntakeForm(forms.Form):
    """A file or a few lines, and why we may write to these people."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("CSV with a column “email”; other columns are not read. At most 25 MB and 500,000 lines."),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    typed = forms.CharField(
        label=_("Or addresses, one a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    statement = forms.CharField(
        label=_("Statement of consent"),
        min_length=20,
        max_length=2_000,
        help_text=_(
            "Where these people said that they want this newsletter, when, and to which words. It is kept with each of"
            " them, in your name. Leave names out."
        ),
        widget=forms.Textarea({"rows": 4}),
    )
    confirmed = forms.TypedChoiceField(
        label=_("What happens to them"),
        coerce=lambda value: value == "elsewhere",
        initial="ask",
        choices=[
            ("ask", _("Each gets a mail and is subscribed once they confirm.")),
            ("elsewhere", _("They are subscribed at once: the statement says where they confirmed their address.")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 25 MB. Bring it in parts."))
        return file

    def clean(self):
        given = super().clean()
        file, typed = given.get("file"), (given.get("typed") or "").strip()
        if not self.errors and bool(file) == bool(typed):
            raise forms.ValidationError(_("Choose a file, or type the addresses: one of the two."))
        return given

    def source(self) -> tuple[str, bytes]:
        """What it is called, and what stands in it."""
        file = self.cleaned_data["file"]
        if file:
            return file.name, file.read()
        return str(_("Typed addresses")), self.cleaned_data["typed"].encode()


# ---------------------------------------------------------------- bringing it


def begin_page(desk, request: HttpRequest) -> HttpResponse:
    if not desk.has_add_permission(request):
        raise PermissionDenied
    form = IntakeForm(request.POST or None, request.FILES or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        intake = begun(form, request)
        if intake:
            return redirect(address_of(intake))
    context = {
        **frame(desk, request, _("Add subscribers")),
        "form": form,
        "earlier": Intake.objects.all()[:EARLIER],
    }
    return TemplateResponse(request, "admin/newsletter/intake/begin.html", context)


def begun(form: IntakeForm, request: HttpRequest) -> Intake | None:
    """The import, or nothing and the form says why."""
    name, raw = form.source()
    statement, elsewhere = form.cleaned_data["statement"], form.cleaned_data["confirmed"]
    try:
        return importing.begin(name, raw, statement, request.user, timezone.now(), confirmed_elsewhere=elsewhere)
    except NotRead as fault:
        form.add_error("file" if form.cleaned_data["file"] else "typed", str(fault))
        return None


# ---------------------------------------------------------------- how far it is


def intake_for(desk, request: HttpRequest, number: int) -> Intake:
    if not desk.has_add_permission(request):
        raise PermissionDenied
    found = Intake.objects.filter(pk=number).select_related("by").first() if number < 2**63 else None
    if found is None:
        raise Http404
    return found


def address_of(intake: Intake) -> str:
    return reverse("admin:newsletter_subscriber_import", args=[intake.pk])


def intake_page(desk, request: HttpRequest, intake: int) -> HttpResponse:
    found, now = intake_for(desk, request, intake), timezone.now()
    context = {
        **frame(desk, request, _("Import of subscribers")),
        **standing(found),
        "may_undo": may_undo(desk, request, found) and found.may_be_undone(now),
        "shown": SHOWN,
    }
    return TemplateResponse(request, "admin/newsletter/intake/intake.html", context)


def standing(intake: Intake) -> dict[str, Any]:
    """What changes while the worker reads."""
    return {"intake": intake, "refused": intake.refused_lines.all()[:SHOWN]}


def state(desk, request: HttpRequest, intake: int) -> HttpResponse:
    """What the page's script asks every other second."""
    found = intake_for(desk, request, intake)
    html = render_to_string("admin/newsletter/intake/_standing.html", standing(found), request)
    said = {"open": found.is_open, "percent": found.percent, "words": words_of(found), "html": html}
    return JsonResponse(said, headers={"Cache-Control": "private, no-store"})


def words_of(intake: Intake) -> str:
    """For those who hear the page: the state and how far."""
    if intake.state == Intake.State.RUNNING:
        return str(_("%(percent)d percent read") % {"percent": intake.percent})
    return str(intake.get_state_display())


# ---------------------------------------------------------------- what was refused, and the way back


def refused_file(desk, request: HttpRequest, intake: int) -> StreamingHttpResponse:
    found = intake_for(desk, request, intake)
    lines = csv_lines(found.refused_lines.iterator(chunk_size=2_000))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-lines-{found.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def csv_lines(lines: Iterable[RefusedLine]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield MARK + writer.writerow(COLUMNS)
    for line in lines:
        yield writer.writerow([line.number, harmless(line.line), line.get_why_display()])


def may_undo(desk, request: HttpRequest, intake: Intake) -> bool:
    """Whoever erases readers; and whoever brought these, for it takes back no more than they did."""
    return desk.has_delete_permission(request) or intake.by_id == request.user.pk


def undo_page(desk, request: HttpRequest, intake: int) -> HttpResponse:
    """Asks, and says of how many; then workers erase those whom this import added."""
    found = intake_for(desk, request, intake)
    if not may_undo(desk, request, found):
        raise PermissionDenied
    if request.method == "POST":
        undone(desk, request, found)
        return redirect(address_of(found))
    if not found.may_be_undone(timezone.now()):
        desk.message_user(request, TOO_LATE, messages.WARNING)
        return redirect(address_of(found))
    number = importing.erasable(found).count()
    context = {
        **frame(desk, request, _("Erase those this import added?")),
        "intake": found,
        "number": number,
        "staying": found.subscribers.count() - number,
    }
    return TemplateResponse(request, "admin/newsletter/intake/undo.html", context)


TOO_LATE = _("It cannot be undone any more: that is possible for seven days, and once.")


def undone(desk, request: HttpRequest, intake: Intake) -> None:
    try:
        importing.undo(intake, request.user, timezone.now())
    except importing.NotUndone:
        desk.message_user(request, TOO_LATE, messages.WARNING)
        return
    number = importing.erasable(intake).count()
    words = ngettext("%d reader is being erased.", "%d readers are being erased.", number) % number
    desk.message_user(request, words, messages.SUCCESS)


def frame(desk, request: HttpRequest, title: str) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "title": title, "opts": desk.opts, "media": desk.media}


PAGES = [
    ("imports/<int:intake>/", intake_page, "import"),
    ("imports/<int:intake>/state/", state, "import_state"),
    ("imports/<int:intake>/refused/", refused_file, "import_refused"),
    ("imports/<int:intake>/undo/", undo_page, "import_undo"),
]
