"""The form of a picture."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import pictures
from articles.models import Picture


class PictureForm(forms.ModelForm):
    """A picture and the file it comes in; on a picture that is there, another file takes the place of the first."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("A JPEG, PNG, WebP, GIF or AVIF of up to 25 MB. Where it was taken is removed from it."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
    )

    class Meta:
        model = Picture
        fields = ["alt", "caption", "credit", "in_newsletter", "focal_x", "focal_y"]
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
