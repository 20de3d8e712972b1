"""What to read after an article."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from django.db import connection
from django.db.models import Case, F, IntegerField, Model, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from articles.models import Article, Picture, RelatedPick, Section, TaggedArticle
from articles.models.article import ArticleQuerySet

# Of a tag with more pieces than this, only the newest are weighed: what a common tag says of an old piece is little,
# and the work stays the same however large the archive is.
WEIGHED_PER_TAG: Final = 40
# A tag on this many pieces or more counts as common; the fewer pieces a tag has, the more it weighs.
COMMON: Final = 200
# Weights are whole numbers, so that equal sums are equal on every database.
UNIT: Final = 1_000_000
# What a teaser shows of an article's section and picture; fields whose values are the same before and after Django.
JOINED: Final[dict[str, tuple[type[Model], list[str]]]] = {
    "section": (Section, ["id", "name", "slug", "colour"]),
    "lead_picture": (
        Picture,
        ["id", "file", "width", "height", "colour", "alt", "caption", "credit", "focal_x", "focal_y"],
    ),
}


def related_to(article: Article, at: datetime, limit: int = 4) -> list[Article]:
    """At most `limit` articles published at `at`, for teasers: hand-picked ones first, in their order, then by shared
    tags weighed by rarity, then from the same section, then the newest.

    Never the article itself, none twice, the same for the same data. One query where the tags are prefetched.
    """
    tags = [tag.pk for tag in article.tags.all()]
    slots = [article.pk, article.section_id, at, *tags]
    sql, order = statement(connection.vendor, len(tags), limit)
    params = [fixed if slot is None else adapted(slots[slot]) for slot, fixed in order]
    return [with_joined(piece) for piece in Article.objects.raw(sql, params)]


def with_joined(piece: Article) -> Article:
    """The article with its section and picture, from the columns beside its own."""
    for relation, (model, names) in JOINED.items():
        values = [getattr(piece, f"{relation}_of_{name}") for name in names]
        setattr(piece, relation, model.from_db(None, names, values) if values[0] else None)
    return piece


def adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


@lru_cache
def statement(_vendor: str, tags: int, limit: int) -> tuple[str, list[tuple[int | None, Any]]]:
    """The SQL for so many tags, and for each of its parameters the slot it is filled from, or None and its fixed value.

    Django takes several times longer to write this query than a database to answer it, so it is written once, with
    values that stand nowhere else in it, and these are found again among its parameters.
    """
    marks = [9_000_000_000_000_001, 9_000_000_000_000_002, datetime(9876, 5, 4, 3, 2, 1, 987, tzinfo=UTC)]
    marks += [9_000_000_000_000_010 + number for number in range(tags)]
    sql, params = ranked(marks[0], marks[1], marks[2], marks[3:], limit).query.sql_with_params()
    places = {adapted(mark): slot for slot, mark in enumerate(marks)}
    return sql, [(places.get(value), value) for value in params]


def ranked(article: int, section: int, at: datetime, tags: Sequence[int], limit: int) -> ArticleQuerySet:
    picked = RelatedPick.objects.filter(article=article, other=OuterRef("pk")).order_by().values("position")
    return (
        Article.objects.published(at)
        .in_any(candidates(article, section, at, tags, limit))
        .exclude(pk=article)
        .annotate(
            picked=Subquery(picked[:1]),
            shared=shared_weight(tags),
            at_home=Case(When(section=section, then=1), default=0, output_field=IntegerField()),
            **{f"{one}_of_{name}": F(f"{one}__{name}") for one, (_model, names) in JOINED.items() for name in names},
        )
        .order_by(F("picked").asc(nulls_last=True), "-shared", "-at_home", "-published_at", "-pk")
        .defer("body", "search_text")[:limit]
    )


def candidates(article: int, section: int, at: datetime, tags: Sequence[int], limit: int) -> Iterator[QuerySet[Any, Any]]:
    """The sliced querysets of primary keys among which related articles are sought; bounded, whatever the archive."""
    yield RelatedPick.objects.filter(article=article).order_by("position").values("other_id")[: limit * 4]
    for tag in tags:
        newest = TaggedArticle.objects.filter(tag=tag).order_by("-content_object_id")
        yield newest.values("content_object_id")[:WEIGHED_PER_TAG]
    public = Article.objects.published(at).newest()
    yield public.filter(section=section).values("pk")[: limit + 1]
    yield public.values("pk")[: limit + 1]


def shared_weight(tags: Sequence[int]) -> Coalesce | Value:
    """The sum of the weights of the tags an article shares: UNIT / number of pieces with the tag, for each."""
    if not tags:
        return Value(0)
    weights = Case(
        *(When(tag=tag, then=Value(UNIT) / pieces_with(tag)) for tag in tags), default=0, output_field=IntegerField()
    )
    shared = TaggedArticle.objects.filter(content_object=OuterRef("pk"), tag__in=tags).order_by()
    return Coalesce(Subquery(shared.values("content_object").annotate(weight=Sum(weights)).values("weight")), 0)


def pieces_with(tag: int) -> RawSQL:
    """How many pieces have the tag, counted to COMMON at the most."""
    table = TaggedArticle._meta.db_table
    return RawSQL(  # noqa: S611
        f"SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE tag_id = %s LIMIT %s) AS counted",  # noqa: S608
        [tag, COMMON],
        output_field=IntegerField(),
    )
