"""A piece from the empty form to a reader who finds it, reads on, closes it and finds it again."""

import re

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.factories import make_article, make_author, make_page, make_picture, make_section, make_user, picture_file

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
SENTENCE = "The tide came in over the causeway while the town was still asleep. "
ARABIC = "عاد المدّ قبل الفجر وغطّى الطريق القديم بين القريتين. "
JAPANESE = "潮が満ちて、古い道は夜明け前に海の下に消えた。"


def log_in(page: Page, site: str) -> None:
    make_user(username="chief", password=PASSWORD)
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()


def pick(page: Page, label: str, term: str) -> None:
    page.get_by_role("combobox", name=label).fill(term)
    page.get_by_role("option", name=re.compile(term)).first.click()


def write(page: Page, *paragraphs: str) -> None:
    page.get_by_role("textbox", name="Body").click()
    for paragraph in paragraphs:
        page.keyboard.insert_text(paragraph)
        page.keyboard.press("Enter")


def upload_lead_picture(page: Page) -> None:
    with page.expect_popup() as opened:
        page.locator("#add_id_lead_picture").click()
    popup = opened.value
    file = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture_file(size=(900, 600), kind="JPEG")}
    popup.get_by_label("File").set_input_files(file)
    popup.get_by_label("Alt text").fill("Water over a road at first light")
    popup.get_by_label("Credit").fill("Photograph: Peter Lindqvist")
    popup.get_by_role("button", name="Save").click()
    expect(page.locator(".field-lead_picture .picked-item")).to_contain_text("Water over a road")


def test_staff_write_and_publish_and_a_reader_finds_reads_closes_and_searches(page, context, live_server):
    coast = make_section(name="Coast")
    make_author(name="Ines Calloway")
    for number in range(8):
        make_article(headline=f"Earlier piece {number}", section=coast)

    log_in(page, live_server.url)
    page.get_by_role("link", name="Write an article").first.click()
    page.get_by_label("Headline").fill("The road the tide takes back")
    page.get_by_label("Dek").fill("Twice a day a road goes under the sea.")
    page.get_by_label("Section").select_option("Coast")
    pick(page, "Bylines", "Ines")
    upload_lead_picture(page)
    write(page, *[f"{number}. {SENTENCE * 6}" for number in range(1, 9)], "The very last words.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("The road the tide takes back").first).to_be_visible()
    assert Article.objects.get(slug="the-road-the-tide-takes-back").published_at

    reader = context.browser.new_context(base_url=live_server.url).new_page()
    reader.goto("/")
    lead = reader.get_by_role("article").filter(has_text="The road the tide takes back").first
    expect(lead.get_by_alt_text("Water over a road at first light")).to_be_visible()
    expect(reader.get_by_text("Photograph: Peter Lindqvist").first).to_be_visible()

    reader.goto(coast.get_absolute_url())
    control = reader.locator('.keep-reading[data-headline="The road the tide takes back"]')
    expect(reader.get_by_text("The very last words.")).to_have_count(0)
    control.click()
    expect(reader.get_by_text("The very last words.")).to_be_visible()
    expect(reader).to_have_url(re.compile("/coast/the-road-the-tide-takes-back/$"))
    control.click()
    expect(reader.get_by_text("The very last words.")).to_be_hidden()

    reader.goto("/search/")
    reader.get_by_role("searchbox").fill("CAUSEWAY asleep")
    reader.get_by_role("searchbox").press("Enter")
    reader.get_by_role("link", name="The road the tide takes back").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("The road the tide takes back")
    assert not reader.context.cookies()
    reader.context.close()


@pytest.mark.parametrize(
    ("headline", "text"), [("الطريق الذي يستعيده البحر", ARABIC), ("海に沈む道", JAPANESE)], ids=["arabic", "japanese"]
)
def test_a_piece_in_any_script_is_written_published_and_read(page, live_server, headline, text):
    make_section(name="Coast")
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    page.get_by_label("Headline").fill(headline)
    page.get_by_label("Section").select_option("Coast")
    write(page, text * 20, text * 20)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish it as it is").click()
    expect(page.get_by_text(headline).first).to_be_visible()

    article = Article.objects.get()
    page.goto(f"{live_server.url}{article.get_absolute_url()}")
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    expect(page.locator(".article-body p").last).to_contain_text(text.strip())
    page.goto(f"{live_server.url}/search/?q={text.split()[0][:6]}")
    expect(page.get_by_role("link", name=headline).first).to_be_visible()


def test_every_kind_of_readers_page_is_accessible(page, live_server, axe):
    """Light and dark, on a phone and on a desktop: no rule of axe is broken on any public template."""
    coast = make_section(name="Coast")
    ann = make_author(name="Ann Hale", slug="ann")
    make_page(slug="about")
    body = f"<p>{SENTENCE * 20}</p><h2>Later</h2><ul><li><p>One</p></li></ul>"
    body += '<blockquote class="pullquote"><p>Said.</p></blockquote>'
    for number in range(14):
        picture = make_picture(alt=f"Picture {number}", size=(320, 200))
        make_article(slug=f"p{number}", section=coast, authors=(ann,), tags=("tides",), lead_picture=picture, body=body)
    addresses = ["/", "/latest/", "/coast/", "/coast/p1/", "/authors/", "/authors/ann/", "/tags/tides/", "/search/"]
    addresses += [
        "/search/?q=tide",
        "/search/?q=nothing-of-the-kind",
        "/newsletter/",
        "/newsletter/thanks/",
        "/about/",
        "/no/",
    ]
    for address in addresses:
        page.goto(f"{live_server.url}{address}")
        axe(page)
