"""A mail service's report is believed when it knows the secret, and counts once however often it is repeated."""

import base64
import json
from types import ModuleType
from typing import Any

import pytest
from django.urls import include, path

from magazine import urls
from newsletter import webhooks
from newsletter.models import Bounce, Subscriber, Suppression
from newsletter.states import Reader
from tests.newsletter.mailed import mailed_to, make_reader

pytest.importorskip("anymail")
pytestmark = pytest.mark.django_db

SECRET = "relay:only-for-the-tests"
ADDRESS = "/newsletter/relay/postmark/tracking/"


@pytest.fixture(autouse=True)
def relay(settings) -> None:
    settings.ANYMAIL_RELAY, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    conf = ModuleType("urls_with_a_relay")
    conf.urlpatterns = [path("newsletter/relay/", include(webhooks.patterns())), *urls.urlpatterns]
    settings.ROOT_URLCONF = conf


@pytest.fixture
def reader() -> Subscriber:
    return make_reader()


def tell(client, secret: str = SECRET, **event: Any):
    told = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 42, "Email": "Reader@example.org", **event}
    key = base64.b64encode(secret.encode()).decode()
    options = {"headers": {"Authorization": f"Basic {key}"}} if secret else {}
    return client.post(ADDRESS, json.dumps(told), content_type="application/json", **options)


def state_of(reader) -> str:
    return Subscriber.objects.get(pk=reader.pk).state


@pytest.mark.parametrize("secret", ["", "relay:wrong", "relay"])
def test_a_call_without_the_secret_is_refused_and_changes_nothing(client, reader, secret):
    for event in ("Bounce", "SpamComplaint", "SubscriptionChange"):
        assert tell(client, secret, RecordType=event).status_code == 400
    assert (state_of(reader), Bounce.objects.count(), Suppression.objects.count()) == (Reader.ACTIVE, 0, 0)


def test_a_report_with_the_secret_counts_once(client, reader):
    delivery = mailed_to(reader)
    for _ in range(2):
        assert tell(client, Details="smtp;550 5.1.1 Reader@example.org: user unknown").status_code == 200
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.source, bounce.issue) == ("hard", "webhook", delivery.issue)
    assert "@" not in bounce.detail
    assert state_of(reader) == Reader.BOUNCED


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, Reader.COMPLAINED),
        ({"RecordType": "SubscriptionChange", "SuppressionReason": "ManualSuppression"}, Reader.UNSUBSCRIBED),
        ({"Type": "BadEmailAddress"}, Reader.BOUNCED),
        ({"Type": "HardBounce"}, Reader.BOUNCED),
        ({"Type": "SoftBounce"}, Reader.ACTIVE),
        ({"Type": "Transient"}, Reader.ACTIVE),
        ({"Type": "DMARCPolicy"}, Reader.ACTIVE),
        ({"Type": "Blocked"}, Reader.ACTIVE),
        ({"Type": "AutoResponder"}, Reader.ACTIVE),
        ({"Type": "HardBounce", "Details": "550 5.7.1 looks like spam"}, Reader.ACTIVE),
        ({"RecordType": "Delivery", "Recipient": "reader@example.org"}, Reader.ACTIVE),
        ({"RecordType": "Open"}, Reader.ACTIVE),
        ({"RecordType": "Nonsense"}, Reader.ACTIVE),
    ],
)
def test_each_report_means_what_it_says(client, reader, event, state):
    assert tell(client, **event).status_code == 200
    assert state_of(reader) == state


def test_a_soft_bounce_counts_half_a_point(client, reader):
    tell(client, Type="SoftBounce")
    assert Subscriber.objects.get().bounce_score == 0.5


@pytest.mark.parametrize("email", ["stranger@example.org", "", None, "\x00", "a" * 1_000])
def test_a_report_about_a_stranger_is_taken_and_changes_nothing(client, reader, email):
    assert tell(client, Email=email, Recipient=email).status_code == 200
    assert (state_of(reader), Bounce.objects.count()) == (Reader.ACTIVE, 0)


def test_only_the_service_in_use_has_an_address_and_only_with_a_secret(settings, client):
    assert client.post("/newsletter/relay/mailgun/tracking/").status_code == 404
    settings.ANYMAIL = {}
    assert webhooks.patterns() == []
    settings.ANYMAIL, settings.ANYMAIL_RELAY = {"WEBHOOK_SECRET": SECRET}, ""
    assert webhooks.patterns() == []


def test_a_get_tells_nothing_and_does_nothing(client):
    assert client.get(ADDRESS).status_code == 405
