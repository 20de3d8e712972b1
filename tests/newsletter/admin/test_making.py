"""Making an issue: this week's draft fills itself, and nothing is made by looking."""

import pytest

from articles.models import AuditEntry
from newsletter.models import Issue
from newsletter.states import IssueState
from tests.newsletter.issues import headlines, make_issue, make_pieces

pytestmark = pytest.mark.django_db
NEW = "/admin/newsletter/issue/add/"


def test_this_weeks_draft_holds_what_is_new_and_opens(desk):
    make_pieces(4)
    answer = desk.post(NEW, {"_compose": "1"}, follow=True)
    issue = Issue.objects.get()
    assert sorted(headlines(issue)) == ["Piece 1", "Piece 2", "Piece 3", "Piece 4"]
    assert issue.state == IssueState.DRAFT
    assert issue.created_by.username == "chief"
    assert b"The draft is made, with 4 pieces." in answer.content
    assert AuditEntry.objects.about(issue).filter(deed="add").exists()


def test_a_thin_week_makes_nothing_and_says_so(desk):
    make_pieces(2)
    answer = desk.post(NEW, {"_compose": "1"}, follow=True)
    assert not Issue.objects.exists()
    assert "No draft was made: since the last issue there are fewer than 3 new pieces." in answer.content.decode()
    assert b"Begin with an empty draft" in answer.content


def test_pressing_twice_makes_one_draft(desk):
    make_pieces(3)
    desk.post(NEW, {"_compose": "1"})
    answer = desk.post(NEW, {"_compose": "1"}, follow=True)
    assert Issue.objects.count() == 1
    assert "is there already" in answer.content.decode()


def test_an_empty_draft_is_empty(desk):
    desk.post(NEW, {"_empty": "1"})
    assert Issue.objects.get().items.count() == 0


def test_looking_makes_nothing(desk):
    make_pieces(3)
    assert desk.get(NEW).status_code == 200
    assert not Issue.objects.exists()


def test_the_list_says_how_to_make_the_first_issue_and_whither_mail_goes(desk, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    words = desk.get("/admin/newsletter/issue/").content.decode()
    assert "The first one fills itself" in words
    assert f"each mail is a file in {tmp_path}" in words


def test_the_list_shows_the_state_and_the_next_deed(desk):
    make_issue(subject="A draft", number=None)
    make_issue(subject="Overslept", state=IssueState.MISSED)
    words = desk.get("/admin/newsletter/issue/").content.decode()
    assert "badge-issue-draft" in words
    assert "badge-issue-missed" in words
    assert "Schedule anew" in words
    assert "The first one fills itself" not in words


def test_what_was_on_its_way_is_not_deleted(desk):
    sent = make_issue(state=IssueState.SENT)
    assert desk.post(f"/admin/newsletter/issue/{sent.pk}/delete/", {"post": "yes"}).status_code == 403
    many = {"action": "delete_selected", "_selected_action": [sent.pk], "post": "yes"}
    desk.post("/admin/newsletter/issue/", many)
    assert Issue.objects.filter(pk=sent.pk).exists()
