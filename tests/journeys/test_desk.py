"""A piece through the hands of a contributor, an editor and a publisher to a reader, and on while it is read."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from articles import comments, editing, notices
from articles.models import Article, Comment
from articles.workflow import Stage
from tests.factories import NOON, make_article, make_person, make_section

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
OPENING = "The tide comes in over the causeway twice a day, whoever is on it."
VAGUE = "Somebody says that the road will be closed for good."
NAMED = "The harbour master says that the road will be closed for good."
LATER = "The harbour master says that the road will stay."


def text_of(page: Page):
    return page.get_by_role("textbox", name="Body")


@pytest.fixture
def at_the_desk(context, live_server, settings):
    """`at_the_desk("ann")`: the browser of somebody who has logged in."""
    settings.SITE_URL = live_server.url
    browser: Browser = context.browser
    opened = []

    def log_in(username: str) -> Page:
        own = browser.new_context(base_url=live_server.url, locale="en-GB", reduced_motion="reduce")
        own.set_default_timeout(15_000)
        opened.append(own)
        page = own.new_page()
        page.goto("/admin/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="The desk")).to_be_visible()
        return page

    yield log_in
    for own in opened:
        own.close()


def form_of(page: Page, article: Article) -> None:
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()


def paragraph(page: Page, words: str):
    return text_of(page).locator("p", has_text=words)


def rewrite(page: Page, words: str, better: str) -> None:
    paragraph(page, words).click(click_count=3)
    page.keyboard.insert_text(better)


def link_in_last_mail_to(address: str) -> str:
    letter = [letter for letter in mail.outbox if letter.to == [address]][-1]
    return re.search(r"https?://\S+/articles/article/\S+", letter.body)[0]


def test_a_piece_is_written_reviewed_mended_published_and_changed_while_readers_read_it(page, live_server, at_the_desk):
    make_section(name="Coast")
    for name, role in (("ann", "Contributor"), ("ed", "Editor"), ("paul", "Publisher")):
        make_person(role=role, username=name)

    # Ann writes it and hands it in; she is not offered to publish it.
    ann = at_the_desk("ann")
    ann.get_by_role("link", name="Write an article").first.click()
    ann.get_by_label("Headline").fill("The road the tide takes back")
    ann.get_by_label("Section").select_option("Coast")
    text_of(ann).click()
    ann.keyboard.insert_text(OPENING)
    ann.keyboard.press("Enter")
    ann.keyboard.insert_text(VAGUE)
    expect(ann.get_by_role("button", name="Publish")).to_have_count(0)
    ann.get_by_role("button", name="Submit for review").click()
    expect(ann.get_by_text("Submitted for review.")).to_be_visible()
    expect(ann.get_by_role("button", name="Publish")).to_have_count(0)
    article = Article.objects.get()

    # Ed is told by e-mail, says at the second paragraph what is missing, and sends it back.
    ed = at_the_desk("ed")
    ed.goto(link_in_last_mail_to("ed@example.org"))
    paragraph(ed, VAGUE).click()
    ed.get_by_role("button", name="Comment on this paragraph").click()
    ed.keyboard.insert_text("Who says so?")
    ed.get_by_role("button", name="Comment", exact=True).click()
    thread = ed.locator("#talk .thread", has_text="Who says so?")
    expect(thread).to_contain_text(VAGUE)
    expect(ed.get_by_role("button", name="Comments on this paragraph: 1")).to_be_visible()
    ed.get_by_role("link", name="Ask for changes").click()
    ed.get_by_label("Note").fill("One name is missing.")
    ed.get_by_role("button", name="Ask for changes").click()
    expect(ed.get_by_text("Changes were asked for.")).to_be_visible()

    # Ann finds it for her on the desk, is led to the paragraph, mends it, answers and hands it in again.
    ann.goto("/admin/")
    waiting = ann.get_by_role("region", name="For you")
    expect(waiting).to_contain_text("One name is missing.")
    waiting.get_by_role("link", name="The road the tide takes back").first.click()
    expect(ann.get_by_role("button", name="Comments on this paragraph: 1")).to_be_visible()
    thread = ann.locator("#talk .thread", has_text="Who says so?")
    thread.get_by_role("link", name="¶ 2").click()
    expect(paragraph(ann, VAGUE)).to_be_in_viewport()
    rewrite(ann, VAGUE, NAMED)
    thread.get_by_text("Answer", exact=True).click()
    thread.get_by_role("textbox").fill("The harbour master; it is in now.")
    thread.get_by_role("button", name="Send answer").click()
    expect(thread.locator(".remark-answer")).to_contain_text("it is in now")
    expect(paragraph(ann, NAMED)).to_be_visible()
    ann.get_by_role("button", name="Submit for review").click()
    expect(ann.get_by_text("Submitted for review.")).to_be_visible()

    # Ed sees the answer at the paragraph that was mended, and approves.
    form_of(ed, article)
    thread = ed.locator("#talk .thread", has_text="it is in now")
    expect(thread.get_by_role("link", name="¶ 2")).to_be_visible()
    thread.get_by_role("button", name="Resolve").click()
    expect(ed.get_by_text("Resolved (1)")).to_be_visible()
    ed.get_by_role("link", name="Approve").click()
    ed.get_by_role("button", name="Approve").click()
    expect(ed.get_by_text("Approved.", exact=True)).to_be_visible()

    # Paul publishes it though it has no picture yet, and a reader reads.
    paul = at_the_desk("paul")
    form_of(paul, article)
    paul.get_by_role("button", name="Publish", exact=True).click()
    paul.get_by_role("button", name="Publish it as it is").click()
    expect(paul.get_by_text("is live.")).to_be_visible()
    article.refresh_from_db()
    page.goto(f"{live_server.url}{article.get_absolute_url()}")
    expect(page.get_by_text(NAMED)).to_be_visible()

    # It is changed as a draft, and the reader goes on reading what was published.
    form_of(ed, article)
    rewrite(ed, NAMED, LATER)
    ed.get_by_role("button", name="Save draft").click()
    expect(ed.get_by_text("was changed successfully")).to_be_visible()
    page.reload()
    expect(page.get_by_text(NAMED)).to_be_visible()
    expect(page.get_by_text(LATER)).to_have_count(0)

    # Published, the change is what readers read.
    form_of(paul, article)
    expect(paragraph(paul, LATER)).to_be_visible()
    paul.get_by_role("button", name="Publish changes").click()
    paul.get_by_role("button", name="Publish the changes as they are").click()
    expect(paul.get_by_text("is live.")).to_be_visible()
    page.reload()
    expect(page.get_by_text(LATER)).to_be_visible()


# ---------------------------------------------------------------- the panel and the pages, looked at closely


BODY = f"<p>{OPENING}</p><p>{VAGUE}</p><p>Boats go round.</p>"


@pytest.fixture
def spoken_of(db) -> Article:
    """A draft in review, with a comment on its second paragraph that mentions ed, and one that is resolved."""
    ann, ed = make_person(role="Contributor", username="ann"), make_person(role="Editor", username="ed")
    article = make_article(headline="The road", body=BODY, published=False, created_by=ann)
    editing.add(article, article.content(), by=ann, at=NOON)
    Article.objects.filter(pk=article.pk).mark(stage=Stage.IN_REVIEW)
    first = comments.say(article.latest_revision, "@ed who says so?", at=NOON, by=ann, block=2)
    notices.commented(first, by=ann, at=NOON)
    comments.say(article.latest_revision, "I do.", at=NOON, by=ed, parent=first)
    comments.resolve(comments.say(article.latest_revision, "Done.", at=NOON, by=ed, block=1), by=ed, at=NOON)
    return article


def test_the_form_with_comments_their_page_and_what_waits_are_accessible(spoken_of, at_the_desk, axe):
    ed = at_the_desk("ed")
    form_of(ed, spoken_of)
    paragraph(ed, VAGUE).click()
    expect(ed.get_by_role("button", name="Comment on this paragraph")).to_be_visible()
    axe(ed)
    for address in (f"/admin/articles/article/{spoken_of.pk}/talk/", "/admin/mine/", "/admin/"):
        ed.goto(address)
        axe(ed)


def test_a_comment_finds_the_paragraph_that_unsaved_typing_has_moved(spoken_of, at_the_desk):
    ed = at_the_desk("ed")
    form_of(ed, spoken_of)
    paragraph(ed, OPENING).click()
    ed.keyboard.press("Home")
    ed.keyboard.insert_text("A paragraph on top that nobody has saved.")
    ed.keyboard.press("Enter")
    paragraph(ed, "Boats go round.").click()
    ed.keyboard.press("ControlOrMeta+Alt+m")
    ed.keyboard.insert_text("Which boats?")
    ed.get_by_role("button", name="Comment", exact=True).click()
    expect(ed.locator("#talk .thread", has_text="Which boats?")).to_contain_text("Boats go round.")
    assert Comment.objects.get(text="Which boats?").block == 3
    expect(ed.get_by_role("button", name="Comments on this paragraph: 1")).to_have_count(2)
    expect(paragraph(ed, "nobody has saved")).to_be_visible()


def test_words_that_could_not_be_sent_stay_and_the_panel_says_why(spoken_of, at_the_desk):
    ed = at_the_desk("ed")
    form_of(ed, spoken_of)
    ed.get_by_label("Your comment").fill("A long thought.")
    ed.context.set_offline(True)
    ed.get_by_role("button", name="Comment", exact=True).click()
    expect(ed.locator("#talk [role=status]")).to_contain_text("Your words are still here")
    ed.context.set_offline(False)
    ed.context.clear_cookies()
    ed.get_by_role("button", name="Comment", exact=True).click()
    expect(ed.locator("#talk [role=status]")).to_contain_text("logged out")
    expect(ed.get_by_label("Your comment")).to_have_value("A long thought.")
    other_tab = ed.context.new_page()
    other_tab.goto("/admin/")
    other_tab.get_by_label("Username").fill("ed")
    other_tab.get_by_label("Password").fill(PASSWORD)
    other_tab.get_by_role("button", name="Log in").click()
    expect(other_tab.get_by_role("heading", name="The desk")).to_be_visible()
    ed.get_by_role("button", name="Comment", exact=True).click()
    expect(ed.locator("#talk .thread", has_text="A long thought.")).to_be_visible()
    expect(ed.get_by_label("Your comment")).to_have_value("")


def test_an_at_is_completed_by_the_keyboard(spoken_of, at_the_desk):
    ed = at_the_desk("ed")
    form_of(ed, spoken_of)
    field = ed.get_by_label("Your comment")
    field.click()
    ed.keyboard.type("Look, @a")
    expect(ed.get_by_role("option", name="@ann")).to_have_attribute("aria-selected", "true")
    ed.keyboard.press("Enter")
    expect(field).to_have_value("Look, @ann ")


def test_without_a_script_the_page_of_the_comments_does_it_all(spoken_of, at_the_desk, browser, live_server):
    cookies = at_the_desk("ed").context.cookies()
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(f"/admin/articles/article/{spoken_of.pk}/change/")
    expect(page.locator(".talk-write")).to_be_hidden()
    page.get_by_role("link", name="Read the text with its comments").click()
    place = page.get_by_role("region", name="Paragraph 3")
    place.locator("summary").click()
    place.get_by_role("textbox").fill("Which boats?")
    place.get_by_role("button", name="Comment").click()
    expect(place.locator(".thread")).to_contain_text("Which boats?")
    place.get_by_role("button", name="Resolve").click()
    expect(place.get_by_text("Resolved (1)")).to_be_visible()
    plain.close()
