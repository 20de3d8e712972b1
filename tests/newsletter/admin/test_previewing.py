"""The previews of an issue: the mail as readers will get it, in frames that may do nothing."""

import pytest

from newsletter import tokens
from newsletter.admin import previewing
from newsletter.models import Issue
from newsletter.states import IssueState
from tests.factories import make_article, make_picture
from tests.newsletter.issues import make_issue, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(magazine) -> Issue:
    return make_issue(make_article(headline="Ice", lead_picture=make_picture(alt="A lake of ice")))


def frame(desk, issue: Issue, way: str):
    return desk.get(page(issue, f"preview/{way}"))


def test_the_page_shows_each_way_and_the_text(desk, issue):
    answer = desk.get(page(issue, "preview"))
    words = answer.content.decode()
    for way in ("plain", "dark", "bare"):
        assert f'src="{page(issue, f"preview/{way}")}"' in words
    assert "KB of 100 KB" in words
    assert 'class="mail-text"' in words
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_only_the_frame_of_a_mail_has_a_policy_of_its_own(desk, issue):
    answer = frame(desk, issue, "plain")
    policy = {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "sandbox"} <= policy
    assert not any(part.startswith(("script-src", "connect-src")) for part in policy)
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Cache-Control"] == "private, no-store"
    for other in ("/admin/", "/", page(issue), page(issue, "schedule")):
        answer = desk.get(other)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_dark_is_dark_and_plain_is_not_whatever_the_browser_is(desk, issue):
    assert "prefers-color-scheme: dark" not in frame(desk, issue, "dark").content.decode()
    assert "@media all" in frame(desk, issue, "dark").content.decode()
    assert "@media not all" in frame(desk, issue, "plain").content.decode()


def test_with_pictures_off_the_alt_text_stands_in_their_place(desk, issue):
    assert "<img" in frame(desk, issue, "plain").content.decode()
    words = frame(desk, issue, "bare").content.decode()
    assert 'alt="A lake of ice"' in words
    assert not [tag for tag in words.split("<img")[1:] if "src=" in tag.split(">")[0]]


def test_the_token_in_a_preview_is_nobodys(desk, issue):
    assert tokens.INERT in frame(desk, issue, "plain").content.decode()
    assert tokens.LEAVE_HERE not in frame(desk, issue, "plain").content.decode()
    assert tokens.LEAVE_HERE not in desk.get(page(issue, "preview")).content.decode()


def test_a_fixed_issue_previews_its_fixed_copy(desk, magazine):
    issue = make_issue(state=IssueState.SENT, html="<html><head></head><p>As it went</p></html>", text="As it went")
    assert "As it went" in frame(desk, issue, "plain").content.decode()
    assert "As it went" in desk.get(page(issue, "preview")).content.decode()


def test_another_way_is_not_found(desk, issue):
    assert frame(desk, issue, "sepia").status_code == 404


@pytest.mark.parametrize(("kilobytes", "weight"), [(12, "fine"), (81, "warn"), (101, "stop")])
def test_the_size_warns_at_80_kb_and_stops_at_100(kilobytes, weight):
    assert previewing.meter(kilobytes * 1024)["weight"] == weight
