from typing import Any

from django import forms
from django.core.validators import validate_unicode_slug
from django.db import models

from articles.addresses import in_any_script


class SlugField(models.SlugField):
    """A slug in any script, with the vowel signs and other marks that Django's own validator refuses."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "allow_unicode": True})
        self.validators = [in_any_script if rule is validate_unicode_slug else rule for rule in self.validators]

    def deconstruct(self) -> Any:
        """For the database, and so for migrations, it is Django's."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.SlugField", args, options

    def formfield(self, **options: Any) -> Any:
        """Without the form field's validator, which is the stricter one again."""
        return models.CharField.formfield(self, **{"form_class": forms.CharField, **options})
