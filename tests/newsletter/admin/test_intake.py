"""Bringing readers in at the desk: nothing without a statement, everything reported, and a way back."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from articles.models import AuditEntry
from newsletter import address_file, importing
from newsletter.models import Intake, Subscriber, Worker
from tests.factories import make_person

pytestmark = pytest.mark.django_db

ADD = "/admin/newsletter/subscriber/add/"
STATEMENT = "They ticked the box at the spring fair on 3 May 2026."


def bring(client, raw: bytes | None = None, **fields):
    sent = {"statement": STATEMENT, "confirmed": "elsewhere", "typed": "", **fields}
    if raw is not None:
        sent["file"] = SimpleUploadedFile("spring fair.csv", raw)
    return client.post(ADD, sent)


def page_of(intake: Intake, name: str = "") -> str:
    return f"/admin/newsletter/subscriber/imports/{intake.pk}/{name}"


def read_all() -> None:
    while importing.read_some(timezone.now(), "w1"):
        pass


def test_a_file_is_taken_and_its_page_shows_how_far_it_is(desk):
    answer = bring(desk, b"Name;E-Mail\nAnn;ann@example.org\nBob;bob\n")
    intake = Intake.objects.get()
    assert answer["Location"] == page_of(intake)
    page = desk.get(page_of(intake)).content.decode()
    for words in ("spring fair.csv", "Brought by chief", "Not read: Name.", "0 of 2 lines read", STATEMENT):
        assert words in page
    assert "No worker is running" in page
    assert desk.get(page_of(intake, "state/")).json()["open"] is True
    Worker.objects.create(name="w1", started_at=timezone.now(), seen_at=timezone.now())
    assert "No worker is running" not in desk.get(page_of(intake)).content.decode()
    read_all()
    state = desk.get(page_of(intake, "state/")).json()
    assert (state["open"], state["percent"], state["words"]) == (False, 100, "Done")
    assert "That is no e-mail address" in state["html"]
    assert Subscriber.objects.get().email == "ann@example.org"


def test_one_address_is_typed_with_a_statement_like_any_other(desk):
    bring(desk, typed="ann@example.org\n", confirmed="ask")
    read_all()
    assert Subscriber.objects.get().state == "pending"
    assert AuditEntry.objects.get(deed="import").thing == "Typed addresses"


@pytest.mark.parametrize(
    ("raw", "fields", "words"),
    [
        (b"ann@example.org", {"statement": ""}, "This field is required"),
        (b"ann@example.org", {"statement": "They said so."}, "at least 20 characters"),
        (b"ann@example.org", {"confirmed": "odd"}, "Select a valid choice"),
        (None, {}, "one of the two"),
        (b"ann@example.org", {"typed": "bob@example.org"}, "one of the two"),
        (b"PK\x03\x04", {}, "save it as CSV"),
        (b"name,city\nAnn,Lisbon", {}, "no column"),
        (b"", {}, "empty"),
        (b"ann@example.org", {"statement": "a\x00b" * 20}, "Null characters"),
        (None, {"typed": "a" * 30_000}, "at most 20000"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(desk, raw, fields, words):
    answer = bring(desk, raw, **fields)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert fields.get("statement", STATEMENT).replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert not Intake.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(desk, monkeypatch):
    monkeypatch.setattr("newsletter.admin.intake.MAX_BYTES", 10)
    monkeypatch.setattr(address_file, "read", None)
    assert "larger than 25 MB" in bring(desk, b"ann@example.org").content.decode()


def test_every_refused_line_is_in_the_file_and_none_is_a_formula(desk):
    lines = [f"broken {number}" for number in range(60)] + ["=HYPERLINK(1)", '<script>alert("x")</script>']
    bring(desk, "\n".join(["email", *lines]).encode())
    read_all()
    intake = Intake.objects.get()
    page = desk.get(page_of(intake)).content.decode()
    assert "broken 49" in page
    assert "broken 50" not in page
    assert "The first 50 of 62." in page
    answer = desk.get(page_of(intake, "refused/"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    report = list(csv.DictReader(io.StringIO(text)))
    assert len(report) == 62
    assert report[0] == {"line": "2", "what_stands_there": "broken 0", "why": "That is no e-mail address"}
    assert report[60]["what_stands_there"] == "'=HYPERLINK(1)"


def test_hostile_lines_show_as_text(desk):
    bring(desk, b'email\n"<img src=x onerror=alert(1)>"\n')
    read_all()
    page = desk.get(page_of(Intake.objects.get())).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_undoing_asks_and_says_how_many(desk):
    bring(desk, b"ann@example.org\nbob@example.org")
    read_all()
    intake = Intake.objects.get()
    assert "2 readers whom this import added are erased" in desk.get(page_of(intake, "undo/")).content.decode()
    assert Subscriber.objects.count() == 2
    desk.post(page_of(intake, "undo/"), {"sure": "1"})
    read_all()
    assert not Subscriber.objects.exists()
    assert "Undone" in desk.get(page_of(intake)).content.decode()
    assert {"import", "undo_import"} <= set(AuditEntry.objects.values_list("deed", flat=True))


def test_after_a_week_undoing_is_not_offered_and_not_done(desk):
    bring(desk, b"ann@example.org")
    read_all()
    intake = Intake.objects.get()
    Intake.objects.update(at=timezone.now() - timedelta(days=8))
    assert "undo/" not in desk.get(page_of(intake)).content.decode()
    for answer in (desk.get(page_of(intake, "undo/")), desk.post(page_of(intake, "undo/"))):
        assert answer["Location"] == page_of(intake)
    read_all()
    assert Subscriber.objects.exists()


def test_who_brought_a_file_may_undo_it_and_no_other_publisher(client):
    first, second = make_person(role="Publisher"), make_person(role="Publisher")
    client.force_login(first)
    bring(client, b"ann@example.org")
    intake = Intake.objects.get()
    client.force_login(second)
    assert client.post(page_of(intake, "undo/")).status_code == 403
    client.force_login(first)
    assert client.post(page_of(intake, "undo/")).status_code == 302
    intake.refresh_from_db()
    assert intake.state == Intake.State.UNDOING


@pytest.mark.parametrize("number", ["0", "9" * 30, "99999"])
def test_an_import_that_is_not_there_is_not_found(desk, number):
    for name in ("", "state/", "refused/", "undo/"):
        assert desk.get(f"/admin/newsletter/subscriber/imports/{number}/{name}").status_code == 404
