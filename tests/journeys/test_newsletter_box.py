"""A reader signs up in the box that stands on every page, confirms, sees to their preferences, and leaves."""

import email
import email.policy
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Magazine
from newsletter.models import SignUp
from tests.newsletter.letterbox import answer, confirm_link, deeds, leave_link, link, make_reader, state_of, wish

pytestmark = pytest.mark.django_db(transaction=True)


def sign_up(page: Page, address: str = "reader@example.org") -> None:
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Sign up").click()


def test_the_box_answers_where_it_stands(page, live_server):
    page.goto(live_server.url)
    sign_up(page)
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")
    expect(page.locator(".newsletter [role=status]")).to_be_focused()
    expect(page).to_have_url(f"{live_server.url}/")
    wish = SignUp.objects.get()
    assert (wish.email, wish.page, wish.network) == ("reader@example.org", "/", "127.0.0.1")


def test_a_slip_is_said_beside_the_field_and_can_be_mended(page, live_server):
    page.goto(live_server.url)
    field = page.get_by_label("Your e-mail address")
    sign_up(page, "reader")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("! That is not an e-mail address. It looks like name@example.org.")
    field.fill("reader@example.org")
    page.keyboard.press("Enter")
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")


def test_without_javascript_it_is_a_form_like_any_other(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    sign_up(page)
    expect(page.locator("h1")).to_have_text("Thank you")
    assert SignUp.objects.count() == 1


def test_a_reader_who_is_merely_quick_presses_once(page, live_server):
    page.goto(f"{live_server.url}/newsletter/")
    sign_up(page)
    expect(page.locator("form [role=status]")).to_contain_text("Thank you")
    assert SignUp.objects.count() == 1


def test_and_without_javascript_is_asked_kindly_to_press_again(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/newsletter/")
    sign_up(page)
    expect(page.get_by_text("press the button once more")).to_be_visible()
    expect(page.get_by_label("Your e-mail address")).to_have_value("reader@example.org")
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("h1")).to_have_text("Thank you")


def test_who_has_old_words_before_them_is_shown_the_new_ones_before_they_agree(page, live_server):
    page.goto(live_server.url)
    magazine = Magazine.objects.current()
    magazine.newsletter_blurb = "Every day from now on."
    magazine.save()
    sign_up(page)
    expect(page.get_by_text("Every day from now on.")).to_be_visible()
    expect(page.get_by_label("Your e-mail address")).to_have_value("reader@example.org")
    assert not SignUp.objects.exists()
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("form [role=status]")).to_contain_text("Thank you")
    assert "Every day from now on." in SignUp.objects.get().wording.text


def test_too_many_from_one_network_are_told_in_place_and_can_try_later(page, live_server):
    for number in range(5):
        wish(email=f"{number}@example.org", network="127.0.0.1")
    page.goto(live_server.url)
    sign_up(page)
    expect(page.locator(".newsletter [role=status]")).to_contain_text("again in an hour")
    expect(page.get_by_label("Your e-mail address")).to_be_visible()


def test_pages_give_nobody_a_cookie_and_a_sign_up_one_that_lasts_a_day(page, context, live_server):
    page.goto(live_server.url)
    page.goto(f"{live_server.url}/newsletter/")
    assert context.cookies() == []
    page.goto(live_server.url)
    sign_up(page)
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["path"], cookie["httpOnly"]) == ("newsletter_sign_up", "/newsletter/", True)


def test_a_reader_signs_up_confirms_pauses_takes_a_copy_moves_and_leaves(page, live_server, settings, tmp_path):
    """With the mails in a folder, as on a laptop where nothing is configured."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    page.goto(live_server.url)
    sign_up(page)
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")

    page.goto(live_server.url + opened(tmp_path, "confirm"))
    expect(page.locator("h1")).to_have_text("Welcome")  # the browser that signed up presses no button
    assert state_of() == "active"

    page.get_by_role("link", name="Change your address, pause or leave").click()
    page.get_by_label("The address the newsletter comes to").fill("reader@example.org")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("a mail with the link comes")).to_be_visible()
    page.goto(live_server.url + opened(tmp_path, "preferences"))
    page.get_by_role("button", name="Pause for four weeks").click()
    expect(page.get_by_role("status").first).to_contain_text("no newsletter for four weeks")
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("You get the newsletter.")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Take a copy").click()
    assert json.loads(Path(download.value.path()).read_text())["subscriber"]["email"] == "reader@example.org"

    page.get_by_label("New address").fill("new@example.org")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("status").first).to_contain_text("written to the new address")
    page.goto(live_server.url + opened(tmp_path, "address"))
    page.get_by_role("button", name="Use this address").click()
    expect(page.locator("h1")).to_have_text("Done")
    assert (state_of(), state_of("new@example.org")) == ("unknown", "active")

    page.goto(live_server.url + leave_link(make_reader(email="new@example.org")))
    page.get_by_role("button", name="Leave").click()
    expect(page.locator("h1")).to_have_text("You have left")
    assert state_of("new@example.org") == "unsubscribed"
    assert deeds() == ["signed_up", "confirmed", "paused", "went_on", "exported", "moved_away"]


def opened(folder: Path, kind: str) -> str:
    """The worker writes the mail; the path of the link in the newest one in the folder."""
    SignUp.objects.exclude(mailed_at=None).update(mailed_at=timezone.now() - timedelta(minutes=11))
    before = set(folder.iterdir())
    assert answer() == 1
    (written,) = set(folder.iterdir()) - before
    message = email.message_from_bytes(written.read_bytes().rsplit(b"-" * 79, 1)[0], policy=email.policy.default)
    return re.search(rf"/newsletter/{kind}/\S+", message.get_body(("plain",)).get_content())[0]


def test_another_browser_confirms_by_the_button(new_context, live_server):
    path = confirm_link()
    page = new_context().new_page()
    page.goto(live_server.url + path)
    assert state_of() == "pending"
    page.get_by_role("button", name="Yes, send me the newsletter").click()
    expect(page.locator("h1")).to_have_text("Welcome")
    assert state_of() == "active"


def test_without_javascript_the_same_browser_has_the_button(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    sign_up(page)
    expect(page.locator("h1")).to_have_text("Thank you")
    assert answer() == 1
    page.goto(live_server.url + link("confirm"))
    page.get_by_role("button", name="Yes, send me the newsletter").click()
    expect(page.locator("h1")).to_have_text("Welcome")


def test_a_reader_has_themselves_erased_in_two_steps(page, live_server):
    make_reader()
    wish(kind="preferences")
    answer()
    page.goto(live_server.url + link("preferences"))
    page.get_by_role("button", name="Erase me…").click()
    expect(page.locator("h1")).to_have_text("Erase everything?")
    page.get_by_role("button", name="Erase me").click()
    expect(page.locator("h1")).to_have_text("Erased")
    assert state_of() == "unknown"


def test_every_page_of_the_newsletter_is_accessible(page, live_server, axe):
    make_reader(email="taken@example.org")
    reader = make_reader(email="here@example.org")
    paths = {}
    for kind, said in {
        "address": {"kind": "address", "email": "taken@example.org", "subscriber": reader},
        "preferences": {"kind": "preferences", "email": "here@example.org"},
        "not-me": {"email": "new@example.org"},
    }.items():
        wish(**said)
        assert answer() == 1
        paths[kind] = link(kind)
    looks = [paths["preferences"], link("confirm"), "/newsletter/preferences/", "/newsletter/confirm/forged/"]
    for address in looks:
        page.goto(live_server.url + address)
        axe(page)
    presses = {
        paths["preferences"]: ["Change it", "Erase me…"],
        paths["address"]: ["Use this address"],
        "/newsletter/leave/forged/": ["Leave"],
    }
    for address, buttons in presses.items():
        for button in buttons:
            page.goto(live_server.url + address)
            page.get_by_role("button", name=button).click()
            axe(page)
