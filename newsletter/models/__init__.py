from newsletter.models.consent import Consent, Deed, Said, Wording
from newsletter.models.delivery import Batch, Bounce, BounceKind, Delivery, Retry
from newsletter.models.intake import Intake
from newsletter.models.issue import Issue, Item, ItemKind
from newsletter.models.newsletter import Newsletter, OnDoubt, Weekday
from newsletter.models.sign_up import SignUp, Wish
from newsletter.models.subscriber import Subscriber, Suppression
from newsletter.models.worker import Worker

__all__ = [
    "Batch",
    "Bounce",
    "BounceKind",
    "Consent",
    "Deed",
    "Delivery",
    "Intake",
    "Issue",
    "Item",
    "ItemKind",
    "Newsletter",
    "OnDoubt",
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
