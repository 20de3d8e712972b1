"""No edit is ever lost: two browsers, two tabs, no network, no login, a closed tab, a lost answer."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from articles.models import Article
from tests.factories import make_article, make_author, make_person, make_section, make_tag

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 12_000
"""Milliseconds in which each sees the other and a text saves itself: 10 s are promised, the rest is the machine's."""


@pytest.fixture
def desk(new_context, live_server) -> Callable[[str], Page]:
    """`desk("ann")`: a browser of that person's own, logged in."""

    def of(name: str, role: str = "Editor") -> Page:
        context = new_context(base_url=live_server.url)
        log_in(context, make_person(role=role, username=name), live_server.url)
        return context.new_page()

    return of


def log_in(context: BrowserContext, person, site: str) -> None:
    client = Client()
    client.force_login(person)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": site}]
    )


@pytest.fixture
def article() -> Article:
    return make_article(published=False, headline="The ferry", dek="The dek.", body="<p>It left at dawn.</p>")


def open_form(page: Page, article: Article | None = None) -> Page:
    page.goto(f"/admin/articles/article/{f'{article.pk}/change' if article else 'add'}/")
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Body").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def line(page: Page):
    return page.locator("[data-line]")


def waiting_text(page: Page):
    return page.get_by_role("region", name="Text that was not saved")


def expect_saved(page: Page) -> None:
    expect(line(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"), timeout=SOON)


def newest(article: Article) -> dict:
    return Article.objects.get(pk=article.pk).newest_content()


def test_two_browsers_collide_and_nothing_is_lost(desk, article, axe):
    ann, bob = open_form(desk("ann"), article), open_form(desk("bob"), article)
    expect(ann.get_by_text("bob, here since")).to_be_visible(timeout=SOON)
    expect(bob.get_by_text("ann, here since")).to_be_visible(timeout=SOON)

    bob.get_by_label("Dek").fill("Bob’s dek.")
    expect(ann.get_by_text(re.compile("bob, here since .* has unsaved changes"))).to_be_visible(timeout=SOON)
    expect_saved(bob)
    expect(line(ann)).to_contain_text("Someone else saved: bob", timeout=SOON)
    write(ann, " Ann was aboard.")
    expect(line(ann)).to_contain_text("Yours is kept on this computer", timeout=SOON)
    ann.get_by_role("button", name="See both texts").click()

    panel = ann.locator("[data-conflict]")
    expect(panel.get_by_role("heading")).to_contain_text("bob saved this article")
    expect(panel.get_by_role("group", name="Dek").get_by_label("bob’s")).to_be_checked()
    expect(panel.get_by_role("group", name="Body").get_by_label("Yours")).to_be_checked()
    axe(ann)
    ann.set_viewport_size({"width": 1280, "height": 900})
    ann.get_by_role("button", name="Save this choice").click()
    expect(ann.get_by_text("was changed successfully")).to_be_visible()
    assert newest(article)["dek"] == "Bob’s dek."
    assert newest(article)["body"] == "<p>It left at dawn. Ann was aboard.</p>"
    expect(waiting_text(ann)).to_be_hidden()

    write(bob, " Bob was not.")
    expect(line(bob)).to_contain_text("Someone else saved: ann", timeout=SOON)
    bob.get_by_role("button", name="See both texts").click()
    bob.get_by_role("button", name="Take mine").click()
    expect(bob.get_by_text("was changed successfully")).to_be_visible()
    assert newest(article)["body"] == "<p>It left at dawn. Bob was not.</p>"

    ann.get_by_label("Dek").fill("Ann’s dek.")
    ann.get_by_role("button", name="Save draft").click()
    ann.get_by_role("link", name="Take theirs").click()
    expect(ann.get_by_role("textbox", name="Body")).to_contain_text("Bob was not.")
    expect(waiting_text(ann)).to_be_hidden()
    expect(line(ann)).to_have_text("No changes")
    texts = [revision.content["dek"] for revision in article.revisions.filter(kind="aside")]
    assert "Ann’s dek." in texts


def test_two_tabs_of_one_person_see_each_other_and_do_not_overwrite_each_other(desk, article):
    one = open_form(desk("ann"), article)
    other = open_form(one.context.new_page(), article)
    expect(other.get_by_text("you, in another tab")).to_be_visible(timeout=SOON)
    other.get_by_label("Dek").fill("In the second tab.")
    expect_saved(other)
    one.bring_to_front()
    write(one, " In the first.")
    expect(line(one)).to_contain_text("Someone else saved: ann", timeout=SOON)
    expect(waiting_text(other)).to_be_hidden()
    assert newest(article)["dek"] == "In the second tab."


def test_the_network_goes_and_comes_back_and_the_text_is_there_and_saved(desk, article):
    ann = open_form(desk("ann"), article)
    ann.context.set_offline(True)
    write(ann, " Written at sea.")
    expect(line(ann)).to_have_text("Offline: kept on this computer", timeout=SOON)
    ann.get_by_role("button", name="Save draft").click()
    expect(line(ann)).to_have_text("Offline: kept on this computer")
    ann.context.set_offline(False)
    expect_saved(ann)
    assert newest(article)["body"] == "<p>It left at dawn. Written at sea.</p>"


def test_the_text_of_a_closed_tab_is_offered_on_return_with_all_its_fields(desk, article, axe):
    make_author(name="Ines Calloway")
    make_tag(name="Sea")
    make_section(name="Coast")
    ann = open_form(desk("ann"), article)
    ann.context.set_offline(True)
    ann.get_by_label("Headline").fill("The last ferry")
    ann.get_by_label("Kind").select_option("opinion")
    ann.get_by_role("combobox", name="Tags").fill("Harbour")
    ann.get_by_role("combobox", name="Tags").press(",")
    write(ann, " Nobody came.")
    expect(line(ann)).to_have_text("Offline: kept on this computer", timeout=SOON)
    context = ann.context
    ann.close()
    context.set_offline(False)

    again = open_form(context.new_page(), article)
    expect(waiting_text(again)).to_contain_text("was not saved and is on this computer")
    expect(again.get_by_label("Headline")).to_have_value("The ferry")
    again.get_by_role("button", name="See what differs").click()
    expect(waiting_text(again).locator("mark", has_text="Nobody came.")).to_be_visible()
    axe(again, schemes=("light",), widths=(1280,))
    again.set_viewport_size({"width": 1280, "height": 900})
    again.get_by_role("button", name="Put it in").click()
    expect(again.get_by_label("Headline")).to_have_value("The last ferry")
    expect(again.get_by_role("textbox", name="Body")).to_contain_text("Nobody came.")
    expect(again.locator(".field-tags .picked-tag")).to_contain_text("Harbour")
    expect_saved(again)
    saved = newest(article)
    assert (saved["headline"], saved["kind"], saved["tags"]) == ("The last ferry", "opinion", ["Harbour"])
    open_form(again, article)
    expect(line(again)).to_have_text("No changes")
    expect(waiting_text(again)).to_be_hidden()


@pytest.mark.parametrize(("room", "asked"), [(True, []), (False, ["beforeunload"])], ids=["kept", "no room"])
def test_only_what_is_kept_nowhere_holds_somebody_back_who_leaves(desk, article, room, asked):
    ann, dialogs = desk("ann"), []
    ann.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    if not room:
        ann.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }")
    open_form(ann, article)
    ann.context.set_offline(True)
    write(ann, " At sea.")
    expect(line(ann)).to_contain_text("no room" if not room else "Offline", timeout=SOON)
    with ann.expect_event("close"):
        ann.close(run_before_unload=True)
    assert dialogs == asked


def test_a_login_that_ended_keeps_the_text_and_saves_it_after_the_next_login(desk, article, live_server):
    ann = open_form(desk("ann"), article)
    person = article.revisions.model._meta.get_field("by").related_model.objects.get(username="ann")
    Session.objects.all().delete()
    write(ann, " The night was long.")
    expect(line(ann)).to_contain_text("You are logged out: kept on this computer", timeout=SOON)
    expect(ann.get_by_role("link", name="Log in in another tab")).to_be_visible()

    with ann.context.expect_page() as opened:
        ann.get_by_role("link", name="Log in in another tab").click()
    tab = opened.value
    tab.get_by_label("Username").fill(person.username)
    tab.get_by_label("Password").fill("correct horse battery")
    tab.get_by_role("button", name="Log in").click()
    expect(tab.get_by_role("heading", name="The desk")).to_be_visible()
    tab.close()
    ann.bring_to_front()
    expect_saved(ann)
    assert newest(article)["body"] == "<p>It left at dawn. The night was long.</p>"
    ann.get_by_role("button", name="Save draft").click()
    expect(ann.get_by_text("was changed successfully")).to_be_visible()


def test_a_new_article_is_made_once_though_the_first_answer_is_lost(desk):
    ann = open_form(desk("ann"))
    lost = []

    def lose_the_first(route):
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    ann.route("**/article/autosave/", lose_the_first)
    ann.get_by_label("Headline").fill("A piece of one")
    write(ann, "First words.")
    expect_saved(ann)
    assert lost
    article = Article.objects.get()
    expect(ann).to_have_url(re.compile(f"/{article.pk}/change/$"))
    write(ann, " More of them.")
    expect(line(ann)).to_have_text("Not saved yet")
    ann.get_by_role("button", name="Save draft").click()
    expect(ann.get_by_text("was changed successfully")).to_be_visible()
    assert Article.objects.get().body == "<p>First words. More of them.</p>"
    expect(waiting_text(ann)).to_be_hidden()


def test_what_one_keeps_to_themselves_the_other_takes_over_and_both_see_it(desk, article, axe):
    ann, bob = open_form(desk("ann"), article), open_form(desk("bob"), article)
    ann.get_by_role("button", name="Keep it to myself").click()
    expect(ann.get_by_text("You keep this article to yourself since")).to_be_visible()
    expect(line(bob)).to_contain_text("ann keeps this article to themselves", timeout=SOON)
    write(bob, " Bob’s words.")
    bob.get_by_role("button", name="Save draft").click()
    expect(bob.get_by_role("heading", name="Not saved: somebody keeps")).to_be_visible()
    expect(bob.get_by_role("textbox", name="Body")).to_contain_text("Bob’s words.")
    axe(bob, schemes=("dark",), widths=(320,))
    bob.set_viewport_size({"width": 1280, "height": 900})

    bob.get_by_role("button", name="Take over …").click()
    bob.get_by_role("dialog").get_by_role("button", name="Take over").click()
    expect(bob.get_by_text("You keep this article to yourself since")).to_be_visible()
    expect(line(ann)).to_contain_text("bob took this article over", timeout=SOON)
    bob.get_by_role("button", name="Save draft").click()
    expect(bob.get_by_text("was changed successfully")).to_be_visible()
    assert newest(article)["body"] == "<p>It left at dawn. Bob’s words.</p>"
    bob.get_by_role("button", name="Give it back").click()
    expect(line(ann)).to_contain_text("Someone else saved: bob", timeout=SOON)


def test_who_may_only_look_meets_no_script_that_fails(desk):
    faults: list[str] = []
    reader = desk("connie", role="Contributor")
    reader.on("pageerror", lambda fault: faults.append(str(fault)))
    article = make_article(headline="Live")
    for address in (f"/admin/articles/article/{article.pk}/change/", "/admin/articles/article/"):
        reader.goto(address)
        expect(reader.get_by_text("Live").first).to_be_visible()
    assert not faults
