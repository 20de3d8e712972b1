"""The forms of the desk. An article's whole editable content is one form (DESIGN, idea 2)."""

import zoneinfo
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

from django import forms
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from articles import html, pictures
from articles.addresses import free_slug, in_any_script, slug_of
from articles.editor import BodyEditor
from articles.frontpage import LEADING
from articles.models import Article, Author, FrontPage, Magazine, Page, Picture, Redirect, Section, Tag
from articles.models.article import Credit
from articles.pickers import CreditsField, Picker, PicksField, TagsField, caseless, tags_by_name

YEARS = range(1900, 2200)
LONGEST_BODY = 1_000_000
MINUTES = "%Y-%m-%dT%H:%M"
OVERTAKEN = _("%(name)s saved this article after you opened it. To put yours in the place of theirs, save again.")


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
        if "slug" in self.fields and "slug" not in self.errors and not cleaned.get("slug"):
            cleaned["slug"] = self.slug_for(cleaned.get(self.named_by) or "")
        return cleaned

    def slug_for(self, name: str) -> str:
        model = self._meta.model
        wanted = slug_of(name, longest=60) or model._meta.model_name
        others = model.objects.filter(slug__startswith=wanted).exclude(pk=self.instance.pk)
        return free_slug(wanted, set(others.values_list("slug", flat=True)))


class ArticleForm(AddressedForm):
    """Everything editable of an article. It can be filled from a snapshot of the content and gives one back."""

    named_by = "headline"

    body = BodyField(label=_("Body"))
    bylines = CreditsField(
        label=_("Bylines"), help_text=_("In this order; a role stands before the name: with, photographs by.")
    )
    tags = TagsField(label=_("Tags"), help_text=_("Commas between; a tag that is new is made."))
    related = PicksField(
        Article,
        most=12,
        label=_("Related articles"),
        help_text=_("These stand first under the article; the rest is found."),
    )
    published_at = MomentField(label=_("Publication date"), help_text=Article._meta.get_field("published_at").help_text)
    canonical_url = forms.URLField(
        required=False,
        label=_("Canonical address"),
        assume_scheme="https",
        max_length=200,
        widget=forms.URLInput({"class": "vURLField"}),
        help_text=Article._meta.get_field("canonical_url").help_text,
    )
    material_change = forms.BooleanField(
        required=False,
        label=_("A material change"),
        help_text=_("Readers are shown that the article was updated, and when."),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = [
            *(
                "headline",
                "slug",
                "dek",
                "kind",
                "section",
                "lead_picture",
                "lead_alt",
                "lead_caption",
                "byline_override",
            ),
            *("published_at", "seo_title", "seo_description", "canonical_url", "noindex"),
        ]
        widgets = {
            "headline": forms.Textarea(counted(20, 80, rows=1)),
            "dek": forms.Textarea(counted(60, 220, rows=3)),
            "lead_picture": Picker(Picture, one=True),
            "lead_caption": forms.Textarea({"class": "vLargeTextField", "rows": 2}),
            "seo_title": forms.TextInput(counted(20, 60)),
            "seo_description": forms.Textarea(counted(70, 155, rows=2)),
        }

    content = (
        *("headline", "slug", "dek", "body", "kind", "section", "lead_picture", "lead_alt", "lead_caption", "bylines"),
        *("byline_override", "tags", "related"),
        *("published_at", "seo_title", "seo_description", "canonical_url", "noindex"),
    )
    """The fields a snapshot holds."""

    def __init__(
        self, *args: Any, instance: Article | None = None, initial: dict | None = None, **options: Any
    ) -> None:
        stored = {**relations_of(instance), "opened": state_of(instance)} if instance and instance.pk else {}
        super().__init__(*args, instance=instance, initial={**stored, **(initial or {})}, **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("opened") not in {"", None, state_of(self.instance)}:
            self.refuse_to_overwrite()
        return cleaned

    def refuse_to_overwrite(self) -> None:
        """What was typed stays in the form, and the next time it is saved knowingly."""
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = state_of(self.instance)
        self.add_error(None, ValidationError(OVERTAKEN, params={"name": last_editor(self.instance)}))

    def clean_headline(self) -> str:
        """One line, whatever the field it was typed in allows."""
        return " ".join(self.cleaned_data["headline"].split())

    def clean_published_at(self) -> datetime | None:
        """A date that was not touched keeps its seconds, which the form does not show."""
        moment, before = self.cleaned_data["published_at"], self.initial.get("published_at")
        return before if moment and before and as_shown(moment) == as_shown(before) else moment

    def clean_related(self) -> list[Article]:
        if self.instance.pk and self.instance in self.cleaned_data["related"]:
            raise ValidationError(_("An article cannot be related to itself."))
        return self.cleaned_data["related"]

    def slug_for(self, name: str) -> str:
        return Article(pk=self.instance.pk, headline=name).free_slug()

    def _save_m2m(self) -> None:
        """What lies in other tables. The caller saves the article after it, in the same transaction."""
        self.instance.set_credits(self.cleaned_data["bylines"])
        self.instance.tags.set(self.cleaned_data["tags"])
        self.instance.set_related(self.cleaned_data["related"])

    def save(self, commit: bool = True) -> Article:
        with transaction.atomic():
            article = super().save(commit)
            if commit:
                article.save()
        return article

    def snapshot(self) -> dict[str, Any]:
        """The content of a valid form, as JSON takes it."""
        return {name: as_json(self.cleaned_data[name]) for name in self.content}

    @staticmethod
    def initial_from(snapshot: dict[str, Any]) -> dict[str, Any]:
        """A snapshot as the form's initial data."""
        date = snapshot.get("published_at")
        return {**snapshot, "published_at": parse_datetime(date) if date else None}

    @classmethod
    def data_from(cls, snapshot: dict[str, Any]) -> dict[str, Any]:
        """A snapshot as a browser would send it, so that it is validated anew before it is applied."""
        form = cls(initial=cls.initial_from(snapshot))
        return {form[name].html_name: form[name].value() for name in snapshot if name in form.fields}


def state_of(article: Article) -> str:
    return article.saved_at.astimezone(UTC).isoformat(timespec="microseconds")


def last_editor(article: Article) -> str:
    entry = LogEntry.objects.filter(content_type__model="article", object_id=article.pk).select_related("user").first()
    return (entry.user.get_full_name() or entry.user.get_username()) if entry else str(_("Somebody else"))


def relations_of(article: Article) -> dict[str, Any]:
    return {
        "bylines": list(article.bylines.values_list("author", "role")),
        "tags": list(article.tags.order_by("name").values_list("name", flat=True)),
        "related": list(article.related_picks().values_list("pk", flat=True)),
    }


def as_json(value: Any) -> Any:
    if isinstance(value, Credit):
        return [value.author.pk, value.role]
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return getattr(value, "pk", value)


def as_shown(moment: datetime) -> str:
    return timezone.localtime(moment).strftime(MINUTES)


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


class PictureForm(forms.ModelForm):
    """A picture and the file it comes in; on a picture that is there, another file takes the place of the first."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("A JPEG, PNG, WebP, GIF or AVIF of up to 25 MB. Where it was taken is removed from it."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
    )

    class Meta:
        model = Picture
        fields = ["alt", "caption", "credit", "focal_x", "focal_y"]
        widgets = {
            "alt": forms.Textarea({"class": "vLargeTextField", "rows": 2}),
            "caption": forms.Textarea({"class": "vLargeTextField", "rows": 2}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial_file = self.instance.file.name
        if "upload" in self.fields and self.instance.pk:
            self.fields["upload"].required = False
            self.fields["upload"].label = _("Another file in its place")

    def clean_upload(self) -> pictures.Intake | None:
        upload = self.cleaned_data["upload"]
        try:
            return pictures.take_in(upload) if upload else None
        except pictures.BadPicture as error:
            raise ValidationError(str(error)) from error

    def clean_alt(self) -> str:
        alt = self.cleaned_data["alt"]
        if pictures.alt_is_a_file_name(alt):
            raise ValidationError(_("This is the name of a file. Say what the picture shows."))
        return alt

    def _post_clean(self) -> None:
        if intake := self.cleaned_data.get("upload"):
            self.instance.accept(intake)
        super()._post_clean()


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
