"""A reader's issue, as a browser shows it: the mail itself, and its page in the archive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import mail
from tests.newsletter.paper import make_issue, make_magazine, make_pieces

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "https://example.org/a/long/address/that/somebody/pasted/where/a/headline/goes/without/any/spaces/in/it"


def test_the_mail_and_its_page_can_be_read_by_everybody_on_any_screen(page, live_server, axe, settings):
    settings.SITE_URL = live_server.url
    make_magazine()
    at = timezone.now() - timedelta(hours=1)
    issue = make_issue(
        *make_pieces(count=5, before=at, pictures=True),
        at=at,
        intro='<p>Good morning. See <a href="/latest/">the latest</a>.</p>',
        outro="<p>Good night.</p>",
    )
    issue.items.filter(position=2).update(title=LONG)
    mail.freeze(issue, at)
    for move in ("schedule", "prepare", "send"):
        issue.move(move, at)

    for address in ("/newsletter/issues/", issue.get_absolute_url()):
        page.goto(live_server.url + address)
        axe(page)

    page.goto("about:blank")
    page.set_content(issue.html)
    axe(page)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 28)"
    sources = page.locator("img").evaluate_all("all => all.map(each => each.src)")
    assert [page.request.get(source).status for source in sources] == [200] * 5
