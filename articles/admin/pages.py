from django.contrib import admin

from articles.admin.desk import DeskAdmin
from articles.forms import PageForm
from articles.models import Page


@admin.register(Page)
class PageAdmin(DeskAdmin):
    form = PageForm
    list_display = ["title", "slug", "position", "shown_in_footer"]
    list_editable = ["position", "shown_in_footer"]
    search_fields = ["title", "slug"]
