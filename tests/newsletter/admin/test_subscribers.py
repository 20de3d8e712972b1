"""Looking after readers at the desk: found, understood, and changed by deeds alone, each of which is noted."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import AuditEntry
from newsletter import tokens
from newsletter.models import Bounce, Consent, Deed, Delivery, Issue, Said, SignUp, Subscriber, Suppression, Wording
from newsletter.states import Reader, Shut
from tests.factories import NOON, make_person

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/subscriber/"
EXPORT = f"{LIST}export/"


def make_reader(address: str = "ann@example.org", state: str = Reader.ACTIVE, **fields) -> Subscriber:
    confirmed = None if state == Reader.PENDING else NOON
    return Subscriber.objects.create(
        email=address, state=state, **{"signed_up_at": NOON, "confirmed_at": confirmed, **fields}
    )


def page_of(reader: Subscriber, name: str = "change") -> str:
    return f"{LIST}{reader.pk}/{name}/"


def listed(client, query: str = "") -> set[str]:
    return {reader.email for reader in client.get(LIST + query, follow=True).context["cl"].result_list}


def rows(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------- the list


def test_the_list_shows_states_as_words_and_how_many_are_in_each(desk):
    make_reader("ann@example.org")
    make_reader("bob@example.org", Reader.PENDING)
    make_reader("cat@example.org", paused_until=timezone.now() + timedelta(days=9))
    page = desk.get(LIST)
    for words in ("Subscribed", "Waiting for confirmation", "Paused"):
        assert f">{words}</span>" in page.content.decode()
    assert {state: number for state, _words, number in page.context["counts"]} == {
        "pending": 1,
        "active": 2,
        "unsubscribed": 0,
        "bounced": 0,
        "complained": 0,
    }


def test_an_empty_list_says_how_readers_come(desk):
    page = desk.get(LIST).content.decode()
    assert "Nobody has signed up yet." in page
    assert f"{LIST}add/" in page
    assert "Export all" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ann", {"ann@example.org"}),
        ("?q=ANN%40Example.ORG", {"ann@example.org"}),
        ("?q=%20ann%40example.org%20", {"ann@example.org"}),
        ("?q=example.org", {"ann@example.org", "bob@example.org"}),
        ("?q=%40example", {"ann@example.org", "bob@example.org"}),
        ("?q=%00", {"ann@example.org", "bob@example.org"}),
        ("?q=nobody%40example.org", set()),
        ("?state=pending", {"bob@example.org"}),
        ("?state=odd", {"ann@example.org", "bob@example.org"}),
        ("?standing=points", {"ann@example.org"}),
        ("?standing=paused", set()),
        ("?standing=imported", set()),
        ("?since=week", set()),
        ("?since=odd", {"ann@example.org", "bob@example.org"}),
        ("?standing=%00", {"ann@example.org", "bob@example.org"}),
    ],
)
def test_readers_are_found_by_address_state_and_standing(desk, query, found):
    make_reader("ann@example.org", bounce_score="0.5")
    make_reader("bob@example.org", Reader.PENDING)
    assert listed(desk, query) == found


@pytest.mark.parametrize("query", ["?email__startswith=a", "?key=a", "?bounce_score__gt=0", "?brought_by__by=1"])
def test_nothing_of_a_reader_is_guessed_at_by_the_address_of_the_list(desk, query):
    make_reader()
    assert desk.get(LIST + query).status_code in {302, 400}


def test_an_erased_reader_is_found_as_suppressed_by_whoever_knows_the_address(desk):
    make_reader().erase(NOON, Said())
    page = desk.get(f"{LIST}?q=Ann%40example.org").content.decode()
    assert "gets no mail: Unsubscribed, since 1 Jun 2026" in page
    assert "they were erased, or never signed up" in page
    assert "gets no mail: " not in desk.get(f"{LIST}?q=bob%40example.org").content.decode()


def test_the_list_shows_who_came_and_went_by_week(desk):
    now = timezone.now()
    make_reader("ann@example.org", confirmed_at=now)
    make_reader("bob@example.org", confirmed_at=now - timedelta(weeks=2)).leave(now, Said())
    chart = desk.get(LIST).context["growth"]
    assert [sum(values) for values in zip(*(bar.values for bar in chart.bars), strict=True)] == [2, 1]
    assert chart.bars[-1].values == (1, 1)


# ---------------------------------------------------------------- one reader


def test_the_page_of_a_reader_shows_what_was_agreed_to_in_which_words_and_from_where(desk):
    reader = make_reader()
    wording = Wording.objects.current("Every Friday, <b>one</b> letter.", NOON)
    said = Said(page="/articles/tides/", wording=wording, network="192.0.2.7", token="abcd", by="chief", note="by hand")
    Consent.objects.note(reader.key, Deed.SIGNED_UP, NOON, said)
    issue = Issue.objects.create(subject="The week in tides")
    Delivery.objects.create(
        issue=issue, subscriber=reader, state="failed", attempts=2, at=NOON, reply="550 no such user"
    )
    Bounce.objects.create(
        issue=issue, subscriber=reader, kind="soft", source="dsn", at=NOON, detail="452", fingerprint="1"
    )
    page = desk.get(page_of(reader)).content.decode()
    for words in ("/articles/tides/", "192.0.2.7", "abcd", "chief", "by hand", f"version {wording.pk}", "1 Jun 2026"):
        assert words in page
    assert "Every Friday, &lt;b&gt;one&lt;/b&gt; letter." in page
    for words in ("The week in tides", "550 no such user", "Refused", "452", "Gets the next issue."):
        assert words in page


def test_only_the_last_twenty_deliveries_stand_there_and_they_cost_no_more_queries(desk):
    reader = make_reader()
    for number in range(25):
        Delivery.objects.create(issue=Issue.objects.create(subject=f"Issue {number}."), subscriber=reader)
    desk.get(page_of(reader))
    with CaptureQueriesContext(connection) as captured:
        page = desk.get(page_of(reader)).content.decode()
    assert page.count("badge-delivery-queued") == 20
    assert "Issue 24." in page
    assert "Issue 4." not in page
    assert len(captured) < 20


@pytest.mark.parametrize("number", ["0", "9" * 30, "x", "-1", "٣", "1%00"])
def test_a_reader_who_is_not_there_is_not_found(desk, number):
    for name in ("change", "delete", "history"):
        assert desk.get(f"{LIST}{number}/{name}/").status_code == 404
    for name in ("suppress", "lift", "resend", "data"):
        assert desk.post(f"{LIST}{number}/{name}/", follow=True).status_code == 404


def test_nothing_of_a_reader_is_edited_and_nobody_is_typed_in(desk):
    reader = make_reader()
    desk.post(page_of(reader), {"email": "other@example.org", "state": "complained"})
    desk.post(f"{LIST}add/", {"email": "new@example.org", "state": "active"})
    desk.post(LIST, {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": reader.pk, "_save": "1"})
    reader.refresh_from_db()
    assert (reader.email, reader.state) == ("ann@example.org", Reader.ACTIVE)
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize("deed", ["suppress", "lift", "resend", "data"])
def test_a_deed_is_done_by_pressing_and_never_by_opening_an_address(desk, deed):
    reader = make_reader()
    assert desk.get(page_of(reader, deed)).status_code == 405
    assert desk.get(EXPORT).status_code == 405
    assert not AuditEntry.objects.exists()


def test_a_suppressed_reader_gets_no_more_mail_and_only_staff_open_the_address_again(desk):
    reader = make_reader()
    page = desk.post(page_of(reader, "suppress"), follow=True).content.decode()
    assert "Gets no mail: Closed by staff" in page
    assert not reader.is_mailable(timezone.now())
    assert Suppression.objects.get().reason == Shut.STAFF
    assert f"/{reader.pk}/suppress/" not in page
    page = desk.post(page_of(reader, "lift"), follow=True).content.decode()
    assert "Its reader gets mail when they have signed up and confirmed anew." in page
    reader.refresh_from_db()
    assert reader.state == Reader.UNSUBSCRIBED
    assert not Suppression.objects.exists()
    assert list(Consent.objects.values_list("deed", "by")) == [("suppressed", "chief"), ("lifted", "chief")]
    assert [entry.deed for entry in AuditEntry.objects.order_by("pk")] == ["suppress_reader", "lift_reader"]


def test_lifting_is_offered_for_complaints_and_what_staff_closed_alone(desk):
    left, complained = make_reader("ann@example.org"), make_reader("bob@example.org")
    left.leave(NOON, Said())
    complained.complain(NOON, Said())
    assert f"/{left.pk}/lift/" not in desk.get(page_of(left)).content.decode()
    assert f"/{complained.pk}/lift/" in desk.get(page_of(complained)).content.decode()


# ---------------------------------------------------------------- asking again


def test_who_has_not_confirmed_is_asked_again(desk):
    reader = make_reader(state=Reader.PENDING)
    page = desk.post(page_of(reader, "resend"), follow=True).content.decode()
    assert "as soon as a worker runs" in page
    assert SignUp.objects.get().email == reader.email
    assert AuditEntry.objects.get().deed == "resend_confirmation"


@pytest.mark.parametrize(
    ("mailed", "words"),
    [
        ([timedelta(minutes=2)], "Wait ten minutes"),
        ([timedelta(hours=1), timedelta(hours=2), timedelta(hours=3)], "no more today"),
        ([None], "waiting to go out already"),
    ],
)
def test_asking_again_keeps_to_the_limits_of_the_address(desk, mailed, words):
    reader, now = make_reader(state=Reader.PENDING), timezone.now()
    for ago in mailed:
        mailed_at = now - ago if ago else None
        SignUp.objects.create(email=reader.email, key=reader.key, at=now, mailed_at=mailed_at, handled_at=mailed_at)
    page = desk.post(page_of(reader, "resend"), follow=True).content.decode()
    assert words in page
    assert SignUp.objects.count() == len(mailed)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("state", [Reader.ACTIVE, Reader.UNSUBSCRIBED])
def test_nobody_else_is_asked_again(desk, state):
    reader = make_reader(state=state)
    assert f"/{reader.pk}/resend/" not in desk.get(page_of(reader)).content.decode()
    assert "not waiting for a confirmation" in desk.post(page_of(reader, "resend"), follow=True).content.decode()
    assert not SignUp.objects.exists()


# ---------------------------------------------------------------- erasing


def test_erasing_asks_first_and_says_what_goes_and_what_stays(desk):
    reader = make_reader()
    page = desk.get(page_of(reader, "delete")).content.decode()
    assert "What goes" in page
    assert "What stays" in page
    assert Subscriber.objects.exists()
    desk.post(page_of(reader, "delete"), {"sure": "1"})
    assert not Subscriber.objects.exists()
    assert Suppression.objects.get().key == tokens.key_of("ann@example.org")


def test_no_log_of_the_desk_keeps_the_address_of_an_erased_reader(desk):
    reader = make_reader()
    for name in ("suppress", "lift", "data"):
        desk.post(page_of(reader, name))
    desk.post(LIST, {"action": "suppress_selected", "_selected_action": [reader.pk]})
    desk.post(page_of(reader, "delete"), {"sure": "1"})
    for table in connection.introspection.table_names():
        if table != "django_session":
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}"')
                assert "ann@example.org" not in str(cursor.fetchall()), table
    assert AuditEntry.objects.filter(deed="erase_reader").get().thing == f"Reader {reader.pk}"


def test_many_are_suppressed_at_once(desk):
    readers = [make_reader(f"reader{number}@example.org") for number in range(3)]
    desk.post(LIST, {"action": "suppress_selected", "_selected_action": [reader.pk for reader in readers[:2]]})
    assert Suppression.objects.count() == 2
    assert AuditEntry.objects.filter(deed="suppress_reader").count() == 2
    assert readers[2].is_mailable(NOON)


def test_many_are_erased_after_a_question(desk):
    readers = [make_reader(f"reader{number}@example.org") for number in range(3)]
    chosen = {"action": "erase_selected", "_selected_action": [reader.pk for reader in readers[:2]]}
    page = desk.post(LIST, chosen).content.decode()
    assert "2 readers are forgotten for good." in page
    assert Subscriber.objects.count() == 3
    desk.post(LIST, {**chosen, "sure": "1"})
    assert [reader.email for reader in Subscriber.objects.all()] == ["reader2@example.org"]


# ---------------------------------------------------------------- taking addresses out


def test_the_export_holds_what_the_list_shows_and_is_noted(desk):
    make_reader("ann@example.org")
    make_reader("bob@example.org").complain(NOON, Said())
    assert {row["email"] for row in rows(desk.post(EXPORT))} == {"ann@example.org", "bob@example.org"}
    answer = desk.post(f"{EXPORT}?state=complained")
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    (row,) = rows(answer)
    assert (row["email"], row["state"], row["suppressed"]) == ("bob@example.org", "complained", "complained")
    assert row["confirmed"] == "2026-06-01T12:00:00+00:00"
    assert [entry.note for entry in AuditEntry.objects.order_by("pk")] == ["2 readers", "1 reader"]
    assert [row["email"] for row in rows(desk.post(f"{EXPORT}?q=ann"))] == ["ann@example.org"]


@pytest.mark.parametrize("start", ["=", "+", "-"])
def test_no_address_in_the_export_is_a_formula(desk, start):
    make_reader(f"{start}cmd|calc@example.org")
    assert rows(desk.post(EXPORT))[0]["email"] == f"'{start}cmd|calc@example.org"


@pytest.mark.parametrize("query", ["?state=%00", "?signed_up_at__year=x", "?nothing=1", "?signed_up_at__year=99999"])
def test_an_odd_question_to_the_export_breaks_nothing(desk, query):
    assert desk.post(EXPORT + query).status_code in {200, 302, 400}


def test_a_copy_of_one_readers_data_is_all_we_hold_of_them(desk):
    reader = make_reader()
    Consent.objects.note(reader.key, Deed.CONFIRMED, NOON, Said(network="192.0.2.7"))
    answer = desk.post(page_of(reader, "data"))
    copy = json.loads(answer.content)
    assert copy["subscriber"]["email"] == "ann@example.org"
    assert "192.0.2.7" in answer.content.decode()
    assert "ann@example.org" not in answer["Content-Disposition"]
    assert AuditEntry.objects.get().deed == "export_reader"


# ---------------------------------------------------------------- who may


def test_a_publisher_without_the_right_to_export_does_not_export(client):
    reader, publisher = make_reader(), make_person(role="Publisher")
    client.force_login(publisher)
    assert client.post(EXPORT).status_code == 200
    assert client.post(page_of(reader, "data")).status_code == 200
    group = publisher.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="export_subscriber"))
    assert client.post(EXPORT).status_code == 403
    assert client.post(page_of(reader, "data")).status_code == 403
    assert "Export all as CSV" not in client.get(LIST).content.decode()
    assert f"/{reader.pk}/data/" not in client.get(page_of(reader)).content.decode()


def test_a_publisher_does_not_erase(client):
    reader = make_reader()
    client.force_login(make_person(role="Publisher"))
    assert client.post(page_of(reader, "delete"), {"sure": "1"}).status_code == 403
    client.post(LIST, {"action": "erase_selected", "_selected_action": [reader.pk], "sure": "1"})
    assert Subscriber.objects.exists()
    assert f"/{reader.pk}/delete/" not in client.get(page_of(reader)).content.decode()


@pytest.mark.parametrize("role", ["Contributor", "Editor"])
def test_nobody_below_a_publisher_sees_an_address_anywhere(client, role):
    reader = make_reader("xyzzy@example.org")
    issue = Issue.objects.create(subject="The week", number=1, state="sent", frozen_at=NOON, began_at=NOON)
    Delivery.objects.create(issue=issue, subscriber=reader, state="failed", reply="550 <xyzzy@example.org> unknown")
    client.force_login(make_person(role=role))
    pages = [LIST, page_of(reader), page_of(reader, "delete"), page_of(reader, "history"), f"{LIST}add/", "/admin/"]
    pages += [f"/admin/newsletter/issue/{issue.pk}/{name}/" for name in ("change", "progress", "progress/numbers")]
    for where in [*pages, f"{LIST}?q=xyzzy"]:
        assert "xyzzy" not in client.get(where).content.decode(), where
        assert "xyzzy" not in client.post(where).content.decode(), where
