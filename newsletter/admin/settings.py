"""The settings of the round-up: when it is made, from whom it comes, and how fast it goes."""

from datetime import datetime

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles.admin.desk import SingletonAdmin
from articles.models import Magazine
from newsletter import roundup
from newsletter.forms import NewsletterForm
from newsletter.models import Newsletter

WEEKLY = _lazy("On that day the pieces published since the last issue become a draft, and those who send are told.")
BY_HOUSE = _lazy("What stands in the reader’s inbox. The address has to be one your mail server may send from.")
PACE = _lazy("0 is no limit. All workers together keep to these.")
SAFETY = _lazy("When the magazine stops by itself, and a person decides.")


@admin.register(Newsletter)
class NewsletterAdmin(SingletonAdmin):
    form = NewsletterForm
    change_form_template = "admin/newsletter/newsletter/change_form.html"
    fieldsets = [
        (
            _lazy("Every week"),
            {
                "fields": [
                    "weekly",
                    ("weekday", "hour", "time_zone"),
                    ("fewest_pieces", "most_pieces"),
                    ("by_itself", "undo_minutes"),
                ],
                "description": WEEKLY,
            },
        ),
        (
            _lazy("From whom"),
            {"fields": ["name", ("from_name", "from_address"), "reply_to"], "description": BY_HOUSE},
        ),
        (_lazy("Tests"), {"fields": ["test_addresses"]}),
        (
            _lazy("When something is wrong"),
            {
                "fields": ["late_hours", "on_doubt", ("failure_percent", "failures_in_row")],
                "description": SAFETY,
            },
        ),
        (
            _lazy("How fast"),
            {
                "fields": [
                    ("per_second", "per_hour"),
                    ("per_domain", "per_connection", "connections"),
                    ("warm_up", "warm_up_from"),
                ],
                "description": PACE,
            },
        ),
        (_lazy("What is counted"), {"fields": ["counts_clicks"]}),
    ]

    class Media:
        css = {"all": ["newsletter/readers.css"]}

    def the_one(self):
        return Newsletter.objects.current()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"next_draft": next_draft(self.the_one(), request.masthead.magazine, timezone.now())}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})


def next_draft(newsletter: Newsletter, magazine: Magazine, at: datetime) -> str:
    """When the next one is made, as a person would say it."""
    if not newsletter.weekly:
        return _("No draft is made by itself. Choose “make a draft every week” below, and say when.")
    zone = newsletter.zone(magazine)
    slot = roundup.next_slot(newsletter, magazine, at).astimezone(zone)
    city = zone.key.rpartition("/")[2].replace("_", " ")
    when = {"day": date_format(slot, "l j F"), "time": date_format(slot, "G:i"), "city": city}
    made = _("The next draft is made on %(day)s, %(time)s %(city)s time.") % when
    if newsletter.by_itself:
        made += " " + _("It goes out by itself %(minutes)d minutes later, unless somebody takes it back.") % {
            "minutes": newsletter.undo_minutes
        }
    return made
