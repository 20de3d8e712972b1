"""The issues of the round-up: making one, looking at it, sending it."""

from django.contrib import admin

from articles.admin.desk import DeskAdmin
from newsletter.models import Issue


@admin.register(Issue)
class IssueAdmin(DeskAdmin):
    list_display = ["subject", "number", "state", "scheduled_for"]
    list_filter = ["state"]
    search_fields = ["subject"]
    fields = ["subject", "preheader", "intro", "outro", "by_section"]

    def view_on_site(self, issue):
        return issue.get_absolute_url() if issue.is_shown else None
