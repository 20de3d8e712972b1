"""Who may do what: contributors their own, editors all or their sections, and nobody learns of the drafts of others."""

import random
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import editing, review
from articles.models import Article, Author, Byline, Revision, Section
from articles.roles import given_to, is_own, may, may_put, open_moves, reaches, sections_for, sees_all, visible_to
from articles.seeding import seed
from articles.workflow import MOVES, Stage
from tests.articles.admin.browser import fields_of
from tests.desk_world import CHANGE, DELETE, DRAFT, LIVE, PIECES, PUBLISH, REVIEW, SEE, World, drafts_told
from tests.factories import NOON, make_article, make_author, make_person, make_section, make_user

pytestmark = pytest.mark.django_db
CHANGELIST = "/admin/articles/article/"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once; what a test does to it is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def names(world, articles) -> set[str]:
    numbers = set(articles.values_list("pk", flat=True))
    return {name for name, piece in world.pieces.items() if piece.pk in numbers}


# ---------------------------------------------------------------- the rules themselves


@pytest.mark.parametrize("actor", ["contributor", "editor", "editor of Coast", "publisher of Coast", "superuser"])
def test_what_holds_for_one_article_holds_for_many(world, actor):
    person = world.people[actor]
    assert names(world, given_to(person)) == DRAFT[actor]
    assert names(world, visible_to(person, timezone.now())) == SEE[actor]
    assert {name for name, piece in world.pieces.items() if reaches(person, piece)} == DRAFT[actor]
    for deed, rule in [("change", CHANGE), ("delete", DELETE), ("approve", REVIEW), ("publish", PUBLISH)]:
        allowed = {name for name, piece in world.pieces.items() if may(person, deed, piece)}
        assert allowed == set(rule.get(actor, ())), deed


def test_for_every_kind_of_login_and_piece_reaches_and_given_to_agree():
    here, there = make_section(), make_section()
    people = [
        make_person(role=role, sections=sections)
        for role in ("Contributor", "Editor", "Publisher", "Administrator")
        for sections in ((), (here,), (here, there))
    ]
    people += [make_user(), make_user(superuser=False), make_user(staff=False, superuser=False)]
    asleep = make_person(role="Editor")
    asleep.is_active = False
    asleep.save()
    authors = {person: Author.objects.create(name=str(person), slug=str(person), user=person) for person in people}
    pieces = [make_article(published=False, section=section) for section in (here, there)]
    pieces += [make_article(section=here, created_by=person) for person in people]
    pieces += [make_article(section=there, authors=(authors[person],), published=False) for person in people]
    Article.objects.filter(pk=pieces[0].pk).update(section=None)
    for person in [*people, asleep]:
        given = set(given_to(person))
        visible = set(visible_to(person, NOON))
        public = set(Article.objects.published(NOON))
        assert visible == given | public
        if person.is_active:
            assert given == {piece for piece in Article.objects.all() if reaches(person, piece)}
        else:
            assert not given
            assert not any(may(person, "view", piece) for piece in pieces)
        assert sees_all(person) == (
            person.is_active
            and person.has_perm("articles.change_others_article")
            and not getattr(person, "staff_member", None)
        )


def test_nobody_is_somebody_who_began_what_nobody_began():
    article = make_article(created_by=None)
    assert not is_own(AnonymousUser(), article)
    assert not may(AnonymousUser(), "view", article)
    assert not given_to(AnonymousUser())


def test_a_byline_makes_a_piece_ones_own_until_it_goes():
    person, author = make_person(role="Contributor"), make_author()
    Author.objects.filter(pk=author.pk).update(user=person)
    article = make_article(authors=(author,), published=False)
    assert may(person, "change", article)
    assert article in given_to(person)
    Byline.objects.filter(article=article).delete()
    assert not may(person, "change", article)
    assert article not in given_to(person)


def test_contributors_never_publish_review_or_delete_what_was_public():
    person = make_person(role="Contributor")
    article = make_article(created_by=person)
    article.unpublish(at=NOON)
    assert not may(person, "delete", article)
    for stage in Stage:
        article.stage = stage
        moves = set(open_moves(person, article, approval_required=False))
        assert moves <= {"submit", "take_back", "discard"}


def test_each_move_of_the_workflow_is_open_to_those_who_reach_the_piece_alone():
    article, stranger = make_article(published=False), make_person(role="Contributor")
    limited = make_person(role="Publisher", sections=(make_section(),))
    for name in MOVES:
        assert not may(stranger, name, article)
        assert not may(limited, name, article)
        assert may(make_person(role="Administrator"), name, article)


def test_the_limit_of_a_section_says_where_a_piece_may_be_put():
    here = make_section()
    make_section()
    assert list(sections_for(make_person(role="Editor", sections=(here,)))) == [here]
    assert sections_for(make_person(role="Editor")).count() == Section.objects.count()
    for person in (make_person(role="Editor", sections=(here,)), make_person(role="Contributor")):
        open_to = set(sections_for(person).values_list("pk", flat=True))
        assert {section.pk for section in Section.objects.all() if may_put(person, section.pk)} == open_to
        assert may_put(person, None)


# ---------------------------------------------------------------- the list


@pytest.mark.parametrize("actor", ["contributor", "editor of Coast", "publisher of Coast"])
@pytest.mark.parametrize(
    "asked",
    [
        *("", "?q=Rivet", "?q=Solder", "?q=unseen", "?q=body", "?o=1", "?o=3", "?o=6", "?o=-6", "?author=a", "?all="),
        *("?published_at__year=2026", "?published_at__year=2026&published_at__month=6", "?kind__exact=reporting"),
        *(f"?state={state}" for state in ("draft", "in_review", "newer", "scheduled", "unpublished", "live", "odd")),
    ],
)
def test_the_list_tells_nothing_of_the_drafts_of_others(world, actor, asked):
    answer = world.client(actor).get(CHANGELIST + asked)
    assert answer.status_code == 200
    searched = asked in {"?q=Rivet", "?q=Solder"}
    assert searched or drafts_told(answer, actor) == []
    shown = names(world, answer.context["cl"].result_list)
    assert shown <= SEE[actor]
    if asked in {"?state=newer", "?state=draft", "?state=in_review"}:
        assert shown <= DRAFT[actor], "a live piece among those with a newer draft tells that there is one"
    assert not (searched and shown)


def test_a_list_is_asked_by_its_filters_and_by_nothing_else(world):
    client = world.client("contributor")
    for field in ("stage", "latest_revision__isnull", "saved_at__gte", "created_by", "live_revision__number__gt"):
        assert client.get(f"{CHANGELIST}?{field}=1").status_code == 400
    chief = world.client("superuser")
    for model in ("article", "author", "picture", "tag", "section", "page", "redirect"):
        for question in ("id__in", "pk__in", "id__regex", "slug__regex", "alt__startswith"):
            answer = chief.get(f"/admin/articles/{model}/?{question}={'9' * 30}")
            assert answer.status_code in {302, 400}, (model, question)
    for odd in ("9" * 30, "x", "%00", "-1", ""):
        for where in (f"{CHANGELIST}?section__id__exact={odd}", f"{CHANGELIST}?published_at__year={odd}"):
            assert chief.get(where).status_code in {200, 302, 400}, where


def test_nothing_of_the_list_moves_when_somebody_else_drafts(world):
    """Neither the badges nor the order nor a date tells a contributor that a live piece is being worked on."""
    client = world.client("contributor")

    def rows() -> list[str]:
        page = client.get(CHANGELIST).content.decode()
        return page[page.index('id="result_list"') :].split("</table>")[0].split("<tr>")

    before, piece = rows(), world.pieces["work live"]
    with transaction.atomic():
        held = Article.objects.filter(pk=piece.pk).held().get()
        editing.record(held, {**held.newest_content(), "dek": "Another"}, by=None, at=timezone.now())
        review.move(held, "submit", by=None, at=timezone.now())
    assert rows() == before
    assert not any("newer text" in row for row in before if "What readers have, work" in row)
    assert any("newer text" in row for row in before if "What readers have, my" in row)


# ---------------------------------------------------------------- a public piece of somebody else


def test_a_contributor_reads_what_readers_do_and_nothing_beside_it(world):
    answer = world.client("contributor").get(f"{CHANGELIST}{world.pieces['coast live'].pk}/change/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What readers have, coast live" in page
    assert "What readers have, work live" in page, "a related piece that is public is named"
    assert "Live since" in page
    assert "newer text" not in page
    assert "historylink" not in page
    assert 'name="_save"' not in page
    assert drafts_told(answer, "contributor") == []


@pytest.mark.parametrize("actor", ["contributor", "editor of Coast"])
def test_a_picture_does_not_tell_in_which_draft_it_is_used(world, actor):
    answer = world.client(actor).get(f"/admin/articles/picture/{world.used_picture.pk}/change/")
    assert answer.status_code == 200
    assert drafts_told(answer, actor) == []
    assert "Rivet" in world.client("editor").get(answer.request["PATH_INFO"]).content.decode()


def test_what_stands_in_the_way_of_deleting_is_not_named_to_everybody(world):
    where = f"/admin/articles/picture/{world.used_picture.pk}/delete/"
    answer = world.client("publisher of Coast").get(where)
    assert drafts_told(answer, "publisher of Coast") == []
    assert "Cannot delete picture" in answer.content.decode()
    assert "Rivet" in world.client("publisher").get(where).content.decode()
    fields = {"action": "delete_selected", "_selected_action": [world.used_picture.pk]}
    answer = world.client("publisher of Coast").post("/admin/articles/picture/", fields)
    assert drafts_told(answer, "publisher of Coast") == []


@pytest.mark.parametrize("actor", ["editor of Coast", "publisher of Coast"])
def test_the_front_page_names_no_draft_of_another_section(world, actor):
    answer = world.client(actor).get("/admin/articles/frontpage/1/change/")
    assert answer.status_code == 200
    assert drafts_told(answer, actor) == []
    assert "What readers have, coast live" in answer.content.decode()


def test_a_pick_that_is_not_theirs_to_see_stays_and_no_other_is_made(world):
    client, where = world.client("publisher of Coast"), "/admin/articles/frontpage/1/change/"
    fields = fields_of(client.get(where), "frontpage_form")
    assert client.post(where, fields).status_code == 302
    assert names(world, world.things["frontpage"].picks()) == {"coast live", "work draft"}
    world.things["frontpage"].set_picks([], at=NOON)
    answer = client.post(where, {**fields, "picks": str(world.pieces["work draft"].pk)})
    assert "no longer there" in answer.content.decode()


@pytest.mark.parametrize("actor", ["contributor", "editor of Coast"])
def test_pickers_offer_what_a_person_may_look_at(world, actor):
    client = world.client(actor)
    for term in ("", "Rivet", "Solder", "unseen", "words"):
        answer = client.get(f"{CHANGELIST}lookup/", {"term": term})
        offered = {int(one["id"]) for one in answer.json()["results"]}
        assert offered <= {world.pieces[name].pk for name in SEE[actor]}
        assert drafts_told(answer, actor) == []
    hidden = world.pieces["work draft"].pk
    assert client.get(f"{CHANGELIST}lookup/", {"id": hidden}).json()["results"] == []
    asked = {"app_label": "articles", "model_name": "frontpick", "field_name": "article", "term": ""}
    answer = client.get("/admin/autocomplete/", asked)
    assert {int(one["id"]) for one in answer.json()["results"]} <= {world.pieces[name].pk for name in SEE[actor]}
    assert drafts_told(answer, actor) == []


def test_the_number_of_a_piece_does_not_lead_to_its_address(world):
    for actor in ("contributor", "superuser"):
        for piece in world.pieces.values():
            assert world.client(actor).get(f"/admin/r/1/{piece.pk}/").status_code == 404


def test_the_way_an_action_answers_tells_nothing(world):
    """Publishing a live piece that is not theirs answers the same whether there is a newer draft of it or not."""
    client, piece = world.client("publisher of Coast"), world.pieces["work live"]
    fields = {"action": "publish_selected", "_selected_action": [piece.pk]}
    newer = client.post(CHANGELIST, fields, follow=True).content.decode()
    Article.objects.filter(pk=piece.pk).mark(stage=Stage.SETTLED)
    settled = world.client("publisher of Coast").post(CHANGELIST, fields, follow=True).content.decode()
    messages = [page[page.index("messagelist") :][:300] for page in (newer, settled)]
    assert messages[0] == messages[1]


# ---------------------------------------------------------------- rights are not raised


def test_a_limited_editor_does_not_move_a_piece_into_another_section(world):
    client, piece = world.client("editor of Coast"), world.pieces["coast draft"]
    where = f"{CHANGELIST}{piece.pk}/change/"
    fields = fields_of(client.get(where), "article_form")
    answer = client.post(where, {**fields, "section": world.work.pk})
    assert "Select a valid choice" in answer.content.decode()
    piece.refresh_from_db()
    assert piece.section == world.coast
    new = {"headline": "New", "kind": "reporting", "section": world.work.pk}
    for address in (f"{CHANGELIST}add/", f"{CHANGELIST}add/?section={world.work.pk}"):
        assert "Select a valid choice" in client.post(address, new).content.decode()


def test_an_editor_does_not_make_the_pieces_of_others_their_own(world):
    """By tying the author of the pieces to their own login."""
    author, editor = make_author(name="Ann"), world.people["editor of Coast"]
    client, where = world.client("editor of Coast"), f"/admin/articles/author/{author.pk}/change/"
    fields = fields_of(client.get(where), "author_form")
    client.post(where, {**fields, "user": editor.pk, "name": "Ann B."})
    author.refresh_from_db()
    assert (author.name, author.user) == ("Ann B.", None)


def test_the_sitting_of_somebody_else_is_not_a_way_into_their_piece():
    """Who sends the number of another's sitting begins a piece of their own."""
    theirs = make_person(role="Editor")
    content = {"headline": "Theirs", "section": make_section().pk}
    first = editing.begin(content, by=theirs, at=NOON, sitting="abcdefgh12345678")
    again = editing.begin(content, by=theirs, at=NOON, sitting="abcdefgh12345678")
    other = editing.begin(content, by=make_person(role="Contributor"), at=NOON, sitting="abcdefgh12345678")
    assert again == first
    assert other != first


# ---------------------------------------------------------------- nothing is lost, nothing breaks


def test_submitting_what_is_in_review_already_keeps_the_text_and_says_why(world):
    piece, client = world.pieces["mine"], world.client("contributor")
    Article.objects.filter(pk=piece.pk).mark(stage=Stage.IN_REVIEW)
    where = f"{CHANGELIST}{piece.pk}/change/"
    fields = fields_of(client.get(where), "article_form")
    answer = client.post(where, {**fields, "dek": "Written in time.", "_submit": "1"}, follow=True)
    assert answer.status_code == 200
    assert "The text is saved." in answer.content.decode()
    piece.refresh_from_db()
    assert piece.dek == "Written in time."
    assert Revision.objects.filter(article=piece).count() == 3


@pytest.mark.parametrize("odd", ["x", "9" * 30, "-1", "%00", ""])
def test_what_stands_in_the_address_of_a_form_fills_in_nothing_and_breaks_nothing(world, odd):
    for field in ("section", "related", "bylines", "lead_picture", "published_at", "tags"):
        assert world.client("contributor").get(f"{CHANGELIST}add/?{field}={odd}").status_code == 200


def test_everything_here_is_about_pieces_there_are(world):
    assert world.pieces.keys() == PIECES
    assert set(LIVE) == names(world, Article.objects.published(timezone.now()))


# ---------------------------------------------------------------- a large archive


@pytest.mark.parametrize("actor", ["contributor", "editor of Coast", "publisher"])
def test_a_list_costs_as_many_queries_at_2000_articles_as_at_50(world, actor):
    def queries(asked: str) -> int:
        client = world.client(actor)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(CHANGELIST + asked).status_code == 200
        return len(captured)

    every_row = ("", "?q=week", "?state=live", "?author=writer", "?p=2", "?o=3")
    seed(60, NOON, lambda _written: None, random.Random(1))
    few = [queries(asked) for asked in every_row]
    seed(1940, NOON, lambda _written: None, random.Random(2))
    assert [queries(asked) for asked in every_row] == few
    assert max(few) <= 15
