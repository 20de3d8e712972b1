"""The forms of what stands around the articles: authors, pages, sections, tags, the magazine, its front page."""

import zoneinfo
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.forms.fields import AddressedForm, BodyField, counted
from articles.frontpage import LEADING
from articles.models import Article, Author, FrontPage, Magazine, Page, Picture, Redirect, Section, Tag
from articles.pickers import Picker, PicksField, caseless, tags_by_name
from articles.roles import visible_to


class AuthorForm(AddressedForm):
    bio = BodyField(label=_("Biography"))

    class Meta:
        model = Author
        fields = ["name", "slug", "title", "bio", "portrait", "email", "social_profiles", "user"]
        widgets = {"portrait": Picker(Picture, one=True)}


class PageForm(AddressedForm):
    named_by = "title"

    body = BodyField(label=_("Body"))

    class Meta:
        model = Page
        fields = ["title", "slug", "body", "description", "position", "shown_in_footer"]
        widgets = {"description": forms.TextInput(counted(70, 155))}


class SectionForm(AddressedForm):
    class Meta:
        model = Section
        fields = ["name", "slug", "description", "colour", "shown_in_menu"]


class TagForm(AddressedForm):
    class Meta:
        model = Tag
        fields = ["name", "slug"]

    def clean_name(self) -> str:
        name = " ".join(normalize("NFC", self.cleaned_data["name"]).split())
        if "," in name:
            raise ValidationError(_("A tag has no comma in it: commas stand between tags."))
        if caseless(name) in tags_by_name(Tag.objects.exclude(pk=self.instance.pk)):
            raise ValidationError(_("There is a tag of that name already."))
        return name


class MagazineForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
        help_text=_("All dates, in the admin and on the site, are in this zone."),
    )

    class Meta:
        model = Magazine
        fields = [
            *("name", "tagline", "description", "logo", "language", "time_zone", "social_profiles", "postal_address"),
            *("newsletter_blurb", "footer_text"),
        ]
        widgets = {"logo": Picker(Picture, one=True)}


class FrontPageForm(forms.ModelForm):
    user: Any = None

    picks = PicksField(
        Article,
        most=LEADING,
        label=_("Leading articles"),
        help_text=_(
            "The first leads the front page. The newest articles follow. One that is scheduled appears on its date."
        ),
    )

    class Meta:
        model = FrontPage
        fields: list[str] = []

    def __init__(self, *args: Any, initial: dict | None = None, **options: Any) -> None:
        picks = {"picks": list(FrontPage().picks().values_list("pk", flat=True))}
        super().__init__(*args, initial={**picks, **(initial or {})}, **options)
        if self.user and "picks" in self.fields:
            self.fields["picks"].limit_to(visible_to(self.user, timezone.now()), picks["picks"])


class RedirectForm(forms.ModelForm):
    class Meta:
        model = Redirect
        fields = ["old_path", "new_path"]

    def clean(self) -> dict[str, Any]:
        """A redirect leads where the new path leads itself, in one step; the model refuses one that leads back."""
        cleaned = super().clean()
        old, new = cleaned.get("old_path"), cleaned.get("new_path")
        further = Redirect.objects.exclude(pk=self.instance.pk).target(new) if old and new else None
        if further:
            cleaned["new_path"] = unquote(further)
        return cleaned
