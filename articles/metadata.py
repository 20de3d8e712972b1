"""What a page says about itself to machines: Open Graph (ogp.me), schema.org as JSON-LD.

Dates are ISO 8601 with their offset; addresses are absolute. The subtype for each kind of article follows
schema.org's list under NewsArticle; a plain report is a ReportageNewsArticle.
"""

from datetime import datetime
from typing import Any, Final

from articles.addresses import absolute
from articles.picture_html import PictureFile

SCHEMA_TYPES: Final = {
    "analysis": "AnalysisNewsArticle",
    "reporting": "ReportageNewsArticle",
    "opinion": "OpinionNewsArticle",
    "interview": "NewsArticle",
    "explainer": "BackgroundNewsArticle",
    "review": "ReviewNewsArticle",
    "briefing": "NewsArticle",
}


def iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def publisher(magazine: Any) -> dict[str, Any]:
    """The magazine as a schema.org NewsMediaOrganization."""
    data = {"@type": "NewsMediaOrganization", "name": magazine.name, "url": absolute("/")}
    if magazine.logo:
        data["logo"] = picture(magazine.logo.facts.plain)
    if magazine.profiles:
        data["sameAs"] = [profile.url for profile in magazine.profiles]
    return data


def picture(image: PictureFile) -> dict[str, Any]:
    return {"@type": "ImageObject", "url": absolute(image.address), "width": image.width, "height": image.height}


def person(author: Any) -> dict[str, Any]:
    return {"@type": "Person", "name": author.name, "url": absolute(author.get_absolute_url())}


def article(piece: Any, magazine: Any) -> dict[str, Any]:
    """A published article with its bylines and tags, as the schema.org subtype of its kind."""
    data = {
        "@context": "https://schema.org",
        "@type": SCHEMA_TYPES[piece.kind],
        "headline": piece.headline,
        "description": description(piece),
        "mainEntityOfPage": canonical(piece),
        "datePublished": iso(piece.first_published_at),
        "dateModified": iso(piece.shown_update or piece.published_at),
        "articleSection": piece.section.name,
        "wordCount": piece.word_count,
        "inLanguage": magazine.html_language,
        "isAccessibleForFree": True,
        "keywords": [tag.name for tag in piece.tags.all()],
        "author": [person(author) for author, _role in piece.credits()] or publisher(magazine),
        "publisher": publisher(magazine),
    }
    if piece.lead_picture:
        data["image"] = [picture(shape) for shape in piece.lead_picture.facts.social]
    return data


def site(magazine: Any) -> dict[str, Any]:
    """The front page as a schema.org WebSite with its search."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": magazine.name,
        "url": absolute("/"),
        "inLanguage": magazine.html_language,
        "publisher": publisher(magazine),
        "potentialAction": {
            "@type": "SearchAction",
            "target": absolute("/search/?q={search_term_string}"),
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """A schema.org BreadcrumbList of (name, path) steps."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(steps, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def title(piece: Any) -> str:
    return piece.seo_title or piece.headline


def description(piece: Any) -> str:
    return piece.seo_description or piece.dek


def canonical(piece: Any) -> str:
    return piece.canonical_url or absolute(piece.get_absolute_url())


def mime_type(name: str) -> str:
    """The media type of a picture by its file name; names are ours, so the ending is right."""
    ending = name.rpartition(".")[2].lower()
    return {"jpg": "image/jpeg"}.get(ending, f"image/{ending}")
