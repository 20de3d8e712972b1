from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import SingletonAdmin
from newsletter.models import Newsletter


@admin.register(Newsletter)
class NewsletterAdmin(SingletonAdmin):
    fieldsets = [
        (None, {"fields": ["name", "test_addresses"]}),
        (
            _("Every week"),
            {
                "fields": [
                    "weekly",
                    ("weekday", "hour", "time_zone"),
                    ("fewest_pieces", "most_pieces"),
                    ("by_itself", "undo_minutes"),
                ]
            },
        ),
        (_("From whom"), {"fields": ["from_name", "from_address", "reply_to"]}),
        (
            _("How it is sent"),
            {
                "fields": [
                    "late_hours",
                    "on_doubt",
                    ("failure_percent", "failures_in_row"),
                    ("per_second", "per_hour"),
                    ("per_domain", "per_connection", "connections"),
                    ("warm_up", "warm_up_from"),
                ]
            },
        ),
        (_("What is counted"), {"fields": ["counts_clicks"]}),
    ]

    def the_one(self):
        return Newsletter.objects.current()
