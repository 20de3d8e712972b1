from datetime import timedelta

import pytest

from articles import links
from articles.models import AuditEntry, Magazine, Notice, Picture
from newsletter import mail, preflight
from newsletter.models import Issue
from newsletter.preflight import check, drop_withdrawn
from newsletter.states import IssueState
from tests.factories import NOON, make_article, make_person, make_picture
from tests.newsletter.paper import make_issue, make_magazine, make_pieces

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(settings):
    """A site with a public address and a magazine that may send."""
    settings.SITE_URL = "https://magazine.example"
    make_magazine()


def codes(issue: Issue, at=NOON, ask=None, level: str = "stop") -> set[str]:
    return {finding.code for finding in check(issue, at, ask=ask) if finding.level == level}


def test_an_issue_that_is_right_has_nothing_to_say():
    assert check(make_issue(*make_pieces(count=3, pictures=True)), NOON) == []


@pytest.mark.parametrize(
    ("code", "fields"),
    [("subject", {"subject": ""}), ("subject", {"subject": " \u2003 "}), ("preheader", {"preheader": ""})],
)
def test_an_issue_without_a_subject_or_a_preheader_is_stopped(code, fields):
    assert codes(make_issue(*make_pieces(count=1), **fields)) == {code}


def test_without_a_postal_address_nothing_goes():
    Magazine.objects.update(postal_address=" \n")
    assert "postal_address" in codes(make_issue(*make_pieces(count=1)))


def test_an_empty_issue_is_stopped():
    assert "empty" in codes(make_issue())


def test_an_issue_of_updates_alone_is_empty():
    issue = make_issue(*make_pieces(count=1))
    issue.items.update(kind="update")
    assert "empty" in codes(issue)


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_mail_without_the_link_to_leave_is_stopped_in_either_part(part):
    issue = make_issue(*make_pieces(count=1), state="scheduled")
    setattr(issue, part, getattr(issue, part).replace(mail.LEAVE_HERE, "x"))
    assert codes(issue) == {"unsubscribe"}


@pytest.mark.parametrize("text", ["", f"https://magazine.example/newsletter/leave/{mail.LEAVE_HERE}/", "<html>"])
def test_a_mail_without_a_real_text_part_is_stopped(text):
    issue = make_issue(*make_pieces(count=1), state="scheduled")
    issue.text = text
    assert "text" in codes(issue)


def test_the_frozen_mail_is_what_is_looked_at():
    issue = make_issue(*make_pieces(count=1), state="scheduled")
    assert codes(issue) == set()
    issue.html += '<a href="http://elsewhere.example/">x</a>'
    assert codes(issue) == {"link"}


# ---------------------------------------------------------------- pieces


def test_every_piece_has_to_be_public_when_the_issue_goes_out():
    public, scheduled = make_article(), make_article(published_at=NOON + timedelta(days=1))
    issue = make_issue(public, scheduled)
    assert codes(issue) == {"withdrawn"}
    assert codes(issue, at=NOON + timedelta(days=1)) == set()
    issue.scheduled_for = NOON + timedelta(days=2)
    assert codes(issue) == set()
    public.unpublish(at=NOON)
    found = [finding for finding in check(issue, NOON) if finding.level == "stop"]
    assert [finding.code for finding in found] == ["withdrawn"]
    assert public.headline in found[0].text


def test_a_piece_that_was_deleted_is_told_too():
    issue = make_issue(*make_pieces(count=2))
    issue.items.first().article.delete()
    assert codes(issue) == {"withdrawn"}


def test_a_piece_that_an_earlier_issue_had_is_a_warning_until_it_is_pinned():
    (piece,) = make_pieces(count=1)
    make_issue(piece, state="sent")
    issue = make_issue(piece)
    assert codes(issue, level="warn") == {"again"}
    issue.items.update(pinned=True)
    assert check(issue, NOON) == []


# ---------------------------------------------------------------- pictures


def test_a_picture_without_words_is_stopped():
    (piece,) = make_pieces(count=1, pictures=True)
    Picture.objects.update(alt="")
    assert codes(make_issue(piece)) == {"alt"}


def test_a_picture_without_a_width_is_stopped():
    issue = make_issue(*make_pieces(count=1, pictures=True), state="scheduled")
    issue.html = issue.html.replace('width="560" style', "style").replace('width="560"', "")
    assert codes(issue) == {"width"}


def test_a_picture_whose_file_is_gone_is_a_warning():
    (piece,) = make_pieces(count=1, pictures=True)
    Picture.objects.update(sha256="f" * 64)
    piece.lead_picture.file.storage.delete(piece.lead_picture.file.name)
    assert codes(make_issue(piece), level="warn") == {"picture"}


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    "address",
    ["http://elsewhere.example/", "//elsewhere.example/", "HTTP://elsewhere.example/", "https://", "https://["],
)
def test_a_link_that_is_not_https_is_stopped(address):
    issue = make_issue(*make_pieces(count=1), state="scheduled")
    issue.html = issue.html.replace("</body>", f'<a href="{address}">x</a></body>')
    assert codes(issue) == {"link"}


@pytest.mark.parametrize("address", ["mailto:desk@magazine.example", "tel:+44123", "https://elsewhere.example/"])
def test_links_that_lead_somewhere_are_right(address):
    assert codes(make_issue(*make_pieces(count=1), intro=f'<p><a href="{address}">x</a></p>')) == set()


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost", "http://magazine.local:8000"])
def test_a_laptop_is_warned_that_its_links_work_there_only(settings, address):
    settings.SITE_URL = address
    issue = make_issue(*make_pieces(count=1, pictures=True))
    assert codes(issue) == set()
    assert codes(issue, level="warn") == {"laptop"}


def test_a_public_site_without_tls_is_stopped(settings):
    settings.SITE_URL = "http://magazine.example"
    assert codes(make_issue(*make_pieces(count=1))) == {"link"}


@pytest.mark.parametrize(
    ("state", "level", "code"),
    [("refuses", "stop", "dead"), ("fails", "stop", "dead"), ("unsure", "warn", "unsure"), ("answers", "stop", None)],
)
def test_links_to_other_sites_are_asked_if_they_answer(settings, state, level, code):
    settings.CHECK_LINKS = True
    asked = []

    def ask(addresses):
        asked.extend(addresses)
        return {address: links.Answer(address, state, 404, "there is no such page") for address in asked}

    issue = make_issue(*make_pieces(count=1), intro='<p><a href="https://elsewhere.example/a">x</a></p>')
    assert codes(issue, ask=ask, level=level) == ({code} if code else set())
    assert asked == ["https://elsewhere.example/a"]


def test_no_link_is_asked_where_the_operator_has_turned_it_off(settings):
    settings.CHECK_LINKS = False
    issue = make_issue(*make_pieces(count=1), intro='<p><a href="https://elsewhere.example/a">x</a></p>')
    assert codes(issue, ask=lambda _addresses: pytest.fail("asked")) == set()


# ---------------------------------------------------------------- size


@pytest.mark.parametrize(
    ("kilobytes", "stops", "warns"), [(79, set(), set()), (81, set(), {"size"}), (101, {"size"}, set())]
)
def test_a_mail_that_would_be_cut_off_is_stopped_and_a_large_one_warned_of(kilobytes, stops, warns):
    issue = make_issue(*make_pieces(count=1), state="scheduled")
    issue.html += "ß" * ((kilobytes * 1024 - mail.size(issue.html)) // 2)
    assert codes(issue) == stops
    assert codes(issue, level="warn") == warns


def test_stops_come_before_warnings():
    (piece,) = make_pieces(count=1)
    make_issue(piece, state="sent")
    assert [finding.level for finding in check(make_issue(piece, subject=""), NOON)] == ["stop", "warn"]


def test_looking_changes_nothing(django_assert_max_num_queries):
    issue = make_issue(*make_pieces(count=8, pictures=True))
    check(issue, NOON)
    with django_assert_max_num_queries(12) as captured:
        check(issue, NOON)
    assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)


# ---------------------------------------------------------------- withdrawn


def test_a_piece_that_is_withdrawn_before_sending_drops_out_and_staff_are_told():
    publisher = make_person(role="Publisher")
    kept, gone = make_pieces(count=2)
    issue = make_issue(kept, gone, state="scheduled")
    gone.unpublish(at=NOON)
    assert [item.article for item in drop_withdrawn(issue, NOON)] == [gone]
    assert [item.article for item in issue.items.all()] == [kept]
    notice = Notice.objects.get(user=publisher)
    assert gone.headline in notice.text
    assert notice.address == f"/admin/newsletter/issue/{issue.pk}/change/"
    entry = AuditEntry.objects.about(issue).get(deed="drop_withdrawn")
    assert gone.headline in entry.note
    mail.freeze(issue, NOON)
    assert gone.headline not in issue.html
    assert codes(issue) == set()


def test_where_nothing_was_withdrawn_nobody_is_told():
    make_person(role="Publisher")
    issue = make_issue(*make_pieces(count=2), state="scheduled")
    assert drop_withdrawn(issue, NOON) == []
    assert not Notice.objects.exists()
    assert issue.state == IssueState.SCHEDULED


def test_a_picture_of_a_withdrawn_piece_is_not_made():
    scheduled = make_article(published_at=NOON + timedelta(days=1), lead_picture=make_picture(size=(777, 555)))
    before = set(_mail_pictures())
    check(make_issue(make_article(), scheduled), NOON)
    assert set(_mail_pictures()) == before


def _mail_pictures() -> list[str]:
    storage = Picture.objects.first().file.storage
    return storage.listdir("newsletter")[1] if storage.exists("newsletter") else []


def test_the_findings_that_stop_are_told_from_the_others():
    found = [preflight.Finding("stop", "a", "A"), preflight.Finding("warn", "b", "B")]
    assert preflight.stops(found) == found[:1]
