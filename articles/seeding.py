"""Bulk data for measuring: thousands of articles of the demo's shape, written in bulk."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Length

from articles import search
from articles.demo import texts
from articles.models import Article, Author, Byline, Picture, Section, Tag, TaggedArticle
from articles.workflow import Stage, State

BATCH: Final = 1_000
SECTIONS: Final = 7
AUTHORS: Final = 40
# Some tags are on a good part of the pieces and most on few, as in any archive (a Zipf curve).
TAGS: Final = 400
TAGS_EACH: Final = 5
# Bodies are cleaned and measured once each and then shared: seeding is to take seconds.
BODIES: Final = 60
PARAGRAPHS: Final = 12
PLACES: Final = ("the harbour", "the market", "the shipyard", "the archive", "the upper town", "the allotments")
APART: Final = timedelta(minutes=30)


def seed(count: int, at: datetime, progress: Callable[[int], None], chance: random.Random) -> None:
    """Add `count` published articles, with bylines and tags, their dates going back from `at`; all of them or none.

    `progress` hears how many are written. Bodies are whole paragraphs of the demo's own texts, mixed.
    """
    with transaction.atomic():
        pieces = make_pieces(count, at, chance)
        authors, tags = make_authors(), make_tags()
        written = 0
        while batch := list(islice(pieces, BATCH)):
            rows = Article.objects.bulk_create(batch)
            Byline.objects.bulk_create(bylines(rows, authors, chance))
            TaggedArticle.objects.bulk_create(tagging(rows, tags, chance))
            written += len(rows)
            progress(written)


def make_pieces(count: int, at: datetime, chance: random.Random) -> Iterator[Article]:
    """Unsaved articles, oldest first, numbered after those that are there."""
    sections = make_sections()
    pictures = list(Picture.objects.all()[:40])
    paragraphs = [line for text in texts.articles() for line in text.body.splitlines() if line.startswith("<p>")]
    moulds = [mould(paragraphs, sections[0], chance) for _n in range(BODIES)]
    first = next_number(Article.objects.all(), "piece")
    for number in range(first, first + count):
        piece = cast(chance.choice(moulds), f"Piece {number}: what the week brought to {chance.choice(PLACES)}")
        piece.slug = f"piece-{number}"
        piece.section = chance.choice(sections)
        piece.lead_picture = chance.choice(pictures) if pictures else None
        piece.published_at = piece.first_published_at = at - APART * (first + count - number)
        yield piece


def mould(paragraphs: list[str], section: Section, chance: random.Random) -> Article:
    """An article whose body is cleaned and measured, to cast others from."""
    article = Article(body="\n".join(chance.sample(paragraphs, PARAGRAPHS)), section=section)
    article.derive()
    return article


def cast(mould: Article, headline: str) -> Article:
    return Article(
        headline=headline,
        dek="A piece written by a machine to measure with, in the shape of the others.",
        body=mould.body,
        opening=mould.opening,
        goes_on=mould.goes_on,
        word_count=mould.word_count,
        search_text=f"{search.fold(headline)} {mould.search_text}",
        status=State.PUBLISHED,
        stage=Stage.SETTLED,
    )


def missing(rows: QuerySet[Any], word: str, wanted: int) -> range:
    """The numbers of those to make, so that there are as many as wanted."""
    first = next_number(rows, word)
    return range(first, first + wanted - rows.count())


def next_number(rows: QuerySet[Any], word: str) -> int:
    """One more than the highest among the slugs `word-1`, `word-2` …, of which any may have been deleted."""
    numbered = rows.filter(slug__regex=rf"^{word}-[1-9][0-9]*$")
    last = numbered.order_by(Length("slug").desc(), "-slug").values_list("slug", flat=True).first()
    return int(last.removeprefix(f"{word}-")) + 1 if last else 1


def make_sections() -> list[Section]:
    for number in missing(Section.objects.all(), "desk", SECTIONS):
        Section.objects.create(name=f"Desk {number}", slug=f"desk-{number}")
    return list(Section.objects.all())


def make_authors() -> list[Author]:
    numbers = missing(Author.objects.all(), "writer", AUTHORS)
    Author.objects.bulk_create(Author(name=f"Writer {n}", slug=f"writer-{n}") for n in numbers)
    return list(Author.objects.all())


def make_tags() -> list[Tag]:
    numbers = missing(Tag.objects.all(), "subject", TAGS)
    Tag.objects.bulk_create(Tag(name=f"Subject {n}", slug=f"subject-{n}") for n in numbers)
    return list(Tag.objects.all())


def bylines(articles: list[Article], authors: list[Author], chance: random.Random) -> Iterator[Byline]:
    for article in articles:
        for position, author in enumerate(chance.sample(authors, chance.choice([1, 1, 2])), 1):
            yield Byline(article=article, author=author, position=position)


def tagging(articles: list[Article], tags: list[Tag], chance: random.Random) -> Iterator[TaggedArticle]:
    weights = [1 / rank for rank in range(1, len(tags) + 1)]
    for article in articles:
        for tag in dict.fromkeys(chance.choices(tags, weights, k=TAGS_EACH)):
            yield TaggedArticle(content_object=article, tag=tag)
