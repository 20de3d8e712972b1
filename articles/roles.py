"""Who may do what to which article. Permissions come from groups (the roles, made by a migration); what of them
reaches an article is decided here and nowhere else, for one article and for many.

- One's own pieces: those one began or has a byline of.
- The pieces of others: with "change_others_article", and only in the sections a login is limited to, if it is.
- What readers see, everybody at the desk may look at, and nothing beside it: not that there is a newer draft either.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, Byline, Section, StaffMember
from articles.models.article import ArticleQuerySet
from articles.workflow import MOVES, PUBLISH, State, allows

OTHERS = "articles.change_others_article"
# Where the permissions of groups come from; another backend may know logins, but not who is in which role.
BACKEND = "django.contrib.auth.backends.ModelBackend"


def may(user: Any, deed: str, article: Article | None = None) -> bool:
    """Whether a person may do a deed ("view", "add", "change", "delete" or a move of the workflow) to an article, or,
    without one, to any at all. Whether the article's state allows the move is another question: see `open_moves`."""
    permission = permission_for(deed)
    if not user.is_active or not user.has_perm(permission):
        return False
    if article is None or article.pk is None:
        return True
    if deed == "delete" and not may_be_deleted(user, article):
        return False
    return reaches(user, article)


def permission_for(deed: str) -> str:
    return MOVES[deed].permission if deed in MOVES else f"articles.{deed}_article"


def may_be_deleted(user: Any, article: Article) -> bool:
    """What readers have, or had, is deleted only by those who publish."""
    return (article.first_published_at is None and article.status != State.PUBLISHED) or user.has_perm(PUBLISH)


def reaches(user: Any, article: Article) -> bool:
    """Whether the article is the person's own, or among those of others that are given to them."""
    if is_own(user, article):
        return True
    if not user.has_perm(OTHERS):
        return False
    sections = sections_of(user)
    return not sections or article.section_id in sections


def is_own(user: Any, article: Article) -> bool:
    if user.pk is None:
        return False
    if article.created_by_id == user.pk:
        return True
    return Byline.objects.filter(article=article, author__user=user).exists()


def sections_of(user: Any) -> frozenset[int]:
    """The sections a login is limited to; empty: all of them. Asked once for each request's user."""
    known: frozenset[int] | None = user.__dict__.get("limited_to_sections")
    if known is None:
        limits = StaffMember.sections.through.objects.filter(staffmember__user=user)
        known = frozenset() if user.is_superuser else frozenset(limits.values_list("section_id", flat=True))
        user.__dict__["limited_to_sections"] = known
    return known


def sees_all(user: Any) -> bool:
    """Whether every draft of the magazine is given to a person."""
    return user.is_active and user.has_perm(OTHERS) and not sections_of(user)


def may_manage(user: Any) -> bool:
    """Whether a person may say what logins may do. Not one who is limited to sections: they could lift the limit."""
    return user.is_active and user.has_perm("auth.change_user") and not sections_of(user)


def given_to(user: Any) -> ArticleQuerySet:
    """The articles whose drafts a person may see: `reaches` for many."""
    if not user.is_active:
        return Article.objects.none()
    if sees_all(user):
        return Article.objects.all()
    sections = sections_of(user)
    own = Q(created_by=user) | Q(pk__in=Byline.objects.filter(author__user=user).values("article"))
    others = Q(section__in=sections) if user.has_perm(OTHERS) else Q(pk__in=[])
    return Article.objects.filter(own | others)


def visible_to(user: Any, at: datetime) -> ArticleQuerySet:
    """What a person may look at in the admin: what is given to them, and what readers see."""
    if sees_all(user):
        return Article.objects.all()
    public = Article.objects.published(at).values("pk")
    return Article.objects.filter(Q(pk__in=given_to(user).values("pk")) | Q(pk__in=public))


def open_moves(user: Any, article: Article, approval_required: bool) -> list[str]:
    """The moves of the workflow that are open to a person and possible now, in the order of the table."""
    possible = (name for name in MOVES if allows(article.status, article.stage, name, approval_required))
    return [name for name in possible if may(user, name, article)]


def may_put(user: Any, section: int | None) -> bool:
    """Whether a person may put an article in a section, given by number, or in none yet."""
    limits = sections_of(user)
    return section is None or not limits or section in limits


def sections_for(user: Any) -> Any:
    """The sections a person may put an article in."""
    limits = sections_of(user)
    return Section.objects.filter(pk__in=limits) if limits else Section.objects.all()


def who_has(permission: str) -> QuerySet[Any]:
    """Those at the desk who have a permission ("newsletter.send_issue")."""
    people: Any = get_user_model().objects
    return people.with_perm(permission, backend=BACKEND).filter(is_staff=True, is_active=True).order_by("username")


def who_may(deed: str, article: Article) -> QuerySet[Any]:
    """Those at the desk who may do a deed (not "delete") to an article: `may` for many people."""
    people: Any = get_user_model().objects
    limits = StaffMember.sections.through.objects.filter(staffmember__user=OuterRef("pk"))
    unlimited = Q(is_superuser=True) | ~Exists(limits)
    others = people.with_perm(OTHERS, backend=BACKEND)
    others = others.filter(unlimited | Exists(limits.filter(section=article.section_id)))
    own = Q(pk=article.created_by_id) | Q(pk__in=Byline.objects.filter(article=article).values("author__user"))
    able = people.with_perm(permission_for(deed), backend=BACKEND)
    return able.filter(own | Q(pk__in=others.values("pk")), is_staff=True).order_by("username")
