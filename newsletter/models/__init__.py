from newsletter.models.consent import Consent, Deed, Said, Wording
from newsletter.models.delivery import Allowance, Batch, Bounce, BounceKind, Delivery, Pace, Retry
from newsletter.models.figures import Figures
from newsletter.models.intake import Intake, Portion, RefusedLine
from newsletter.models.issue import Issue, Item, ItemKind
from newsletter.models.newsletter import Newsletter, OnDoubt, Weekday
from newsletter.models.sign_up import SignUp, Wish
from newsletter.models.subscriber import Subscriber, Suppression
from newsletter.models.worker import Chore, Worker

__all__ = [
    "Allowance",
    "Batch",
    "Bounce",
    "BounceKind",
    "Chore",
    "Consent",
    "Deed",
    "Delivery",
    "Figures",
    "Intake",
    "Issue",
    "Item",
    "ItemKind",
    "Newsletter",
    "OnDoubt",
    "Pace",
    "Portion",
    "RefusedLine",
    "Retry",
    "Said",
    "SignUp",
    "Subscriber",
    "Suppression",
    "Weekday",
    "Wish",
    "Wording",
    "Worker",
]
