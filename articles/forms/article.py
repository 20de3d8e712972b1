"""The article's form: its whole editable content is one form (DESIGN, idea 2). And the questions before a move."""

import re
import secrets
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from articles import presence
from articles.editing import newer_than
from articles.forms.fields import MINUTES, AddressedForm, BodyField, MomentField, counted
from articles.models import Article, Picture, Revision, Section
from articles.models import content as contents
from articles.models.byline import Credit
from articles.pickers import CreditsField, Picker, PicksField, TagsField
from articles.roles import sections_for, visible_to
from articles.workflow import Stage

OVERTAKEN = _("%(name)s saved this article after you opened it. Nothing is lost; choose below what it shall be.")
SITTING = re.compile(r"\A[0-9A-Za-z-]{8,36}\Z")
LARGEST_NUMBER = 2_000_000_000


class ArticleForm(AddressedForm):
    """Everything editable of an article. It is filled from the newest content and gives one back (DESIGN, idea 2).

    A draft may leave empty what a published piece has to have: `strict` says which of the two is asked for.
    """

    named_by = "headline"
    strict = True
    user: Any = None

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
    live_at = MomentField(
        label=_("Changes go live"),
        help_text=_("Empty: the moment you press Publish changes. In the future: by themselves then."),
    )
    note = forms.CharField(
        required=False,
        max_length=200,
        label=_("What you changed"),
        help_text=_("For the history; only if it is worth saying."),
        widget=forms.TextInput({"class": "vTextField"}),
    )
    base = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST_NUMBER, widget=forms.HiddenInput({"class": "base"})
    )
    sitting = forms.CharField(required=False, widget=forms.HiddenInput({"class": "sitting"}))

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

    content = tuple(contents.EMPTY)
    """The fields a snapshot holds."""

    newer: Revision | None = None
    kept_by: presence.EditLock | None = None
    """What stood in the way of saving it: a newer text of somebody else, a lock."""

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        instance: Article | None = None,
        initial: dict | None = None,
        **options: Any,
    ) -> None:
        stored: dict[str, Any] = {"sitting": secrets.token_hex(8), "base": 0}
        if instance and instance.pk:
            newest = instance.latest_revision
            stored |= {**self.initial_from(instance.newest_content()), "base": newest.number if newest else 0}
            stored["live_at"] = newest.live_at if newest and instance.stage == Stage.WAITING else None
        data = self.after_choice(data, instance)
        super().__init__(data, *args, instance=instance, initial={**stored, **(initial or {})}, **options)
        self.fit_to_person()
        for field in self.fields.values():
            # A page that is loaded again has the newest text: no browser may put back what it remembers of the last.
            field.widget.attrs.setdefault("autocomplete", "off")
        if not self.strict:
            self.ask_for_nothing()
        if "slug" in self.fields and not self["slug"].value():
            self.fields["slug"].widget.attrs["data-slug-of"] = self["headline"].auto_id

    def fit_to_person(self) -> None:
        """Sections and articles that the person may choose; what was chosen before them stays."""
        if self.user is None or not {"related", "section"} <= self.fields.keys():
            return
        self.fields["related"].limit_to(visible_to(self.user, timezone.now()), self.initial.get("related"))
        sections = sections_for(self.user) | Section.objects.filter(pk=self.initial.get("section"))
        self.fields["section"].queryset = sections.distinct()

    def ask_for_nothing(self) -> None:
        for name in ("headline", "section"):
            if name in self.fields:
                self.fields[name].required = False
        if "headline" in self.fields:
            self.fields["headline"].validators = [
                check for check in self.fields["headline"].validators if not isinstance(check, MinLengthValidator)
            ]

    def fills_slug(self) -> bool:
        """The slug of a draft follows its headline for as long as nobody writes one."""
        return super().fills_slug() and self.strict

    def _get_validation_exclusions(self) -> set[str]:
        """A headline that has just been begun is no fault of a draft."""
        excluded = super()._get_validation_exclusions()
        return excluded if self.strict else {*excluded, "headline"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            self.look_for_others()
        return cleaned

    def look_for_others(self) -> None:
        """Nobody saves over a text they have not seen, or one that somebody else keeps to themselves."""
        sitting, now = self.cleaned_data.get("sitting") or "", timezone.now()
        if self.user is not None and "_take_over" not in self.data:
            self.kept_by = presence.kept_from(self.instance, by=self.user, at=now, sitting=sitting)
        if self.kept_by:
            self.add_error(None, ValidationError(str(presence.Kept(self.kept_by, now)), code="kept"))
        self.newer = self.overtaken_by(sitting)
        if self.newer:
            self.add_error(None, ValidationError(OVERTAKEN, "overtaken", {"name": shown_name(self.newer.by)}))

    def overtaken_by(self, sitting: str) -> Revision | None:
        """The newest text that somebody else saved after this form was opened."""
        base = self.cleaned_data.get("base")
        return None if base is None else newer_than(self.instance, base, sitting)

    @classmethod
    def after_choice(cls, data: Any, article: Article | None) -> Any:
        """What the person chose in a conflict with the revision that `_over` or `_choice` names: mine over theirs, or
        of each field mine or theirs. Any text that is newer than that one is another conflict."""
        number = (data or {}).get("_choice") or (data or {}).get("_over") or ""
        if article is None or not re.fullmatch(r"[0-9]{1,10}", number):
            return data
        data = data.copy()
        data["base"] = number
        theirs = Revision.objects.filter(article=article, number=min(int(number), LARGEST_NUMBER)).first()
        if theirs and "_choice" in data:
            chosen = [name for name in cls.content if data.get(f"pick_{name}") == "theirs"]
            sent = cls.data_from(theirs.content)
            for name in chosen:
                data[name] = "" if sent.get(name) is None else sent[name]
        return data

    def clean_sitting(self) -> str:
        """Drawn by the form itself; anything else is as good as none."""
        sitting = self.cleaned_data["sitting"]
        return sitting if SITTING.fullmatch(sitting) else ""

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

    def snapshot(self) -> contents.Content:
        """The content of a valid form, as JSON takes it."""
        return contents.normal({name: as_json(self.cleaned_data[name]) for name in self.content})

    def snapshot_over(self, before: contents.Content) -> contents.Content:
        """The content of a form in which some fields may be wrong: those keep what they had before."""
        valid = {name: as_json(self.cleaned_data[name]) for name in self.content if name in self.cleaned_data}
        return contents.normal({**before, **valid})

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


def shown_name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else str(_("Somebody else"))


def as_json(value: Any) -> Any:
    if isinstance(value, Credit):
        return [value.author.pk, value.role]
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return contents.iso(value)
    return getattr(value, "pk", value)


def as_shown(moment: datetime) -> str:
    return timezone.localtime(moment).strftime(MINUTES)


class MoveForm(forms.Form):
    """The question before a move of the workflow: a note for the history, and which text the person had before them."""

    note = forms.CharField(
        required=False, max_length=1000, label=_("Note"), widget=forms.Textarea({"rows": 4, "class": "vLargeTextField"})
    )
    seen = forms.IntegerField(min_value=0, max_value=LARGEST_NUMBER, widget=forms.HiddenInput)

    def __init__(self, *args: Any, wants_note: bool, seen: int, **options: Any) -> None:
        super().__init__(*args, initial={"seen": seen}, **options)
        self.fields["note"].required = wants_note


class PublishForm(forms.Form):
    """What was said in the article's form when publishing was asked for, carried over the question before it."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_NUMBER, widget=forms.HiddenInput)
    live_at = MomentField(widget=forms.HiddenInput)
    material_change = forms.BooleanField(required=False, widget=forms.HiddenInput)
