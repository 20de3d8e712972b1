"""A guest without a login reads a draft, comments, signs off; one word changes, and the sign-off has fallen."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import editing
from articles.models import Article, Comment, GuestLink, SignOff
from tests.factories import make_article, make_author, make_picture, make_user

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
BODY = (
    "<p>The boat left at noon, and nobody on the quay had seen the captain.</p>"
    "<p>She had been ashore since Tuesday, in the white house behind the dunes.</p>"
    "<h2>What the harbour says</h2><ul><li><p>Nothing.</p></li></ul>"
)


def log_in(page: Page, site: str) -> None:
    make_user(username="chief", password=PASSWORD)
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()


def draft() -> Article:
    return make_article(
        headline="The boat that left at noon",
        body=BODY,
        authors=(make_author(name="Ines Calloway"),),
        lead_picture=make_picture(alt="A boat"),
        published=False,
    )


def make_link(page: Page, site: str, article: Article) -> str:
    """What staff do to invite Maria; the path of her link."""
    page.goto(f"{site}/admin/articles/article/{article.pk}/change/")
    page.get_by_role("link", name="Make a link").click()
    page.get_by_label("For whom").fill("Maria Lund")
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("The link for Maria Lund").input_value()
    return "/" + address.split("/", 3)[3]


def sign(guest: Page) -> None:
    guest.get_by_label("I have read this exact text.").check()
    guest.get_by_role("button", name="Sign off this text").click()


def test_a_guest_comments_and_signs_off_and_the_sign_off_falls_when_a_word_changes(page, new_context, live_server):
    article = draft()
    log_in(page, live_server.url)
    path = make_link(page, live_server.url, article)

    guest = new_context().new_page()
    guest.clock.install()
    guest.goto(f"{live_server.url}{path}")
    expect(guest.get_by_role("heading", level=1)).to_have_text("The boat that left at noon")
    expect(guest.get_by_alt_text("A boat")).to_be_visible()
    expect(guest.get_by_text("What changed since")).to_have_count(0)

    guest.locator("#p2").get_by_text("Comment", exact=True).click()
    expect(guest.get_by_label("Comment on paragraph 2")).to_be_focused()
    guest.keyboard.type("It was on Wednesday.")
    guest.locator("#p2").get_by_role("button", name="Send comment").click()
    expect(guest.locator("#p2 .room-talk")).to_contain_text("It was on Wednesday.")
    sign(guest)
    expect(guest.get_by_text("It holds for the text as it stands here.")).to_be_visible()

    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    expect(page.locator(".guests")).to_contain_text("holds for the text as it stands")
    page.get_by_label("Dek").fill("A captain ashore.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".guests")).to_contain_text("void, the text changed")

    guest.reload()
    expect(guest.get_by_text("no longer holds")).to_be_visible()
    guest.get_by_text("What changed since your last visit: Dek").click()
    expect(guest.locator(".room-changes ins")).to_have_text("captain ashore")
    expect(guest.locator("#dek")).to_have_class(re.compile("room-changed"))
    guest.reload()
    expect(guest.get_by_text("What changed since your last visit: Dek")).to_be_visible()
    sign(guest)
    expect(guest.get_by_text("It holds for the text as it stands here.")).to_be_visible()
    expect(guest.get_by_text("What changed since")).to_have_count(0)
    assert SignOff.objects.count() == 2
    assert Comment.objects.get().quote.startswith("She had been ashore")


def test_a_text_that_changes_under_the_reader_is_not_signed(page, new_context, live_server):
    article = draft()
    log_in(page, live_server.url)
    path = make_link(page, live_server.url, article)
    guest = new_context().new_page()
    guest.goto(f"{live_server.url}{path}")
    guest.get_by_label("A remark, if you like").fill("As I told you.")

    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    page.get_by_label("Headline").fill("The boat that left at one")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#id_headline")).to_have_value("The boat that left at one")

    sign(guest)
    expect(guest.get_by_text("so it was not signed")).to_be_visible()
    expect(guest.get_by_role("heading", level=1)).to_have_text("The boat that left at one")
    expect(guest.get_by_label("A remark, if you like")).to_have_value("As I told you.")
    sign(guest)
    expect(guest.get_by_text("It holds for the text as it stands here.")).to_be_visible()


def test_the_room_works_without_scripts(page, browser, live_server):
    article = draft()
    log_in(page, live_server.url)
    path = make_link(page, live_server.url, article)
    plain = browser.new_context(java_script_enabled=False)
    guest = plain.new_page()
    guest.goto(f"{live_server.url}{path}")
    guest.get_by_role("button", name="Remember that I have read this text").click()
    expect(guest.locator(".room-notice")).to_contain_text("Noted")
    guest.locator("#p1 summary").click()
    guest.get_by_label("Comment on paragraph 1").fill("At one.")
    guest.locator("#p1").get_by_role("button", name="Send comment").click()
    expect(guest.locator("#p1 .room-talk")).to_contain_text("At one.")
    sign(guest)
    expect(guest.get_by_text("It holds for the text as it stands here.")).to_be_visible()
    plain.close()


def test_a_first_visit_is_remembered_when_somebody_stays_to_read(page, new_context, live_server):
    article = draft()
    log_in(page, live_server.url)
    path = make_link(page, live_server.url, article)
    guest = new_context().new_page()
    guest.clock.install()
    guest.goto(f"{live_server.url}{path}")
    assert GuestLink.objects.get().seen_revision is None
    with guest.expect_response(lambda response: response.request.method == "POST"):
        guest.clock.fast_forward(4000)
    assert GuestLink.objects.get().seen_revision.content["headline"] == article.headline


def test_the_preview_beside_the_form_shows_what_is_typed_and_gives_the_focus_back(page, live_server):
    article = draft()
    log_in(page, live_server.url)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    page.get_by_role("button", name="Preview").click()
    shown = page.frame_locator(".preview-shown")
    expect(shown.get_by_role("heading", level=1)).to_have_text("The boat that left at noon")
    assert shown.locator("html").evaluate("() => innerWidth") == 390

    page.get_by_label("Dek").fill("Typed and not saved.")
    expect(shown.locator(".article-head .dek")).to_have_text("Typed and not saved.")
    page.get_by_role("button", name="Desktop").click()
    assert shown.locator("html").evaluate("() => innerWidth") == 1280
    assert Article.objects.get().dek == "A dek."

    shown.get_by_role("heading", level=1).click()
    page.keyboard.press("Escape")
    expect(page.locator("#preview-pane")).to_be_hidden()
    expect(page.get_by_role("button", name="Preview")).to_be_focused()


def test_a_new_piece_can_be_previewed_from_its_first_save_on(page, live_server):
    article = draft()
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    expect(page.get_by_role("button", name="Preview")).to_be_hidden()
    page.get_by_label("Headline").fill("Begun a moment ago")
    address = f"/admin/articles/article/{article.pk}/change/"
    page.evaluate("address => history.replaceState(null, '', address)", address)
    page.evaluate("() => document.dispatchEvent(new CustomEvent('magazine:saved'))")
    page.get_by_role("button", name="Preview").click()
    heading = page.frame_locator(".preview-shown").get_by_role("heading", level=1)
    expect(heading).to_have_text("Begun a moment ago")


def test_on_a_phone_the_preview_lies_over_the_form_until_it_is_closed(page, live_server):
    article = draft()
    log_in(page, live_server.url)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview-shown")).to_be_visible()
    expect(page.locator("#container")).to_have_js_property("inert", True)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#container")).to_have_js_property("inert", False)
    expect(page.get_by_role("button", name="Preview")).to_be_focused()


def test_the_preview_comes_again_with_the_width_it_was_left_with(page, live_server):
    article = draft()
    log_in(page, live_server.url)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Desktop").click()
    edge = page.get_by_role("separator", name="Width of the preview")
    edge.focus()
    page.keyboard.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", "50")

    page.reload()
    expect(page.locator(".preview-shown")).to_be_visible()
    expect(page.get_by_role("button", name="Desktop")).to_have_attribute("aria-pressed", "true")
    expect(edge).to_have_attribute("aria-valuenow", "50")


def test_every_page_of_guests_is_accessible(page, new_context, live_server, axe):
    article = draft()
    log_in(page, live_server.url)
    path = make_link(page, live_server.url, article)
    axe(page)
    guest = new_context().new_page()
    guest.goto(f"{live_server.url}{path}")
    guest.locator("#p2").get_by_text("Comment", exact=True).click()
    guest.get_by_label("Comment on paragraph 2").fill("It was on Wednesday.")
    axe(guest)
    guest.locator("#p2").get_by_role("button", name="Send comment").click()
    sign(guest)
    axe(guest)
    article = Article.objects.get()
    editing.record(article, {**article.newest_content(), "dek": "Changed."}, by=None, at=timezone.now())
    guest.reload()
    guest.get_by_text("What changed since").click()
    axe(guest)
    guest.goto(f"{live_server.url}/preview/never-made/")
    axe(guest)
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/preview/")
    axe(page)


def test_the_form_with_its_preview_and_its_guests_is_accessible(page, live_server, axe):
    article = draft()
    log_in(page, live_server.url)
    make_link(page, live_server.url, article)
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview-shown")).to_be_visible()
    axe(page)
