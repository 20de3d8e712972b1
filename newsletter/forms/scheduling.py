"""The forms before an issue leaves: to whom a test goes, and when the issue itself does."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles.forms import MomentField
from newsletter.models import OnDoubt

MOST_TESTS = 10
FURTHEST = timedelta(days=366)


class SendingTime(MomentField):
    """A date and time that the clock shows. One that it leaves out, or that nobody can mean, is refused."""

    def first_of_two(self, value: Any) -> datetime | None:
        naive = value if isinstance(value, datetime) else parse_datetime(value.strip())
        moment = super().first_of_two(value)
        if moment and moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != naive:
            words = _("There is no %(time)s on that day: the clocks are put forward then. Choose another time.")
            raise ValidationError(words, code="left_out", params={"time": f"{naive:%H:%M}"})
        return moment


class ScheduleForm(forms.Form):
    """When an issue goes out, and what happens to mails of which nobody knows whether they went."""

    now = forms.ChoiceField(
        label=_lazy("When"),
        choices=[("at", _lazy("At a time")), ("now", _lazy("Now"))],
        widget=forms.RadioSelect,
        initial="at",
    )
    when = SendingTime(label=_lazy("Date and time"))
    on_doubt = forms.ChoiceField(
        label=_lazy("If it is in doubt whether a mail went out"), choices=OnDoubt.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        self.at = at
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("now") == "at" and "when" not in self.errors:
            self.check_time(cleaned.get("when"))
        return cleaned

    def check_time(self, when: datetime | None) -> None:
        if when is None:
            self.add_error("when", _("Say when, or choose “Now”."))
        elif when <= self.at:
            self.add_error("when", _("This time has passed. Choose a later one, or “Now”."))
        elif when > self.at + FURTHEST:
            self.add_error("when", _("This is more than a year ahead."))

    @property
    def is_now(self) -> bool:
        return self.cleaned_data["now"] == "now"

    @property
    def moment(self) -> datetime:
        return self.at if self.is_now else self.cleaned_data["when"]

    @property
    def shown_moment(self) -> datetime:
        return timezone.localtime(self.moment)


class TestForm(forms.Form):
    """The addresses a test goes to, one a line or with commas between."""

    addresses = forms.CharField(
        label=_lazy("Addresses"),
        max_length=3000,
        widget=forms.Textarea({"rows": 4, "class": "vLargeTextField", "autocomplete": "off"}),
        help_text=_lazy("One a line. The links in a test lead nowhere, and its subject begins with [Test]."),
    )

    def clean_addresses(self) -> list[str]:
        typed = self.cleaned_data["addresses"].replace(",", "\n").splitlines()
        addresses = list(dict.fromkeys(filter(None, map(str.strip, typed))))
        if len(addresses) > MOST_TESTS:
            raise ValidationError(_("A test goes to at most %(most)d addresses."), params={"most": MOST_TESTS})
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(_("“%(address)s” is no address."), params={"address": address[:80]}) from error
        return addresses
