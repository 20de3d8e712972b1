"""The tags and filters of the reader's templates."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.utils import timezone, translation

from articles.masthead import Masthead
from articles.models.byline import Credit
from articles.picture_html import picture_html
from articles.templatetags import reading
from tests.factories import make_article, make_author, make_picture, make_section


def rendered(source: str, **context) -> str:
    return Template("{% load reading %}" + source).render(Context(context))


def test_json_ld_can_neither_close_its_element_nor_open_a_comment():
    thing = {"headline": "</script><!-- <b>Tea & cake</b>", "name": "Zoë’s “house”"}
    page = rendered("{% ld_json things %}", things=[thing])
    inside = page.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == thing


def test_each_thing_has_an_element_of_its_own():
    assert rendered("{% ld_json things %}", things=[{"a": 1}, {"b": 2}]).count("<script ") == 2


def test_a_day_is_that_of_the_magazines_zone():
    late = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Lisbon"), translation.override("en-gb"):
        assert rendered("{% day at %}", at=late) == '<time datetime="2026-06-01T00:30:00+01:00">1 Jun 2026</time>'


@pytest.mark.django_db
def test_a_picture_is_shown_as_its_place_wants_it():
    picture = make_picture()
    assert rendered('{% picture shown "A lamp" "card" first=True %}', shown=picture) == picture_html(
        picture.facts, "A lamp", "card", first=True
    )


def credited(*names: tuple[str, str]) -> str:
    article = make_article(section=make_section())
    article.set_credits([Credit(make_author(name=name), role) for name, role in names])
    return rendered("{% byline article %}", article=article)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((), ""),
        ((("Ana", ""),), "By Ana"),
        ((("Ana", ""), ("Ben", "")), "By Ana and Ben"),
        ((("Ana", ""), ("Ben", ""), ("Cy", "")), "By Ana, Ben and Cy"),
        ((("Ana", ""), ("Ben", "photographs by")), "By Ana, photographs by Ben"),
        ((("Ben", "photographs by"), ("Ana", "")), "Photographs by Ben, by Ana"),
    ],
)
def test_a_byline_reads_as_a_sentence(names, text):
    line = credited(*names)
    for name, _role in names:
        line = line.replace(f'<a href="/authors/{name.lower()}/" rel="author">{name}</a>', name)
    assert line == text


@pytest.mark.django_db
def test_staffs_own_words_stand_instead_of_the_names():
    article = make_article(authors=(make_author(),), byline_override="From <our> archive")
    assert rendered("{% byline article %}", article=article) == "From &lt;our&gt; archive"


@pytest.mark.django_db
def test_an_authors_name_shows_as_text():
    assert "<b>" not in credited(("<b>Ana</b>", ""))


@pytest.mark.django_db
def test_articles_with_the_same_headings_share_a_page(client):
    body = f"<h2>In brief</h2><p>{'Short words. ' * 20}</p><h2>Far</h2><p>{'More words. ' * 90}</p>"
    for _article in range(2):
        make_article(body=body)
    page = client.get("/latest/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert page.count("<h2>In brief</h2>") == 2
    assert len(ids) == len(set(ids))


@pytest.mark.django_db
def test_a_teasers_link_to_a_place_in_the_article_leads_to_its_page():
    article = make_article(slug="salt", body='<p><a href="#far">Far</a> <a href="/x/">x</a></p><h2>Far</h2><p>y</p>')
    assert rendered("{{ article|opening }}", article=article).startswith(
        f'<p><a href="{article.get_absolute_url()}#far">Far</a> <a href="/x/">x</a></p><h2>Far</h2>'
    )


LONG = "words " * 50


@pytest.mark.parametrize("start", ["A", "Ö", "Ж", "“A", "A <em>few</em> "])
def test_a_drop_cap_for_a_paragraph_that_bears_one(start):
    assert reading.takes_initial(f"<p>{start}{LONG}</p>")


@pytest.mark.parametrize(
    "body", ["", f"<h2>A{LONG}</h2>", "<p>Short.</p>", f"<p>ف{LONG}</p>", f"<p>1{LONG}</p>", f"<p><em>A</em>{LONG}</p>"]
)
def test_no_drop_cap_where_it_would_hurt(body):
    assert not reading.takes_initial(body)


def test_integrity_is_the_hash_of_the_file_as_served():
    path = "magazine/css/magazine.css"
    digest = hashlib.sha384(Path(finders.find(path)).read_bytes()).digest()
    assert reading.integrity(path) == "sha384-" + base64.b64encode(digest).decode()


def parts_of_the_page(monkeypatch) -> tuple[str, str]:
    """A kept part as two requests in one edition see it, between which the stylesheet changes."""
    around = Masthead(magazine=None, sections={}, pages=(), newest=())
    source = '{% kept "head" %}{% integrity "magazine/css/magazine.css" %}{% endkept %}'
    before = rendered(source, request=SimpleNamespace(masthead=around))
    monkeypatch.setattr(reading, "_served", lambda path: b"changed")
    return before, rendered(source, request=SimpleNamespace(masthead=around))


def test_what_is_kept_stays_for_the_edition(monkeypatch):
    before, after = parts_of_the_page(monkeypatch)
    assert before == after


def test_in_development_a_changed_stylesheet_has_its_new_hash_at_once(monkeypatch, settings):
    settings.DEBUG = True
    before, after = parts_of_the_page(monkeypatch)
    assert before != after == reading.integrity("magazine/css/magazine.css")
