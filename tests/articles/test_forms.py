import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from articles.forms import ArticleForm, MomentField, SectionForm, TagForm
from articles.models import Article, Tag
from articles.models.byline import Credit
from tests.factories import NOON, make_article, make_author, make_picture, make_section, make_tag

pytestmark = pytest.mark.django_db


def filled(**changes) -> ArticleForm:
    """The form as a browser sends it, with all that has to be there."""
    section = changes.pop("section", None) or make_section()
    return ArticleForm({"headline": "A headline", "kind": "reporting", "section": section.pk, **changes})


def full_snapshot() -> dict:
    section, author, other = make_section(), make_author(), make_author()
    return {
        "headline": "Where the tide ends",
        "slug": "where-the-tide-ends",
        "dek": "A dek.",
        "body": "<p>One <strong>bold</strong> word.</p>",
        "kind": "analysis",
        "section": section.pk,
        "lead_picture": make_picture().pk,
        "lead_alt": "Other words",
        "lead_caption": "A caption",
        "bylines": [[other.pk, ""], [author.pk, "photographs by"]],
        "byline_override": "",
        "tags": ["Coast", "two words"],
        "related": [make_article(section=section).pk, make_article(section=section).pk],
        "published_at": "2026-03-04T05:06:07.000008+00:00",
        "seo_title": "A title",
        "seo_description": "A description",
        "canonical_url": "https://example.org/first",
        "noindex": True,
    }


def test_a_snapshot_fills_the_form_and_the_form_gives_it_back():
    snapshot = full_snapshot()
    form = ArticleForm(ArticleForm.data_from(snapshot), initial=ArticleForm.initial_from(snapshot))
    assert form.is_valid(), form.errors
    again = form.snapshot()
    assert datetime.fromisoformat(again.pop("published_at")) == datetime.fromisoformat(snapshot.pop("published_at"))
    assert again == snapshot


def test_a_snapshot_is_json():
    form = ArticleForm(ArticleForm.data_from(full_snapshot()))
    assert form.is_valid()
    assert json.loads(json.dumps(form.snapshot())) == form.snapshot()


def test_a_snapshot_applied_to_another_article_makes_it_the_same():
    snapshot = full_snapshot()
    article = make_article(published=False)
    form = ArticleForm(ArticleForm.data_from(snapshot), instance=article)
    assert form.is_valid(), form.errors
    article = Article.objects.get(pk=article.pk)
    article.take(form.snapshot())
    article = Article.objects.get(pk=article.pk)
    assert [(credit.author.pk, credit.role) for credit in article.credits()] == [tuple(x) for x in snapshot["bylines"]]
    assert sorted(article.tags.names()) == ["Coast", "two words"]
    assert [other.pk for other in article.related_picks()] == snapshot["related"]
    assert article.search_text.startswith("where the tide ends")


def test_an_article_fills_the_form_with_what_lies_in_other_tables():
    author, other = make_author(), make_article()
    article = make_article(authors=(author,), tags=("Two words", "Coast"), related=(other,))
    form = ArticleForm(instance=article)
    assert form["bylines"].value() == str(author.pk)
    assert form["tags"].value() == "Coast, Two words"
    assert form["related"].value() == str(other.pk)


def test_bylines_keep_their_order_and_their_roles():
    first, second = make_author(), make_author()
    form = filled(bylines=f"{second.pk}\r\n{first.pk} | with, and | more")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["bylines"] == [Credit(second, ""), Credit(first, "with, and | more")]


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[1]",
        '{"author": 1}',
        "1,2",
        "-1",
        "1.5",
        "99999999999999999999999",
        "9223372036854775808",
        "١",
        "1 |",
        "\x00",
    ],
)
@pytest.mark.parametrize("field", ["bylines", "related"])
def test_an_odd_choice_is_an_error_that_can_be_read(field, text):
    form = filled(**{field: text})
    assert not form.is_valid()
    assert form.errors[field]


@pytest.mark.parametrize("field", ["bylines", "related"])
def test_what_is_gone_meanwhile_is_said(field):
    form = filled(**{field: "4711"})
    assert "no longer there" in str(form.errors[field])
    assert "no longer there" in str(form[field])


def test_nobody_stands_in_a_byline_twice():
    author = make_author(name="Ana")
    assert "“Ana” is chosen twice" in filled(bylines=f"{author.pk}\n{author.pk} | with").errors["bylines"][0]


def test_a_role_may_not_be_a_novel():
    assert "longer than 60" in filled(bylines=f"{make_author().pk} | {'x' * 61}").errors["bylines"][0]


def test_too_many_related_articles_are_refused():
    section = make_section()
    many = "\n".join(str(make_article(section=section).pk) for _ in range(13))
    assert filled(related=many, section=section).errors["related"] == ["Choose at most 12."]


def test_an_article_is_not_related_to_itself():
    article = make_article()
    data = {"headline": "Same", "kind": "reporting", "section": article.section_id, "related": str(article.pk)}
    form = ArticleForm(data, instance=article)
    assert form.errors["related"] == ["An article cannot be related to itself."]


def test_tags_are_cut_at_commas_only_and_stand_once():
    form = filled(tags=" two  words ,Coast,coast,, två ord utan komma ")
    assert form.is_valid()
    assert form.cleaned_data["tags"] == ["two words", "coast", "två ord utan komma"]


def test_a_tag_that_is_there_is_used_in_whatever_case_it_is_typed():
    for name in ("Économie", "Straße", "パリ"):
        make_tag(name=name)
    form = filled(tags="économie, ÉCONOMIE, STRASSE, E\u0301tat, バリ", slug="a")
    assert form.is_valid(), form.errors
    article = Article()
    article.take(form.snapshot())
    assert sorted(article.tags.names()) == ["Straße", "Économie", "État", "バリ"]
    assert Tag.objects.count() == 5


@pytest.mark.parametrize("tags", ["x" * 101, ",".join(map(str, range(31))), "a\x00b", "x" * 6000])
def test_tags_beyond_measure_are_refused(tags):
    assert filled(tags=tags).errors["tags"]


@pytest.mark.parametrize("picture", ["x", "0", "-1", "99999999999999999999999", "1\x00", "4711"])
def test_a_picture_that_is_none_is_refused(picture):
    assert filled(lead_picture=picture).errors["lead_picture"]


def test_the_body_is_shown_as_it_will_be_stored():
    form = filled(body='<p onclick="x()">Hi<script>alert(1)</script></p>')
    assert form.is_valid()
    assert form.cleaned_data["body"] == "<p>Hi</p>"


def test_a_body_of_a_million_characters_is_refused_before_it_is_cleaned():
    assert filled(body="<" * 1_000_001).errors["body"]


def test_a_headline_is_one_line():
    form = filled(headline="Two\r\n  lines")
    assert form.is_valid()
    assert form.cleaned_data["headline"] == "Two lines"


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Élan vital à Paris", "elan-vital-a-paris"),
        ("Straße & Ærø", "strasse-aero"),
        ("البحر والمدينة", "البحر-والمدينة"),
        ("潮汐表是怎样制成的", "潮汐表是怎样制成的"),
        ("Łódź, città", "lodz-citta"),
        ("Приливы", "приливы"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("น้ำท่วม", "น้ำท่วม"),
        ("தமிழ் மொழி", "தமிழ்-மொழி"),
        ("العَرَبِيَّة", "العَرَبِيَّة"),
        ("!!!", "article"),
    ],
)
def test_an_empty_slug_is_made_of_the_headline_in_its_own_script(headline, slug):
    form = filled(headline=headline)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["slug"] == slug


def test_a_slug_that_is_typed_with_letters_taken_apart_is_put_together():
    form = filled(slug="か\u3099くせい")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["slug"] == "\u304cくせい"


def test_what_is_no_slug_is_said():
    assert filled(slug="a/b").errors["slug"] == ["A slug has only letters, digits, hyphens and underscores."]


def test_a_slug_made_of_the_headline_is_free():
    make_article(headline="The tide", slug="the-tide")
    form = filled(headline="The tide")
    assert form.is_valid()
    assert form.cleaned_data["slug"] == "the-tide-2"


def test_a_section_is_not_put_where_the_site_has_a_page():
    assert "own addresses" in SectionForm({"name": "Admin", "colour": "teal"}).errors["slug"][0]


def test_a_tag_of_the_same_name_in_other_case_is_refused():
    make_tag(name="Coast")
    make_tag(name="Économie")
    assert TagForm({"name": "coast"}).errors["name"]
    assert TagForm({"name": "ÉCONOMIE"}).errors["name"]
    assert TagForm({"name": "a, b"}).errors["name"]


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "2026-13-01T00:00",
        "2026-01-01T00:00+99:00",
        "99999-01-01T00:00",
        "1" * 300,
    ],
)
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a_date_that_is_none_is_refused(zone, text):
    with timezone.override(ZoneInfo(zone)):
        assert filled(published_at=text).errors["published_at"]


@pytest.mark.parametrize("text", ["2026-10-25T02:30", "2026-03-29T02:30", "25/10/2026 02:30"])
def test_the_hours_around_a_change_of_the_clock_are_no_error_of_the_server(text):
    with timezone.override(ZoneInfo("Europe/Berlin")):
        form = filled(published_at=text)
        assert form.is_valid() or form.errors["published_at"]


def test_the_hour_that_comes_twice_is_the_first_of_the_two():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert MomentField().clean("2026-10-25T02:30").astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("hour", [0, 1])
def test_an_article_of_the_hour_that_comes_twice_stays_where_it_is(hour):
    exact = datetime(2026, 10, 25, hour, 30, 7, tzinfo=UTC)
    article = make_article(published_at=exact)
    with timezone.override(ZoneInfo("Europe/Berlin")):
        data = {
            "headline": "Same",
            "kind": "reporting",
            "section": article.section_id,
            "published_at": "2026-10-25T02:30",
        }
        form = ArticleForm(data, instance=article)
        assert form.is_valid()
        assert form.cleaned_data["published_at"] == exact


def test_a_date_nobody_touched_keeps_its_seconds():
    exact = NOON + timedelta(seconds=7, microseconds=9)
    article = make_article(published_at=exact)
    data = ArticleForm.data_from(sent_as_it_stands(article).snapshot()) | {"published_at": "2026-06-01T12:00"}
    form = ArticleForm(data, instance=article)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["published_at"] == exact


def sent_as_it_stands(article) -> ArticleForm:
    form = ArticleForm(instance=article)
    bound = ArticleForm({field.html_name: field.value() for field in form}, instance=article)
    assert bound.is_valid(), bound.errors
    return bound


def test_publishing_needs_a_date_that_stays():
    article = make_article()
    data = {"headline": "Same", "kind": "reporting", "section": article.section_id, "published_at": ""}
    assert "published_at" in ArticleForm(data, instance=article).errors
