from articles.admin import articles, authors, frontpage, magazine, pages, people, pictures, redirects, sections, tags

__all__ = [
    "articles",
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
