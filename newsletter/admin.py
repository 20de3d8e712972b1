from django.contrib import admin

from newsletter.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin):
    list_display = ["email", "state", "signed_up_at"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["email"]
    date_hierarchy = "signed_up_at"
    readonly_fields = ["signed_up_at"]
    show_full_result_count = False
