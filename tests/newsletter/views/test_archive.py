import re
from datetime import timedelta

import feedparser
import pytest
from django.utils import timezone

from articles.models import Article, Edition
from newsletter import mail
from newsletter.models import Issue
from newsletter.states import SHOWN, IssueState
from newsletter.tokens import LEAVE_HERE
from tests.factories import make_user
from tests.newsletter.paper import make_issue, make_magazine, make_pieces, set_newsletter

pytestmark = pytest.mark.django_db
HIDDEN = sorted(set(IssueState.values) - SHOWN)


@pytest.fixture
def now():
    make_magazine()
    return timezone.now() - timedelta(hours=1)


def sent(now, count: int = 2, **fields) -> Issue:
    return make_issue(*make_pieces(count=count, before=now), at=now, state="sent", **fields)


# ---------------------------------------------------------------- the archive


def test_each_issue_readers_have_stands_at_its_address_as_it_was_frozen(client, now):
    issue = sent(now, intro="<p>Good morning.</p>")
    piece = issue.items.first().article
    headline = piece.headline
    Article.objects.update(headline="Another one by now")
    page = client.get(issue.get_absolute_url()).content.decode()
    assert headline in page
    assert "Good morning." in page
    assert piece.get_absolute_url() in page
    assert "Another one by now" not in page[page.index("<main") : page.index("</main")]


@pytest.mark.parametrize("state", sorted(SHOWN))
def test_what_readers_have_is_listed_the_newest_first(client, now, state):
    sent(now, subject="The first one")
    make_issue(at=now, state=state, subject="The second one")
    page = client.get("/newsletter/issues/").content.decode()
    assert page.index("The second one") < page.index("The first one")


@pytest.mark.parametrize("state", HIDDEN)
def test_what_readers_do_not_have_is_nowhere(client, now, state):
    issue = make_issue(*make_pieces(count=1, before=now), at=now, state=state, subject="Qxz secret")
    mail.freeze(issue, now)
    assert issue.number
    assert client.get(f"/newsletter/issues/{issue.number}/").status_code == 404
    for address in ("/newsletter/issues/", "/newsletter/issues/feed/", "/sitemap-issues.xml"):
        page = client.get(address).content.decode()
        assert "Qxz" not in page
        assert f"/newsletter/issues/{issue.number}/" not in page


def test_the_archive_has_no_token_and_no_link_to_leave(client, now):
    issue = sent(now)
    for address in (issue.get_absolute_url(), "/newsletter/issues/", "/newsletter/issues/feed/"):
        page = client.get(address).content.decode()
        assert LEAVE_HERE not in page
        assert "/newsletter/leave/" not in page


@pytest.mark.parametrize(
    "address", ["/newsletter/issues/0/", f"/newsletter/issues/{'9' * 40}/", "/newsletter/issues/x/"]
)
def test_a_number_that_is_none_is_no_page(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", ["0", "x", "9" * 40, "-1"])
def test_any_page_number_shows_a_page(client, now, page):
    sent(now)
    assert client.get("/newsletter/issues/", {"page": page}).status_code == 200


def test_an_empty_archive_says_so(client, now):
    assert "No issue has been sent yet." in client.get("/newsletter/issues/").content.decode()


def test_the_list_has_pages_and_asks_the_same_few_questions(client, now, django_assert_max_num_queries):
    for number in range(30):
        make_issue(at=now, state="sent", subject=f"Letter {number}")
    client.get("/newsletter/issues/")
    with django_assert_max_num_queries(4):
        first = client.get("/newsletter/issues/?page=1&x=1").content.decode()
    second = client.get("/newsletter/issues/?page=2").content.decode()
    assert first.count("<h2") - second.count("<h2") == 18
    assert "Page 2 of 2" in second


def test_the_archive_is_linked_from_the_newsletter_and_from_every_page(client, now):
    for address in ("/newsletter/", "/"):
        assert 'href="/newsletter/issues/"' in client.get(address).content.decode()


def test_an_archived_page_is_kept_and_a_new_issue_turns_the_edition(client, now):
    first = client.get("/newsletter/issues/")
    assert first["Cache-Control"] == "public, no-cache"
    assert client.get("/newsletter/issues/", headers={"if-none-match": first["ETag"]}).status_code == 304
    issue = make_issue(*make_pieces(count=1, before=now), at=now, state="preparing", subject="Just out")
    assert "Just out" not in client.get("/newsletter/issues/").content.decode()
    issue.move("send", now)
    assert "Just out" in client.get("/newsletter/issues/").content.decode()


def test_the_edition_turns_when_an_issue_appears_or_goes_and_by_no_other_move(now):
    issue = make_issue(at=now, state="scheduled")
    turned = []
    for move in ("prepare", "send", "pause", "resume", "pause", "cancel"):
        before = Edition.objects.get().key
        issue.move(move, now)
        turned.append(Edition.objects.get().key != before)
    assert turned == [False, True, False, False, False, True]


def test_pages_of_the_archive_set_no_cookie_and_nothing_inline(client, now):
    issue = sent(now)
    for address in ("/newsletter/issues/", issue.get_absolute_url()):
        answer = client.get(address)
        assert not answer.cookies
        assert not re.search(r"<script(?![^>]*src=)|style=|<style", answer.content.decode())


# ---------------------------------------------------------------- feed and sitemap


def test_the_archive_has_a_feed_of_its_own_with_whole_issues(client, now):
    issue = sent(now, subject="Tides & bread")
    feed = feedparser.parse(client.get("/newsletter/issues/feed/").content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "Tides & bread"
    assert entry.link == f"http://127.0.0.1:8000{issue.get_absolute_url()}"
    assert issue.items.first().article.headline in entry.content[0].value
    assert 'href="/' not in entry.content[0].value
    assert entry.published_parsed[:5] == now.utctimetuple()[:5]
    assert "The week" in feed.feed.title


def test_the_issues_are_in_the_sitemap(client, now):
    issue = sent(now)
    assert "sitemap-issues.xml" in client.get("/sitemap.xml").content.decode()
    sitemap = client.get("/sitemap-issues.xml").content.decode()
    assert f"<loc>http://127.0.0.1:8000{issue.get_absolute_url()}</loc>" in sitemap
    assert f"<lastmod>{now:%Y-%m-%d}</lastmod>" in sitemap


# ---------------------------------------------------------------- clicks


@pytest.fixture
def item(now):
    set_newsletter(counts_clicks=True)
    return sent(now, count=1).items.get()


def go(client, item, method: str = "get", **headers):
    return getattr(client, method)(f"/newsletter/issues/{item.issue.number}/go/{item.pk}/", headers=headers)


def clicks(item) -> int:
    item.refresh_from_db()
    return item.clicks


def test_a_click_leads_to_the_piece_and_counts_for_nobody(client, item):
    answer = go(client, item)
    assert (answer.status_code, answer["Location"]) == (302, item.article.get_absolute_url())
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    go(client, item)
    assert clicks(item) == 2


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("head", {}),
        ("get", {"Sec-Purpose": "prefetch;prerender"}),
        ("get", {"X-Purpose": "preview"}),
        ("get", {"X-Moz": "prefetch"}),
    ],
)
def test_what_no_reader_opens_is_not_counted(client, item, method, headers):
    assert go(client, item, method, **headers).status_code == 302
    assert clicks(item) == 0


def test_old_links_lead_on_when_staff_no_longer_want_to_know(client, item):
    set_newsletter(counts_clicks=False)
    assert go(client, item).status_code == 302
    assert clicks(item) == 0


def test_somebody_who_is_logged_in_gets_there_too(client, item):
    client.force_login(make_user())
    assert go(client, item).status_code == 302


def test_nothing_is_told_of_a_piece_that_is_off_the_site(client, item, now):
    item.article.unpublish(at=now)
    answer = go(client, item)
    assert answer.status_code == 404
    assert clicks(item) == 0


@pytest.mark.parametrize("state", HIDDEN)
def test_nothing_is_told_of_an_issue_that_readers_do_not_have(client, item, state):
    Issue.objects.update(state=state)
    assert go(client, item).status_code == 404


def test_no_address_leads_elsewhere(client, item):
    number = item.issue.number
    for address in (f"{number}/go/0/", f"{number + 1}/go/{item.pk}/", f"{number}/go/{'9' * 40}/", f"{'9' * 40}/go/1/"):
        assert client.get(f"/newsletter/issues/{address}?next=https://elsewhere.example/").status_code == 404
    assert go(client, item)["Location"].startswith("/")
    assert go(client, item, "post").status_code == 405
