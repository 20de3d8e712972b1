from django.contrib import admin
from django.utils import timezone

from articles.admin.desk import SingletonAdmin
from articles.forms import FrontPageForm
from articles.models import FrontPage


@admin.register(FrontPage)
class FrontPageAdmin(SingletonAdmin):
    form = FrontPageForm
    fields = ["picks"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.set_picks(form.cleaned_data["picks"], at=timezone.now())

    def view_on_site(self, thing):
        return "/"
