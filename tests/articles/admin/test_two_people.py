"""Two people at one article at the same moment; only PostgreSQL lets them be there at once."""

import threading
import time

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client

from articles import editing
from articles.models import Article
from tests.articles.admin.browser import fields_of
from tests.factories import NOON, make_article, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def in_a_transaction_of_its_own(deed, hold: float) -> threading.Thread:
    """Do the deed in a thread and keep its transaction open for so many seconds."""
    done = threading.Event()

    def run():
        with transaction.atomic():
            deed()
            done.set()
            time.sleep(hold)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(10)
    return thread


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_user())
    return client


def test_a_draft_that_is_published_while_it_is_saved_stays_published_and_what_was_saved_lies_beside_it(desk):
    article = make_article(published=False, headline="As printed")
    address = f"/admin/articles/article/{article.pk}/change/"
    fields = fields_of(desk.get(address), "article_form")
    thread = in_a_transaction_of_its_own(lambda: Article.objects.get(pk=article.pk).publish(at=NOON), hold=0.5)

    answer = desk.post(address, {**fields, "headline": "Edited meanwhile", "_save": "1"})
    thread.join()

    assert answer.status_code == 302
    article.refresh_from_db()
    assert (article.status, article.headline) == ("published", "As printed")
    assert article.newest_content()["headline"] == "Edited meanwhile"


def test_two_who_delete_and_publish_the_same_articles_do_not_wait_for_each_other(desk):
    numbers = [make_article(published=False).pk for _n in range(4)]

    def publish_all():
        for article in Article.objects.filter(pk__in=numbers).held():
            article.publish(at=NOON)

    thread = in_a_transaction_of_its_own(publish_all, hold=0.5)
    choice = {"action": "delete_selected", "_selected_action": numbers[::-1], "post": "yes"}
    answer = desk.post("/admin/articles/article/", choice)
    thread.join()

    assert answer.status_code == 302
    assert not Article.objects.exists()


def test_who_may_not_publish_cannot_delete_what_is_published_meanwhile():
    writer, article = Client(), make_article(published=False)
    user = make_user(superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "delete_article"]))
    writer.force_login(user)
    thread = in_a_transaction_of_its_own(lambda: Article.objects.get(pk=article.pk).publish(at=NOON), hold=0.5)

    choice = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
    answer = writer.post("/admin/articles/article/", choice)
    thread.join()

    assert answer.status_code == 403
    assert Article.objects.published(NOON).count() == 1


def test_two_who_publish_the_same_articles_at_once_both_get_through(desk):
    articles = [make_article(published=False) for _n in range(4)]
    numbers = [article.pk for article in articles]

    def publish_all():
        for article in Article.objects.filter(pk__in=numbers).held():
            article.publish(at=NOON)

    thread = in_a_transaction_of_its_own(publish_all, hold=0.5)
    choice = {"action": "publish_selected", "_selected_action": numbers[::-1]}
    answer = desk.post("/admin/articles/article/", choice)
    thread.join()

    assert answer.status_code == 302
    assert Article.objects.published(NOON).count() == 4


def test_a_new_article_that_is_asked_for_again_before_the_first_answer_is_made_once():
    user, client = make_user(), Client()
    client.force_login(user)
    fields = fields_of(client.get("/admin/articles/article/add/"), "article_form")
    said = {"by": user, "at": NOON, "sitting": fields["sitting"]}
    thread = in_a_transaction_of_its_own(lambda: editing.begin({"headline": "Once"}, **said), hold=0.5)

    answer = client.post("/admin/articles/article/autosave/", {**fields, "headline": "Once"})
    thread.join()

    assert (answer.status_code, answer.json()["own"]) == (409, True)
    assert Article.objects.count() == 1


def test_a_new_article_that_is_saved_by_hand_before_the_first_answer_is_made_once_and_keeps_the_newer_text():
    user, client = make_user(), Client()
    client.force_login(user)
    fields = fields_of(client.get("/admin/articles/article/add/"), "article_form")
    said = {"by": user, "at": NOON, "sitting": fields["sitting"]}
    thread = in_a_transaction_of_its_own(lambda: editing.begin({"headline": "By itself"}, **said), hold=0.5)

    answer = client.post("/admin/articles/article/add/", {**fields, "headline": "By hand", "_save": "1"})
    thread.join()

    assert answer.status_code == 302
    assert Article.objects.get().headline == "By hand"
