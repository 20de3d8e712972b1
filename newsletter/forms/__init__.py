from newsletter.forms.issue import IssueForm
from newsletter.forms.pieces import PieceForm, Pieces
from newsletter.forms.scheduling import ScheduleForm, TestForm
from newsletter.forms.settings import NewsletterForm
from newsletter.forms.sign_up import AddressForm, SignUpForm

__all__ = [
    "AddressForm",
    "IssueForm",
    "NewsletterForm",
    "PieceForm",
    "Pieces",
    "ScheduleForm",
    "SignUpForm",
    "TestForm",
]
