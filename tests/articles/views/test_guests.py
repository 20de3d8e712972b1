"""The two addresses a guest opens: what they show, what they take, and that they show nothing else."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import comments, editing, guests
from articles.guests import Purpose
from articles.models import Article, Comment, GuestLink, Notice, Revision, SignOff
from articles.views.guests import tell_maker
from tests.factories import NOON, make_article, make_author, make_person, make_picture, make_section, make_user

pytestmark = pytest.mark.django_db

SECRET = "Quinquereme"
BODY = "<p>The first paragraph of three.</p><p>The second one.</p><p>The third and last.</p>"


def draft(**fields) -> Article:
    return make_article(**{"headline": f"The {SECRET} sails", "body": BODY, "published": False, **fields})


def link_to(article, purpose=Purpose.REVIEW, guest="Maria Lund", days=7, by=None, at=None) -> GuestLink:
    return guests.make(article, purpose, guest=guest, days=days, by=by, at=at or timezone.now())


def path_of(link) -> str:
    return guests.address_of(link).removeprefix("http://127.0.0.1:8000")


def change(article, **fields) -> None:
    held = Article.objects.get(pk=article.pk)
    editing.record(held, {**held.newest_content(), **fields}, by=None, at=timezone.now())


def reading(client, address) -> str:
    """The digest of the text on the page, as its forms send it."""
    return re.search(r'name="read" value="([0-9a-f]{64})"', client.get(address).content.decode())[1]


def words(response) -> str:
    return response.content.decode()


@pytest.fixture
def article():
    return draft()


@pytest.fixture
def link(article):
    return link_to(article)


@pytest.fixture
def address(link):
    return path_of(link)


# ---------------------------------------------------------------- the preview


def test_a_preview_shows_the_newest_text_as_readers_will_see_it(client):
    picture = make_picture(alt="A ship")
    article = draft(authors=(make_author(name="Ann Hale"),), tags=("Coast",), lead_picture=picture)
    change(article, dek="Newer than the row.", tags=["Coast", "Not made yet"])
    page = words(client.get(path_of(link_to(article, Purpose.PREVIEW))))
    for expected in (SECRET, "Newer than the row.", "Ann Hale", "Not made yet", 'alt="A ship"', "Preview of a draft"):
        assert expected in page


def test_a_preview_of_nearly_nothing_has_words_in_the_place_of_what_lacks(client):
    article = editing.begin({"body": "<p>Begun.</p>"}, by=None, at=timezone.now())
    page = words(client.get(path_of(link_to(article, Purpose.PREVIEW))))
    assert "Headline to come" in page
    assert "No section yet" in page


def test_once_readers_have_the_text_the_preview_leads_to_it_and_a_newer_draft_is_shown_again(client):
    article = draft()
    address = path_of(link_to(article, Purpose.PREVIEW))
    article.publish(at=timezone.now())
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, article.get_absolute_url())

    change(article, dek="Beside the live piece.")
    assert "Beside the live piece." in words(client.get(address))
    assert "Beside the live piece." not in words(client.get(article.get_absolute_url()))


def test_a_scheduled_piece_is_shown_by_its_link_until_it_appears(client):
    article = draft(published_at=timezone.now() + timedelta(days=3))
    article.publish(at=timezone.now())
    assert SECRET in words(client.get(path_of(link_to(article, Purpose.PREVIEW))))


def test_a_preview_shows_of_other_drafts_nothing(client):
    other = draft(headline="Another piece in the works", slug="other")
    article = draft(related=(other,), tags=("Coast",))
    assert "Another piece in the works" not in words(client.get(path_of(link_to(article, Purpose.PREVIEW))))


def test_the_hand_picked_pieces_of_the_draft_stand_first_under_it(client):
    pieces = [make_article(headline=f"Piece {number}") for number in range(6)]
    article = draft(related=(pieces[0],))
    change(article, related=[pieces[4].pk, pieces[2].pk])
    response = client.get(path_of(link_to(article, Purpose.PREVIEW)))
    assert [piece.pk for piece in response.context["related"]][:2] == [pieces[4].pk, pieces[2].pk]
    assert len(response.context["related"]) == 4


# ---------------------------------------------------------------- who gets in


@pytest.mark.parametrize("purpose", Purpose.values)
def test_what_is_wrong_with_a_link_is_never_said(client, purpose):
    """One and the same answer, whether it ended, was withdrawn, belongs elsewhere or never was."""
    article, other = draft(), draft(slug="gone", headline=f"{SECRET} gone")
    wrong = {
        "expired": link_to(article, purpose, days=1, at=timezone.now() - timedelta(days=2)),
        "withdrawn": link_to(article, purpose),
        "of a deleted piece": link_to(other, purpose),
        "of the other purpose": link_to(article, next(each for each in Purpose.values if each != purpose)),
    }
    guests.withdraw(wrong["withdrawn"], by=None, at=timezone.now())
    tokens = {name: guests.token_of(each) for name, each in wrong.items()}
    other.delete()
    good = guests.token_of(link_to(article, purpose))
    tokens |= {
        "tampered with": good[:-2] + "xx",
        "cut off": good[:20],
        "made up": "never-made",
        "of odd letters": "%00%ff.é",
    }

    pages = set()
    for name, token in tokens.items():
        response = client.get(f"/{purpose}/{token}/")
        assert response.status_code == 410, name
        assert response["Cache-Control"] == "private, no-store"
        page = re.sub(r'content="http://127.0.0.1:8000/[^"]*"', "", words(response))
        assert SECRET not in page
        assert token not in page
        pages.add(page)
    assert len(pages) == 1
    assert "ask whoever sent it to you" in pages.pop()


@pytest.mark.parametrize("purpose", Purpose.values)
@pytest.mark.parametrize("logged_in", [False, True], ids=["stranger", "staff"])
def test_nobody_keeps_lists_or_passes_on_what_a_link_shows(client, article, purpose, logged_in):
    if logged_in:
        client.force_login(make_user())
    address = path_of(link_to(article, purpose))
    for response in (client.get(address), client.head(address), client.put(address), client.get(f"/{purpose}/x/")):
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] in {"no-referrer", "same-origin"}
        assert response["X-Frame-Options"] == "DENY"
        assert "ETag" not in response
    page = words(client.get(address))
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "canonical" not in page
    assert "staff-bar" not in page
    assert "/admin/" not in page
    assert guests.token_of(GuestLink.objects.get()) not in page


@pytest.mark.parametrize("purpose", Purpose.values)
def test_a_look_by_a_program_leaves_no_trace(client, article, purpose):
    """HEAD, as the scanners of mail send it."""
    link = link_to(article, purpose)
    assert client.head(path_of(link)).status_code == 200
    link.refresh_from_db()
    assert (link.seen_at, link.seen_revision) == (None, None)
    assert not Revision.objects.exists()


def test_a_link_shows_its_own_article_whatever_else_is_asked_for(client, article, address):
    other = draft(headline="Entirely another matter", slug="other", body="<p>Hidden elsewhere.</p>")
    said = comments.say(
        editing.add(other, other.newest_content(), by=None, at=timezone.now()), "Elsewhere.", at=timezone.now()
    )
    for query in (f"?article={other.pk}", f"?pk={other.pk}", "?done=<script>", f"?at=2030-01-01&paragraph={other.pk}"):
        page = words(client.get(address + query))
        assert "another matter" not in page
        assert "<script>" not in page
    client.post(address, {"do": "comment", "text": "Into another thread", "about": "body", "to": said.pk})
    assert Comment.objects.get(text="Into another thread").article == article
    assert Comment.objects.get(text="Into another thread").parent is None


@pytest.mark.parametrize("data", [{}, {"do": "x"}, {"do": "seen", "read": "\x00"}, {"do": "sign", "read": "9" * 64}])
def test_odd_forms_are_no_error(client, address, data):
    assert client.post(address, data).status_code in {200, 302, 409}


@pytest.mark.parametrize("field", ["text", "about", "block", "to", "name", "read"])
@pytest.mark.parametrize("value", ["\x00", "9" * 400, "-1", "x" * 10_000, "9223372036854775807", "{{ 7 }}", "²"])
def test_no_input_breaks_the_room(client, address, field, value):
    fields = {"do": "comment", "text": "Words", "about": "body", "block": "1", "to": "", "name": "", "read": ""}
    assert client.post(address, {**fields, field: value}).status_code in {200, 302}


def test_addresses_of_guests_do_not_land_in_the_log(client, address, caplog):
    """Django writes the path of what it refuses; the token in it is as good as a key."""
    strict = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.INFO):
        assert strict.post(address, {"do": "seen"}).status_code == 403
        assert client.put(address).status_code == 405
    console = next(handler for handler in logging.getLogger().handlers if handler.filters)
    written = [record.getMessage() for record in caplog.records if console.filter(record)]
    assert any("/review/…/" in line for line in written)
    assert not any(address.split("/")[2] in line for line in written)


def test_a_form_from_another_site_is_refused(address):
    strict = Client(enforce_csrf_checks=True)
    data = {"do": "comment", "text": "Forged", "about": "body"}
    assert strict.post(address, data).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', words(strict.get(address)))[1]
    assert strict.post(address, {**data, "csrfmiddlewaretoken": token}).status_code == 302


# ---------------------------------------------------------------- comments


def test_a_guest_comments_on_a_paragraph_and_finds_it_there(client, address):
    data = {"do": "comment", "text": "It was in May.", "about": "body", "block": 2, "read": reading(client, address)}
    page = words(client.post(address, data, follow=True))
    comment = Comment.objects.get()
    assert (comment.block, comment.quote, comment.name) == (2, "The second one.", "Maria Lund")
    assert "It was in May." in page
    assert "The editors can see your comment" in page


def test_a_guest_speaks_by_the_name_the_link_was_made_for(client, article, address):
    client.post(address, {"do": "comment", "text": "I am another.", "about": "body", "name": "The editor"})
    unnamed = path_of(link_to(article, guest=""))
    client.post(unnamed, {"do": "comment", "text": "I say who I am.", "about": "body", "name": "Olga Brandt"})
    assert list(Comment.objects.values_list("name", flat=True)) == ["Maria Lund", "Olga Brandt"]


def test_what_is_sent_twice_is_there_once(client, address):
    data = {"do": "comment", "text": "It was in May.", "about": "body", "block": 2}
    for _ in range(2):
        client.post(address, data)
    assert Comment.objects.count() == 1


def test_a_comment_belongs_to_the_text_that_was_read(client, article, link, address):
    read = reading(client, address)
    client.post(address, {"do": "seen", "read": read})
    change(article, body="<p>A new beginning.</p>" + BODY)
    client.post(address, {"do": "comment", "text": "Which one?", "about": "body", "block": 2, "read": read})
    room = client.get(address).context["room"]
    assert Comment.objects.get().quote == "The second one."
    assert [place.number for place in room.body if place.talks] == [3]


def test_what_was_typed_stays_when_a_comment_is_refused(client, article):
    address = path_of(link_to(article, guest=""))
    data = {"do": "comment", "text": "Words that took an hour", "about": "body", "block": 2, "name": ""}
    page = words(client.post(address, data))
    assert "Say who you are" in page
    assert "Words that took an hour" in page
    assert not Comment.objects.exists()


def test_a_guest_sees_its_own_threads_and_never_the_desks_talk_or_another_guests(client, article, link, address):
    client.post(address, {"do": "comment", "text": "Mine.", "about": "body", "block": 1})
    editor = make_user(username="the-login")
    editor.first_name, editor.last_name = "Ines", "Calloway"
    editor.save()
    revision, now = Revision.objects.get(), timezone.now()
    comments.say(revision, "Thank you, mended.", by=editor, parent=Comment.objects.get(), at=now)
    comments.say(revision, "Between ourselves.", by=editor, block=1, at=now)
    comments.say(revision, "From a lawyer.", guest=link_to(article, guest="Lawyer"), name="Lawyer", block=1, at=now)

    page = words(client.get(address))
    assert "Mine." in page
    assert "Thank you, mended." in page
    assert "Ines Calloway" in page
    for hidden in ("Between ourselves.", "From a lawyer.", "Lawyer", "the-login"):
        assert hidden not in page


def test_a_guest_answers_in_its_own_thread(client, link, address):
    client.post(address, {"do": "comment", "text": "First.", "about": "dek"})
    first = Comment.objects.get()
    client.post(address, {"do": "comment", "text": "And more.", "about": "body", "to": first.pk})
    assert Comment.objects.get(text="And more.").parent == first
    assert [r.text for r in client.get(address).context["room"].head["dek"].talks[0].remarks] == ["First.", "And more."]


def test_one_link_cannot_drown_the_desk(client, article, link, address, monkeypatch):
    monkeypatch.setattr(guests, "MOST_COMMENTS", 2)
    for number in range(4):
        response = client.post(address, {"do": "comment", "text": f"Comment {number}", "about": "body"})
    assert Comment.objects.count() == 2
    assert "taken all the comments" in words(response)


def test_whoever_made_the_link_hears_of_comments_and_sign_offs(client, article):
    editor = make_person(role="Editor")
    address = path_of(link_to(article, by=editor))
    client.post(address, {"do": "comment", "text": "Mine.", "about": "body"})
    data = {"do": "sign", "name": "Maria Lund", "sure": "on", "read": reading(client, address)}
    client.post(address, data)
    told = list(Notice.objects.filter(user=editor).values_list("text", flat=True))
    assert told == ["Maria Lund commented in the review room.", "Maria Lund signed off the text."]


# ---------------------------------------------------------------- what changed, and the sign-off


def test_a_first_visit_shows_no_changes_and_a_reload_loses_none(client, article, link, address):
    assert client.get(address).context["room"].changes == []
    client.post(address, {"do": "seen", "read": reading(client, address)})
    assert client.get(address).context["room"].changes == []

    change(article, body=BODY.replace("second", "middle"))
    for _ in range(2):
        room = client.get(address).context["room"]
        assert [each.change.name for each in room.changes] == ["body"]
        assert [place.number for place in room.body if place.changed] == [2]
    page = words(client.get(address))
    assert "<del>second</del><ins>middle</ins>" in page

    client.post(address, {"do": "seen", "read": reading(client, address)})
    assert client.get(address).context["room"].changes == []


def test_changes_of_byline_and_picture_are_shown_by_name(client, article, address):
    client.post(address, {"do": "seen", "read": reading(client, address)})
    author, picture = make_author(name="Ann Hale"), make_picture(alt="A ship")
    change(article, bylines=[[author.pk, "with"]], lead_picture=picture.pk)
    page = words(client.get(address))
    assert "<ins>with Ann Hale</ins>" in page
    assert "<ins>A ship</ins>" in page


def test_a_guest_signs_off_and_the_sign_off_falls_with_a_word(client, article, address):
    data = {"do": "sign", "name": "Maria Lund", "remark": "Fine.", "sure": "on", "read": reading(client, address)}
    page = words(client.post(address, data, follow=True))
    assert "It holds for the text as it stands here." in page

    change(article, body=BODY.replace("second", "middle"))
    page = words(client.get(address))
    assert "no longer holds" in page
    assert "It holds for the text" not in page
    assert "<ins>middle</ins>" in page


def test_nothing_is_signed_that_was_not_read(client, article, address):
    data = {"do": "sign", "name": "Maria Lund", "remark": "Fine.", "sure": "on", "read": reading(client, address)}
    client.post(address, {"do": "seen", "read": data["read"]})
    change(article, body=BODY.replace("second", "middle"))
    response = client.post(address, data)
    assert response.status_code == 409
    assert "so it was not signed" in words(response)
    assert "<ins>middle</ins>" in words(response)
    assert "Fine." in words(response)
    assert not SignOff.objects.exists()


def test_a_sign_off_wants_a_name_and_the_tick(client, address):
    response = client.post(address, {"do": "sign", "name": "", "remark": "Fine.", "read": reading(client, address)})
    assert "Say who you are" in words(response)
    assert "Tick this box" in words(response)
    assert "Fine." in words(response)
    assert not SignOff.objects.exists()


def test_the_room_shows_the_draft_beside_a_live_piece_and_says_so(client):
    article = make_article(section=make_section(name="Coast"))
    address = path_of(link_to(article))
    assert "is published" in words(client.get(address))
    change(article, dek="Beside the live piece.")
    assert "Beside the live piece." in words(client.get(address))


def test_hostile_words_of_a_guest_show_as_text(client, address):
    hostile = "<script>alert(1)</script>"
    client.post(address, {"do": "comment", "text": hostile, "about": "body", "block": 1})
    data = {"do": "sign", "name": hostile, "remark": hostile, "sure": "on", "read": reading(client, address)}
    page = words(client.post(address, data, follow=True))
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


def test_the_room_costs_the_same_queries_with_one_comment_and_with_fifty(client, address, django_assert_num_queries):
    def say(number: int) -> None:
        client.post(address, {"do": "comment", "text": f"Number {number}", "about": "body", "block": 1})

    say(0)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    cost = len(captured)
    for number in range(1, 50):
        say(number)
    with django_assert_num_queries(cost):
        client.get(address)


def test_whoever_made_the_link_is_told_unless_they_have_left():
    editor = make_person(role="Editor")
    link = link_to(draft(), by=editor)
    tell_maker(link, "Maria commented.", NOON)
    editor.is_active = False
    editor.save()
    link.refresh_from_db()
    tell_maker(link, "Maria commented again.", NOON)

    assert list(Notice.objects.values_list("user", "text", "reason")) == [(editor.pk, "Maria commented.", "guest")]


def test_a_heading_in_the_room_takes_no_id_of_the_room(client):
    page = client.get(path_of(link_to(draft(body="<h2>Sign off</h2><p>Words.</p>")))).content.decode()
    assert page.count('id="sign-off"') == 1
    assert "<h2>Sign off</h2>" in page
