"""What the forms of the desk share: moments, bodies, counted texts, and slugs that make themselves."""

from datetime import datetime
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles import html
from articles.addresses import free_slug, in_any_script, slug_of
from articles.editor import BodyEditor

YEARS = range(1900, 2200)
LONGEST_BODY = 1_000_000
MINUTES = "%Y-%m-%dT%H:%M"


def counted(best: int, most: int, **attrs: Any) -> dict[str, Any]:
    """The attributes of a field whose characters are counted: good from `best` on, too long above `most`."""
    return {"class": "vLargeTextField", "data-count-from": best, "data-count-to": most, **attrs}


class MomentField(forms.DateTimeField):
    """A date and time in the magazine's zone, to the minute."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES)
        super().__init__(**{"required": False, "widget": widget, **options})

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except ValidationError as error:
            moment = self.first_of_two(value) if error.code == "ambiguous_timezone" else None
            if moment is None:
                raise
        if moment and moment.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def first_of_two(self, value: Any) -> datetime | None:
        """An hour that the clock shows twice is the first of the two; one that it leaves out, the hour after."""
        moment = value if isinstance(value, datetime) else parse_datetime(value.strip())
        return moment and moment.replace(tzinfo=timezone.get_current_timezone(), fold=0)


class BodyField(forms.CharField):
    """HTML, cleaned as it will be stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "widget": BodyEditor(), "max_length": LONGEST_BODY, **options})
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> str:
        return html.clean(super().clean(value))


class AddressedForm(forms.ModelForm):
    """A form in which the slug may be left empty: it is made of the name then. While the thing is new and the slug
    untouched, slug.js shows it as it will be."""

    named_by = "name"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if slug := self.fields.get("slug"):
            slug.required = False
            if not self.instance.pk:
                slug.widget.attrs["data-slug-of"] = self[self.named_by].auto_id

    def clean_slug(self) -> str:
        """Refused here already: the model asks whose address it is, and what is no slug makes no address."""
        slug = normalize("NFC", self.cleaned_data["slug"])
        if slug:
            in_any_script(slug)
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.fills_slug() and "slug" not in self.errors and not cleaned.get("slug"):
            cleaned["slug"] = self.slug_for(cleaned.get(self.named_by) or "")
        return cleaned

    def fills_slug(self) -> bool:
        return "slug" in self.fields

    def slug_for(self, name: str) -> str:
        model = self._meta.model
        wanted = slug_of(name, longest=60) or model._meta.model_name
        others = model.objects.filter(slug__startswith=wanted).exclude(pk=self.instance.pk)
        return free_slug(wanted, set(others.values_list("slug", flat=True)))
