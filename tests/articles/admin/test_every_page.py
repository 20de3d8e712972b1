"""What holds for every model of the admin: constant queries, no input that breaks a form, nothing hostile that runs."""

import itertools

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag as UnusedTag

from articles.models import Article, AuditEntry, Author, FrontPage, Magazine, Page, Picture, Redirect, Section, Tag
from newsletter.models import Issue, Newsletter, Subscriber
from tests.articles.admin.browser import fields_of
from tests.factories import (
    make_article,
    make_author,
    make_page,
    make_picture,
    make_section,
    make_tag,
    make_user,
    picture_file,
)

pytestmark = pytest.mark.django_db
number = itertools.count(1)


def picture() -> Picture:
    """A row like the first, without decoding the file again."""
    first = Picture.objects.first() or make_picture()
    first.pk, first._state.adding, first.uploaded_by = None, True, User.objects.first()
    first.save()
    return first


def full_author() -> Author:
    author = make_author()
    author.portrait = picture()
    author.save()
    return author


def full_article() -> Article:
    authors = (make_author(), make_author())
    return make_article(authors=authors, tags=("Coast",), section=make_section(), lead_picture=picture())


MAKE = {
    Article: full_article,
    Author: full_author,
    Group: lambda: Group.objects.create(name=f"Group {next(number)}"),
    Issue: lambda: Issue.objects.create(subject=f"Issue {next(number)}"),
    Page: lambda: make_page(slug=f"page-{next(number)}"),
    Picture: picture,
    Redirect: lambda: Redirect.objects.create(old_path=f"/old-{next(number)}/", new_path="/"),
    Section: make_section,
    Subscriber: lambda: Subscriber.objects.create(email=f"reader{next(number)}@example.org"),
    Tag: lambda: make_tag(name=f"Tag {next(number)}"),
    User: make_user,
}
ONE_ROW = [FrontPage, Magazine, Newsletter]
READ_ONLY = [AuditEntry]
"""tests/articles/admin/test_audit.py looks at it."""
FORMLESS = [Subscriber]
"""Nothing of it is edited: tests/newsletter/admin/test_subscribers.py looks at it."""


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_registered_model_is_looked_at_here():
    assert set(admin.site._registry) == {*MAKE, *ONE_ROW, *READ_ONLY}
    assert UnusedTag not in admin.site._registry


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_at_10_and_at_200_rows(desk, model):
    def queries() -> int:
        desk.get(address(model, "changelist"))
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address(model, "changelist") + "?all=").status_code == 200
        return len(captured)

    for _ in range(10):
        MAKE[model]()
    few = queries()
    for _ in range(190):
        MAKE[model]()
    assert queries() == few


@pytest.mark.parametrize("model", ONE_ROW, ids=lambda model: model.__name__)
def test_a_model_of_one_row_opens_on_its_form(desk, model):
    answer = desk.get(address(model, "changelist"))
    assert answer.headers["Location"] == address(model, "change", 1)
    assert desk.get(address(model, "change", 1)).status_code == 200
    assert desk.get(address(model, "add")).status_code == 403
    assert desk.get(address(model, "delete", 1)).status_code == 403


HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>"""
ODD = {
    "markup": HOSTILE,
    "a NUL": "a\x00b",
    "turned round": "ab\u202etxt.exe",
    "long": "x" * 10_000,
    "a huge number": "9" * 400,
    "below nothing": "-1",
    "blank": "  \t ",
    "template": "{{ 7|add:7 }}{% now 'Y' %}${7*7}",
}


def send_odd(desk, model, where: str, text: str):
    """The form with each field odd in turn, and all at once."""
    page = desk.get(where)
    assert page.status_code == 200
    fields = fields_of(page, f"{model._meta.model_name}_form")
    extra = {"password1": "", "password2": "", "upload": ""}
    names = [name for name in fields if not name.startswith("_")]
    for name in names:
        yield name, desk.post(where, {**fields, name: text})
    yield "all", desk.post(where, {**fields, **extra, **dict.fromkeys(names, text)})


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "model", [each for each in (*MAKE, *ONE_ROW) if each not in FORMLESS], ids=lambda model: model.__name__
)
def test_no_input_breaks_a_form(desk, model, text):
    if model in ONE_ROW:
        desk.get(address(model, "changelist"))
        addresses = [address(model, "change", 1)]
    else:
        addresses = [address(model, "add"), address(model, "change", MAKE[model]().pk)]
    for where in addresses:
        for name, answer in send_odd(desk, model, where, text):
            assert answer.status_code in {200, 302}, f"{where} {name}"


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_a_list_takes_numbers_that_no_row_has(desk, model):
    """Of a forged row nothing is done, and nothing breaks."""
    where, there = address(model, "changelist"), MAKE[model]()
    for odd in ("9" * 30, "x", "-1", "\x00", "٣", ""):
        for action in ("delete_selected", "publish_selected", "merge"):
            sent = {"action": action, "_selected_action": [odd], "post": "yes"}
            assert desk.post(where, sent).status_code in {200, 302}
        rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": odd, "_save": "1"}
        assert desk.post(where, rows).status_code in {200, 302}
        for question in ("id__in", "pk__in", "published_at__year", "signed_up_at__year"):
            assert desk.get(where, {question: odd}).status_code in {200, 302, 400}
    assert model.objects.filter(pk=there.pk).exists()


def hostile_magazine(desk) -> Article:
    """Everything named in hostile words, as far as the forms let it through."""
    desk.post("/admin/articles/section/add/", {"name": HOSTILE, "description": HOSTILE, "colour": "teal"})
    section = Section.objects.get()
    upload = {"alt": HOSTILE, "caption": HOSTILE, "credit": HOSTILE, "focal_x": 50, "focal_y": 50}
    file = SimpleUploadedFile("x.png", picture_file())
    desk.post("/admin/articles/picture/add/", {**upload, "upload": file})
    desk.post(
        "/admin/articles/author/add/",
        {"name": HOSTILE, "title": HOSTILE, "bio": HOSTILE, "portrait": Picture.objects.get().pk},
    )
    desk.post(
        "/admin/articles/page/add/",
        {"title": HOSTILE, "slug": "page", "body": HOSTILE, "description": HOSTILE, "position": 0},
    )
    texts = ["dek", "body", "lead_alt", "lead_caption", "byline_override", "seo_title", "seo_description", "tags"]
    desk.post(
        "/admin/articles/article/add/",
        {
            **dict.fromkeys(texts, HOSTILE[:100]),
            "headline": HOSTILE,
            "kind": "reporting",
            "section": section.pk,
            "bylines": f"{Author.objects.get().pk} | {HOSTILE[:60]}",
            "lead_picture": Picture.objects.get().pk,
            "_publish": "1",
            "_sure": "1",
        },
    )
    magazine = ["name", "tagline", "description", "postal_address", "newsletter_blurb", "footer_text"]
    texts = dict.fromkeys(magazine, HOSTILE[:100])
    desk.post("/admin/articles/magazine/1/change/", {**texts, "language": "en-gb", "time_zone": "UTC"})
    return Article.objects.get()


def test_hostile_words_show_as_text_or_vanish_on_every_page(desk):
    article = hostile_magazine(desk)
    author, page, tag = Author.objects.get(), Page.objects.get(), Tag.objects.get()
    things = [article, author, page, article.section, Picture.objects.get(), tag]
    pages = ["/", "/latest/", "/authors/", "/search/?q=script", "/newsletter/", "/admin/", "/feed/"]
    pages += [thing.get_absolute_url() for thing in (article, author, page, article.section, tag)]
    pages += [address(model, "changelist") for model in MAKE]
    for thing in things:
        pages += [address(type(thing), name, thing.pk) for name in ("change", "delete", "history")]
    for where in pages:
        answer = desk.get(where)
        assert answer.status_code == 200, where
        text = answer.content.decode()
        assert "<script>alert" not in text, where
        assert "<img src=x" not in text, where
        assert "onerror=alert(1)>" not in text, where
