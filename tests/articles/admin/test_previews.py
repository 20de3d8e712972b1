"""The preview beside the form, and the page where links for guests are made and withdrawn."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import comments, editing, guests
from articles.guests import Purpose
from articles.models import Article, AuditEntry, GuestLink, Revision
from tests.articles.admin.browser import fields_of
from tests.factories import make_article, make_person, make_section

pytestmark = pytest.mark.django_db


def admin(article, page: str) -> str:
    return f"/admin/articles/article/{article.pk}/{page}/"


def words(response) -> str:
    return response.content.decode()


def link_to(article, purpose=Purpose.REVIEW, **said) -> GuestLink:
    return guests.make(article, purpose, **{"guest": "Maria", "days": 7, "by": None, "at": timezone.now(), **said})


@pytest.fixture
def draft():
    return make_article(headline="The tide comes in", published=False)


# ---------------------------------------------------------------- the preview


def test_the_preview_shows_the_newest_text_and_not_the_live_one(desk):
    article = make_article(dek="What readers have.")
    editing.record(article, {**article.content(), "dek": "What is coming."}, by=None, at=timezone.now())
    response = desk.get(admin(article, "preview"))
    assert "What is coming." in words(response)
    assert "What readers have." not in words(response)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["X-Frame-Options"] == "DENY"
    assert "staff-bar" not in words(response)


def test_what_stands_in_the_form_is_previewed_and_nothing_is_saved(desk, draft):
    fields = fields_of(desk.get(admin(draft, "change")), "article_form")
    typed = {"headline": "The tide goes out", "body": "<p>Not saved yet.</p><script>x</script>", "tags": "New tag"}
    page = words(desk.post(admin(draft, "preview"), {**fields, **typed}))
    for expected in ("The tide goes out", "Not saved yet.", "New tag"):
        assert expected in page
    assert "<script>x" not in page
    assert Article.objects.get().headline == "The tide comes in"
    assert not Revision.objects.exists()


def test_a_field_with_a_fault_keeps_what_was_saved_of_it(desk, draft):
    fields = fields_of(desk.get(admin(draft, "change")), "article_form")
    wrong = {"headline": "x" * 500, "section": "9" * 30, "published_at": "tomorrow", "lead_picture": "\x00"}
    page = words(desk.post(admin(draft, "preview"), {**fields, **wrong, "dek": "This is right."}))
    assert "The tide comes in" in page
    assert "This is right." in page


@pytest.mark.parametrize("junk", [{}, {"body": "\x00"}, {"base": "9" * 99}, {"bylines": "9" * 400}, {"_publish": "1"}])
def test_no_form_breaks_the_preview(desk, draft, junk):
    assert desk.post(admin(draft, "preview"), junk).status_code == 200


def test_a_preview_is_for_those_to_whom_the_draft_is_given(client):
    article = make_article(dek="What readers have.")
    editing.record(article, {**article.content(), "dek": "What is coming."}, by=None, at=timezone.now())
    elsewhere = make_person(role="Editor", sections=(make_section(),))
    for person in (make_person(role="Contributor"), elsewhere):
        client.force_login(person)
        for method in (client.get, client.post):
            response = method(admin(article, "preview"))
            assert response.status_code in {403, 404}
            assert "What is coming." not in words(response)
    client.logout()
    assert client.get(admin(article, "preview")).status_code == 302


def test_the_form_has_the_way_to_the_preview_without_a_script(desk, draft):
    assert f'href="{admin(draft, "preview")}"' in words(desk.get(admin(draft, "change")))


# ---------------------------------------------------------------- guests


def test_a_link_is_made_noted_and_shown_with_its_address(desk, draft):
    response = desk.post(admin(draft, "guests"), {"purpose": "review", "guest": "Maria Lund", "days": 3}, follow=True)
    link = GuestLink.objects.get()
    assert guests.address_of(link) in words(response)
    assert link.expires_at - link.created_at == timedelta(days=3)
    entry = AuditEntry.objects.get(deed="make_link")
    assert "Maria Lund" in entry.note
    assert link.nonce not in entry.note


def test_a_link_lives_a_week_unless_said_otherwise_and_never_for_ever(desk, draft):
    fields = fields_of(desk.get(admin(draft, "guests")), "guest_form")
    assert (fields["days"], fields["purpose"]) == ("7", "review")
    for days in ("", "0", "365", "9" * 400, "\x00", "-1"):
        assert desk.post(admin(draft, "guests"), {**fields, "days": days}).status_code == 200
    assert desk.post(admin(draft, "guests"), {**fields, "purpose": "own"}).status_code == 200
    assert desk.post(admin(draft, "guests"), {**fields, "guest": "x" * 121}).status_code == 200
    assert not GuestLink.objects.exists()


def test_a_withdrawn_link_is_closed_at_once_and_what_was_signed_stays_in_sight(desk, draft):
    link = link_to(draft)
    revision = editing.record(draft, {**draft.content(), "dek": "Otherwise."}, by=None, at=timezone.now())
    guests.sign(link, revision, name="Maria Lund", remark="All right.", at=timezone.now())
    path = guests.address_of(link).removeprefix("http://127.0.0.1:8000")
    assert desk.get(path).status_code == 200
    withdraw = f"{admin(draft, 'guests')}{link.pk}/withdraw/"
    assert desk.get(withdraw).status_code == 405
    page = words(desk.post(withdraw, follow=True))
    assert desk.get(path).status_code == 410
    assert "withdrawn" in page
    assert guests.address_of(link) not in page
    assert "holds for the text as it stands" in page
    assert AuditEntry.objects.filter(deed="withdraw_link").count() == 1


def test_a_sign_off_is_shown_as_void_when_the_text_has_changed(desk, draft):
    revision = editing.record(draft, {**draft.content(), "dek": "One."}, by=None, at=timezone.now())
    guests.sign(link_to(draft), revision, name="Maria Lund", remark="", at=timezone.now())
    editing.record(draft, {**draft.content(), "dek": "Another."}, by=None, at=timezone.now())
    for page in ("guests", "change"):
        assert "void, the text changed" in words(desk.get(admin(draft, page)))


def test_whoever_answers_a_guest_is_told_that_the_guest_sees_it(desk, draft):
    revision = editing.record(draft, {**draft.content(), "dek": "One."}, by=None, at=timezone.now())
    comments.say(revision, "Between ourselves.", by=None, at=timezone.now())
    assert "The guest sees this answer" not in words(desk.get(admin(draft, "change")))
    comments.say(revision, "From outside.", guest=link_to(draft), name="Maria", at=timezone.now())
    assert words(desk.get(admin(draft, "change"))).count("The guest sees this answer") == 1


def test_links_are_made_seen_and_withdrawn_only_by_those_who_may_change_the_article(client):
    article = make_article()
    link = link_to(article)
    withdraw = f"{admin(article, 'guests')}{link.pk}/withdraw/"
    for person in (make_person(role="Contributor"), make_person(role="Editor", sections=(make_section(),))):
        client.force_login(person)
        assert client.get(admin(article, "guests")).status_code in {403, 404}
        data = {"purpose": "review", "guest": "", "days": 7}
        assert client.post(admin(article, "guests"), data).status_code in {403, 404}
        assert client.post(withdraw).status_code in {403, 404}
        assert client.get(withdraw).status_code in {403, 404}
        assert guests.address_of(link) not in words(client.get(admin(article, "change")))
    assert GuestLink.objects.open(timezone.now()).count() == 1


@pytest.mark.parametrize("number", ["999999", "9223372036854775808", "9" * 60])
def test_a_link_that_is_not_there_or_belongs_to_another_article_is_not_found(desk, draft, number):
    other = link_to(make_article())
    assert desk.post(f"{admin(draft, 'guests')}{number}/withdraw/").status_code == 404
    assert desk.post(f"{admin(draft, 'guests')}{other.pk}/withdraw/").status_code == 404
    assert GuestLink.objects.open(timezone.now()).count() == 1


def test_the_pages_cost_the_same_queries_with_one_guest_and_with_twenty(desk, draft):
    def cost(page: str) -> int:
        desk.get(admin(draft, page))
        with CaptureQueriesContext(connection) as captured:
            desk.get(admin(draft, page))
        return len(captured)

    revision = editing.record(draft, {**draft.content(), "dek": "One."}, by=None, at=timezone.now())

    def invite():
        guests.sign(link_to(draft), revision, name="Maria Lund", remark="", at=timezone.now())

    invite()
    before = [cost("guests"), cost("change")]
    for _ in range(19):
        invite()
    assert [cost("guests"), cost("change")] == before
