"""The sitemap: what readers may find, over published(at). Addresses are those of SITE_URL, whatever host was asked."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.addresses import absolute
from articles.models import Article, Author, Page, Section


class SitemapAt(Sitemap):
    limit = 10_000

    def __init__(self, at: datetime) -> None:
        self.at = at

    def get_protocol(self, protocol=None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class ArticleSitemap(SitemapAt):
    def items(self):
        articles = Article.objects.published(self.at).filter(noindex=False, canonical_url="")
        return articles.newest().select_related("section").only("slug", "section__slug", "published_at", "updated_at")

    def lastmod(self, article: Article):
        return article.shown_update or article.published_at


class SectionSitemap(SitemapAt):
    def items(self):
        return Section.objects.all()


class AuthorSitemap(SitemapAt):
    def items(self):
        return Author.objects.published(self.at)


class PageSitemap(SitemapAt):
    def items(self):
        return Page.objects.all()


SITEMAPS = {"articles": ArticleSitemap, "sections": SectionSitemap, "authors": AuthorSitemap, "pages": PageSitemap}


Sitemaps = Mapping[str, type[SitemapAt]]


@require_safe
def index(request: HttpRequest, sitemaps: Sitemaps) -> TemplateResponse:
    """The list of the sitemaps and of their pages."""
    places = []
    for name, kind in sitemaps.items():
        address = absolute(reverse("sitemap", args=[name]))
        pages = range(2, kind(request.at).paginator.num_pages + 1)
        places += [{"location": address}, *({"location": f"{address}?p={page}"} for page in pages)]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": places}, content_type="application/xml")


@require_safe
def sitemap(request: HttpRequest, name: str, sitemaps: Sitemaps) -> TemplateResponse:
    if name not in sitemaps:
        raise Http404
    return views.sitemap(request, {name: sitemaps[name](request.at)}, section=name)
