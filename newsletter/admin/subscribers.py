"""The readers of the round-up, for those at the desk who look after them: the list, and what is done to many."""

import csv
from collections.abc import Iterable, Iterator
from datetime import timedelta, tzinfo

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.audit import MARK, Echo, harmless
from articles.admin.desk import DeskAdmin
from articles.models import AuditEntry
from newsletter import charts, growth, tokens
from newsletter.admin import intake, reader
from newsletter.models import Intake, Newsletter, Subscriber, Suppression
from newsletter.states import Reader

PAGES = [*intake.PAGES, *reader.PAGES]
AT_ONCE = 500
"""So many readers are changed by one press."""
FEW = 500
COLUMNS = ("email", "state", "signed_up", "confirmed", "left", "paused_until", "suppressed")


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return Reader.choices

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() in Reader.values else queryset


STANDINGS = {
    "paused": (_("Paused"), lambda readers, now: readers.filter(state=Reader.ACTIVE, paused_until__gt=now)),
    "points": (_("Mail came back lately"), lambda readers, now: readers.filter(bounce_score__gt=0)),
    "imported": (_("Added by an import"), lambda readers, now: readers.filter(brought_by__isnull=False)),
}


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [(name, words) for name, (words, _chosen) in STANDINGS.items()]

    def queryset(self, request, queryset):
        _words, chosen = STANDINGS.get(self.value(), (None, None))
        return chosen(queryset, timezone.now()) if chosen else queryset


SINCE = {
    "week": (_("In the last 7 days"), timedelta(days=7)),
    "month": (_("In the last 30 days"), timedelta(days=30)),
    "year": (_("In the last year"), timedelta(days=365)),
}


class SinceFilter(admin.SimpleListFilter):
    """Not a hierarchy of dates: which months there are is a question of half a minute with a million readers."""

    title = _("signed up")
    parameter_name = "since"

    def lookups(self, request, model_admin):
        return [(name, words) for name, (words, _time) in SINCE.items()]

    def queryset(self, request, queryset):
        _words, time = SINCE.get(self.value(), (None, None))
        return queryset.filter(signed_up_at__gte=timezone.now() - time) if time else queryset


@admin.register(Subscriber)
class SubscriberAdmin(DeskAdmin):
    """Nothing of a reader is typed or edited here: whoever is to be added is imported with a statement of consent."""

    list_display = ["address", "standing", "since", "remark"]
    list_filter = [StateFilter, StandingFilter, SinceFilter]
    search_fields = ["email"]
    ordering = ["-signed_up_at", "-pk"]
    sortable_by: list[str] = []
    list_select_related = ["brought_by"]
    actions = ["suppress_selected", "erase_selected"]

    class Media:
        css = {"all": ["newsletter/readers.css"]}

    def has_change_permission(self, request, obj=None):
        """No form: what may be done is asked by `may_tend`."""
        return False

    def may_tend(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    has_tend_permission = may_tend

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return self.has_delete_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("newsletter.export_subscriber")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path(route, wrap(lambda request, _view=view, **said: _view(self, request, **said)), name=self.named(name))
            for route, view, name in PAGES
        ]
        return [*own, path("export/", wrap(self.export), name=self.named("export")), *super().get_urls()]

    def named(self, page: str) -> str:
        return f"{self.address_names}_{page}"

    # ---------------------------------------------------------------- the list

    def get_search_results(self, request, queryset, search_term):
        """A whole address by its key, however it is written; anything else is looked for in the addresses.

        Few that are found are named by number: in the order of the list, the database would go through a million.
        """
        term = search_term.replace("\x00", "").strip()
        if "@" in term.strip("@"):
            found = queryset.filter(key=tokens.key_of(term))
            if found.exists():
                return found, False
        if not term:
            return queryset, False
        matching = Subscriber.objects.filter(email__icontains=term).order_by()
        numbers = list(matching.values_list("pk", flat=True)[: FEW + 1])
        return queryset.filter(**({"pk__in": numbers} if len(numbers) <= FEW else {"email__icontains": term})), False

    def changelist_view(self, request, extra_context=None):
        now, asked = timezone.now(), request.GET.get("q", "").replace("\x00", "").strip()
        context = {
            "title": _("Subscribers"),
            "may_export": self.has_export_permission(request),
            "counts": counts(),
            "growth": growth_chart(now),
            "shut": shut_without_reader(asked) if self.has_view_permission(request) else None,
            "asked": asked,
            "open_import": Intake.objects.filter(state__in=Intake.OPEN).first(),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=_("Address"))
    def address(self, who):
        return who.email

    @admin.display(description=_("State"))
    def standing(self, who):
        return reader.badge(who, timezone.now())

    @admin.display(description=_("Signed up"))
    def since(self, who):
        return reader.moment(who.signed_up_at)

    @admin.display(description=_("To know"), empty_value="")
    def remark(self, who):
        return reader.remark(who, timezone.now()) or None

    # ---------------------------------------------------------------- pages that are Django's elsewhere

    def add_view(self, request, form_url="", extra_context=None):
        return intake.begin_page(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return reader.reader_page(self, request, object_id)

    def delete_view(self, request, object_id, extra_context=None):
        return reader.erase_page(self, request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        """What was done to a reader stands on the reader's page."""
        found = reader.reader_for(self, request, object_id, "view")
        return redirect(reader.address_of(found))

    # ---------------------------------------------------------------- many at once

    @admin.action(description=_("Suppress selected: no more mail"), permissions=["tend"])
    def suppress_selected(self, request, queryset):
        self.do_to_many(request, queryset, "suppress")

    @admin.action(description=_("Erase selected"), permissions=["erase"])
    def erase_selected(self, request, queryset) -> HttpResponse | None:
        if "sure" in request.POST:
            self.do_to_many(request, queryset, "erase")
            return None
        chosen = list(queryset[:AT_ONCE])
        if not chosen:
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase these readers?"),
            "opts": self.opts,
            "readers": chosen,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/newsletter/subscriber/erase_selected.html", context)

    def do_to_many(self, request: HttpRequest, queryset, deed: str) -> None:
        chosen = list(queryset[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            self.message_user(request, _("Choose at most %d readers at a time.") % AT_ONCE, messages.ERROR)
            return
        with transaction.atomic():
            for who in chosen:
                reader.do(who, deed, by=request.user, at=timezone.now())
        words = {
            "suppress": ngettext("%d reader gets no more mail.", "%d readers get no more mail.", len(chosen)),
            "erase": ngettext("%d reader is erased.", "%d readers are erased.", len(chosen)),
        }
        self.message_user(request, words[deed] % len(chosen), messages.SUCCESS)

    # ---------------------------------------------------------------- the file

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """What the list shows with these filters, all of it, as a file that is sent while it is read. By POST, for it
        is noted who took it."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            readers = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(reverse(f"admin:{self.named('changelist')}"))
        number = readers.count()
        words = ngettext("%d reader", "%d readers", number) % number
        AuditEntry.objects.note(
            "export_readers", Newsletter.objects.current(), by=request.user, at=timezone.now(), note=words
        )
        shut = Suppression.objects.filter(key=OuterRef("key")).values("reason")[:1]
        rows = readers.annotate(shut=Subquery(shut)).order_by("pk").iterator(chunk_size=2_000)
        # The zone of the request is over when the file is sent.
        lines = csv_lines(rows, timezone.get_current_timezone())
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="subscribers-{timezone.localdate():%Y-%m-%d}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response


def csv_lines(readers: Iterable[Subscriber], zone: tzinfo) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield MARK + writer.writerow(COLUMNS)
    for who in readers:
        instants = (who.signed_up_at, who.confirmed_at, who.left_at, who.paused_until)
        days = [at.astimezone(zone).isoformat(timespec="seconds") if at else "" for at in instants]
        yield writer.writerow([harmless(who.email), who.state, *days, who.shut or ""])


# ---------------------------------------------------------------- what stands above the list


def counts() -> list[tuple[str, str, int]]:
    """(state, its words, how many), of every state there is: one question that an index answers."""
    found = dict(Subscriber.objects.order_by().values_list("state").annotate(Count("pk")))
    return [(state.value, str(state.label), found.get(state.value, 0)) for state in Reader]


def growth_chart(at) -> charts.Chart:
    return charts.bars(
        "growth",
        _("Readers who came and went, by week"),
        _("For each week of the last half year a bar of those who confirmed, and one of those who left."),
        _("Week from"),
        [("came", _("Came")), ("went", _("Went"))],
        [(date_format(week.monday, "j M Y"), (week.came, week.went)) for week in growth.weeks(at)],
        beside=True,
    )


def shut_without_reader(asked: str) -> Suppression | None:
    """Why the address that is searched for gets no mail, where it has no reader: it was erased, or never was ours."""
    key = tokens.key_of(asked) if "@" in asked else ""
    if not key or Subscriber.objects.filter(key=key).exists():
        return None
    return Suppression.objects.filter(key=key).first()
