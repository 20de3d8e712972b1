"""The reader's pages. Each asks for what is published at `request.at` and renders it."""

from datetime import datetime

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from articles import bodies, metadata, search
from articles.frontpage import compose
from articles.models import Article, Author, Page, Tag
from articles.models.article import ArticleQuerySet, look_up_bylines
from articles.prepared import Prepared
from articles.related import related_to

PER_PAGE = 12


def page_of(request: HttpRequest, articles: ArticleQuerySet) -> ListPage:
    """The page of teasers that `?page=` asks for; junk gives the first, a number too high the last."""
    page = Paginator(articles.for_teasers(), PER_PAGE).get_page(request.GET.get("page"))
    look_up_bylines(list(page))
    request.page_shown = page.number
    return page


def listing(request: HttpRequest, template: str, articles: ArticleQuerySet, **context: object) -> HttpResponse:
    page = page_of(request, articles)
    return render(request, template, {"page": page, "latest": request.masthead.latest_besides(list(page)), **context})


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    around = request.masthead
    sheet = around.keep("front", lambda: compose(around.menu, around.newest, request.at))
    return render(request, "articles/front.html", {"front": sheet, "ld": [metadata.site(around.magazine)]})


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published(request.at).newest()
    return render(request, "articles/latest.html", {"page": page_of(request, articles)})


@require_safe
def section_or_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Sections and plain pages share the first part of a path; no slug is both (their `clean` sees to it)."""
    section = request.masthead.sections.get(slug)
    if section:
        articles = Article.objects.published(request.at).filter(section=section).newest()
        return listing(request, "articles/section.html", articles, section=section)
    return render(request, "articles/page.html", {"plain_page": get_object_or_404(Page, slug=slug)})


@Prepared
def published_under(section_slug: str, slug: str, at: datetime) -> ArticleQuerySet:
    articles = Article.objects.published(at).filter(section__slug=section_slug, slug=slug)
    return articles.select_related("section", "lead_picture")


@require_safe
def article(request: HttpRequest, section_slug: str, slug: str) -> HttpResponse:
    found = next(iter(published_under(section_slug, slug, request.at)), None)
    if found is None:
        raise Http404
    found.look_up_tags()
    related = related_to(found, request.at)
    look_up_bylines([found, *related])
    magazine = request.masthead.magazine
    crumbs = metadata.breadcrumbs(
        (found.section.name, found.section.get_absolute_url()), (found.headline, found.get_absolute_url())
    )
    context = {
        "article": found,
        "related": related,
        "latest": request.masthead.latest_besides([found, *related]),
        "canonical": metadata.canonical(found),
        "title": metadata.title(found),
        "description": metadata.description(found),
        "ld": [metadata.article(found, magazine), crumbs],
    }
    return render(request, "articles/article.html", context)


@require_safe
def article_rest(request: HttpRequest, section_slug: str, slug: str) -> HttpResponse:
    """What follows an article's opening, for a teaser that opens in place: no page of its own, and not indexed."""
    found = get_object_or_404(
        Article.objects.published(request.at).select_related("section"), section__slug=section_slug, slug=slug
    )
    response = render(request, "articles/_rest.html", {"article": found, "rest": bodies.rest(found, request.at)})
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{iri_to_uri(metadata.canonical(found))}>; rel="canonical"'
    return response


@require_safe
def authors(request: HttpRequest) -> HttpResponse:
    found = Author.objects.published(request.at).select_related("portrait")
    return render(request, "articles/authors.html", {"authors": found})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Author.objects.published(request.at).select_related("portrait"), slug=slug)
    articles = Article.objects.published(request.at).by(found).newest()
    return listing(request, "articles/author.html", articles, author=found)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Tag.objects.published(request.at), slug=slug)
    articles = Article.objects.published(request.at).tagged_with(found).newest()
    return listing(request, "articles/tag.html", articles, tag=found)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    question = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    articles = search.matching(Article.objects.published(request.at), question).newest()
    return listing(request, "articles/search.html", articles, question=question)
