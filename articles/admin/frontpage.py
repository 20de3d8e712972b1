from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import SingletonAdmin
from articles.forms import FrontPageForm
from articles.models import FrontPage
from articles.roles import visible_to


@admin.register(FrontPage)
class FrontPageAdmin(SingletonAdmin):
    form = FrontPageForm

    def get_fields(self, request, obj=None):
        return ["picks"] if self.has_change_permission(request, obj) else ["shown_picks"]

    def get_readonly_fields(self, request, obj=None):
        return () if self.has_change_permission(request, obj) else ["shown_picks"]

    def get_form(self, request, obj=None, change=False, **options):
        form = super().get_form(request, obj, change, **options)
        form.user = request.user
        return form

    def get_object(self, request, object_id, from_field=None):
        page = super().get_object(request, object_id, from_field)
        if page:
            page.seen_by = request.user
        return page

    @admin.display(description=_("Leading articles"))
    def shown_picks(self, page):
        """For somebody who may not change them: those that the person may look at."""
        seen = visible_to(page.seen_by, timezone.now()).values("pk")
        return ", ".join(map(str, page.picks().filter(pk__in=seen)))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.set_picks(form.cleaned_data["picks"], at=timezone.now())

    def view_on_site(self, thing):
        return "/"
