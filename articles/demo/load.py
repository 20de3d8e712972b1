"""Load the demo magazine into an empty site, once: all of it or, where something fails, nothing."""

import io
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from PIL import Image

from articles import pictures
from articles.demo import texts
from articles.demo.drawing import FOCAL_POINTS, draw_portrait, draw_scene
from articles.models import Article, Author, FrontPage, Magazine, Page, Picture, Section
from articles.models.byline import Credit

Progress = Callable[[str], None]
# Pieces come out in the morning, a few minutes apart so that their order is plain.
MORNING = time(6, 30)
SCENE_SIZE = (1600, 1067)
PORTRAIT_SIZE = (640, 640)


class NotEmpty(Exception):
    """The site holds articles already; the demo leaves them alone."""


def load(at: datetime, progress: Progress, size: tuple[int, int] = SCENE_SIZE) -> None:
    """Make the demo magazine, its dates counted from `at`; `progress` hears of each piece.

    NotEmpty if there is somebody's work here already.
    """
    if Article.objects.exists() or Section.objects.exists():
        raise NotEmpty
    data = texts.magazine()
    with transaction.atomic():
        magazine = describe_magazine(data["magazine"])
        sections = {row["slug"]: Section.objects.create(**row) for row in data["sections"]}
        authors = {row["slug"]: make_author(row, progress) for row in data["authors"]}
        for position, row in enumerate(data["pages"], 1):
            Page.objects.create(position=position, **row)
        today = at.astimezone(magazine.zone)
        pieces = {}
        for number, text in enumerate(texts.articles()):
            pieces[text.slug] = make_article(text, sections, authors, due(today, text.days_ago, number), at, size)
            progress(text.headline)
        pick_related(pieces)
        front_page, _created = FrontPage.objects.get_or_create(pk=1)
        front_page.set_picks([pieces[slug] for slug in data["front_page"]], at)


def describe_magazine(row: dict[str, Any]) -> Magazine:
    magazine = Magazine.objects.current()
    for name, value in {**row, "social_profiles": profile_lines(row)}.items():
        setattr(magazine, name, value)
    magazine.full_clean()
    magazine.save()
    return magazine


def profile_lines(row: dict[str, Any]) -> str:
    return "\n".join(f"{profile['label']} {profile['url']}" for profile in row.get("social_profiles", []))


def make_author(row: dict[str, Any], progress: Progress) -> Author:
    portrait = store(draw_portrait(row["slug"], PORTRAIT_SIZE), alt=f"Drawn portrait of {row['name']}")
    progress(row["name"])
    return Author.objects.create(**{**row, "social_profiles": profile_lines(row)}, portrait=portrait)


def store(drawing: Image.Image, **described: Any) -> Picture:
    """A drawing as a picture, by the same door as an upload."""
    buffer = io.BytesIO()
    drawing.save(buffer, "WEBP", lossless=True, method=0)
    picture = Picture(**described)
    picture.accept(pictures.take_in(buffer))
    picture.save()
    return picture


def due(today: datetime, days_ago: int, number: int) -> datetime:
    day = (today - timedelta(days=days_ago)).date()
    return datetime.combine(day, MORNING, today.tzinfo) + timedelta(minutes=number % 60)


def make_article(
    text: texts.Text,
    sections: dict[str, Section],
    authors: dict[str, Author],
    appears: datetime,
    at: datetime,
    size: tuple[int, int],
) -> Article:
    across, down = FOCAL_POINTS[text.slug]
    picture = store(
        draw_scene(text.slug, size),
        alt=text.picture_alt,
        caption=text.picture_caption,
        credit=text.picture_credit,
        focal_x=across,
        focal_y=down,
    )
    article = Article(
        headline=text.headline,
        slug=text.slug,
        dek=text.dek,
        body=text.body,
        kind=text.kind,
        section=sections[text.section],
        lead_picture=picture,
        published_at=None if text.draft else appears,
        seo_title=text.seo_title,
        seo_description=text.seo_description,
    )
    article.save()
    article.set_credits([Credit(authors[slug], role) for slug, role in text.bylines])
    article.tags.set(text.tags)
    if not text.draft:
        article.publish(at)
    return article


def pick_related(pieces: dict[str, Article]) -> None:
    for text in texts.articles():
        if text.related:
            pieces[text.slug].set_related([pieces[slug] for slug in text.related])
