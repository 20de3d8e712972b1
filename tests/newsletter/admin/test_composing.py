"""The form of an issue: one page, one save, nothing lost and nothing written over unseen."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import AuditEntry, Picture
from newsletter.models import Issue, Item
from newsletter.states import IssueState
from tests.articles.admin.browser import fields_of, send
from tests.factories import make_article, make_person, make_picture, make_section
from tests.newsletter.issues import headlines, make_issue, make_pieces, page

pytestmark = pytest.mark.django_db
FORM = "issue_form"


@pytest.fixture
def issue(db) -> Issue:
    return make_issue(*make_pieces(3))


def opened(desk, issue: Issue) -> dict:
    return fields_of(desk.get(page(issue)), FORM)


def press(desk, issue: Issue, fields: dict, button: str, row: int | str = "1") -> dict:
    """A button of the form in a browser without JavaScript, and the form that comes back."""
    answer = desk.post(page(issue), {**fields, button: row})
    assert answer.status_code == 200
    return fields_of(answer, FORM)


def test_words_and_pieces_are_saved_as_one(desk, issue):
    answer = send(
        desk,
        page(issue),
        FORM,
        **{
            "subject": "Ice  and\ttides",
            "preheader": "And more",
            "outro": "<p>Until next week<script>alert(1)</script></p>",
            "items-0-title": "A title of our own",
            "items-0-blurb": "In our words.",
            "items-0-pinned": "on",
        },
    )
    issue.refresh_from_db()
    assert (issue.subject, issue.preheader, issue.outro) == ("Ice and tides", "And more", "<p>Until next week</p>")
    first = issue.items.first()
    assert (first.title, first.blurb, first.pinned) == ("A title of our own", "In our words.", True)
    assert b"Saved." in answer.content
    assert AuditEntry.objects.about(issue).filter(deed="change").get().note == "3 pieces"


def test_the_articles_own_words_stand_where_none_are_written(desk, issue):
    words = desk.get(page(issue)).content.decode()
    assert 'placeholder="Piece 1"' in words
    assert 'placeholder="A dek."' in words


def test_buttons_put_pieces_in_order_without_javascript(desk, issue):
    fields = press(desk, issue, opened(desk, issue), "_down", 0)
    fields = press(desk, issue, fields, "_up", 2)
    assert headlines(issue) == ["Piece 1", "Piece 2", "Piece 3"]
    desk.post(page(issue), fields)
    assert headlines(issue) == ["Piece 2", "Piece 3", "Piece 1"]


def test_the_ends_of_the_list_hold(desk, issue):
    fields = press(desk, issue, opened(desk, issue), "_up", 0)
    fields = press(desk, issue, fields, "_down", 2)
    for odd in ("9", "-1", "x", "\x00", "9" * 30, ""):
        fields = press(desk, issue, fields, "_up", odd)
    desk.post(page(issue), fields)
    assert headlines(issue) == ["Piece 1", "Piece 2", "Piece 3"]


def test_arranging_keeps_what_was_typed(desk, issue):
    fields = opened(desk, issue) | {"subject": "Half a thought", "items-1-blurb": "Not saved yet"}
    fields = press(desk, issue, fields, "_up", 1)
    assert (fields["subject"], fields["items-1-blurb"]) == ("Half a thought", "Not saved yet")
    issue.refresh_from_db()
    assert issue.subject == "The week at sea"


def test_what_is_left_out_can_be_taken_back_until_it_is_saved(desk, issue):
    fields = press(desk, issue, opened(desk, issue) | {"items-0-title": "Kept words"}, "_drop", 0)
    fields = press(desk, issue, fields, "_drop", 1)
    fields = press(desk, issue, fields, "_back", 0)
    assert issue.items.count() == 3
    desk.post(page(issue), fields)
    assert headlines(issue) == ["Piece 3", "Piece 1"]
    assert issue.items.get(article__headline="Piece 1").title == "Kept words"


def test_a_piece_is_added_at_the_end_by_its_number(desk, issue):
    more = make_article(headline="One more")
    send(desk, page(issue), FORM, add=str(more.pk))
    assert headlines(issue) == ["Piece 1", "Piece 2", "Piece 3", "One more"]


def test_a_row_for_a_chosen_piece_is_what_the_form_takes(desk, issue):
    more = make_article(headline="One more")
    answer = desk.get(page(issue, f"row/{more.pk}/3"))
    assert f'name="items-3-article" value="{more.pk}"' in answer.content.decode()
    rows = {"items-3-article": more.pk, "items-3-place": 1, "items-3-kind": "piece", "items-TOTAL_FORMS": 4}
    desk.post(page(issue), {**opened(desk, issue), **rows})
    assert "One more" in headlines(issue)


def test_only_what_is_published_or_scheduled_can_be_added(desk, issue):
    draft = make_article(headline="A draft of mine", published=False)
    ahead = make_article(headline="Tomorrow", published_at=timezone.now() + timedelta(days=1))
    answer = send(desk, page(issue), FORM, add=str(draft.pk))
    assert "no longer there; choose another" in answer.content.decode()
    assert desk.get(page(issue, f"row/{draft.pk}/3")).status_code == 404
    send(desk, page(issue), FORM, add=str(ahead.pk))
    assert headlines(issue)[-1] == "Tomorrow"
    assert "Appears " in desk.get(page(issue)).content.decode()
    found = desk.get(page(issue, "pieces")).json()["results"]
    assert "A draft of mine" not in {one["text"] for one in found}


def test_a_piece_of_an_earlier_issue_is_said_to_be_one(desk, issue):
    old = make_article(headline="Old news", published_at=timezone.now())
    make_issue(old, state=IssueState.SENT, number=12)
    found = desk.get(page(issue, "pieces"), {"term": "Old news"}).json()["results"]
    assert "was in issue 12" in found[0]["note"]
    send(desk, page(issue), FORM, add=str(old.pk))
    assert "Was in issue 12" in desk.get(page(issue)).content.decode()


def test_a_picture_that_is_not_for_the_newsletter_is_shown_as_left_out(desk, issue):
    picture = make_picture()
    Picture.objects.filter(pk=picture.pk).update(in_newsletter=False)
    send(desk, page(issue), FORM, **{"items-0-picture": str(picture.pk)})
    assert issue.items.first().picture == picture
    assert "Not allowed in the newsletter: left out" in desk.get(page(issue)).content.decode()
    results = desk.get("/admin/articles/picture/lookup/").json()["results"]
    assert "not for the newsletter" in results[0]["note"]


def test_faults_are_told_and_nothing_is_lost(desk, issue):
    long = "x" * 700
    answer = send(desk, page(issue), FORM, **{"items-1-blurb": long, "subject": "y" * 200, "items-0-title": "Kept"})
    fields = fields_of(answer, FORM)
    assert (fields["items-1-blurb"], fields["items-0-title"]) == (long, "Kept")
    assert "Not saved: 2 things have to be mended." in answer.content.decode()
    assert issue.items.first().title == ""


def test_a_piece_that_stands_twice_is_refused(desk, issue):
    fields = opened(desk, issue)
    answer = desk.post(page(issue), {**fields, "items-1-article": fields["items-0-article"]})
    assert "“Piece 1” stands here twice." in answer.content.decode()


def test_a_piece_that_was_deleted_meanwhile_is_told_and_can_be_left_out(desk, issue):
    fields = opened(desk, issue)
    Item.objects.filter(article__headline="Piece 2").get().article.delete()
    answer = desk.post(page(issue), fields)
    assert "This piece is no longer there. Leave it out." in answer.content.decode()
    fields = press(desk, issue, fields, "_drop", 1)
    assert desk.post(page(issue), fields).status_code == 302
    assert headlines(issue) == ["Piece 1", "Piece 3"]


def test_who_saves_second_is_told_and_nothing_is_written_over(desk, issue):
    fields = opened(desk, issue) | {"subject": "Mine", "items-0-title": "My title"}
    send(desk, page(issue), FORM, subject="Theirs")
    answer = desk.post(page(issue), fields)
    assert answer.status_code == 200
    assert "Not saved: chief saved this issue at" in answer.content.decode()
    assert fields_of(answer, FORM)["items-0-title"] == "My title"
    issue.refresh_from_db()
    assert issue.subject == "Theirs"


def test_mine_over_theirs_is_a_choice_and_only_over_what_was_seen(desk, issue):
    fields = opened(desk, issue) | {"subject": "Mine"}
    send(desk, page(issue), FORM, subject="Theirs")
    issue.refresh_from_db()
    seen = issue.saved_at.isoformat()
    send(desk, page(issue), FORM, subject="Theirs again")
    assert desk.post(page(issue), {**fields, "_over": seen}).status_code == 200
    issue.refresh_from_db()
    assert desk.post(page(issue), {**fields, "_over": issue.saved_at.isoformat()}).status_code == 302
    issue.refresh_from_db()
    assert issue.subject == "Mine"


@pytest.mark.parametrize("odd", ["", "x", "\x00", "2026-99-99T00:00", "9" * 400])
def test_a_form_that_does_not_say_what_it_has_seen_saves_nothing(desk, issue, odd):
    assert desk.post(page(issue), opened(desk, issue) | {"subject": "Mine", "seen": odd}).status_code == 200
    issue.refresh_from_db()
    assert issue.subject == "The week at sea"


def test_the_form_of_an_issue_that_was_scheduled_meanwhile_keeps_its_words(desk, issue):
    fields = opened(desk, issue) | {"subject": "Too late"}
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.SCHEDULED, number=1, frozen_at=timezone.now())
    answer = desk.post(page(issue), fields)
    assert "it is “Scheduled”. Your words are still here." in answer.content.decode()
    assert fields_of(answer, FORM)["subject"] == "Too late"
    issue.refresh_from_db()
    assert issue.subject == "The week at sea"


def test_buttons_save_and_go_on(desk, issue):
    for button, name in (("_preview", "preview"), ("_test", "test"), ("_schedule", "schedule")):
        answer = desk.post(page(issue), {**opened(desk, issue), button: "1"})
        assert answer.headers["Location"] == page(issue, name)


def test_the_form_costs_the_same_with_3_and_with_30_pieces(desk):
    def queries(issue: Issue) -> int:
        desk.get(page(issue))
        with CaptureQueriesContext(connection) as captured:
            desk.get(page(issue))
        return len(captured)

    pieces = make_pieces(30)
    assert queries(make_issue(*pieces[:3])) == queries(make_issue(*pieces))


@pytest.mark.parametrize("odd", ["\x00", "9" * 30, "-1", "x", "", str(2**63 - 1)])
def test_no_input_breaks_what_the_form_asks_for(desk, issue, odd):
    for query in ({"term": odd}, {"id": odd}):
        assert desk.get(page(issue, "pieces"), query).status_code == 200
    for where in (f"row/{quote(odd)}/1", f"row/1/{quote(odd)}", f"preview/{quote(odd)}", f"move/{quote(odd)}"):
        assert desk.get(page(issue, where)).status_code in {200, 302, 404}
    fields = opened(desk, issue)
    names = [f"items-0-{name}" for name in ("article", "place", "left_out", "kind", "picture", "pinned")]
    for name in (*names, "items-TOTAL_FORMS", "items-INITIAL_FORMS"):
        issue.refresh_from_db()
        sent = fields | {"seen": issue.saved_at.isoformat(), name: odd}
        assert desk.post(page(issue), sent).status_code in {200, 302}
    assert desk.post(page(issue), fields | dict.fromkeys(names, odd) | {"_up": "1"}).status_code == 200


def test_an_issue_with_a_piece_of_another_section_ahead_is_not_told_to_somebody_limited(client, db):
    coast, work = make_section(name="Coast"), make_section(name="Work")
    ahead = make_article(
        headline="Secret strike", section=work, published_at=timezone.now() + timedelta(days=1), published=True
    )
    issue = make_issue(ahead, subject="Secret strike and more")
    client.force_login(make_person(role="Editor", sections=(coast,)))
    assert "Secret" not in client.get("/admin/newsletter/issue/").content.decode()
    assert "Secret" not in client.get("/admin/").content.decode()
    row = f"row/{ahead.pk}/1"
    for name in ("change", "preview", "preview/plain", "test", "schedule", "pieces", row, "history", "delete"):
        answer = client.get(page(issue, name), follow=True)
        assert "Secret" not in answer.content.decode(), name
    issue.items.all().delete()
    assert client.get(page(issue)).status_code == 200
