from articles.models.article import Article
from articles.models.audit import AuditEntry
from articles.models.author import Author
from articles.models.byline import Byline, Credit, RelatedPick
from articles.models.edition import Edition
from articles.models.frontpage import FrontPage, FrontPick
from articles.models.magazine import Magazine
from articles.models.page import Page
from articles.models.picture import Picture
from articles.models.picture_use import PictureUse
from articles.models.piece import Kind
from articles.models.presence import EditLock, Presence
from articles.models.redirect import Redirect
from articles.models.revision import Revision
from articles.models.room import Comment, GuestLink, SignOff
from articles.models.section import Section
from articles.models.staff import Notice, StaffMember
from articles.models.tag import Tag, TaggedArticle

__all__ = [
    "Article",
    "AuditEntry",
    "Author",
    "Byline",
    "Comment",
    "Credit",
    "EditLock",
    "Edition",
    "FrontPage",
    "FrontPick",
    "GuestLink",
    "Kind",
    "Magazine",
    "Notice",
    "Page",
    "Picture",
    "PictureUse",
    "Presence",
    "Redirect",
    "RelatedPick",
    "Revision",
    "Section",
    "SignOff",
    "StaffMember",
    "Tag",
    "TaggedArticle",
]
