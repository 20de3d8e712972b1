"""The form of an issue: its words and its pieces, saved as one."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles.forms import BodyField, counted
from articles.models import Article
from articles.pickers import PicksField
from articles.roles import visible_to
from newsletter.forms.pieces import PieceForm, PiecePicker, Pieces, initial_of, open_to_issues
from newsletter.models import Issue
from newsletter.roundup import BEST_PREHEADER

BEST_SUBJECT = 50
ADDED_AT_ONCE = 20


class IssueForm(forms.ModelForm):
    """`pieces` are the rows of its pieces; they are checked and saved with it.

    `seen` is when the issue was last saved before this form was opened: whoever saves second is told, and nothing is
    written over unseen.
    """

    intro = BodyField(label=_lazy("Words before the pieces"))
    outro = BodyField(label=_lazy("Words after the pieces"))
    add = PicksField(
        Article,
        most=ADDED_AT_ONCE,
        label=_lazy("Add a piece"),
        widget=PiecePicker(),
        help_text=_lazy("What is published or scheduled. It comes to the end of the list."),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Issue
        fields = ["subject", "preheader", "by_section", "intro", "outro"]
        widgets = {
            "subject": forms.TextInput(counted(15, BEST_SUBJECT)),
            "preheader": forms.TextInput(counted(30, BEST_PREHEADER)),
        }

    newer: datetime | None = None
    """When somebody else saved the issue after this form was opened."""

    def __init__(self, data: Any = None, *, instance: Issue, user: Any) -> None:
        super().__init__(data, instance=instance, initial={"seen": instance.saved_at.isoformat()})
        now = timezone.now()
        self.pieces = Pieces(data, prefix="items", issue=instance, initial=initial_of(instance), at=now)
        self.fields["add"].widget.issue = instance
        self.fields["add"].limit_to(open_to_issues(visible_to(user, now), now))
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def is_valid(self) -> bool:
        """Both are looked at, so that all faults are told at once."""
        rows = self.pieces.is_valid()
        return super().is_valid() and rows

    def number_of_faults(self) -> int:
        return len(self.errors) + self.pieces.total_error_count() if self.is_bound else 0

    @property
    def all_media(self) -> forms.Media:
        """The rows' too; without a row, those of one that may come."""
        return self.media + PieceForm().media

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())

    def clean_preheader(self) -> str:
        return " ".join(self.cleaned_data["preheader"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            self.look_for_others()
        return cleaned

    def look_for_others(self) -> None:
        """The instance is held: what it says now is what the others have made of it."""
        if not self.instance.is_draft:
            words = _("Not saved: the issue is no longer a draft, it is “%(state)s”. Your words are still here.")
            params = {"state": self.instance.get_state_display()}
            raise ValidationError(words, code="not_a_draft", params=params)
        seen = read(self.cleaned_data.get("seen") or "")
        chosen = read(self.data.get("_over", ""))
        if self.instance.saved_at not in {seen, chosen}:
            self.newer = self.instance.saved_at
            raise ValidationError(_("Not saved: somebody else has saved this issue since you opened it."), code="newer")

    def save_pieces(self) -> None:
        self.pieces.save(self.instance, self.cleaned_data["add"])


def read(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
