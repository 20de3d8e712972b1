from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from newsletter.models import Subscriber


class SignUpForm(forms.Form):
    """One field for the reader, and one that only a machine fills in (hidden by the stylesheet)."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Please give your e-mail address."),
            "invalid": _("That is not an e-mail address. It looks like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False)

    def is_from_a_machine(self) -> bool:
        return bool(self.cleaned_data["website"])

    def save(self, at: datetime) -> None:
        """Note the address once; the answer to the reader is the same whether it was known or not."""
        if not self.is_from_a_machine():
            Subscriber.objects.note_pending(self.cleaned_data["email"], at)
