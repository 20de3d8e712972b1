from django.contrib import admin

from newsletter.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin):
    list_display = ["email", "state", "signed_up_at"]
    list_filter = ["state"]
    search_fields = ["email"]
    date_hierarchy = "signed_up_at"
    readonly_fields = ["signed_up_at"]
