"""The desk in a real browser: the editor, the pickers, the counters. A breach of the CSP fails each of these."""

import re

import pytest
from playwright.sync_api import Page, expect

from articles.addresses import slug_of
from articles.models import Article, Picture
from tests import accessibility
from tests.articles.test_addresses import SLUGS
from tests.factories import make_article, make_author, make_picture, make_section, make_tag, make_user, picture_file

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/articles/article/add/"
BODY = "#id_body"


@pytest.fixture
def staff(page: Page, live_server) -> Page:
    make_user(username="chief", password="correct horse battery")
    page.goto(f"{live_server}/admin/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()
    return page


def open_form(staff: Page, live_server, where: str = ADD) -> Page:
    staff.goto(f"{live_server}{where}")
    expect(staff.get_by_role("toolbar", name="Formatting")).to_be_visible()
    return staff


def write(staff: Page, text: str) -> None:
    staff.get_by_role("textbox", name="Body").click()
    staff.keyboard.type(text)


def button(staff: Page, name: str):
    return staff.get_by_role("toolbar", name="Formatting").get_by_role("button", name=name, exact=True)


def pick(staff: Page, label: str, term: str, choice: str) -> None:
    staff.get_by_role("combobox", name=label).fill(term)
    staff.get_by_role("option", name=re.compile(choice)).click()


def test_the_slug_shown_while_writing_is_the_one_that_will_be_stored(staff, live_server):
    open_form(staff, live_server)
    for headline, _slug in SLUGS:
        staff.get_by_label("Headline").fill(headline)
        expect(staff.get_by_label("Slug")).to_have_value(slug_of(headline))


def test_a_text_is_written_with_what_a_magazine_needs_and_stored_clean(staff, live_server):
    make_section(name="Coast")
    open_form(staff, live_server)
    staff.get_by_label("Headline").fill("Où finit la marée")
    expect(staff.get_by_label("Slug")).to_have_value("ou-finit-la-maree")
    write(staff, "Plain and ")
    button(staff, "bold").click()
    staff.keyboard.type("bold")
    staff.keyboard.press("Enter")
    button(staff, "heading 2").click()
    staff.keyboard.type("A heading")
    staff.keyboard.press("Enter")
    button(staff, "unordered list").click()
    staff.keyboard.type("One")
    staff.keyboard.press("Enter")
    staff.keyboard.type("Two")
    staff.keyboard.press("Enter")
    staff.keyboard.press("Enter")
    staff.keyboard.type("Said aloud")
    button(staff, "pull quote").click()
    expect(button(staff, "pull quote")).to_have_attribute("aria-pressed", "true")
    staff.keyboard.press("Enter")
    staff.keyboard.press("Enter")
    staff.keyboard.type("A link")
    staff.keyboard.press("Shift+Home")
    button(staff, "insert link").click()
    staff.get_by_label("URL").fill("https://example.org/?utm_source=x")
    staff.get_by_role("dialog").get_by_role("button", name="Update").click()
    expect(staff.locator(".word-count")).to_have_text("11 words, 1 min")
    staff.get_by_label("Section").select_option("Coast")
    staff.get_by_role("button", name="Save draft").click()
    expect(staff.get_by_text("was added successfully")).to_be_visible()
    body = Article.objects.get(slug="ou-finit-la-maree").body
    assert re.sub(r' rel="[^"]*"', "", body) == (
        '<p>Plain and <strong>bold</strong></p><h2 id="a-heading">A heading</h2>'
        "<ul><li><p>One</p></li><li><p>Two</p></li></ul>"
        '<blockquote class="pullquote"><p>Said aloud</p></blockquote><p><a href="https://example.org/">A link</a></p>'
    )


ROUND = (
    '<p>A <strong>b</strong> <em>i</em> <s>s</s> H<sub>2</sub>O x<sup>2</sup> <code>c</code></p><h2 id="kept">Two</h2>'
    '<h3 id="three">Three</h3><ol start="3"><li><p>c</p><ul><li><p>d</p></li></ul></li></ol>'
    "<blockquote><p>q</p></blockquote>"
    '<blockquote class="pullquote"><p>p</p></blockquote><hr><pre><code>code\n  here</code></pre>'
    '<p dir="auto">مرحبا بالعالم</p><p>潮汐<br>表</p>'
)


def test_what_is_stored_goes_through_the_editor_unchanged(staff, live_server):
    article = make_article(body=ROUND, published=False)
    before = article.body
    open_form(staff, live_server, f"/admin/articles/article/{article.pk}/change/")
    write(staff, "x")
    staff.keyboard.press("Backspace")
    staff.get_by_role("button", name="Save draft").click()
    expect(staff.get_by_text("was changed successfully")).to_be_visible()
    article.refresh_from_db()
    assert article.body == before


def test_text_from_google_docs_keeps_what_is_bold_and_nothing_else(staff, live_server):
    make_section()
    open_form(staff, live_server)
    staff.get_by_role("textbox", name="Body").click()
    staff.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }""",
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
        '<p dir="ltr" style="line-height:1.38;">'
        '<span style="font-size:11pt;font-weight:400;">Plain </span><span style="font-weight:700;">bold</span>'
        '<span style="font-style:italic;"> italic</span></p></b>',
    )
    expect(staff.locator(".ProseMirror p").first).to_have_js_property(
        "innerHTML", "Plain <strong>bold</strong><em> italic</em>"
    )


def test_bylines_are_found_by_typing_and_put_in_order_with_the_keyboard(staff, live_server):
    for name in ("Ana Silva", "Ben Okafor"):
        make_author(name=name)
    article = make_article(published=False)
    open_form(staff, live_server, f"/admin/articles/article/{article.pk}/change/")
    pick(staff, "Bylines", "ana", "Ana Silva")
    search = staff.get_by_role("combobox", name="Bylines")
    search.fill("ben")
    expect(staff.get_by_role("option", name="Ben Okafor")).to_be_visible()
    search.press("Enter")
    staff.get_by_label("Role of Ben Okafor").fill("photographs by")
    staff.get_by_role("button", name="Move Ben Okafor up").press("Enter")
    expect(staff.get_by_text("Ben Okafor is number 1 of 2.")).to_be_attached()
    expect(staff.get_by_role("button", name="Move Ben Okafor down")).to_be_focused()
    staff.get_by_role("button", name="Save draft").click()
    expect(staff.get_by_text("was changed successfully")).to_be_visible()
    assert [(c.author.name, c.role) for c in article.credits()] == [("Ben Okafor", "photographs by"), ("Ana Silva", "")]


def test_related_articles_are_put_in_order_by_dragging(staff, live_server):
    first, second = make_article(headline="The first"), make_article(headline="The second")
    article = make_article(published=False, related=(first, second))
    open_form(staff, live_server, f"/admin/articles/article/{article.pk}/change/")
    rows = staff.locator(".field-related .picked-item")
    rows.nth(1).locator(".picked-handle").drag_to(rows.nth(0))
    expect(rows.nth(0)).to_contain_text("The second")
    staff.get_by_role("button", name="Remove The first").click()
    staff.get_by_role("button", name="Save draft").click()
    expect(staff.get_by_text("was changed successfully")).to_be_visible()
    assert list(article.related_picks()) == [second]


def test_tags_are_typed_and_found(staff, live_server):
    make_tag(name="Coastal erosion")
    article = make_article(published=False)
    open_form(staff, live_server, f"/admin/articles/article/{article.pk}/change/")
    tags = staff.get_by_role("combobox", name="Tags")
    tags.fill("coast")
    expect(staff.get_by_role("option", name="Coastal erosion")).to_be_visible()
    tags.press("Enter")
    tags.press_sequentially("två ord,")
    expect(staff.locator(".picked-tag")).to_have_count(2)
    staff.get_by_role("button", name="Save draft").click()
    expect(staff.get_by_text("was changed successfully")).to_be_visible()
    assert sorted(article.tags.names()) == ["Coastal erosion", "två ord"]


def test_a_picture_is_added_on_the_way(staff, live_server):
    article = make_article(published=False)
    open_form(staff, live_server, f"/admin/articles/article/{article.pk}/change/")
    with staff.expect_popup() as opened:
        staff.locator("#add_id_lead_picture").click()
    popup = opened.value
    popup.get_by_label("File").set_input_files(
        {"name": "IMG_1.png", "mimeType": "image/png", "buffer": picture_file(size=(400, 200))}
    )
    popup.get_by_label("Alt text").fill("A teal field")
    popup.locator("[data-focal] img").click(position={"x": 100, "y": 50})
    popup.get_by_role("button", name="Save").click()
    expect(staff.locator(".field-lead_picture .picked-item")).to_contain_text("A teal field")
    staff.get_by_role("button", name="Save draft").click()
    expect(staff.get_by_text("was changed successfully")).to_be_visible()
    article.refresh_from_db()
    assert article.lead_picture == Picture.objects.get()
    assert (article.lead_picture.focal_x, article.lead_picture.focal_y) == (25, 25)


def test_the_button_says_schedule_when_the_date_lies_ahead(staff, live_server):
    article = make_article(published=False, published_at=None)
    open_form(staff, live_server, f"/admin/articles/article/{article.pk}/change/")
    expect(staff.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    staff.get_by_label("Publication date").fill("2100-01-01T09:00")
    staff.get_by_role("button", name="Schedule").click()
    staff.get_by_role("button", name="Schedule it as it is").click()
    expect(staff.get_by_text("is scheduled for 1 Jan 2100, 09:00")).to_be_visible()


def test_counters_say_what_is_too_long(staff, live_server):
    open_form(staff, live_server)
    staff.get_by_label("Headline").fill("x" * 81)
    expect(staff.locator("#id_headline_count")).to_have_text("81 / 80")
    expect(staff.locator("#id_headline_count")).to_have_attribute("data-is", "long")


def test_the_article_s_form_is_accessible(staff, live_server, axe):
    author, other = make_author(), make_article(lead_picture=make_picture())
    article = make_article(
        authors=(author,), tags=("Coast",), related=(other,), lead_picture=Picture.objects.get(), body=ROUND
    )
    open_form(staff, live_server, f"/admin/articles/article/{article.pk}/change/")
    axe(staff)
    open_form(staff, live_server)
    staff.get_by_role("combobox", name="Related articles").click()
    expect(staff.get_by_role("option").first).to_be_visible()
    axe(staff)


def test_every_kind_of_page_keeps_the_policy_and_is_accessible(staff, live_server):
    article = make_article(lead_picture=make_picture(), tags=("Coast",), authors=(make_author(),))
    for where in [
        *("", "password_change/", "articles/article/", "articles/section/", "articles/picture/", "articles/tag/"),
        *(f"articles/article/{article.pk}/{name}/" for name in ("delete", "history", "unpublish")),
        *("articles/picture/add/?_popup=1", f"articles/picture/{Picture.objects.get().pk}/change/"),
        *("articles/frontpage/1/change/", "articles/magazine/1/change/", "articles/author/add/", "articles/page/add/"),
    ]:
        if "frontpage" in where:
            staff.goto(f"{live_server}/admin/articles/frontpage/")
        staff.goto(f"{live_server}/admin/{where}")
        accessibility.check(staff, schemes=("dark",), widths=(320,))
    staff.get_by_role("button", name="Log out").click()
    staff.goto(f"{live_server}/admin/login/")
    accessibility.check(staff, schemes=("light",), widths=(1280,))
