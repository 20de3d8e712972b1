"""Every save makes a revision; what readers have stays until it is published."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import editing, review
from articles.editing import Overtaken
from articles.models import Article, AuditEntry, Edition, Revision, Tag
from articles.models.revision import RevisionKept
from articles.workflow import MoveRefused, Stage, State
from tests.factories import NOON, make_article, make_author, make_section, make_user

pytestmark = pytest.mark.django_db
Kind = Revision.Kind


def held(article: Article) -> Article:
    return Article.objects.filter(pk=article.pk).held().get()


def save(article: Article, *, by=None, at=NOON, **changes) -> Revision | None:
    said = {name: changes.pop(name) for name in ("kind", "note", "sitting", "base") if name in changes}
    with transaction.atomic():
        row = held(article)
        return editing.record(row, row.newest_content() | changes, by=by, at=at, **said)


def numbers(article: Article) -> list[tuple[int, str]]:
    return list(article.revisions.order_by("number").values_list("number", "kind"))


def test_readers_of_a_live_piece_have_the_old_text_until_the_draft_is_published():
    article = make_article(headline="As printed", tags=("Coast",), authors=(make_author(name="Ann"),))
    before = Article.objects.filter(pk=article.pk).values().get()
    key = Edition.objects.get(pk=1).key

    save(article, headline="Better", body="<p>New words.</p>", bylines=[], tags=["Sea"])

    row = held(article)
    assert (row.headline, row.stage) == ("As printed", Stage.DRAFT)
    assert [byline.author.name for byline in row.bylines.all()] == ["Ann"]
    assert list(row.tags.names()) == ["Coast"]
    after = Article.objects.filter(pk=article.pk).values().get()
    assert {name for name in after if after[name] != before[name]} <= {"stage", "latest_revision_id", "saved_at"}
    assert Edition.objects.get(pk=1).key == key

    row.publish(at=NOON)
    row = held(article)
    assert (row.headline, row.body, row.stage) == ("Better", "<p>New words.</p>", Stage.SETTLED)
    assert list(row.tags.names()) == ["Sea"]
    assert not row.bylines.exists()
    assert row.live_revision == row.latest_revision
    assert Edition.objects.get(pk=1).key != key


def test_what_was_live_before_there_were_revisions_stays_in_the_history():
    article = make_article(headline="As printed")
    save(article, headline="Better")
    assert numbers(article) == [(1, Kind.FOUND), (2, Kind.SAVE)]
    assert article.revisions.get(number=1).content["headline"] == "As printed"


def test_publishing_fills_in_the_date_and_that_makes_no_line_in_the_history():
    article = make_article(published=False, published_at=None)
    save(article, headline="One")
    held(article).publish(at=NOON)
    save(article, headline="Two")
    assert numbers(article) == [(1, Kind.FOUND), (2, Kind.SAVE), (3, Kind.SAVE)]


def test_a_save_that_changes_nothing_makes_no_revision_and_voids_nothing():
    article = make_article(published=False)
    save(article, headline="One")
    with transaction.atomic():
        review.move(held(article), "submit", by=None, at=NOON)
        review.move(held(article), "approve", by=None, at=NOON)
    save(article)
    assert held(article).stage == Stage.APPROVED
    assert article.revisions.count() == 2


def test_saving_after_autosaves_makes_a_line_that_somebody_meant():
    article = make_article(published=False)
    save(article, headline="One", kind=Kind.AUTOSAVE, sitting="a" * 8)
    save(article, kind=Kind.SAVE, sitting="a" * 8)
    save(article, kind=Kind.SAVE, sitting="a" * 8)
    assert numbers(article) == [(1, Kind.FOUND), (2, Kind.AUTOSAVE), (3, Kind.SAVE)]


def test_the_row_of_a_piece_nobody_reads_holds_the_newest_text():
    article = make_article(published=False, headline="First")
    save(article, headline="Second", tags=["Coast"])
    row = held(article)
    assert row.headline == "Second"
    assert list(row.tags.names()) == ["Coast"]


def test_a_draft_may_be_without_headline_and_section_and_its_slug_follows_the_headline():
    with transaction.atomic():
        article = editing.begin({"body": "<p>Words.</p>"}, by=make_user(), at=NOON)
    assert (article.headline, article.section, article.slug) == ("", None, "article")
    save(article, headline="Where the tide ends")
    assert held(article).slug == "where-the-tide-ends"
    save(article, headline="Where the tide begins")
    assert held(article).slug == "where-the-tide-begins"
    save(article, slug="tide")
    save(article, headline="Another")
    assert held(article).slug == "tide"


def test_two_drafts_of_one_headline_have_addresses_of_their_own():
    with transaction.atomic():
        one, other = (editing.begin({"headline": "Tide"}, by=None, at=NOON) for _ in range(2))
    assert {one.slug, other.slug} == {"tide", "tide-2"}
    save(other, dek="More")
    assert held(other).slug == "tide-2"


def test_one_form_begins_one_article_however_often_it_asks():
    user = make_user()
    with transaction.atomic():
        first = editing.begin({"headline": "Tide"}, by=user, at=NOON, sitting="abcdefgh")
        again = editing.begin({"headline": "Tide"}, by=user, at=NOON, sitting="abcdefgh")
        other = editing.begin({"headline": "Tide"}, by=make_user(), at=NOON, sitting="abcdefgh")
    assert first == again != other


def test_a_text_made_from_an_older_one_is_refused_and_the_newer_one_named():
    article = make_article(published=False)
    save(article, headline="Opened", sitting="mine-mine")
    theirs = save(article, headline="Theirs", sitting="theirs-theirs", by=make_user(username="chief"))
    with pytest.raises(Overtaken) as refusal:
        save(article, headline="Mine", sitting="mine-mine", base=2)
    assert refusal.value.newest == theirs
    assert held(article).headline == "Theirs"


def test_what_one_form_saved_itself_does_not_overtake_it():
    article = make_article(published=False)
    for words in ("One", "Two", "Three"):
        save(article, headline=words, sitting="mine-mine", base=0)
    assert held(article).headline == "Three"


def test_a_text_put_aside_is_in_the_history_once_and_is_not_the_newest():
    article = make_article(published=False)
    save(article, headline="Theirs")
    with transaction.atomic():
        row = held(article)
        aside = editing.put_aside(row, row.newest_content() | {"headline": "Mine"}, by=None, at=NOON)
        assert editing.put_aside(row, row.newest_content() | {"headline": "Mine"}, by=None, at=NOON) == aside
    assert held(article).latest_revision.content["headline"] == "Theirs"
    save(article, headline="Later", base=2, sitting="mine-mine")
    assert held(article).headline == "Later"


def test_an_earlier_text_comes_back_as_a_draft_and_keeps_address_and_date_of_the_live_one():
    article = make_article(published=False, published_at=None, headline="First", slug="first")
    first = save(article, headline="First", slug="", dek="Another dek.")
    held(article).publish(at=NOON)
    save(article, headline="Second", slug="second")
    held(article).publish(at=NOON + timedelta(days=1))
    with transaction.atomic():
        editing.restore(held(article), first, by=None, at=NOON + timedelta(days=2))
    assert held(article).headline == "Second"
    held(article).publish(at=NOON + timedelta(days=2))
    row = held(article)
    assert (row.headline, row.slug, row.published_at) == ("First", "second", NOON)


def test_a_text_that_names_what_is_gone_is_restored_without_it():
    section, author = make_section(), make_author()
    article = make_article(published=False, section=make_section())
    text = save(article, section=section.pk, bylines=[[author.pk, ""]], tags=["Coast"], related=[])
    save(article, section=article.section_id, bylines=[], tags=[])
    author.delete()
    section.delete()
    Tag.objects.all().delete()
    with transaction.atomic():
        editing.restore(held(article), text, by=None, at=NOON)
    row = held(article)
    assert (row.section, list(row.bylines.all()), list(row.tags.names())) == (None, [], ["Coast"])


def test_a_discarded_draft_leaves_the_live_text_and_stays_in_the_history():
    article = make_article(headline="As printed")
    save(article, headline="Better")
    with transaction.atomic():
        editing.discard(held(article), by=None, at=NOON)
    row = held(article)
    assert (row.stage, row.newest_content()["headline"]) == (Stage.SETTLED, "As printed")
    assert article.revisions.get(number=2).content["headline"] == "Better"
    save(article, dek="Another")
    assert held(article).newest_content()["headline"] == "As printed"


def test_a_piece_that_is_not_live_has_nothing_to_go_back_to():
    with transaction.atomic(), pytest.raises(MoveRefused):
        editing.discard(held(make_article(published=False)), by=None, at=NOON)


def test_a_draft_beside_a_piece_that_is_taken_off_comes_into_the_row():
    article = make_article(headline="As printed")
    save(article, headline="Better")
    held(article).unpublish(at=NOON)
    row = held(article)
    assert (row.headline, row.status, row.stage) == ("Better", State.UNPUBLISHED, Stage.DRAFT)


def test_what_was_written_past_the_desk_is_not_overwritten_by_an_older_revision():
    article = make_article(headline="One")
    save(article, headline="Two")
    held(article).publish(at=NOON)
    row = held(article)
    row.headline = "By an importer"
    row.save()
    held(article).publish(at=NOON)
    assert held(article).headline == "By an importer"
    save(article, dek="Another")
    assert [kind for _number, kind in numbers(article)] == [Kind.FOUND, Kind.SAVE, Kind.FOUND, Kind.SAVE]


def test_a_revision_never_changes():
    article = make_article(published=False)
    revision = save(article, headline="One")
    revision.content["headline"] = "Two"
    with pytest.raises(RevisionKept):
        revision.save()
    with pytest.raises(RevisionKept):
        revision.mark(content={})


def test_every_save_that_somebody_meant_is_in_the_audit_log():
    user, article = make_user(username="chief"), make_article(published=False)
    save(article, headline="One", by=user, note="The name of the harbour")
    entry = AuditEntry.objects.about(article).get(deed="save")
    assert (entry.actor, entry.revision, entry.note) == ("chief", 2, "The name of the harbour")


def test_a_save_costs_the_same_few_queries_however_long_the_history_is():
    article = make_article(published=False, authors=(make_author(),), tags=("Coast",))

    def cost(number: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            save(article, body=f"<p>Version {number}.</p>", kind=Kind.AUTOSAVE, sitting="a" * 8)
        return len(captured)

    save(article, headline="One")
    few = cost(0)
    for number in range(1, 30):
        save(article, body=f"<p>Text {number}.</p>", kind=Kind.AUTOSAVE, sitting="a" * 8)
    assert cost(31) == few <= 17
