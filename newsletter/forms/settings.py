"""The form of the newsletter's settings: what only a person can have meant is taken, the rest is named."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from newsletter import tokens
from newsletter.models import Newsletter

MOST_TESTS: Final = 10
LARGEST_DAY: Final = 10_000_000
LARGEST_RATE: Final = 1_000_000
RATES: Final = ("per_second", "per_hour", "per_domain", "per_connection")


class NewsletterForm(forms.ModelForm):
    class Meta:
        model = Newsletter
        fields = [
            *("weekly", "weekday", "hour", "time_zone", "fewest_pieces", "most_pieces", "by_itself", "undo_minutes"),
            *("name", "from_name", "from_address", "reply_to", "test_addresses", "late_hours", "on_doubt"),
            *("failure_percent", "failures_in_row", "per_second", "per_hour", "per_domain", "per_connection"),
            *("connections", "warm_up", "warm_up_from", "counts_clicks"),
        ]

    def clean_test_addresses(self) -> str:
        """One a line; each once."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["test_addresses"].splitlines():
            address = line.strip()
            if address:
                check_address(address)
                found.setdefault(tokens.normal(address), address)
        if len(found) > MOST_TESTS:
            raise ValidationError(_("At most %d addresses: a test is no issue.") % MOST_TESTS)
        return "\n".join(found.values())

    def clean_warm_up(self) -> str:
        """Numbers of mails, day by day, each at least the one before: the plan is there to grow."""
        written = self.cleaned_data["warm_up"].strip().strip(",;")
        if not written:
            return ""
        parts = [part for part in re.split(r"[,;\s]+", written) if part]
        if not all(part.isascii() and part.isdigit() and len(part) <= len(str(LARGEST_DAY)) for part in parts):
            raise ValidationError(_("Write numbers of mails with commas between them: 500, 1000, 2000, 5000."))
        days = [int(part) for part in parts]
        if not all(1 <= number <= LARGEST_DAY for number in days):
            raise ValidationError(_("Each day needs a number of mails from 1 to %d.") % LARGEST_DAY)
        if days != sorted(days):
            raise ValidationError(_("No day of the plan can have fewer mails than the day before."))
        return ", ".join(map(str, days))

    def clean_failure_percent(self) -> Any:
        percent = self.cleaned_data["failure_percent"]
        if percent is not None and not 0 < percent <= 100:
            raise ValidationError(_("A percentage above 0, at most 100."))
        return percent

    def clean_failures_in_row(self) -> Any:
        number = self.cleaned_data["failures_in_row"]
        if number is not None and number < 2:
            raise ValidationError(_("At least 2: a single refusal stops nothing."))
        return number

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("by_itself") and not given.get("weekly"):
            self.add_error("by_itself", _("Only the weekly draft goes by itself: let it be made every week too."))
        fewest, most = given.get("fewest_pieces"), given.get("most_pieces")
        if fewest and most and fewest > most:
            self.add_error("fewest_pieces", _("That is more than the most pieces."))
        if given.get("warm_up") and not given.get("warm_up_from"):
            self.add_error("warm_up_from", _("On which day does the plan begin?"))
        for name in RATES:
            if (given.get(name) or 0) > LARGEST_RATE:
                self.add_error(name, _("At most %d; 0 is no limit.") % LARGEST_RATE)
        return given


def check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_("“%(line)s” is no e-mail address."), params={"line": address[:80]})
