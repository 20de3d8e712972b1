"""A small magazine with somebody in each role, made once for many looks at it.

Pieces, by what the contributor has to do with them: `mine`, `my_live` (with a newer draft), and what others wrote in
two sections, never published or live with a newer draft. One editor and one publisher are limited to Coast.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from articles import editing
from articles.models import Article, FrontPage, Magazine, Redirect
from newsletter.models import Issue, Newsletter, Subscriber
from tests.factories import (
    NOON,
    make_article,
    make_author,
    make_page,
    make_person,
    make_picture,
    make_section,
    make_tag,
    make_user,
)

NOBODY: frozenset[str] = frozenset()
SUPERUSER = frozenset({"superuser"})
ADMINS = SUPERUSER | {"administrator"}
PUBLISHERS = ADMINS | {"publisher", "publisher of Coast"}
EDITORS = PUBLISHERS | {"editor", "editor of Coast"}
WRITERS = EDITORS | {"contributor"}
STAFF = WRITERS | {"staff without a role"}
ACTORS = STAFF | {"reader with a login", "anonymous"}

MINE, LIVE = {"mine", "my live"}, {"my live", "coast live", "work live"}
COAST = {"mine", "coast draft", "coast live"}
PIECES = {"mine", "my live", "coast draft", "work draft", "coast live", "work live"}
UNLIMITED = dict.fromkeys(("editor", "publisher", "administrator", "superuser"), PIECES)

SEE = UNLIMITED | {"contributor": MINE | LIVE} | dict.fromkeys(["editor of Coast", "publisher of Coast"], COAST | LIVE)
DRAFT = UNLIMITED | {"contributor": MINE} | dict.fromkeys(["editor of Coast", "publisher of Coast"], COAST)
CHANGE = DRAFT
REVIEW = {actor: pieces for actor, pieces in DRAFT.items() if actor in EDITORS}
PUBLISH = {actor: pieces for actor, pieces in DRAFT.items() if actor in PUBLISHERS}
DELETE = {actor: pieces if actor in PUBLISHERS else pieces - LIVE for actor, pieces in DRAFT.items()}
"""Who reaches which piece with which deed. Written down here and not asked of articles.roles, which is tested."""

WORDS = {"mine": "Limpet", "my live": "Urchin", "coast draft": "Dulse", "work draft": "Rivet"}
WORDS |= {"coast live": "Kelp", "work live": "Solder"}
"""A word in the headline of each newest text that nothing else has."""


class World:
    def __init__(self) -> None:
        Magazine.objects.current()
        self.coast, self.work = make_section(name="Coast"), make_section(name="Work")
        self.people = self.make_people()
        self.pieces = {name: self.make_piece(name) for name in sorted(PIECES)}
        self.things = self.make_things()
        self.tie_to_drafts()
        self.keys = {actor: self.key_of(user) for actor, user in self.people.items()}

    def make_people(self) -> dict[str, User]:
        limited = (self.coast,)
        return {
            "reader with a login": make_user(username="reader", staff=False, superuser=False),
            "staff without a role": make_user(username="staff", superuser=False),
            "contributor": make_person(role="Contributor", username="contributor"),
            "editor": make_person(role="Editor", username="editor"),
            "editor of Coast": make_person(role="Editor", username="coasteditor", sections=limited),
            "publisher": make_person(role="Publisher", username="publisher"),
            "publisher of Coast": make_person(role="Publisher", username="coastpublisher", sections=limited),
            "administrator": make_person(role="Administrator", username="administrator"),
            "superuser": make_user(username="superuser"),
        }

    def make_piece(self, name: str) -> Article:
        """With a text in the stage of a draft; the live ones have an older text that readers see."""
        article = make_article(
            headline=f"What readers have, {name}" if name in LIVE else f"{WORDS[name]} unseen",
            body="<p>As it is.</p>",
            section=self.coast if name in COAST else self.work,
            published=name in LIVE,
            published_at=NOON if name in LIVE else None,
            created_by=self.people["contributor"] if name in MINE else None,
        )
        content = {**article.content(), "headline": f"{WORDS[name]} unseen", "body": f"<p>{WORDS[name]} body.</p>"}
        with transaction.atomic():
            held = Article.objects.filter(pk=article.pk).held().get()
            editing.record(held, content, by=held.created_by, at=NOON, note=f"{WORDS[name]} note")
        return Article.objects.get(pk=article.pk)

    def make_things(self) -> dict[str, Any]:
        """One of each other model, that nothing stands in the way of deleting."""
        target = make_person(role="Contributor", username="target")
        return {
            "author": make_author(name="Nobody’s Byline"),
            "picture": make_picture(),
            "tag": make_tag(name="Unused"),
            "other tag": make_tag(name="Unused too"),
            "section": make_section(name="Empty"),
            "page": make_page(),
            "redirect": Redirect.objects.create(old_path="/old/", new_path="/latest/"),
            "frontpage": FrontPage.objects.get_or_create(pk=1)[0],
            "magazine": Magazine.objects.current(),
            "subscriber": Subscriber.objects.create(email="reader@example.org"),
            "issue": Issue.objects.create(subject="The week"),
            "newsletter": Newsletter.objects.current(),
            "user": target,
            "group": Group.objects.create(name="Nobody is in it"),
        }

    def tie_to_drafts(self) -> None:
        """What everybody sees and what names a draft that few do."""
        draft, live = self.pieces["work draft"], self.pieces["coast live"]
        self.used_picture = make_picture(alt="A rivet seen from above", colour="red")
        Article.objects.filter(pk=draft.pk).update(lead_picture=self.used_picture)
        live.set_related([draft, self.pieces["work live"]])
        self.things["frontpage"].set_picks([live, draft], at=NOON)

    def key_of(self, user: User) -> str:
        client = Client()
        client.force_login(user)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def client(self, actor: str) -> Client:
        """A browser with the person's session and nothing else in it."""
        client = Client()
        if actor in self.keys:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.keys[actor]
        return client


def reaches(rule: Any, actor: str, piece: str | None) -> bool:
    """What a rule of the table says: a set of actors, or for each actor the pieces."""
    return piece in rule.get(actor, ()) if isinstance(rule, dict) else actor in rule


def got_in(answer: HttpResponse) -> bool:
    """Whether an answer shows something: an error does not, nor does being sent to the login or back to the start."""
    if answer.status_code in {301, 302}:
        where = answer["Location"]
        return where != "/admin/" and not where.startswith("/admin/login/")
    return answer.status_code == 200


def drafts_told(answer: HttpResponse, actor: str) -> list[str]:
    """The pieces of whose draft an answer gives a word to somebody whom it is not given to."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace") + str(answer.headers)
    return sorted(piece for piece, word in WORDS.items() if word in text and piece not in DRAFT.get(actor, ()))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that write something other than a session."""
    found: list[str] = []

    def look(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def everything() -> dict[str, list[tuple]]:
    """All rows of the magazine, of the people and of the logs."""
    models = [
        model
        for app in ("articles", "newsletter", "auth", "admin")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return {model._meta.label: sorted(model._base_manager.values_list(), key=str) for model in models}
