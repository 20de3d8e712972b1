from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from newsletter import traps

READ_IN_TWO_WAYS = frozenset("ßς\u200c\u200d")
"""Letters that the two standards for names in the DNS read differently (UTS 46): a mail could go to another domain."""

INVALID = _("That is not an e-mail address. It looks like name@example.org.")


def can_be_written_to(address: str) -> None:
    """Refuse, with a ValidationError, what we could send no mail to.

    Domains in any script are taken, and written as the DNS has them when a mail goes out. Before the @ only ASCII: most
    mail servers on the way know nothing else (RFC 6531), and whoever never gets the confirmation waits for nothing.
    """
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise ValidationError(
            _("We cannot write to an address with such letters before the @ yet. Please use another one.")
        )
    if READ_IN_TWO_WAYS & set(domain):
        raise ValidationError(_("Please write the part after the @ as your provider’s settings have it: xn--…"))
    validate_email(address)
    # A local network's names, and numbers in place of names, are nobody's address on the internet.
    if not local.isprintable() or "." not in domain or domain.startswith("["):
        raise ValidationError(INVALID)


class AddressField(forms.EmailField):
    default_validators = [can_be_written_to]
    default_error_messages = {
        "required": _("Please give your e-mail address."),
        "invalid": INVALID,
        "max_length": INVALID,
        "null_characters_not_allowed": INVALID,
    }


class AddressForm(forms.Form):
    email = AddressField(label=_("Your e-mail address"), max_length=254)


class SignUpForm(AddressForm):
    """One field for the reader, one that only a machine fills in (hidden by the stylesheet), and the stamp."""

    website = forms.Field(required=False)
    stamp = forms.Field(required=False)

    trap: traps.Trap | None = None

    def __init__(self, data: Any, *, words: str, at: datetime, strict: bool = False) -> None:
        super().__init__(data)
        self.words, self.at, self.strict = words, at, strict

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.trap = traps.fault(cleaned.get("stamp") or "", self.at, self.words, strict=self.strict)
        if self.trap is traps.Trap.OTHER_WORDS:
            raise ValidationError(
                _("The words beside this form changed after you opened the page. Please read them and press again.")
            )
        if self.trap:
            raise ValidationError(_("Please press the button once more, so that we know you are no machine."))
        return cleaned

    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def goes_again_by_itself(self) -> bool:
        """Whether nothing is wrong but the stamp, so that the page's script may send it again with a new one."""
        return self.trap is not None and self.trap is not traps.Trap.OTHER_WORDS and "email" not in self.errors
