"""What to read after an article."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import (
    Case,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from articles.models import Article, RelatedPick, TaggedArticle
from articles.models.article import ArticleQuerySet
from articles.prepared import Prepared

# Of a tag with more pieces than this, only the newest are weighed: what a common tag says of an old piece is little,
# and the work stays the same however large the archive is.
WEIGHED_PER_TAG: Final = 24
# A tag on this many pieces or more counts as common; the fewer pieces a tag has, the more it weighs.
COMMON: Final = 200
# Weights are whole numbers, so that equal sums are equal on every database.
UNIT: Final = 1_000_000
# How many stand under an article.
LIMIT: Final = 4
# The number of no row.
NOBODY: Final = 0


def related_to(article: Article, at: datetime) -> list[Article]:
    """At most LIMIT articles published at `at`, for teasers: hand-picked ones first, in their order, then by shared
    tags weighed by rarity, then from the same section, then the newest.

    Never the article itself, none twice, the same for the same data. One query where the tags are prefetched.
    """
    return list(ranked(article.pk, article.pk, article.section_id, at, *(tag.pk for tag in article.tags.all())))


def related_in(shown: Article, picks: Sequence[int], at: datetime) -> list[Article]:
    """What `related_to` will give when an article stands as it is shown here, a draft that is in no row: `picks` are
    the numbers of those picked by hand. Two queries."""
    chosen = Article.objects.published(at).for_teasers().in_bulk(picks)
    first = [chosen[pk] for pk in picks if pk in chosen and pk != shown.pk]
    tags = (tag.pk for tag in shown.tags.all() if tag.pk)
    rest = ranked(NOBODY, shown.pk or NOBODY, shown.section_id or NOBODY, at, *tags)
    return [*first, *(other for other in rest if other not in first)][:LIMIT]


@Prepared
def ranked(picker: int, itself: int, section: int, at: datetime, *tags: int) -> ArticleQuerySet:
    """`picker` is the article whose picks count, `itself` the one that is left out: the same, but for a draft."""
    return (
        Article.objects.published(at)
        .in_any(candidates(picker, section, at, tags))
        .exclude(pk=itself)
        .annotate(
            pick=FilteredRelation("picks_of", condition=Q(picks_of__article=picker)),
            picked=F("pick__position"),
            shared=shared_weight(tags),
            at_home=Case(When(section=section, then=1), default=0, output_field=IntegerField()),
        )
        .order_by(F("picked").asc(nulls_last=True), "-shared", "-at_home", "-published_at", "-pk")
        .for_teasers()[:LIMIT]
    )


def candidates(article: int, section: int, at: datetime, tags: Sequence[int]) -> Iterator[QuerySet[Any, Any]]:
    """The sliced querysets of primary keys among which related articles are sought; bounded, whatever the archive."""
    public = Article.objects.published(at).newest()
    # Asked of each row in its turn, and not joined: a database that joins reads all articles to find a few.
    seen = Subquery(public.filter(pk=OuterRef("other")).order_by().values("pk"))
    picks = RelatedPick.objects.filter(article=article, other=seen)
    yield picks.order_by("position").values("other_id")[:LIMIT]
    seen = Subquery(public.filter(pk=OuterRef("content_object")).order_by().values("pk"))
    for tag in tags:
        tagged = TaggedArticle.objects.filter(tag=tag, content_object=seen)
        yield tagged.order_by("-content_object_id").values("content_object_id")[:WEIGHED_PER_TAG]
    yield public.filter(section=section).values("pk")[: LIMIT + 1]
    yield public.values("pk")[: LIMIT + 1]


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
