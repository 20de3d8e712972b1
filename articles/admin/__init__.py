from articles.admin import (
    articles,
    audit,
    authors,
    frontpage,
    magazine,
    pages,
    people,
    pictures,
    redirects,
    sections,
    tags,
)

__all__ = [
    "articles",
    "audit",
    "authors",
    "frontpage",
    "magazine",
    "pages",
    "people",
    "pictures",
    "redirects",
    "sections",
    "tags",
]
