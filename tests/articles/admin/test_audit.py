"""The audit log: who did what to which thing and when; read by those who may, changed by nobody."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import AuditEntry, Magazine, Picture
from articles.models.audit import LogIsKept
from tests.articles.test_editing import save
from tests.factories import NOON, make_article, make_person, make_section, make_user, picture_file

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/auditentry/"
EXPORT = "/admin/articles/auditentry/export/"


def note(deed: str = "save", *, headline: str = "Tides", words: str = "", by=None) -> AuditEntry:
    article = make_article(headline=headline, published=False)
    AuditEntry.objects.note(deed, article, by=by, at=NOON, note=words)
    return AuditEntry.objects.about(article).get(deed=deed)


def rows(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------- it is kept


def test_what_was_noted_is_not_changed_or_deleted_by_code():
    entry = note()
    with pytest.raises(LogIsKept):
        entry.save()
    with pytest.raises(LogIsKept):
        entry.delete()
    with pytest.raises(LogIsKept):
        AuditEntry.objects.update(note="")
    with pytest.raises(LogIsKept):
        AuditEntry.objects.all().delete()


def test_the_database_itself_refuses_to_change_what_was_noted():
    note(words="As it was")
    with pytest.raises(DatabaseError, match="is not changed"), transaction.atomic():
        connection.cursor().execute("UPDATE articles_auditentry SET note = 'Otherwise'")
    assert AuditEntry.objects.get(deed="save").note == "As it was"


@pytest.mark.postgresql
def test_postgresql_refuses_to_delete_it_too():
    note()
    with pytest.raises(DatabaseError, match="is not changed"), transaction.atomic():
        connection.cursor().execute("DELETE FROM articles_auditentry")


def test_an_article_that_is_deleted_stays_in_the_log(desk):
    article = make_article(headline="Gone soon", published=False)
    save(article, headline="Gone soon", note="Once more")
    desk.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"})
    deeds = list(AuditEntry.objects.filter(thing="Gone soon").values_list("deed", "actor"))
    assert ("delete", "chief") in deeds
    assert ("save", "") in deeds
    page = desk.get(LIST).content.decode()
    assert "Gone soon" in page
    assert f"/admin/articles/article/{article.pk}/change/" not in page


def test_a_picture_that_is_added_changed_and_deleted_is_noted(desk):
    upload = {"alt": "A field", "caption": "", "credit": "Ann", "focal_x": 50, "focal_y": 50}
    file = SimpleUploadedFile("x.png", picture_file())
    desk.post("/admin/articles/picture/add/", {**upload, "upload": file})
    picture = Picture.objects.get()
    desk.post(f"/admin/articles/picture/{picture.pk}/change/", {**upload, "credit": "Bob"})
    desk.post(f"/admin/articles/picture/{picture.pk}/delete/", {"post": "yes"})
    noted = AuditEntry.objects.filter(kind="articles.picture").order_by("pk")
    assert [(entry.deed, entry.actor, entry.thing) for entry in noted] == [
        ("add", "chief", "A field"),
        ("change", "chief", "A field"),
        ("delete", "chief", "A field"),
    ]
    assert "Credit" in noted[1].note


# ---------------------------------------------------------------- the list


def test_the_log_is_read_and_nothing_in_it_can_be_pressed(desk):
    entry = note("ask_for_changes", words="The second paragraph")
    page = desk.get(LIST).content.decode()
    for words in ("Asked for changes", "Tides", "The second paragraph", "The magazine itself"):
        assert words in page
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{LIST}{entry.pk}/change/", {"note": "x"}).status_code == 403
    assert 'name="action"' not in page


def test_the_log_leads_to_what_is_still_there(desk):
    entry = note()
    assert f'<a href="/admin/articles/article/{entry.thing_id}/change/">Tides</a>' in desk.get(LIST).content.decode()


def test_the_log_is_for_those_who_see_every_draft(client):
    coast = make_section(name="Coast")
    for person, may in [
        (make_person(role="Contributor"), False),
        (make_person(role="Editor"), False),
        (make_person(role="Publisher"), True),
        (make_person(role="Publisher", sections=(coast,)), False),
        (make_person(role="Administrator"), True),
    ]:
        client.force_login(person)
        assert (client.get(LIST).status_code == 200) == may, person


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?deed=approve", {"Approved one"}),
        ("?kind=articles.article&q=approved", {"Approved one"}),
        ("?q=dropped", {"Other"}),
        ("?q=chief", {"Approved one"}),
        ("?deed=odd", {"Approved one", "Other"}),
        ("?kind=odd", {"Approved one", "Other"}),
        ("?q=%00", {"Approved one", "Other"}),
        ("?at__year=2026", {"Approved one", "Other"}),
        ("?at__year=2025", set()),
    ],
)
def test_the_log_is_searched_and_filtered(desk, query, found):
    note("approve", headline="Approved one", by=make_user(username="the-chief-editor"))
    note("save", headline="Other", words="Dropped a paragraph")
    answer = desk.get(LIST + query, follow=True)
    assert {entry.thing for entry in answer.context["cl"].result_list if entry.kind == "articles.article"} == found


def test_the_log_costs_the_same_at_10_and_at_200_entries(desk):
    def queries() -> int:
        desk.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(LIST).status_code == 200
        return len(captured)

    article = make_article(published=False)

    def write(count: int) -> None:
        for number in range(count):
            AuditEntry.objects.note("save", article, by=None, at=NOON, note=str(number))

    write(10)
    few = queries()
    write(190)
    assert queries() == few


# ---------------------------------------------------------------- the file


def test_the_export_holds_what_the_list_shows_in_the_magazines_zone(desk):
    Magazine.objects.current()
    Magazine.objects.update(time_zone="Europe/Lisbon")
    note("approve", headline="Approved one", words="Fine, “really”\nand so on")
    note("save", headline="Other")
    answer = desk.get(f"{EXPORT}?deed=approve")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    (row,) = rows(answer)
    assert (row["deed"], row["thing"], row["note"]) == ("approve", "Approved one", "Fine, “really”\nand so on")
    assert row["at"] == "2026-06-01T13:00:00+01:00"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_export_is_a_formula(desk, start):
    note(words=f"{start}HYPERLINK(1)")
    cells = [row["note"] for row in rows(desk.get(f"{EXPORT}?deed=save"))]
    assert cells[0].startswith("'")


def test_the_export_is_a_right_of_its_own(client):
    for role, status in (("Publisher", 403), ("Administrator", 200)):
        client.force_login(make_person(role=role))
        assert client.get(EXPORT).status_code == status
    assert ("Export as CSV" in client.get(LIST).content.decode()) is True


def test_an_odd_question_to_the_export_breaks_nothing(desk):
    for query in ("?deed=%00", "?at__year=x", "?nothing=1", "?at__year=99999999999"):
        assert desk.get(EXPORT + query).status_code in {200, 302, 400}
    assert reverse("admin:articles_auditentry_export") == EXPORT


@pytest.mark.parametrize("year", ["1", "0001", "9999"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_year_at_the_end_of_the_calendar_breaks_neither_list_nor_export(desk, year, zone):
    Magazine.objects.current()
    Magazine.objects.update(time_zone=zone)
    for address in (LIST, EXPORT, "/admin/articles/article/"):
        name = "published_at" if "/article/" in address else "at"
        assert desk.get(f"{address}?{name}__year={year}").status_code in {302, 400}


@pytest.mark.parametrize("number", ["9" * 30, "0" * 20 + "9" * 30, "0" * 5_000])
def test_a_number_no_row_has_breaks_no_page_whatever_it_begins_with(desk, number):
    assert desk.get(f"/admin/articles/picture/lookup/?id={number}").json() == {"results": []}
    assert desk.post(reverse("mine"), {"done": number}).status_code == 302
