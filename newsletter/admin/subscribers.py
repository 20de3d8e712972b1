"""The readers of the round-up, for those at the desk who look after them."""

from django.contrib import admin
from django.utils import timezone

from articles.admin.desk import DeskAdmin
from newsletter.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(DeskAdmin):
    list_display = ["email", "state", "signed_up_at"]
    list_filter = ["state"]
    search_fields = ["email"]
    date_hierarchy = "signed_up_at"
    fields = ["email", "state"]
    readonly_fields = ["state"]

    def save_model(self, request, obj, form, change):
        obj.signed_up_at = obj.signed_up_at or timezone.now()
        super().save_model(request, obj, form, change)
