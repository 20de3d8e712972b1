"""What a guest link opens, and what a guest's word is worth: the rules, without pages."""

from datetime import timedelta

import pytest
from django.core import signing

from articles import editing, guests
from articles.guests import Purpose
from articles.models import Article, AuditEntry, Revision
from articles.models.content import EMPTY
from tests.factories import NOON, make_article, make_author

pytestmark = pytest.mark.django_db


def link_to(article, purpose=Purpose.REVIEW, guest="Maria Lund", days=7, by=None):
    return guests.make(article, purpose, guest=guest, days=days, by=by, at=NOON)


def change(article, **fields):
    held = Article.objects.get(pk=article.pk)
    return editing.record(held, {**held.newest_content(), **fields}, by=None, at=NOON)


def revision_of(article):
    return Revision.objects.filter(article=article).first()


def test_a_token_opens_its_link_for_its_purpose_until_it_expires():
    link = link_to(make_article(published=False), days=3)
    token = guests.token_of(link)

    assert guests.opened(token, Purpose.REVIEW, NOON + timedelta(days=2, hours=23)) == link
    assert guests.opened(token, Purpose.REVIEW, NOON + timedelta(days=3)) is None
    assert guests.opened(token, Purpose.PREVIEW, NOON) is None


def test_a_withdrawn_link_opens_nothing_and_withdrawing_it_twice_is_noted_once():
    link = link_to(make_article(published=False))
    for _ in range(2):
        guests.withdraw(link, by=None, at=NOON)

    assert guests.opened(guests.token_of(link), Purpose.REVIEW, NOON) is None
    assert AuditEntry.objects.filter(deed="withdraw_link").count() == 1


def test_whoever_reads_the_database_cannot_make_the_address():
    link = link_to(make_article(published=False))
    token = guests.token_of(link)
    wrong = [
        link.nonce,
        f"{link.nonce}.",
        f"{link.nonce}." + "A" * 43,
        f"{link.nonce}:{token.split('.')[1]}",
        signing.Signer(salt="articles.guests.review", sep=".", key="another key").sign(link.nonce),
        signing.Signer(sep=".").sign(link.nonce),
        token[:-1],
        token + "A",
        token.swapcase(),
        "",
        ".",
        "\x00",
        "x" * 5000,
    ]
    assert [text for text in wrong if guests.opened(text, Purpose.REVIEW, NOON)] == []
    assert token not in "".join(AuditEntry.objects.values_list("note", flat=True))


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": "Another headline"},
        {"dek": "Another dek."},
        {"body": "<p>First words of the piece!</p>"},
        {"lead_caption": "Another caption"},
        {"lead_alt": "Another description"},
        {"byline_override": "From our archive"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_sign_off_falls_with_any_word_that_is_read(fields):
    article = make_article(published=False)
    link = link_to(article)
    guests.sign(link, change(article, tags=["Coast"]), name="Maria", remark="", at=NOON)
    assert [sign_off.holds for sign_off in guests.sign_offs(Article.objects.get())] == [True]

    change(article, **fields)
    assert [sign_off.holds for sign_off in guests.sign_offs(Article.objects.get())] == [False]


def test_a_sign_off_falls_when_somebody_else_is_named_as_the_author():
    article, author = make_article(published=False), make_author()
    guests.sign(link_to(article), change(article, tags=["Coast"]), name="Maria", remark="", at=NOON)
    change(article, bylines=[[author.pk, ""]])
    assert not guests.sign_offs(Article.objects.get())[0].holds


def test_a_sign_off_stands_through_what_is_not_read_and_comes_back_with_the_words():
    article = make_article(published=False, dek="As it was.")
    guests.sign(link_to(article), change(article, tags=["Coast"]), name="Maria", remark="", at=NOON)
    change(article, tags=["Sea"], seo_title="For machines", slug="another")
    assert guests.sign_offs(Article.objects.get())[0].holds

    change(article, dek="Otherwise.")
    assert not guests.sign_offs(Article.objects.get())[0].holds
    change(article, dek="As it was.")
    assert guests.sign_offs(Article.objects.get())[0].holds


def test_after_a_draft_was_discarded_the_newest_text_is_the_live_one_again():
    article = editing.begin({**EMPTY, "headline": "A piece", "section": make_article().section_id}, by=None, at=NOON)
    article.publish(at=NOON)
    live = revision_of(article)
    change(article, dek="Not for readers.")
    article = Article.objects.get(pk=article.pk)
    assert guests.text_of(article).content["dek"] == "Not for readers."

    editing.discard(article, by=None, at=NOON)
    assert guests.text_of(Article.objects.get(pk=article.pk)) == live


def test_a_text_written_past_the_desk_is_no_revision_yet():
    assert guests.text_of(make_article()) is None


def test_a_visit_is_written_once_a_minute():
    link = link_to(make_article(published=False))
    guests.note_visit(link, NOON)
    link.refresh_from_db()
    guests.note_visit(link, NOON + timedelta(seconds=30))
    link.refresh_from_db()
    assert link.seen_at == NOON
