"""Who gets into which page of the admin, and whose POST changes anything: each role at each address of the URL conf.

A page that is not in TABLE fails `test_every_page_of_the_admin_is_in_the_table`. To add one, write one line under the
name of its address (without `admin:`):

    "articles_article_compare": Line(get=DRAFT, fill={"older": 1, "newer": 2}),
    "articles_article_restore": Line(get=CHANGE, post=CHANGE, fill={"number": 1}, body={"sure": "1"}),

`get` says who gets in, `post` who changes something. Either is a set of roles (WRITERS, EDITORS, PUBLISHERS, ADMINS …)
or, for a page of one article, SEE, DRAFT, CHANGE, REVIEW, PUBLISH or DELETE: which role reaches which piece with that
deed (tests/desk_world.py). The page is then asked for each of the pieces. `pk`, `object_id` and `id` of the address are
filled by themselves, anything else by `fill`; `query` is what stands after the question mark. `body` is what is posted:
a dict, or a function of (world, thing); without one it is the page's own form (`form`: its id) as a browser would send
it, with `change` over it. `prepare(piece)` sets the stage before; `only` are the pieces whose state allows the deed.
Another deed at an address that has a line already goes into DEEDS.

`answers` says who is answered by a POST that changes nothing.
`post` is checked for the superuser as well: a body that changes nothing for anybody fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from articles import editing, guests
from articles.models import Article, AuditEntry, Magazine
from newsletter import importing, tokens
from newsletter.models import Intake, Issue
from tests.articles.admin.browser import fields_of
from tests.desk_world import (
    ACTORS,
    ADMINS,
    CHANGE,
    DELETE,
    DRAFT,
    EDITORS,
    LIVE,
    NOBODY,
    PIECES,
    PUBLISH,
    PUBLISHERS,
    REVIEW,
    SEE,
    STAFF,
    UNLIMITED,
    WRITERS,
    World,
    drafts_told,
    everything,
    got_in,
    reaches,
    undone,
    writes,
)
from tests.factories import NOON, picture_file

pytestmark = pytest.mark.django_db
Rule = Any
ASKED = dict.fromkeys(ACTORS, PIECES)
ASKED |= {actor: {"mine", "work live"} for actor in UNLIMITED} | {actor: {"coast live"} for actor in ACTORS - WRITERS}
"""The pieces that somebody is asked about: those who reach all or none need not be asked about each."""
PASSWORD = "correct horse battery"
NEW_PASSWORD = {"new_password1": "a wholly new secret", "new_password2": "a wholly new secret"}
OPEN = "open"
"""No matter who: the page shows nothing of the desk."""
ASKED_ABOVE = "asked above"
"""Who gets in is said by another line of the same address."""


@dataclass(frozen=True)
class Line:
    get: Rule = NOBODY
    post: Rule = NOBODY
    answers: Rule = NOBODY
    fill: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    body: dict[str, Any] | Callable[[World, Any], dict[str, Any]] | None = None
    form: str = ""
    change: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Article], None] = lambda piece: None
    only: Any = frozenset(PIECES)


def stage(name: str) -> Callable[[Article], None]:
    return lambda piece: Article.objects.filter(pk=piece.pk).mark(stage=name)


def move(name: str, rule: Rule, before: str, only: Any = frozenset(PIECES)) -> Line:
    seen = {"note": "Said why.", "seen": 99}
    return Line(
        get=rule,
        post=rule,
        fill={"name": name},
        body=lambda world, piece: seen | {"seen": piece.latest_revision.number},
        prepare=stage(before),
        only=only,
    )


def selected(action: str, **more: Any) -> Callable[[World, Any], dict[str, Any]]:
    """The list's own form, with this thing ticked."""
    return lambda world, thing: {"action": action, "_selected_action": [thing.pk], "index": 0, **more}


NEWSLETTERS = ("issue", "newsletter")


def model(
    name: str, see: Rule, add: Rule, change: Rule, delete: Rule, *, new: Any, other: dict[str, Any]
) -> dict[str, Line]:
    """The lines of a model that Django's own five pages serve."""
    app = {"user": "auth", "group": "auth", **dict.fromkeys(NEWSLETTERS, "newsletter")}.get(name, "articles")
    return {
        f"{app}_{name}_changelist": Line(get=see, post=delete, body=selected("delete_selected", post="yes")),
        f"{app}_{name}_add": Line(get=add, post=add, body=new),
        f"{app}_{name}_change": Line(get=see, post=change, form=f"{name}_form", change=other),
        f"{app}_{name}_delete": Line(get=delete, post=delete, body={"post": "yes"}),
        f"{app}_{name}_history": Line(get=see),
        f"admin/{app}/{name}/<path:object_id>/": Line(get=STAFF),
    }


NEW_PIECE = {"headline": "A new piece", "kind": "reporting", "body": "<p>Words.</p>", "sitting": "abcdefgh12345678"}
NEW_PIECE = {**NEW_PIECE, "base": 0}


def seen(_world: World, piece: Article) -> dict[str, Any]:
    return {"seen": piece.latest_revision.number}


def invite(piece: Article) -> None:
    guests.make(piece, "review", guest="Ann", days=7, by=None, at=timezone.now())


def written(piece: Article) -> None:
    """There is a newer text than the first, so that the first can come back."""
    row = Article.objects.get(pk=piece.pk)
    editing.record(row, row.newest_content() | {"seo_title": "Another"}, by=None, at=NOON)


def published() -> Article:
    return Article.objects.published(timezone.now()).filter(section__name="Work").order_by("pk")[0]


def seen_issue(issue: Issue) -> str:
    """What the page before it says that was looked at."""
    return tokens.sign("schedule", {"issue": issue.pk, "saved_at": issue.saved_at.isoformat(), "when": "now"})


def make_ready(issue: Issue) -> None:
    """Nothing stands in the way of sending it."""
    Magazine.objects.filter(pk=1).update(postal_address="1 Quay Road")
    Issue.objects.filter(pk=issue.pk).update(preheader="And more", intro=f"<p>{'Many words. ' * 20}</p>")
    issue.items.create(article=published(), position=1)
    issue.refresh_from_db()


def new_piece(world: World, _thing: Any) -> dict[str, Any]:
    return {**NEW_PIECE, "section": world.coast.pk}


def new_picture(_world: World, _thing: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("new.png", picture_file(colour="navy"))
    return {"alt": "A navy field", "credit": "Somebody", "caption": "", "focal_x": 50, "focal_y": 50, "upload": file}


IMPORT = {"typed": "new@example.org", "confirmed": "ask", "statement": "They asked for it at the spring fair of 2026."}


def bring(_reader: Any) -> None:
    importing.begin("fair.csv", b"new@example.org", IMPORT["statement"], None, timezone.now())


def brought(_reader: Any) -> int:
    return Intake.objects.get().pk


def pause(issue: Issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(state="paused", number=1, frozen_at=NOON, began_at=NOON)


NEW_LOGIN = {"username": "newcomer", "usable_password": "true", "password1": NEW_PASSWORD["new_password1"]}
NEW_LOGIN |= {"password2": NEW_PASSWORD["new_password1"]}

AUDITORS = PUBLISHERS - {"publisher of Coast"}

TABLE: dict[str, Line] = {
    "index": Line(get=STAFF),
    "login": Line(get=OPEN),
    "logout": Line(get=OPEN),
    "password_change": Line(get=STAFF, post=STAFF, body={"old_password": PASSWORD, **NEW_PASSWORD}),
    "password_change_done": Line(get=STAFF),
    "jsi18n": Line(get=STAFF),
    "app_list": Line(get=WRITERS, fill={"app_label": "articles"}),
    "autocomplete": Line(get=ADMINS, query="app_label=articles&model_name=author&field_name=user"),
    "view_on_site": Line(fill={"content_type_id": 1, "object_id": 1}),
    "admin/(?P<url>.*)$": Line(fill={"url": "no-such-page/"}),
    # Articles: which pieces, for whom
    "articles_article_changelist": Line(get=WRITERS),
    "articles_article_add": Line(get=WRITERS, post=WRITERS, body=new_piece),
    "articles_article_change": Line(get=SEE, post=CHANGE, form="article_form", change={"headline": "Changed"}),
    "articles_article_delete": Line(get=DELETE, post=DELETE, body={"post": "yes"}),
    "articles_article_history": Line(get=DRAFT),
    "articles_article_compare": Line(get=DRAFT, query="from=1&to=1"),
    "articles_article_restore": Line(get=CHANGE, post=CHANGE, query="number=1", body={"number": "1"}, prepare=written),
    "articles_article_lookup": Line(get=WRITERS),
    "articles_article_move": move("submit", CHANGE, "draft"),
    "articles_article_token": Line(get=STAFF),
    "articles_article_autosave_new": Line(post=WRITERS, body=new_piece),
    "articles_article_kept_new": Line(answers=WRITERS),
    "articles_article_autosave": Line(
        post=CHANGE,
        body=lambda world, piece: {
            "headline": "By itself",
            "sitting": "abcdefgh12345678",
            "base": piece.latest_revision.number,
        },
    ),
    "articles_article_kept": Line(answers=CHANGE),
    "articles_article_pulse": Line(post=CHANGE, body={"sitting": "abcdefgh12345678"}),
    "articles_article_lock": Line(post=CHANGE, body={"sitting": "abcdefgh12345678", "deed": "keep"}),
    "articles_article_talk": Line(get=DRAFT, post=DRAFT, body={"say": "headline", "text-headline": "Shorter?"}),
    "articles_article_talk_panel": Line(get=DRAFT),
    "mine": Line(get=WRITERS, post=WRITERS, body={"mail": "daily"}),
    "admin/articles/article/<path:object_id>/": Line(get=STAFF),
    "articles_article_checklist": Line(get=CHANGE),
    "articles_article_preview": Line(get=DRAFT),
    "articles_article_guests": Line(get=CHANGE, post=CHANGE, body={"purpose": "review", "guest": "Ann", "days": "7"}),
    "articles_article_withdraw_guest": Line(
        post=CHANGE, prepare=invite, fill={"link": lambda piece: piece.guest_links.get().pk}
    ),
    "articles_article_publish": Line(get=PUBLISH, post=PUBLISH, body=seen),
    # What the desk shares
    **model(
        "author",
        *(WRITERS, EDITORS, EDITORS, PUBLISHERS),
        new={"name": "New Name"},
        other={"name": "Other Name"},
    ),
    "articles_author_lookup": Line(get=WRITERS),
    **model(
        "picture",
        *(WRITERS, WRITERS, EDITORS, PUBLISHERS),
        new=new_picture,
        other={"alt": "Other words"},
    ),
    "articles_picture_lookup": Line(get=WRITERS),
    **model(
        "tag",
        *(WRITERS, EDITORS, EDITORS, PUBLISHERS),
        new={"name": "New"},
        other={"name": "Renamed"},
    ),
    "articles_tag_lookup": Line(get=WRITERS),
    **model(
        "section",
        *(WRITERS, PUBLISHERS, PUBLISHERS, ADMINS),
        new={"name": "New", "colour": "teal"},
        other={"name": "Renamed"},
    ),
    "articles_section_arrange": Line(post=PUBLISHERS, body=lambda world, _thing: {"down": world.coast.pk}),
    **model(
        "page",
        *(EDITORS, PUBLISHERS, PUBLISHERS, PUBLISHERS),
        new={"title": "New", "position": 0},
        other={"title": "Renamed"},
    ),
    **model(
        "redirect",
        *(EDITORS, PUBLISHERS, PUBLISHERS, PUBLISHERS),
        new={"old_path": "/older/", "new_path": "/latest/"},
        other={"new_path": "/authors/"},
    ),
    # Readers: nothing is edited, everything is a deed
    "newsletter_subscriber_changelist": Line(get=PUBLISHERS, post=ADMINS, body=selected("erase_selected", sure="1")),
    "newsletter_subscriber_add": Line(get=PUBLISHERS, post=PUBLISHERS, body=IMPORT),
    "newsletter_subscriber_change": Line(get=PUBLISHERS, body={"email": "other@example.org"}),
    "newsletter_subscriber_delete": Line(get=ADMINS, post=ADMINS),
    "newsletter_subscriber_history": Line(get=PUBLISHERS),
    "newsletter_subscriber_suppress": Line(post=PUBLISHERS),
    "newsletter_subscriber_lift": Line(post=PUBLISHERS),
    "newsletter_subscriber_resend": Line(post=PUBLISHERS),
    "newsletter_subscriber_data": Line(post=PUBLISHERS),
    "newsletter_subscriber_export": Line(post=PUBLISHERS),
    "newsletter_subscriber_import": Line(get=PUBLISHERS, prepare=bring, fill={"intake": brought}),
    "newsletter_subscriber_import_state": Line(get=PUBLISHERS, prepare=bring, fill={"intake": brought}),
    "newsletter_subscriber_import_refused": Line(get=PUBLISHERS, prepare=bring, fill={"intake": brought}),
    "newsletter_subscriber_import_undo": Line(get=ADMINS, post=ADMINS, prepare=bring, fill={"intake": brought}),
    "admin/newsletter/subscriber/<path:object_id>/": Line(get=STAFF),
    # The round-up
    "newsletter_issue_progress": Line(get=EDITORS, prepare=pause),
    "newsletter_issue_progress_state": Line(get=EDITORS, prepare=pause),
    "newsletter_issue_progress_deed": Line(post=PUBLISHERS, prepare=pause, body={"deed": "resume"}),
    "newsletter_issue_numbers": Line(get=EDITORS, prepare=pause),
    **model(
        "issue",
        *(EDITORS, EDITORS, EDITORS, PUBLISHERS),
        new={"_empty": "1"},
        other={"subject": "Other words"},
    ),
    "newsletter_issue_pieces": Line(get=EDITORS),
    "newsletter_issue_row": Line(get=EDITORS, fill={"article": lambda _issue: published().pk, "number": 1}),
    "newsletter_issue_preview": Line(get=EDITORS),
    "newsletter_issue_frame": Line(get=EDITORS, fill={"way": "plain"}),
    "newsletter_issue_test": Line(get=EDITORS, post=EDITORS, body={"addresses": "ann@example.org"}),
    "newsletter_issue_schedule": Line(
        get=EDITORS,
        post=PUBLISHERS,
        prepare=make_ready,
        body=lambda _world, issue: {"now": "now", "on_doubt": "hold", "_sure": "1", "seen": seen_issue(issue)},
    ),
    "newsletter_issue_move": Line(get=PUBLISHERS, post=PUBLISHERS, fill={"name": "cancel"}),
    # The front page, the magazine and the newsletter's settings: one row each
    **model(
        "newsletter",
        *(PUBLISHERS, NOBODY, ADMINS, NOBODY),
        new={},
        other={"name": "Renamed"},
    ),
    **model(
        "frontpage",
        *(EDITORS, NOBODY, PUBLISHERS, NOBODY),
        new={},
        other={"picks": ""},
    ),
    **model(
        "magazine",
        *(PUBLISHERS, NOBODY, ADMINS, NOBODY),
        new={},
        other={"name": "Renamed"},
    ),
    # The audit log: read only
    "articles_auditentry_changelist": Line(get=AUDITORS),
    "articles_auditentry_export": Line(get=ADMINS),
    "articles_auditentry_add": Line(),
    "articles_auditentry_change": Line(get=AUDITORS, fill={"object_id": lambda _thing: AuditEntry.objects.first().pk}),
    "articles_auditentry_delete": Line(fill={"object_id": lambda _thing: AuditEntry.objects.first().pk}),
    "articles_auditentry_history": Line(get=AUDITORS, fill={"object_id": lambda _thing: AuditEntry.objects.first().pk}),
    "admin/articles/auditentry/<path:object_id>/": Line(get=STAFF),
    # People
    **model(
        "user",
        *(ADMINS, ADMINS, ADMINS, ADMINS),
        new=NEW_LOGIN,
        other={"first_name": "Renamed"},
    ),
    "auth_user_password_change": Line(
        get=ADMINS,
        post=ADMINS,
        body={"usable_password": "true", "password1": "a wholly new secret", "password2": "a wholly new secret"},
    ),
    **model(
        "group",
        *(ADMINS, ADMINS, ADMINS, ADMINS),
        new={"name": "New"},
        other={"name": "Renamed"},
    ),
}
TABLE["articles_frontpage_changelist"] = Line(get=EDITORS)
TABLE["articles_magazine_changelist"] = Line(get=PUBLISHERS)
TABLE["newsletter_newsletter_changelist"] = Line(get=PUBLISHERS)

DEEDS: list[tuple[str, Line]] = [
    (
        "newsletter_subscriber_changelist",
        Line(get=ASKED_ABOVE, post=PUBLISHERS, body=selected("suppress_selected")),
    ),
    (
        "articles_article_change",
        Line(get=ASKED_ABOVE, post=PUBLISH, form="article_form", change={"headline": "Out", "_publish": "1"}),
    ),
    ("articles_article_change", Line(get=ASKED_ABOVE, post=CHANGE, form="article_form", change={"_submit": "1"})),
    ("articles_article_move", move("take_back", CHANGE, "in_review")),
    ("articles_article_move", move("approve", REVIEW, "in_review")),
    ("articles_article_move", move("ask_for_changes", REVIEW, "in_review")),
    ("articles_article_move", move("unpublish", PUBLISH, "draft", only=LIVE)),
    ("articles_article_move", move("discard", CHANGE, "draft", only=LIVE)),
    ("articles_article_changelist", Line(get=ASKED_ABOVE, post=PUBLISH, body=selected("publish_selected"))),
    (
        "articles_article_changelist",
        Line(get=ASKED_ABOVE, post=PUBLISH, body=selected("unpublish_selected", sure="1"), only=LIVE),
    ),
    ("articles_article_changelist", Line(get=ASKED_ABOVE, post=DELETE, body=selected("delete_selected", post="yes"))),
    (
        "articles_tag_changelist",
        Line(
            get=ASKED_ABOVE,
            post=PUBLISHERS,
            body=lambda world, thing: {
                "action": "merge",
                "_selected_action": [thing.pk, world.things["other tag"].pk],
                "into": thing.pk,
            },
        ),
    ),
]
"""Further deeds at addresses that are in the table."""


# ---------------------------------------------------------------- the addresses, from the URL conf


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """Every page below /admin/: by name, or by its route where it has none; ours that stand before Django's too."""
    for each in get_resolver().url_patterns:
        if isinstance(each, URLResolver) and each.namespace == "admin":
            yield from below(each, str(each.pattern))
        elif isinstance(each, URLPattern) and str(each.pattern).startswith("admin/"):
            yield each.name, each


def below(resolver: URLResolver, route: str) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from below(each, route + str(each.pattern))
        else:
            yield each.name or route + str(each.pattern), each


PAGES = dict(addresses())
BEFORE_DJANGO = {"mine"}


def test_every_page_of_the_admin_is_in_the_table():
    new, gone = PAGES.keys() - TABLE.keys(), TABLE.keys() - PAGES.keys()
    assert not new, (
        f"Who may see and do what at {sorted(new)}? Add a line for each to TABLE in {__file__}; its docstring says how."
    )
    assert not gone, f"These are in TABLE and no longer in the URL conf: {sorted(gone)}"


def address(world: World, name: str, line: Line, thing: Any) -> str:
    filled = {key: value(thing) if callable(value) else value for key, value in line.fill.items()}
    wanted = PAGES[name].pattern.converters.keys() | set(PAGES[name].pattern.regex.groupindex)
    own = {key: thing.pk for key in ("pk", "object_id", "id") if key in wanted and key not in filled}
    if name.startswith("admin/"):
        route = name.replace("<path:object_id>", str(own.get("object_id"))).replace("(?P<url>.*)$", "no-such-page/")
        return f"/{route}"
    where = reverse(name if name in BEFORE_DJANGO else f"admin:{name}", kwargs={**own, **filled})
    return f"{where}?{line.query}" if line.query else where


def things(world: World, name: str, line: Line) -> list[tuple[str | None, Any]]:
    """What the page is asked for: each piece, or the one thing of its model, or nothing."""
    if any(isinstance(rule, dict) for rule in (line.get, line.post, line.answers)):
        return list(world.pieces.items())
    kind = name.split("/")[2] if name.startswith("admin/") and name.count("/") > 2 else name.split("_")[1:2]
    kind = kind if isinstance(kind, str) else "".join(kind)
    return [(None, world.things.get(kind, world.pieces["mine"]))]


def cases() -> Iterator[Any]:
    for name, line in sorted(TABLE.items()):
        if name in PAGES:
            yield pytest.param(name, line, id=name)
    for number, (name, line) in enumerate(DEEDS):
        yield pytest.param(name, line, id=f"{name}-{line.fill.get('name', number)}")


# ---------------------------------------------------------------- the looks


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once; every look at it is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def body_for(world: World, line: Line, where: str, thing: Any) -> dict[str, Any]:
    """What somebody would send who has the page before them, whether they have it or not."""
    if line.body is not None:
        return line.body(world, thing) if callable(line.body) else line.body
    if not line.form:
        return {"sure": "1", "post": "yes"}
    return {**fields_of(world.client("superuser").get(where), line.form), **line.change}


@pytest.mark.sqlite  # who may do what is decided in Python; thousands of requests say it once
@pytest.mark.parametrize(("name", "line"), list(cases()))
def test_who_gets_in_and_whose_post_changes_anything(world, name, line):
    wrong = []
    for piece, thing in things(world, name, line):
        with undone():
            line.prepare(thing)
            where = address(world, name, line, thing)
            before, body = everything(), body_for(world, line, where, thing)
            for actor in sorted(actor for actor in ACTORS if piece in {None, *ASKED[actor]}):
                wrong += look(world, line, actor, piece, where, body, before)
    assert not wrong, "\n".join(wrong)


def look(world, line, actor, piece, where, body, before) -> Iterator[str]:
    """What is not as the table says, for one person at one address."""
    shown = line.get is OPEN or reaches(line.get, actor, piece)
    if line.get not in (OPEN, ASKED_ABOVE):
        with undone(), writes() as written:
            answer = world.client(actor).get(where)
            if got_in(answer) != shown:
                yield f"{actor}: GET {where} ({piece}) answers {answer.status_code}"
            if told := drafts_told(answer, actor):
                yield f"{actor}: GET {where} ({piece}) tells of drafts that are not given to them: {told}"
            if written and everything() != before:
                yield f"{actor}: GET {where} ({piece}) changes something: {written}"
    with undone(), writes() as written:
        answer = world.client(actor).post(where, body)
        changed = bool(written) and everything() != before
        expected = reaches(line.post, actor, piece) and (piece is None or piece in line.only)
        if told := drafts_told(answer, actor):
            yield f"{actor}: POST {where} ({piece}) tells of drafts that are not given to them: {told}"
        if changed != expected:
            yield f"{actor}: POST {where} ({piece}) answers {answer.status_code}, changed: {changed}"
        told = shown or reaches(line.post, actor, piece) or reaches(line.answers, actor, piece)
        if answer.status_code == 200 and not told and line.get is not ASKED_ABOVE:
            yield f"{actor}: POST {where} ({piece}) is shown the page"
    if hasattr(body.get("upload"), "seek"):
        body["upload"].seek(0)
