"""What stands elsewhere is loaded when a reader asks for it, and not before."""

import pytest
from playwright.sync_api import Browser, Page

from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

EMBED = '<figure data-embed="youtube"><a href="https://www.youtube.com/watch?v=abcdefghijk">The tide</a></figure>'
FRAME = "https://www.youtube-nocookie.com/embed/abcdefghijk"


def test_a_frame_is_asked_for_by_a_press_and_is_sandboxed(live_server, browser: Browser):
    article = make_article(body=f"<p>Before.</p>{EMBED}")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url + article.get_absolute_url())
    button = page.get_by_role("button", name="Load from YouTube")
    assert not [each for each in asked if not each.startswith(live_server.url)]

    button.focus()
    with page.expect_request(FRAME):
        page.keyboard.press("Enter")
    frame = page.locator("iframe")
    frame.wait_for()
    assert frame.get_attribute("title") == "The tide"
    assert "allow-top-navigation" not in frame.get_attribute("sandbox")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    assert [each for each in asked if not each.startswith(live_server.url)] == [FRAME]
    assert button.count() == 0
    page.close()


def test_without_script_it_is_a_link(live_server, browser: Browser):
    article = make_article(body=EMBED)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + article.get_absolute_url())
    assert page.get_by_role("link", name="The tide").is_visible()
    assert page.get_by_role("button", name="Load from YouTube").count() == 0
    context.close()


def test_a_piece_with_every_block_has_no_fault_of_accessibility(live_server, page: Page, axe):
    table = '<table><caption>Tides</caption><thead><tr><th scope="col">Day</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>'  # noqa: E501
    other = make_article(headline="Salt")
    insert = f'<p data-article="{other.pk}"><a href="/x/">Salt</a></p>'
    note = '<p>One.<sup data-note="">A <em>note</em></sup></p>'
    article = make_article(body=f"<p>Words.</p>{EMBED}{table}{insert}{note}")
    page.goto(live_server.url + article.get_absolute_url())
    axe(page)
