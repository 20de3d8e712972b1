"""What the server promises to a form that saves by itself; tests/journeys/test_saving.py shows it in a browser."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import editing, presence
from articles.models import Article, AuditEntry, Revision
from articles.models.presence import Presence
from tests.articles.admin.browser import fields_of
from tests.factories import NOON, make_article, make_author, make_person, make_picture, make_section, make_tag

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"


def page(name: str, article: Article | None = None) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk] if article else [])


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def ann():
    return client_of(make_person(role="Editor", username="ann"))


@pytest.fixture
def bob():
    return client_of(make_person(role="Editor", username="bob"))


@pytest.fixture
def article():
    return make_article(published=False, headline="As it was", body="<p>First words of the piece.</p>")


def opened(client: Client, address: str) -> dict:
    return fields_of(client.get(address), "article_form")


def form_of(client: Client, article: Article) -> dict:
    return opened(client, page("change", article))


def newest(article: Article) -> dict:
    return Article.objects.get(pk=article.pk).newest_content()


# ---------------------------------------------------------------- a new article


def test_a_new_article_is_made_once_however_often_the_browser_asks(ann):
    fields = {**opened(ann, ADD), "headline": "Where the tide ends"}
    first = ann.post(page("autosave_new"), fields).json()
    again = ann.post(page("autosave_new"), fields)
    assert Article.objects.count() == 1
    assert first["number"] == 1
    assert again.status_code == 409
    assert (again.json()["own"], again.json()["number"]) == (True, 1)
    assert again.json()["addresses"] == first["addresses"]
    assert first["addresses"]["change"] == page("change", Article.objects.get())


def test_nothing_is_made_of_an_empty_form(ann):
    answer = ann.post(page("autosave_new"), {**opened(ann, ADD), "headline": " ", "dek": "A dek."})
    assert answer.json()["number"] == 0
    assert not Article.objects.exists()


def test_save_draft_after_a_lost_answer_saves_into_the_article_that_was_begun(ann):
    fields = {**opened(ann, ADD), "headline": "Begun"}
    ann.post(page("autosave_new"), fields)
    ann.post(ADD, {**fields, "headline": "Meant", "_continue": "1"})
    article = Article.objects.get()
    assert article.headline == "Meant"
    assert [revision.kind for revision in article.revisions.order_by("number")] == ["autosave", "save"]


def test_a_sitting_of_one_person_is_none_of_anothers(ann, bob):
    fields = {**opened(ann, ADD), "headline": "Ann’s secret"}
    ann.post(page("autosave_new"), fields)
    answer = bob.post(page("autosave_new"), {**fields, "headline": "Bob’s own"})
    assert answer.json()["number"] == 1
    assert Article.objects.count() == 2
    assert "secret" not in str(bob.post(page("kept_new"), {**fields, "headline": "Bob’s"}).json())


def test_the_text_that_began_an_article_is_never_dropped():
    person = make_person(role="Editor")
    for headline in ("Begun", "Sent again"):
        editing.begin({"headline": headline}, by=person, at=NOON, sitting="a" * 16)
    assert Article.objects.get().headline == "Sent again"


# ---------------------------------------------------------------- an article that is there


def test_what_is_written_is_saved_by_itself_and_the_answer_says_when_and_as_what(ann, article):
    answer = ann.post(page("autosave", article), {**form_of(ann, article), "headline": "Better"}).json()
    revision = Article.objects.get(pk=article.pk).latest_revision
    assert answer["number"] == revision.number
    assert answer["errors"] == []
    assert len(answer["time"]) == 5
    assert "Draft" in answer["state"]
    assert (revision.kind, revision.content["headline"], revision.by.username) == ("autosave", "Better", "ann")


def test_nothing_changed_nothing_saved(ann, article):
    answer = ann.post(page("autosave", article), form_of(ann, article))
    assert (answer.status_code, answer.json()["number"]) == (200, 0)
    assert not Revision.objects.exists()


def test_a_field_that_is_wrong_keeps_what_it_had_is_named_and_holds_nothing_else_back(ann, article):
    changes = {"headline": "Better", "canonical_url": "no address", "bylines": "4711", "dek": "A\x00b"}
    answer = ann.post(page("autosave", article), {**form_of(ann, article), **changes}).json()
    assert {fault["field"] for fault in answer["errors"]} == {"canonical_url", "bylines", "dek"}
    assert "Canonical address" in [fault["label"] for fault in answer["errors"]]
    saved = newest(article)
    assert (saved["headline"], saved["canonical_url"], saved["dek"]) == ("Better", "", "A dek.")


def test_a_headline_that_has_just_been_begun_is_no_fault(ann, article):
    answer = ann.post(page("autosave", article), {**form_of(ann, article), "headline": "A"}).json()
    assert answer["errors"] == []
    assert newest(article)["headline"] == "A"


def test_what_readers_have_stays_while_the_next_text_saves_itself(ann):
    article = make_article(headline="Live")
    ann.post(page("autosave", article), {**form_of(ann, article), "headline": "Next"})
    article.refresh_from_db()
    assert (article.headline, article.newest_content()["headline"]) == ("Live", "Next")


def test_over_a_newer_text_of_somebody_else_nothing_saves_itself(ann, bob, article):
    mine, theirs = form_of(ann, article), form_of(bob, article)
    bob.post(page("autosave", article), {**theirs, "headline": "Bob’s"})
    answer = ann.post(page("autosave", article), {**mine, "headline": "Ann’s"})
    assert answer.status_code == 409
    said = answer.json()
    assert (said["name"], said["own"]) == ("bob", False)
    assert said["number"] == Article.objects.get().latest_revision.number
    assert newest(article)["headline"] == "Bob’s"


def test_two_tabs_of_one_person_are_two_sittings(ann, article):
    one, other = form_of(ann, article), form_of(ann, article)
    ann.post(page("autosave", article), {**one, "headline": "In the first tab"})
    answer = ann.post(page("autosave", article), {**other, "headline": "In the second"})
    assert (answer.status_code, answer.json()["own"]) == (409, False)


def test_a_late_request_does_not_put_an_older_text_over_a_newer_of_the_same_sitting(ann, article):
    fields = form_of(ann, article)
    ann.post(page("change", article), {**fields, "headline": "Whole", "_continue": "1"})
    answer = ann.post(page("autosave", article), {**fields, "headline": "Who"})
    assert (answer.status_code, answer.json()["own"]) == (409, True)
    assert newest(article)["headline"] == "Whole"
    base = answer.json()["number"]
    answer = ann.post(page("autosave", article), {**fields, "headline": "Whole again", "base": base})
    assert answer.status_code == 200


def test_the_persons_own_autosaves_are_no_conflict_for_their_save_draft(ann, article):
    fields = form_of(ann, article)
    ann.post(page("autosave", article), {**fields, "headline": "Typed"})
    answer = ann.post(page("change", article), {**fields, "headline": "Typed and meant", "_continue": "1"})
    assert answer.status_code == 302
    assert newest(article)["headline"] == "Typed and meant"


def test_a_form_of_one_person_is_not_saved_by_itself_in_the_name_of_another(ann, bob, article):
    answer = bob.post(page("autosave", article), {**form_of(ann, article), "headline": "Ann’s", "person": "999999"})
    assert (answer.status_code, answer.json()) == (403, {"refused": "other_person"})
    assert newest(article)["headline"] == "As it was"


def test_who_may_not_change_it_saves_nothing_and_who_may_not_know_of_it_learns_nothing(article):
    contributor = client_of(make_person(role="Contributor"))
    live = make_article()
    fields = {"headline": "Mine now", "sitting": "a" * 16, "base": "0", "kind": "reporting"}
    for name in ("autosave", "kept", "pulse", "lock"):
        assert contributor.post(page(name, article), fields).status_code == 404
        assert contributor.post(page(name, live), fields).status_code == 403
        assert Client().post(page(name, article), fields).status_code == 302
    assert not Presence.objects.exists()


@pytest.mark.parametrize("name", ["autosave", "kept", "pulse", "lock"])
@pytest.mark.parametrize("number", [0, 4711, 2**31, 2**63, 10**30])
def test_an_article_that_is_not_there_is_not_found(ann, name, number):
    assert ann.post(f"/admin/articles/article/{number}/{name}/", {"sitting": "a" * 16}).status_code == 404


@pytest.mark.parametrize("name", ["autosave", "kept", "pulse", "lock"])
def test_nothing_is_done_on_a_get(ann, article, name):
    assert ann.get(page(name, article)).status_code == 405


@pytest.mark.parametrize("odd", ["", "x", "\x00" * 16, "a" * 400, "💥" * 10])
def test_an_odd_sitting_is_refused_in_one_piece(ann, article, odd):
    fields = {**form_of(ann, article), "headline": "Odd", "sitting": odd}
    assert ann.post(page("autosave", article), fields).status_code == 400
    assert ann.post(page("autosave_new"), fields).status_code == 400
    assert ann.post(page("pulse", article), {"sitting": odd}).status_code == 404
    assert ann.post(page("kept", article), fields).status_code == 200
    assert ann.post(ADD, {**fields, "_save": "1"}).status_code == 200


@pytest.mark.parametrize("base", ["", "-1", "x", "99999999999999999999", "\x00"])
def test_an_odd_base_overwrites_nothing(ann, bob, article, base):
    fields = form_of(ann, article)
    bob.post(page("autosave", article), {**form_of(bob, article), "headline": "Bob’s"})
    assert ann.post(page("autosave", article), {**fields, "headline": "Odd", "base": base}).status_code == 409
    assert newest(article)["headline"] == "Bob’s"


# ---------------------------------------------------------------- text that waits in a browser


def test_the_token_of_the_form_can_be_had_anew_and_is_kept_by_nobody(ann):
    answer = ann.get(page("token"))
    assert set(answer.json()) == {"token", "person"}
    assert "no-store" in answer["Cache-Control"]


def test_a_text_that_was_saved_after_all_is_known_again(ann, article):
    fields = form_of(ann, article)
    sent = {
        **fields,
        "headline": " Better  ",
        "body": "<p class=x>First words of the piece.</p><p></p>",
        "tags": "b, a",
    }
    assert ann.post(page("kept", article), sent).json()["saved"] is False
    ann.post(page("change", article), {**sent, "_continue": "1"})
    assert ann.post(page("kept", article), sent).json()["saved"] is True


def test_a_text_that_was_not_saved_is_shown_beside_the_newest(ann, article):
    sent = {**form_of(ann, article), "body": "<p>First words of the piece. <b>Then</b> &lt;script&gt;</p>"}
    answer = ann.post(page("kept", article), sent).json()
    assert answer["saved"] is False
    assert "First words of the piece.<mark> Then &lt;script&gt;</mark>" in answer["differences"]


def test_the_text_of_a_new_article_is_known_by_its_sitting(ann):
    fields = {**opened(ann, ADD), "headline": "Begun"}
    assert ann.post(page("kept_new"), fields).json()["saved"] is False
    ann.post(ADD, {**fields, "_save": "1"})
    assert ann.post(page("kept_new"), fields).json()["saved"] is True


# ---------------------------------------------------------------- who is here, and the lock


def pulse(client, article, sitting, **said):
    return client.post(page("pulse", article), {"sitting": sitting, **said}).json()


def test_each_is_told_of_the_other_and_of_their_texts(ann, bob, article):
    mine, theirs = form_of(ann, article), form_of(bob, article)
    pulse(ann, article, mine["sitting"], unsaved="1")
    bob.post(page("autosave", article), {**theirs, "headline": "Bob’s"})
    said = pulse(bob, article, theirs["sitting"])
    assert [(other["name"], other["unsaved"], other["own"]) for other in said["others"]] == [("ann", True, False)]
    assert said["newest"]["own"] is True
    said = pulse(ann, article, mine["sitting"])
    assert (said["newest"]["name"], said["newest"]["own"], said["lock"]) == ("bob", False, None)
    assert mine["sitting"] not in str(said)
    assert theirs["sitting"] not in str(said)
    assert bob.post(page("pulse", article), {"sitting": theirs["sitting"], "bye": "1"}).status_code == 204
    assert pulse(ann, article, mine["sitting"])["others"] == []


def lock(client, article, sitting, deed):
    return client.post(page("lock", article), {"sitting": sitting, "deed": deed})


def test_what_somebody_keeps_is_saved_by_nobody_else_neither_by_itself_nor_by_hand(ann, bob, article):
    mine, theirs = form_of(ann, article), form_of(bob, article)
    assert lock(ann, article, mine["sitting"], "keep").json()["lock"]["mine"] is True
    answer = bob.post(page("autosave", article), {**theirs, "headline": "Bob’s"})
    assert (answer.status_code, answer.json()["lock"]["name"]) == (423, "ann")
    answer = bob.post(page("change", article), {**theirs, "headline": "Bob’s", "_publish": "1"}, follow=True)
    assert answer.status_code == 403  # an editor does not publish
    answer = bob.post(page("change", article), {**theirs, "headline": "Bob’s", "_save": "1"})
    assert "ann keeps this article to themselves" in answer.content.decode()
    assert fields_of(answer, "article_form")["headline"] == "Bob’s"
    assert newest(article)["headline"] == "As it was"
    assert Revision.objects.get(kind="aside").content["headline"] == "Bob’s"
    assert ann.post(page("autosave", article), {**mine, "headline": "Ann’s"}).status_code == 200


def test_without_a_script_too_a_lock_is_taken_over_with_the_save(ann, bob, article):
    lock(ann, article, form_of(ann, article)["sitting"], "keep")
    answer = bob.post(page("change", article), {**form_of(bob, article), "headline": "Bob’s", "_take_over": "1"})
    assert answer.status_code == 302
    assert newest(article)["headline"] == "Bob’s"
    assert AuditEntry.objects.filter(deed="take_over", actor="bob").count() == 1


def test_a_lock_is_asked_for_taken_over_and_given_back(ann, bob, article):
    mine, theirs = form_of(ann, article)["sitting"], form_of(bob, article)["sitting"]
    lock(ann, article, mine, "keep")
    refused = lock(bob, article, theirs, "keep")
    assert (refused.status_code, refused.json()["lock"]["mine"]) == (423, False)
    assert lock(bob, article, theirs, "take_over").json()["lock"]["mine"] is True
    assert pulse(ann, article, mine)["lock"]["name"] == "bob"
    assert lock(bob, article, theirs, "give_back").json()["lock"] is None
    assert lock(bob, article, theirs, "odd").json()["lock"] is None


def test_a_draft_that_somebody_keeps_is_not_discarded(ann):
    article, chief = make_article(headline="Live"), make_person(role="Publisher")
    fields = form_of(ann, article)
    ann.post(page("autosave", article), {**fields, "headline": "Next"})
    lock(ann, article, fields["sitting"], "keep")
    number = Article.objects.get().latest_revision.number
    address = reverse("admin:articles_article_move", args=[article.pk, "discard"])
    answer = client_of(chief).post(address, {"seen": number}, follow=True)
    assert "keeps this article to themselves" in answer.content.decode()
    assert newest(article)["headline"] == "Next"


# ---------------------------------------------------------------- what it costs


def queries(deed) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = deed()
    assert answer.status_code == 200
    return len(captured)


def full_article() -> Article:
    authors, picture = (make_author(), make_author()), make_picture()
    return make_article(published=False, authors=authors, tags=("Coast", "Sea"), lead_picture=picture)


def test_saving_by_itself_and_saying_who_is_here_cost_few_queries_whatever_is_there(bob):
    person = make_person(role="Editor", sections=(section := make_section(),))
    ann, article = client_of(person), full_article()
    Article.objects.filter(pk=article.pk).update(section=section)
    fields = form_of(ann, article)
    base = ann.post(page("autosave", article), {**fields, "body": "<p>One.</p>"}).json()["number"]
    few = queries(lambda: ann.post(page("autosave", article), {**fields, "body": "<p>Two.</p>", "base": base}))
    few_pulses = queries(lambda: ann.post(page("pulse", article), {"sitting": fields["sitting"]}))
    for number in range(30):
        make_tag(name=f"Tag {number}")
        editing.put_aside(article, {"headline": f"Aside {number}"}, by=person, at=NOON)
        presence.seen(article, by=make_person(role="Editor"), sitting=f"sitting{number:09}", at=NOON)
    ann.get(page("token"))  # the new tags turned the edition, which is looked up once
    many = queries(lambda: ann.post(page("autosave", article), {**fields, "body": "<p>Three.</p>", "base": base + 1}))
    assert many == few <= 50
    assert queries(lambda: ann.post(page("pulse", article), {"sitting": fields["sitting"]})) == few_pulses <= 16
