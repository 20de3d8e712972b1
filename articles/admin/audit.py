"""The audit log: who did what to which thing and when. It is read, searched and exported, and nobody changes it."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from articles.admin.deeds import DEEDS, who, words_of
from articles.admin.desk import DeskAdmin
from articles.admin.reach import number_in
from articles.models import AuditEntry
from articles.roles import sees_all

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute (OWASP, CSV injection); it gets an apostrophe before it."""
MARK = "\ufeff"
"""By this Excel knows the file for UTF-8."""
COLUMNS = ("at", "deed", "who", "kind", "number", "thing", "revision", "note")


class DeedFilter(admin.SimpleListFilter):
    title = _("what")
    parameter_name = "deed"

    def lookups(self, request, model_admin):
        return DEEDS.items()

    def queryset(self, request, queryset):
        return queryset.filter(deed=self.value()) if self.value() in DEEDS else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind of thing")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = AuditEntry.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, name_of_kind(kind)) for kind in kinds]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() in dict(self.lookup_choices) else queryset


def model_of(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def name_of_kind(kind: str) -> str:
    model = model_of(kind)
    return capfirst(str(model._meta.verbose_name)) if model else kind


class AuditList(ChangeList):
    """Knows which of the things on its page are still there: one query for each kind."""

    def get_results(self, request):
        super().get_results(request)
        numbers = defaultdict(set)
        for entry in self.result_list:
            numbers[entry.kind].add(entry.thing_id)
        there = {kind: still_there(kind, wanted) for kind, wanted in numbers.items()}
        for entry in self.result_list:
            entry.is_there = entry.thing_id in there[entry.kind]


def still_there(kind: str, numbers: Iterable[str]) -> set[str]:
    model = model_of(kind)
    wanted = [number for number in map(number_in, numbers) if number]
    return set(map(str, model.objects.filter(pk__in=wanted).values_list("pk", flat=True))) if model else set()


@admin.register(AuditEntry)
class AuditAdmin(DeskAdmin):
    list_display = ["when", "what", "by", "about", "number", "said"]
    list_display_links = None
    list_filter = [DeedFilter, KindFilter]
    search_fields = ["thing", "actor", "note"]
    date_hierarchy = "at"
    sortable_by: list[str] = []
    actions = None

    def has_view_permission(self, request, obj=None):
        """Its entries name drafts and quote comments: it is for those who may see every draft."""
        return super().has_view_permission(request, obj) and sees_all(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("articles.export_auditentry")

    def get_changelist(self, request, **options):
        return AuditList

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("Audit log"), "may_export": self.has_export_permission(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=_("When"))
    def when(self, entry):
        local = timezone.localtime(entry.at)
        day, minute = date_format(local, "j M Y"), date_format(local, "H:i")
        return format_html('<span class="audit-day">{}</span> <small class="below">{}</small>', day, minute)

    @admin.display(description=_("What"))
    def what(self, entry):
        return words_of(entry.deed)

    @admin.display(description=_("Who"))
    def by(self, entry):
        return who(entry)

    @admin.display(description=_("To what"))
    def about(self, entry):
        """The thing as it was called then, with the way to it where it is still there."""
        kind = name_of_kind(entry.kind)
        address = address_of(entry) if entry.is_there else ""
        thing = format_html('<a href="{}">{}</a>', address, entry.thing) if address else entry.thing
        return format_html('{} <small class="below">{}</small>', thing, kind)

    @admin.display(description=_("Text"), empty_value="")
    def number(self, entry):
        return entry.revision

    @admin.display(description=_("Note"), empty_value="")
    def said(self, entry):
        return entry.note or None

    # ---------------------------------------------------------------- the file

    def get_urls(self):
        export = self.admin_site.admin_view(self.export)
        return [path("export/", export, name="articles_auditentry_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """What the list shows with these filters, all of it, as a file that is sent while it is read."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:articles_auditentry_changelist")
        # The zone of the request is over when the file is sent.
        lines = csv_lines(entries.iterator(chunk_size=2_000), timezone.get_current_timezone())
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-log-{timezone.localdate():%Y-%m-%d}.csv"'
        return response


def address_of(entry: AuditEntry) -> str:
    try:
        return reverse(f"admin:{entry.kind.replace('.', '_')}_change", args=[entry.thing_id])
    except NoReverseMatch:
        return ""


class Echo:
    """What csv writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(entries: Iterable[AuditEntry], zone: tzinfo) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield MARK + writer.writerow(COLUMNS)
    for entry in entries:
        at = entry.at.astimezone(zone).isoformat(timespec="seconds")
        cells = (entry.deed, entry.actor, entry.kind, entry.thing_id, entry.thing, entry.revision or "", entry.note)
        yield writer.writerow([at, *map(harmless, cells)])


def harmless(cell: Any) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
