"""The history of an article: who saved what, what changed between any two texts, and the way back."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from articles import editing, review
from articles.admin.timeline import timeline
from articles.models import Article, EditLock, Revision
from articles.workflow import Stage
from tests.articles.test_editing import held, save
from tests.factories import NOON, make_article, make_author, make_person, make_picture, make_section, make_user

pytestmark = pytest.mark.django_db
Kind = Revision.Kind


def page_of(article: Article, name: str = "history", query: str = "") -> str:
    return f"/admin/articles/article/{article.pk}/{name}/{query}"


def text(client, article: Article, name: str = "history", query: str = "") -> str:
    answer = client.get(page_of(article, name, query), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def written(*headlines: str, **fields) -> Article:
    article = make_article(headline="As found", published=False, **fields)
    for number, headline in enumerate(headlines):
        save(article, headline=headline, at=NOON + timedelta(minutes=number))
    return article


# ---------------------------------------------------------------- the list


def test_a_piece_that_was_never_saved_here_says_that_nothing_is_kept_yet(desk):
    assert "No text has been kept yet" in text(desk, make_article())


def test_each_text_stands_there_with_who_and_why(desk):
    ann = make_user(username="ann")
    article = written()
    save(article, headline="Tides", by=ann, note="The name of the harbour")
    shown = text(desk, article)
    for words in ("As it was before", "Saved", "ann", "The name of the harbour", "No. 2", "Draft"):
        assert words in shown


def test_what_one_sitting_saved_by_itself_is_one_line_opened_on_demand(desk):
    article = written("One")
    for number in range(5):
        said = {"kind": Kind.AUTOSAVE, "sitting": "mine-mine", "at": NOON + timedelta(hours=1, minutes=number)}
        save(article, headline=f"Typing {number}", **said)
    save(article, headline="Theirs", kind=Kind.AUTOSAVE, sitting="theirs-theirs")
    shown = text(desk, article)
    assert "5 saves by themselves" in shown
    assert "from 13:00 to 13:04" in shown
    assert shown.count('<details class="history-run">') == 1


def test_how_far_each_text_got_stands_beside_it(desk):
    article, editor = written("One"), make_user(username="editor")
    with transaction.atomic():
        review.move(held(article), "submit", by=None, at=NOON)
        review.move(held(article), "approve", by=editor, at=NOON)
    held(article).publish(at=NOON)
    save(article, headline="Two")
    held(article).publish(at=NOON + timedelta(days=1))
    save(article, headline="Three")
    with transaction.atomic():
        editing.put_aside(held(article), held(article).newest_content() | {"headline": "Mine"}, by=None, at=NOON)
        editing.restore(held(article), article.revisions.get(number=2), by=None, at=NOON)
    shown = text(desk, article)
    for words in ("Approved by editor", "Was live from 1 Jun 2026, 12:00", "Live now", "Put aside", "Restored: 2"):
        assert words in shown, words


def test_the_numbers_decide_the_order_whatever_the_clocks_said():
    article = written("One", "Two")
    Revision.objects.filter(article=article, number=1).update(at=NOON + timedelta(days=2))
    found = timeline(article, NOON + timedelta(days=3))
    shown = [entry.text.number for _day, entries in found.days for entry in entries if entry.rank == 0]
    assert shown == sorted(shown, reverse=True)


def test_a_draft_that_was_discarded_is_called_so(desk):
    article = make_article()
    save(article, headline="Left")
    with transaction.atomic():
        editing.discard(held(article), by=None, at=NOON)
    assert '<span class="badge badge-discarded">Discarded</span>' in text(desk, article)


def test_what_was_done_with_the_texts_stands_between_them_with_its_note(desk):
    article = written("One")
    with transaction.atomic():
        review.move(held(article), "submit", by=make_user(username="ann"), at=NOON)
        review.move(held(article), "ask_for_changes", by=make_user(username="editor"), at=NOON, note="Who says so?")
    shown = text(desk, article)
    for words in ("Submitted for review", "ann", "Asked for changes", "editor", "Who says so?"):
        assert words in shown


def test_the_history_is_for_those_whom_the_drafts_are_given_to(client):
    article = make_article()
    save(article, headline="Secret")
    client.force_login(make_person(role="Contributor"))
    assert client.get(page_of(article)).status_code == 403
    assert client.get(page_of(article, "compare")).status_code == 403
    assert client.get(page_of(article, "restore", "?number=1")).status_code == 403


# ---------------------------------------------------------------- two of them


def test_two_texts_are_compared_word_for_word(desk):
    article = written("The tide comes in", "The tide goes out")
    shown = text(desk, article, "compare", "?from=2&to=3")
    assert '<h2 id="field-headline">Headline</h2>' in shown
    assert ">comes in</del>" in shown.replace("\n", "") or "comes in" in shown.split("<del")[2]
    assert "goes out" in shown
    assert "field-dek" not in shown


def test_numbers_are_shown_by_name_and_a_body_by_its_paragraphs(desk):
    author, work, picture = make_author(name="Ann Hale"), make_section(name="Work"), make_picture(alt="A lighthouse")
    coast = make_section(name="Coast")
    body = "".join(f"<p>Paragraph {number} stays as it is.</p>" for number in range(12))
    article = written("One", body=body, section=work)
    save(
        article,
        bylines=[[author.pk, "with"]],
        section=coast.pk,
        lead_picture=picture.pk,
        body=body.replace("Paragraph 11 stays", "Paragraph 11 goes"),
    )
    shown = text(desk, article, "compare", "?from=2&to=3")
    for words in ("with Ann Hale", "Coast", "A lighthouse", "paragraphs as they were"):
        assert words in shown


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?from=live&to=2",
        "?from=0&to=1",
        "?from=2&to=2",
        "?to=live",
        "?from=x",
        "?to=" + "9" * 400,
        "?from=-1",
        "?to=%00",
    ],
)
def test_any_two_texts_can_be_asked_for_and_no_question_breaks_the_page(desk, query):
    article = make_article(headline="As printed")
    save(article, headline="Better")
    assert desk.get(page_of(article, "compare", query)).status_code in {200, 302}


def test_the_newest_text_and_the_one_before_it_are_chosen_already_whatever_was_put_aside(desk):
    article = written("One", "Two")
    with transaction.atomic():
        editing.put_aside(held(article), held(article).newest_content() | {"headline": "Mine"}, by=None, at=NOON)
    context = desk.get(page_of(article)).context
    assert (context["from"], context["to"]) == ("2", "3")


def test_equal_texts_are_said_to_be_equal(desk):
    assert "Nothing differs" in text(desk, written("One"), "compare", "?from=2&to=2")


def test_hostile_words_are_shown_as_words(desk):
    article = written("One")
    save(article, headline="<script>alert(1)</script>", dek="<img src=x onerror=alert(1)>", note="<b>")
    for shown in (text(desk, article), text(desk, article, "compare", "?from=2&to=3")):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


# ---------------------------------------------------------------- the way back


def test_an_earlier_text_comes_back_as_a_draft_after_a_question(desk, client):
    article = make_article(headline="As printed")
    save(article, headline="Better")
    held(article).publish(at=NOON)
    assert "Restore this text?" in text(desk, article, "restore", "?number=1")
    assert held(article).stage == Stage.SETTLED
    answer = desk.post(page_of(article, "restore"), {"number": "1"}, follow=True)
    assert "Text 1 is the newest draft now. Readers see nothing of it" in answer.content.decode()
    row = held(article)
    assert (row.headline, row.stage, row.newest_content()["headline"]) == ("Better", Stage.DRAFT, "As printed")


def test_a_text_that_stands_already_is_not_restored_again(desk):
    article = written("One")
    answer = desk.post(page_of(article, "restore"), {"number": "2"}, follow=True)
    assert "That is the text as it stands already" in answer.content.decode()
    assert article.revisions.count() == 2


def test_nothing_is_restored_over_somebody_who_keeps_the_article(desk):
    article = written("One", "Two")
    ann = make_user(username="ann")
    with_ann = {"user": ann, "sitting": "anns-anns", "since": NOON, "seen_at": NOON + timedelta(days=36_500)}
    EditLock.objects.create(article=article, **with_ann)
    answer = desk.post(page_of(article, "restore"), {"number": "2"}, follow=True)
    assert "ann" in answer.content.decode()
    assert held(article).headline == "Two"


def test_an_old_text_is_no_way_into_a_section_that_is_not_ones_own(client):
    coast, work = make_section(name="Coast"), make_section(name="Work")
    article = written("One", section=work)
    save(article, section=coast.pk)
    client.force_login(make_person(role="Editor", sections=(coast,)))
    answer = client.post(page_of(article, "restore"), {"number": "2"}, follow=True)
    assert "not yours to put an article in" in answer.content.decode()
    assert held(article).section == coast


def test_what_an_old_text_names_and_is_gone_is_said(desk):
    author = make_author()
    article = written("One")
    save(article, bylines=[[author.pk, ""]])
    save(article, bylines=[])
    author.delete()
    answer = desk.post(page_of(article, "restore"), {"number": "3"}, follow=True)
    assert "No longer there: an author of the byline" in answer.content.decode()


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "9" * 400, "4711", "\x00"])
def test_a_text_that_is_not_there_cannot_be_restored(desk, number):
    answer = desk.post(page_of(written("One"), "restore"), {"number": number}, follow=True)
    assert "There is no such text" in answer.content.decode()


# ---------------------------------------------------------------- however much there is


@pytest.mark.parametrize(("name", "query"), [("history", ""), ("compare", "?from=2&to=5")])
def test_it_costs_the_same_at_5_and_at_200_texts(desk, name, query):
    article, ann = written(), make_user(username="ann")

    def write(count: int) -> None:
        for number in range(count):
            kind = Kind.AUTOSAVE if number % 3 else Kind.SAVE
            save(article, headline=f"Text {number} of {count}", by=ann, kind=kind, sitting="mine-mine")

    def queries() -> int:
        desk.get(page_of(article, name, query))
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page_of(article, name, query)).status_code == 200
        return len(captured)

    write(5)
    few = queries()
    write(195)
    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_history_and_comparison_are_accessible(page, live_server, axe):
    author = make_author()
    article = make_article(body="<p>One.</p><p>Two.</p><p>Three.</p><h2>Later</h2>")
    save(article, headline="Better", body="<p>One.</p><p>Two and a half.</p><h3>Later</h3>", bylines=[[author.pk, ""]])
    for number in range(3):
        save(article, dek=f"Typing {number}", kind=Kind.AUTOSAVE, sitting="mine-mine")
    make_user(username="chief", password="correct horse battery")
    page.goto(f"{live_server}{page_of(article)}")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("from 12:00 to 12:00").click()
    axe(page)
    page.get_by_role("button", name="Compare A with B").click()
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    axe(page)
