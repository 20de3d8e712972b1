"""Those who send are told, once an hour for one reason; and the desk says what is missing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Notice
from newsletter import alerts
from newsletter.models import Worker
from tests.factories import NOON, make_person, make_user

pytestmark = pytest.mark.django_db

MISSING, FOLDER = "No worker is running", "each mail is a file in"


def tell(at=NOON, reason="paused") -> bool:
    return alerts.tell("It stopped.", reason=reason, title="The week", address="/admin/", at=at)


def test_those_who_may_send_are_told_and_nobody_else():
    chief, sender = make_user(username="chief"), make_person(role="Publisher", username="publisher")
    make_person(role="Contributor")
    make_user(superuser=False)
    assert tell()
    may = {user.username for user in (chief, sender) if user.has_perm("newsletter.send_issue")}
    assert set(Notice.objects.values_list("user__username", flat=True)) == may


def test_one_reason_is_told_once_an_hour():
    make_user()
    assert [tell(NOON + timedelta(minutes=minutes)) for minutes in (0, 1, 59, 61)] == [True, False, False, True]
    assert tell(NOON + timedelta(minutes=62), reason="missed")
    assert Notice.objects.count() == 3


@pytest.mark.parametrize("name", ["admin:index", "admin:newsletter_subscriber_changelist"])
def test_the_desk_says_when_no_worker_is_running(client, name):
    client.force_login(make_user())
    assert MISSING in client.get(reverse(name)).content.decode()
    Worker.objects.beat("one", timezone.now())
    assert MISSING not in client.get(reverse(name)).content.decode()


def test_who_has_nothing_to_do_with_the_newsletter_hears_nothing_of_workers(client):
    client.force_login(make_person(role="Contributor"))
    assert MISSING not in client.get(reverse("admin:index")).content.decode()


def test_it_costs_one_query_and_only_where_it_is_said(client):
    client.force_login(make_user())
    for name, asked in (("admin:newsletter_subscriber_changelist", 1), ("admin:articles_article_changelist", 0)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(name))
        assert sum("newsletter_worker" in query["sql"] for query in queries) == asked


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("django.core.mail.backends.filebased.EmailBackend", "each mail is a file in /srv/mail"),
        ("django.core.mail.backends.console.EmailBackend", "where the site was started"),
        ("django.core.mail.backends.dummy.EmailBackend", "goes nowhere"),
        ("django.core.mail.backends.smtp.EmailBackend", ""),
        ("anymail.backends.postmark.EmailBackend", ""),
    ],
)
def test_the_desk_says_where_mail_goes_when_it_goes_to_nobody(client, settings, backend, words):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = backend, "/srv/mail"
    client.force_login(make_user())
    page = client.get(reverse("admin:newsletter_subscriber_changelist")).content.decode()
    assert (words in page) if words else ("No mail server" not in page)


def test_the_site_is_healthy_without_a_worker(client):
    assert client.get("/healthz/").status_code == 200
