from newsletter.forms.issue import IssueForm
from newsletter.forms.pieces import PieceForm, Pieces
from newsletter.forms.scheduling import ScheduleForm, TestForm
from newsletter.forms.sign_up import AddressForm, SignUpForm

__all__ = ["AddressForm", "IssueForm", "PieceForm", "Pieces", "ScheduleForm", "SignUpForm", "TestForm"]
