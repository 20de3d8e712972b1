from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.admin.counting import with_number
from articles.admin.desk import DeskAdmin
from articles.forms import SectionForm
from articles.models import Article, Section


@admin.register(Section)
class SectionAdmin(DeskAdmin):
    form = SectionForm
    list_display = ["name", "place", "slug", "colour", "articles", "shown_in_menu"]
    list_editable = ["shown_in_menu"]
    search_fields = ["name", "slug"]
    ordering = ["position"]
    sortable_by: list[str] = []

    def get_queryset(self, request):
        return with_number(super().get_queryset(request), Article, "section")

    @admin.display(description=_("Articles"))
    def articles(self, section):
        return section.number

    @admin.display(description=_("Place in the menu"))
    def place(self, section):
        """Buttons of the list's own form, which send it to another address."""
        return format_html(
            '<span class="places"><button name="up" value="{0}" formaction="{1}" aria-label="{2}">↑</button>'
            '<button name="down" value="{0}" formaction="{1}" aria-label="{3}">↓</button></span>',
            section.pk,
            reverse("admin:articles_section_arrange"),
            _("Move {name} up").format(name=section.name),
            _("Move {name} down").format(name=section.name),
        )

    def get_urls(self):
        arrange = self.admin_site.admin_view(require_POST(self.arrange))
        return [path("arrange/", arrange, name="articles_section_arrange"), *super().get_urls()]

    def arrange(self, request: HttpRequest) -> HttpResponse:
        """Change places with the section above or below."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        sections = list(Section.objects.all())
        wanted, step = (request.POST.get("up"), -1) if "up" in request.POST else (request.POST.get("down"), 1)
        here = next((n for n, section in enumerate(sections) if str(section.pk) == wanted), None)
        if here is not None and 0 <= here + step < len(sections):
            sections[here], sections[here + step] = sections[here + step], sections[here]
            Section.objects.arrange(sections)
        return redirect(reverse("admin:articles_section_changelist"))
