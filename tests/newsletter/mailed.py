"""A reader who has got an issue."""

from datetime import datetime

from newsletter import tokens
from newsletter.models import Delivery, Issue, Subscriber
from newsletter.states import DeliveryState, IssueState, Reader
from tests.factories import NOON
from tests.newsletter.returned_mail import BOUNCES


def make_reader(email: str = "reader@example.org", state: str = Reader.ACTIVE) -> Subscriber:
    return Subscriber.objects.create(email=email, state=state, signed_up_at=NOON, confirmed_at=NOON)


def make_sent_issue(number: int = 1) -> Issue:
    return Issue.objects.create(subject="The week", state=IssueState.SENT, number=number, frozen_at=NOON)


def mailed_to(reader: Subscriber, issue: Issue | None = None, at: datetime = NOON) -> Delivery:
    return Delivery.objects.create(issue=issue or make_sent_issue(), subscriber=reader, state=DeliveryState.SENT, at=at)


def envelope_of(delivery: Delivery) -> str:
    return tokens.verp(delivery.pk, BOUNCES)


def message_id_of(delivery: Delivery) -> str:
    return tokens.message_id(delivery.issue.uid, delivery.subscriber_id, "magazine.example")
