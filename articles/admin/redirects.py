from django.contrib import admin

from articles.admin.desk import DeskAdmin
from articles.forms import RedirectForm
from articles.models import Redirect


@admin.register(Redirect)
class RedirectAdmin(DeskAdmin):
    form = RedirectForm
    list_display = ["old_path", "new_path"]
    search_fields = ["old_path", "new_path"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        Redirect.objects.filter(new_path=obj.old_path).update(new_path=obj.new_path)
