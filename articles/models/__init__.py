from articles.models.article import Article, Byline, Kind, RelatedPick
from articles.models.author import Author
from articles.models.edition import Edition
from articles.models.frontpage import FrontPage, FrontPick
from articles.models.magazine import Magazine
from articles.models.page import Page
from articles.models.picture import Picture
from articles.models.redirect import Redirect
from articles.models.section import Section
from articles.models.tag import Tag, TaggedArticle

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Edition",
    "FrontPage",
    "FrontPick",
    "Kind",
    "Magazine",
    "Page",
    "Picture",
    "Redirect",
    "RelatedPick",
    "Section",
    "Tag",
    "TaggedArticle",
]
