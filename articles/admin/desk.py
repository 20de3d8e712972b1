"""What the admin's pages of the magazine share."""

import json

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from js_asset import Media as MediaWithNonce
from js_asset import Script

from articles.admin.reach import number_in
from articles.models import Article, AuditEntry, Picture
from articles.pickers import SHOWN, choosable, shown, with_known_numbers
from articles.roles import sees_all, visible_to

admin.site.index_title = _("The desk")

OFFERED = 20
LONGEST_TERM = 100
LONGEST_NUMBER = 18
LONGEST_YEAR = 4
YEARS = range(2, 9999)
"""Those that no time zone, and no step to the next one, leads out of the calendar of Python."""


class DeskAdmin(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False

    class Media:
        js = [Script("articles/slug.js", type="module"), Script("articles/counter.js", type="module")]

    @property
    def address_names(self) -> str:
        """What Django's names of this model's admin addresses begin with."""
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            request.POST = with_known_numbers(request.POST)
        return super().changelist_view(request, extra_context)

    def lookup_allowed(self, lookup, value, request):
        """What a list can be asked by its address: what its filters ask, and no field besides. Anything else could be
        guessed at letter by letter, or be a question that takes the database a minute."""
        field, _middle, comparison = lookup.rpartition("__")
        chosen = self.get_list_filter(request)
        if lookup in {getattr(one, "parameter_name", None) for one in chosen}:
            return True
        filters = {name for name in chosen if isinstance(name, str)}
        asked = field.removesuffix("__id")
        dated = asked == self.date_hierarchy and comparison in {"year", "month", "day"}
        if dated and comparison == "year" and value.isascii() and value.isdigit():
            return len(value) <= LONGEST_YEAR and int(value) in YEARS
        return (dated and len(value) <= LONGEST_YEAR) or (
            asked in filters and comparison in {"exact", "isnull", "gte", "lt"}
        )

    def get_deleted_objects(self, objs, request):
        """Things of others that hang on these, or stand in the way, are named to those alone who see every draft."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        if not sees_all(request.user):
            deleted = [str(thing) for thing in objs]
            protected = [_("%d that use it") % len(protected)] if protected else []
        return deleted, counts, missing, protected

    def get_urls(self):
        own = [path("lookup/", self.admin_site.admin_view(self.lookup), name=f"{self.address_names}_lookup")]
        return [*(own if self.model in SHOWN else []), *super().get_urls()]

    def lookup(self, request: HttpRequest) -> HttpResponse:
        """What a picker asks: ?term= what can be found, ?id= what one thing is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = choosable(self.model)
        if self.model is Article:
            rows = rows.filter(pk__in=visible_to(request.user, timezone.now()).values("pk"))
        if "id" in request.GET:
            rows = rows.filter(pk=number_in(request.GET["id"]))
        elif term := request.GET.get("term", "").replace("\x00", "").strip()[:LONGEST_TERM]:
            rows, _may_repeat = self.get_search_results(request, rows, term)
        return JsonResponse({"results": [shown(thing) for thing in rows[:OFFERED]]})

    def render_change_form(self, request, context, *args, **options):
        # The editor's import map stands inline, so the policy takes it only with the nonce.
        context["media"] = MediaWithNonce.from_media(context["media"]).with_nonce(request.csp_nonce)
        return super().render_change_form(request, context, *args, **options)

    def formfield_for_dbfield(self, db_field, request, **options):
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.is_relation and field:
            # Only a picture is added or changed on the way; a section or a login has its own place.
            picture = db_field.remote_field.model is Picture
            for action in ("delete", "view") if picture else ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{action}_related", False)
        return field

    def log_addition(self, request, obj, message):
        self.note("add", request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self.note("change", request, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for thing in queryset:
            self.note("delete", request, thing)
        return super().log_deletions(request, queryset)

    def note(self, deed: str, request: HttpRequest, thing, message="") -> None:
        """In the audit log, beside Django's own log of each login."""
        AuditEntry.objects.note(
            deed, thing, by=request.user, at=timezone.now(), note=str(self.words_of(thing, message))
        )

    def words_of(self, thing, message) -> str:
        """What the audit log says of a deed."""
        if isinstance(message, str):
            return message
        return LogEntry(change_message=json.dumps(message)).get_change_message()

    def get_changeform_initial_data(self, request):
        """Nothing: a form is filled in by a person, not by the address that led to it."""
        return {}

    def formfield_for_manytomany(self, db_field, request, **options):
        return super().formfield_for_manytomany(db_field, request, **{"form_class": Choices, **options})

    def get_changelist_form(self, request, **options):
        return super().get_changelist_form(request, **{"form": RowForm, **options})

    def view_on_site(self, thing) -> str | None:
        return thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else None


class Choices(forms.ModelMultipleChoiceField):
    """Several things by number. A number larger than any database has is none of them, and no error of the database."""

    def _check_values(self, value):
        for number in value:
            if len(str(number)) > LONGEST_NUMBER:
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(number)[:40]})
        return super()._check_values(value)


class RowForm(forms.ModelForm):
    """A row that is edited in the list. Its fields have no labels beside them, so each says whose it is."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class SingletonAdmin(DeskAdmin):
    """A model of one row: its list is its form, and there is nothing to add or delete."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def the_one(self):
        return self.model.objects.get_or_create(pk=1)[0]

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(reverse(f"admin:{self.address_names}_change", args=[self.the_one().pk]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {
            "show_save_and_continue": False,
            "title": capfirst(self.opts.verbose_name),
            "subtitle": "",
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)


def thumbnail(picture: Picture | None) -> SafeString | str:
    """A picture in a list: small, and not loaded before it is seen."""
    if picture is None:
        return ""
    return format_html(
        '<img class="thumbnail" src="{}" alt="" width="72" height="48" loading="lazy" decoding="async">',
        picture.facts.thumbnail,
    )
