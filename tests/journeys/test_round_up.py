"""The whole way of the round-up: a reader signs up, staff make and send an issue, the reader leaves by one click."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Magazine
from newsletter import roundup, sending
from newsletter.jobs import JOBS
from newsletter.models import Consent, Issue, Newsletter, Said, Subscriber
from newsletter.working import Work, new_name
from tests.factories import make_article, make_person, make_section
from tests.newsletter.sink import Received, Sink

pytestmark = pytest.mark.django_db(transaction=True)

READER, STAYS = "reader@example.org", "other@example.net"


@pytest.fixture
def folder(settings, tmp_path, live_server) -> Path:
    """Where mail is written as on a laptop; the links in it lead to the site of this test."""
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


@pytest.fixture
def magazine(db) -> Magazine:
    magazine = Magazine.objects.current()
    magazine.name, magazine.postal_address = "The Causeway", "9 Ropewalk Quay\nSaltholm"
    magazine.newsletter_blurb = "One letter, on Fridays."
    magazine.save()
    Newsletter.objects.update_or_create(pk=1, defaults={"fewest_pieces": 2, "test_addresses": "desk@example.org"})
    publish("Kelp on the quay", "Rivets by night", "A bread that waits")
    return magazine


def publish(*headlines: str) -> None:
    section = make_section()
    for headline in headlines:
        make_article(headline=headline, section=section, published_at=timezone.now())


def work() -> None:
    """What a worker does in one round."""
    assert Work(jobs=JOBS, owner=new_name(), clock=timezone.now).once()


def newest_mail(folder: Path, to: str) -> EmailMessage:
    """The last mail to an address in the folder; a file may hold several, each ended by a line of hyphens."""
    files = sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
    texts = [
        text.lstrip("\n") for path in files for text in re.split(r"(?m)^-{79}\n", path.read_text()) if text.strip()
    ]
    mails = [email.message_from_string(text, policy=email.policy.default) for text in texts]
    return [mail for mail in mails if to in mail["To"]][-1]


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def parsed(received: Received) -> EmailMessage:
    return email.message_from_bytes(received.data, policy=email.policy.default)


def make_and_schedule(page: Page, address: str, folder: Path) -> None:
    """What somebody at the desk does between coffee and the first mail."""
    page.goto(f"{address}/admin/newsletter/issue/")
    page.get_by_role("button", name="Make this week’s draft").click()
    page.get_by_label("Subject").fill("The week of the kelp")
    page.get_by_label("Preheader").fill("And of the rivets.")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.frame_locator("iframe").first.get_by_text("Kelp on the quay").first).to_be_visible()
    form = f"{address}/admin/newsletter/issue/{Issue.objects.get().pk}/change/"
    page.goto(form)
    page.get_by_role("button", name="Save and test").click()
    page.get_by_role("button", name="Send the test").click()
    expect(page.locator(".messagelist")).to_contain_text("The test went to 1 address")
    assert newest_mail(folder, "desk@example.org")["Subject"] == "[Test] The week of the kelp"
    page.goto(form)
    page.get_by_role("button", name="Save and schedule …").click()
    page.get_by_label("Now").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send it to 2 readers").click()
    expect(page.locator("body")).to_contain_text("Scheduled")


def test_a_reader_signs_up_gets_the_round_up_leaves_by_one_click_and_the_next_issue_skips_them(
    page, new_context, live_server, folder, magazine, settings
):
    # A reader signs up, and confirms in the same browser.
    page.goto(live_server.url)
    page.get_by_label("Your e-mail address").fill(READER)
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator(".newsletter [role=status]")).to_contain_text("Thank you")
    work()
    assert not Subscriber.objects.mailable(timezone.now()).exists()
    page.goto(re.search(r"\S+/newsletter/confirm/\S+", text_of(newest_mail(folder, READER)))[0])
    expect(page.locator("h1")).to_contain_text("Welcome")
    reader = Subscriber.objects.mailable(timezone.now()).get()
    assert "One letter, on Fridays." in Consent.objects.filter(key=reader.key).last().wording.text
    Subscriber.objects.note_pending(STAYS, timezone.now()).confirm(timezone.now(), Said())

    # Staff make the issue, look at it, send themselves a test, and let it go.
    make_person(role="Publisher", username="publisher")
    desk = new_context().new_page()
    desk.goto(f"{live_server.url}/admin/")
    desk.get_by_label("Username").fill("publisher")
    desk.get_by_label("Password").fill("correct horse battery")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="The desk")).to_be_visible()
    make_and_schedule(desk, live_server.url, folder)

    # A worker sends it to a real mail server; then the reader's mail program leaves by one click.
    with Sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
        work()
        assert sorted(received.recipient for received in sink.messages) == [STAYS, READER]
        mine = next(parsed(received) for received in sink.messages if received.recipient == READER)
        assert mine["Subject"] == "The week of the kelp"
        assert "Kelp on the quay" in mine.get_body(("html",)).get_content()
        assert mine["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = urlsplit(mine["List-Unsubscribe"].strip("<>"))
        answer = Client(enforce_csrf_checks=True).post(link.path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.cookies.output()) == (200, "")

        publish("Gulls in council", "Three ropes")
        following = roundup.compose(roundup.since_last(timezone.now()), timezone.now())
        sending.schedule(following, timezone.now(), by=None, at=timezone.now())
        work()
        assert [received.recipient for received in sink.messages][2:] == [STAYS]

    assert list(Issue.objects.archived().values_list("state", flat=True)) == ["sent", "sent"]
    page.goto(f"{live_server.url}/newsletter/issues/")
    expect(page.locator("main")).to_contain_text("The week of the kelp")
