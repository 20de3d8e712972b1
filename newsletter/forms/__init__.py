from newsletter.forms.sign_up import AddressForm, SignUpForm

__all__ = ["AddressForm", "SignUpForm"]
