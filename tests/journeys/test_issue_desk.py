"""An issue at the desk, in a browser: pieces dragged, moved by keyboard, left out, taken back, saved; then seen."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Magazine
from newsletter.models import Issue
from tests.factories import make_article, make_user
from tests.newsletter.issues import headlines, make_issue, make_pieces, page

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


@pytest.fixture
def chief(page: Page, live_server, settings) -> Page:
    """The browser of somebody who may do everything."""
    settings.SITE_URL, settings.CHECK_LINKS = live_server.url, False
    Magazine.objects.current()
    Magazine.objects.filter(pk=1).update(postal_address="1 Quay Road")
    make_user(username="chief")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()
    return page


def row(chief: Page, headline: str):
    return chief.locator("[data-piece]", has_text=headline)


def in_order(chief: Page) -> list[str]:
    return [title.strip() for title in chief.locator("[data-pieces] .piece-title").all_inner_texts()]


def save(chief: Page) -> None:
    chief.get_by_role("button", name="Save", exact=True).click()
    expect(chief.get_by_text("Saved.")).to_be_visible()


def test_pieces_are_put_in_order_left_out_taken_back_added_and_saved_as_one(chief, live_server):
    issue = make_issue(*make_pieces(3))
    make_article(headline="One more of the sea")
    chief.goto(live_server.url + page(issue))
    expect(chief.get_by_role("toolbar", name="Formatting").first).to_be_visible()
    row(chief, "Piece 3").locator(".piece-handle").drag_to(row(chief, "Piece 1"), target_position={"x": 200, "y": 4})
    assert in_order(chief) == ["Piece 3", "Piece 1", "Piece 2"]
    down = chief.get_by_role("button", name="Move Piece 3 down")
    down.focus()
    chief.keyboard.press("Enter")
    assert in_order(chief) == ["Piece 1", "Piece 3", "Piece 2"]
    expect(down).to_be_focused()
    expect(chief.locator("[data-status]")).to_have_text("Piece 3 is number 2 of 3.")
    chief.get_by_role("button", name="Leave Piece 2 out").click()
    expect(chief.get_by_role("heading", name="Left out")).to_be_visible()
    chief.get_by_role("button", name="Take Piece 2 back in").click()
    chief.get_by_role("button", name="Leave Piece 1 out").click()
    chief.get_by_role("combobox", name="Add a piece").fill("one more")
    chief.get_by_role("option", name="One more of the sea").click()
    expect(row(chief, "One more of the sea")).to_be_visible()
    row(chief, "One more of the sea").locator("summary").click()
    row(chief, "One more of the sea").get_by_label("Title", exact=True).fill("Our own words")
    expect(row(chief, "Our own words").get_by_role("combobox", name="Another picture")).to_be_visible()
    expect(chief.get_by_text("Not saved yet")).to_be_visible()
    assert headlines(issue) == ["Piece 1", "Piece 2", "Piece 3"]
    save(chief)
    assert headlines(issue) == ["Piece 3", "Piece 2", "One more of the sea"]
    assert issue.items.last().title == "Our own words"


def test_an_issue_is_seen_and_scheduled_and_taken_back(chief, live_server):
    issue = make_issue(*make_pieces(3))
    chief.goto(live_server.url + page(issue, "preview"))
    expect(chief.frame_locator("iframe[title='Phone, dark']").get_by_text("Piece 2")).to_be_visible()
    expect(chief.get_by_text("KB of 100 KB")).to_be_visible()
    chief.get_by_role("link", name="Schedule …").click()
    chief.get_by_role("button", name="Go on").click()
    expect(chief.get_by_text("0 readers, as it stands now")).to_be_visible()
    chief.get_by_role("button", name="Schedule it").click()
    expect(chief.get_by_role("heading", name="Goes out")).to_be_visible()
    chief.get_by_role("button", name="Back to draft").click()
    expect(chief.get_by_text("It is a draft again.")).to_be_visible()
    assert Issue.objects.get().is_draft


def test_every_page_of_an_issue_is_accessible(chief, live_server, axe):
    issue = make_issue(*make_pieces(2))
    draft = live_server.url + page(issue)
    chief.goto(draft)
    row(chief, "Piece 1").locator("summary").click()
    chief.get_by_role("button", name="Leave Piece 2 out").click()
    axe(chief)
    chief.once("dialog", lambda dialog: dialog.accept())
    for name in ("preview", "schedule", "test"):
        chief.goto(live_server.url + page(issue, name))
        axe(chief)
    chief.get_by_role("link", name="The round-up").first.click()
    axe(chief)
