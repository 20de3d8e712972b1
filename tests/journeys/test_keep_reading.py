"""A reader opens an article where its teaser stands, and closes it again."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db(transaction=True)

PARAGRAPH = "<p>" + " ".join(["The harbour was quiet and the lamps were out."] * 12) + "</p>"


@pytest.fixture
def coast(live_server) -> str:
    """The address of a section with six long articles, A to F; F is the newest."""
    section = make_section(name="Coast")
    for letter in "ABCDEF":
        body = f"<p>Opening of {letter}.</p>{PARAGRAPH}<h2>Later</h2><p>Rest of {letter}.</p>{PARAGRAPH * 8}"
        make_article(headline=f"Article {letter}", body=body, section=section)
    return f"{live_server.url}{section.get_absolute_url()}"


def control(page: Page, letter: str) -> Locator:
    return page.locator(f'.keep-reading[data-headline="Article {letter}"]')


def rest(page: Page, letter: str) -> Locator:
    return page.get_by_role("group", name=f"The rest of Article {letter}")


def top(locator: Locator) -> float:
    return locator.evaluate("element => element.getBoundingClientRect().top")


def expect_open(page: Page, letter: str) -> None:
    expect(control(page, letter)).to_have_attribute("aria-expanded", "true")
    expect(control(page, letter)).to_contain_text("Show less")
    expect(rest(page, letter)).to_contain_text(f"Rest of {letter}.")


def expect_closed(page: Page, letter: str) -> None:
    expect(control(page, letter)).to_have_attribute("aria-expanded", "false")
    expect(control(page, letter)).to_contain_text("keep reading")
    expect(rest(page, letter)).to_be_hidden()


def test_the_rest_opens_in_place_and_the_reader_is_at_its_beginning(page, coast):
    page.goto(coast)
    control(page, "E").scroll_into_view_if_needed()
    before = top(control(page, "E"))
    control(page, "E").click()
    expect_open(page, "E")
    expect(rest(page, "E")).to_be_focused()
    assert abs(top(rest(page, "E")) - before) < 60
    expect(page).to_have_url(re.compile("/coast/article-e/$"))


def test_only_the_rest_is_fetched_and_only_once(page, coast):
    asked = []
    page.goto(coast)
    page.on("request", lambda request: asked.append(request.url))
    for _time in range(2):
        control(page, "F").click()
        expect_open(page, "F")
        control(page, "F").click()
        expect_closed(page, "F")
    assert [url for url in asked if "/static/" not in url] == [f"{coast}article-f/rest/"]


def test_show_less_brings_the_reader_back_to_where_they_were(page, coast):
    page.goto(coast)
    control(page, "D").scroll_into_view_if_needed()
    before = top(control(page, "D"))
    control(page, "D").click()
    expect_open(page, "D")
    page.mouse.wheel(0, 700)
    control(page, "D").click()
    expect_closed(page, "D")
    expect(control(page, "D")).to_be_focused()
    page.wait_for_function(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    assert abs(top(control(page, "D")) - before) < 3
    expect(page).to_have_url(coast)


def test_back_closes_it_and_forward_opens_it_again(page, coast):
    page.goto(coast)
    control(page, "F").click()
    expect_open(page, "F")
    page.go_back()
    expect_closed(page, "F")
    expect(page).to_have_url(coast)
    page.go_forward()
    expect_open(page, "F")
    expect(page).to_have_url(re.compile("article-f/$"))


def test_several_are_open_at_once_and_the_address_is_that_of_the_last(page, coast):
    page.goto(coast)
    for letter in "FE":
        control(page, letter).click()
        expect_open(page, letter)
    expect(page).to_have_url(re.compile("article-e/$"))
    control(page, "F").click()
    expect_closed(page, "F")
    expect_open(page, "E")
    expect(page).to_have_url(re.compile("article-e/$"))
    page.go_back()
    expect_closed(page, "E")
    expect_closed(page, "F")
    expect(page).to_have_url(coast)


def test_after_a_reload_back_leads_to_the_page_of_teasers(page, coast):
    page.goto(coast)
    control(page, "F").click()
    expect_open(page, "F")
    page.reload()
    expect(page.locator("h1")).to_have_text("Article F")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Coast")
    expect(page).to_have_url(coast)


def test_the_keyboard_is_enough(page, coast):
    page.goto(coast)
    for key in ("Enter", "Space"):
        control(page, "F").focus()
        page.keyboard.press(key)
        expect_open(page, "F")
        page.keyboard.press("Tab")
        expect(control(page, "F")).to_be_focused()
        page.keyboard.press(key)
        expect_closed(page, "F")


def test_it_is_still_a_link_for_a_new_tab(page, context, coast):
    page.goto(coast)
    with context.expect_page() as other:
        control(page, "F").click(modifiers=["ControlOrMeta"])
    expect(other.value.locator("h1")).to_have_text("Article F")
    expect_closed(page, "F")


def test_where_the_rest_cannot_be_had_the_reader_gets_the_article(page, coast):
    page.route("**/rest/", lambda route: route.fulfill(status=503))
    page.goto(coast)
    control(page, "F").click()
    expect(page.locator("h1")).to_have_text("Article F")


def test_headings_of_two_open_articles_do_not_share_an_id(page, coast):
    page.goto(coast)
    for letter in "FE":
        control(page, letter).click()
        expect_open(page, letter)
    ids = page.eval_on_selector_all("[id]", "elements => elements.map(element => element.id)")
    assert len(ids) == len(set(ids))


@pytest.fixture
def tides(live_server) -> str:
    """The address of a section with two articles whose openings and rests hold links to their last part."""
    section = make_section(name="Tides")
    link = '<p>See <a href="#far">the far part</a>.</p>'
    for letter in "AB":
        body = f"<h2>Announcements</h2>{link}{PARAGRAPH}<p>Rest of {letter}.</p>{link}{PARAGRAPH * 8}<h2>Far</h2>{link}"
        make_article(headline=f"Article {letter}", body=body, section=section)
    return f"{live_server.url}{section.get_absolute_url()}"


@pytest.mark.parametrize("place", [0, 1], ids=["in the opening", "in the rest"])
def test_a_link_inside_an_open_article_leads_there_and_everything_stays_open(page, tides, place):
    page.goto(tides)
    for letter in "BA":
        control(page, letter).click()
        expect_open(page, letter)
    page.evaluate("window.isSameDocument = true")
    teaser = page.locator(".teaser-text", has=control(page, "B"))
    teaser.get_by_role("link", name="the far part").nth(place).click()
    expect(page).to_have_url(re.compile("/tides/article-a/#article-[0-9]+-far$"))
    expect(teaser.get_by_role("heading", name="Far")).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_url(re.compile("/tides/article-a/$"))
    expect_open(page, "A")
    expect_open(page, "B")
    page.go_back()
    expect_closed(page, "A")
    expect_open(page, "B")
    assert page.evaluate("window.isSameDocument")


def test_the_skip_link_closes_nothing_and_show_less_still_works(page, coast):
    page.goto(coast)
    control(page, "F").click()
    expect_open(page, "F")
    page.evaluate("window.isSameDocument = true")
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/coast/article-f/#main$"))
    expect_open(page, "F")
    page.go_back()
    page.go_forward()
    expect(page).to_have_url(re.compile("/coast/article-f/#main$"))
    control(page, "F").click()
    expect_closed(page, "F")
    expect(page).to_have_url(coast)
    assert page.evaluate("window.isSameDocument")


def test_before_it_is_open_a_link_to_a_place_in_the_article_leads_to_its_page(page, tides):
    page.goto(tides)
    page.locator(".teaser-text", has=control(page, "B")).get_by_role("link", name="the far part").click()
    expect(page).to_have_url(re.compile("/tides/article-b/#far$"))
    expect(page.locator("h1")).to_have_text("Article B")


def test_a_heading_announcements_does_not_hinder_it(page, tides):
    page.goto(f"{tides}article-b/")
    control(page, "A").click()
    expect_open(page, "A")


def test_without_javascript_it_leads_to_the_article(new_context, coast):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(coast)
    control(page, "F").click()
    expect(page.locator("h1")).to_have_text("Article F")


def test_an_open_teaser_is_accessible(page, coast, axe):
    page.goto(coast)
    control(page, "F").click()
    expect_open(page, "F")
    axe(page)
