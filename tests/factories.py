"""Rows for tests: keyword-only, each default in sight."""

import importlib
import io
import itertools
from datetime import UTC, datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.utils.text import slugify
from PIL import Image

from articles import pictures
from articles.models import Article, Author, Page, Picture, Section, StaffMember, Tag
from articles.models.byline import Credit

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
_number = itertools.count(1)
roles = importlib.import_module("articles.migrations.0003_roles")
of_the_readers = importlib.import_module("newsletter.migrations.0006_readers")
of_the_round_up = importlib.import_module("newsletter.migrations.0004_who_may_and_what_is_kept")


def make_section(*, name: str = "", slug: str = "", colour: str = "teal", shown_in_menu: bool = True) -> Section:
    name = name or f"Section {next(_number)}"
    slug = slug or slugify(name, allow_unicode=True)
    return Section.objects.create(name=name, slug=slug, colour=colour, shown_in_menu=shown_in_menu)


def make_author(*, name: str = "", slug: str = "", bio: str = "<p>Writes.</p>") -> Author:
    name = name or f"Author {next(_number)}"
    return Author.objects.create(name=name, slug=slug or slugify(name, allow_unicode=True), bio=bio)


def picture_file(*, size: tuple[int, int] = (64, 48), colour: str = "teal", kind: str = "PNG") -> bytes:
    """The bytes of a small picture, as somebody would upload it."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def make_picture(
    *, alt: str = "A teal field", credit: str = "Photograph: Somebody", caption: str = "", **file
) -> Picture:
    picture = Picture(alt=alt, credit=credit, caption=caption)
    picture.accept(pictures.take_in(io.BytesIO(picture_file(**file))))
    picture.save()
    return picture


def make_page(*, title: str = "About", slug: str = "about", body: str = "<p>Who we are.</p>") -> Page:
    return Page.objects.create(title=title, slug=slug, body=body)


def make_tag(*, name: str) -> Tag:
    return Tag.objects.create(name=name)


def make_article(
    *,
    headline: str = "",
    slug: str = "",
    dek: str = "A dek.",
    body: str = "<p>First words of the piece.</p>",
    section: Section | None = None,
    authors: tuple[Author, ...] = (),
    tags: tuple[str, ...] = (),
    related: tuple[Article, ...] = (),
    published_at: datetime | None = NOON,
    published: bool = True,
    **fields,
) -> Article:
    """An article, published at NOON unless said otherwise; `published=False` makes a draft."""
    headline = headline or f"Headline {next(_number)}"
    article = Article(
        headline=headline,
        slug=slug or slugify(headline, allow_unicode=True),
        dek=dek,
        body=body,
        section=section or Section.objects.first() or make_section(),
        published_at=published_at,
        **fields,
    )
    article.save()
    article.set_credits([Credit(author) for author in authors])
    article.tags.set(tags)
    article.set_related(related)
    if published:
        article.publish(at=published_at or NOON)
    return article


def make_user(
    *, username: str = "", password: str = "correct horse battery", staff: bool = True, superuser: bool = True
) -> User:
    return get_user_model().objects.create_user(
        username or f"user{next(_number)}", password=password, is_staff=staff, is_superuser=superuser
    )


def make_roles() -> None:
    """The groups that migrations made, again, where a test with transactions of its own has emptied the tables."""
    if not Group.objects.exists():
        roles.make_roles(apps, None)
        of_the_round_up.give_permissions(apps, None)
        of_the_readers.give_permission(apps, None)


def make_person(*, role: str, username: str = "", sections: tuple[Section, ...] = (), email: str = "") -> User:
    """Somebody at the desk in a role ("Contributor", "Editor", "Publisher", "Administrator"), limited to sections."""
    user = make_user(username=username or f"{role.lower()}{next(_number)}", superuser=False)
    user.email = email or f"{user.username}@example.org"
    user.save()
    make_roles()
    user.groups.add(Group.objects.get(name=role))
    if sections:
        StaffMember.objects.create(user=user).sections.set(sections)
    return user
