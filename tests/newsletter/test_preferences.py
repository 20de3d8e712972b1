import json
from datetime import timedelta

import pytest
import time_machine
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from newsletter import preferences, tokens
from newsletter.models import Bounce, Consent, Delivery, Issue, Said, SignUp
from tests.newsletter.letterbox import ADDRESS, answer, deeds, link, make_reader, wish

pytestmark = pytest.mark.django_db


def token_of(reader) -> str:
    return tokens.sign("preferences", {"n": reader.pk, "k": reader.key})


def test_the_link_in_the_mail_opens_the_readers_preferences_for_72_hours():
    reader, now = make_reader(), timezone.now()
    wish(kind="preferences")
    answer()
    token = link("preferences").split("/")[3]
    assert preferences.reader_of(token) == reader
    with time_machine.travel(now + timedelta(hours=72, minutes=1)):
        assert preferences.reader_of(token) is None


def test_when_the_address_has_changed_the_link_in_the_old_mailbox_is_closed():
    reader = make_reader()
    token = token_of(reader)
    reader.change_address("new@example.org", timezone.now(), Said())
    assert preferences.reader_of(token) is None


def test_the_copy_holds_all_we_hold():
    wish(words="On Fridays.", page="/coast/", network="203.0.113.7")
    answer()
    reader = make_reader()
    issue = Issue.objects.create(subject="The week", number=7)
    Delivery.objects.create(issue=issue, subscriber=reader, state="sent", reply="250 ok", at=timezone.now())
    Bounce.objects.create(
        issue=issue,
        subscriber=reader,
        kind="soft",
        source="dsn",
        at=timezone.now(),
        detail="4.2.2 full",
        fingerprint="f",
    )
    text = json.dumps(preferences.export(reader, timezone.now(), Said()), cls=DjangoJSONEncoder)
    copy = json.loads(text)
    assert copy["subscriber"]["email"] == ADDRESS
    assert copy["deliveries"][0]["issue"] == "The week"
    assert copy["came_back"][0]["detail"] == "4.2.2 full"
    assert copy["asked_for"][0]["network"] == "203.0.113.7"
    done = copy["what_you_agreed_to_and_did"]
    assert [each["deed"] for each in done] == ["signed_up", "confirmed", "exported"]
    assert done[0]["words"]["text"] == "On Fridays."
    assert deeds()[-1] == "exported"


def test_nothing_of_another_reader_is_in_it():
    make_reader(email="other@example.org")
    wish(email="other@example.org")
    reader = make_reader()
    assert "other" not in json.dumps(preferences.export(reader, timezone.now(), Said()), cls=DjangoJSONEncoder)


def test_an_erasure_leaves_no_address_and_nothing_a_server_said_of_it():
    wish(network="203.0.113.7")
    answer()
    reader = make_reader()
    wish(kind="address", email="new@example.org", subscriber=reader)
    issue = Issue.objects.create(subject="The week")
    Delivery.objects.create(issue=issue, subscriber=reader, state="failed", reply=f"550 {ADDRESS} unknown")
    Bounce.objects.create(
        issue=issue, subscriber=reader, kind="soft", source="dsn", at=timezone.now(), detail=ADDRESS, fingerprint="f"
    )
    reader.erase(timezone.now(), Said(network="203.0.113.7"))
    assert not SignUp.objects.exists()
    assert (Delivery.objects.get().reply, Bounce.objects.get().detail) == ("", "")
    assert set(Consent.objects.values_list("network", flat=True)) == {""}
