"""A reader signs up in the box that stands on every page."""

import pytest
from playwright.sync_api import expect

from newsletter.models import Subscriber

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_box_answers_where_it_stands(page, live_server):
    page.goto(live_server.url)
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")
    expect(page.locator(".newsletter [role=status]")).to_be_focused()
    expect(page).to_have_url(f"{live_server.url}/")
    assert Subscriber.objects.get().email == "reader@example.org"


def test_a_slip_is_said_beside_the_field_and_can_be_mended(page, live_server):
    page.goto(live_server.url)
    field = page.get_by_label("Your e-mail address")
    field.fill("reader")
    page.get_by_role("button", name="Sign up").click()
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("! That is not an e-mail address. It looks like name@example.org.")
    field.fill("reader@example.org")
    page.keyboard.press("Enter")
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")


def test_without_javascript_it_is_a_form_like_any_other(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    assert Subscriber.objects.count() == 1


def test_nobody_is_given_a_cookie(page, context, live_server):
    page.goto(live_server.url)
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")
    assert context.cookies() == []
