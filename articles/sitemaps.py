"""The sitemap: what readers may find, over published(at)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.utils import timezone

from articles.models import Article, Author, Page, Section


class OnThisSite(Sitemap):
    """Addresses are those of SITE_URL, whatever host the request came by."""

    limit = 10_000
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class ArticleSitemap(OnThisSite):
    def items(self):
        articles = Article.objects.published(timezone.now()).filter(noindex=False, canonical_url="")
        return articles.newest().select_related("section").only("slug", "section__slug", "published_at", "updated_at")

    def lastmod(self, article: Article):
        return article.shown_update or article.published_at


class SectionSitemap(OnThisSite):
    def items(self):
        return Section.objects.all()


class AuthorSitemap(OnThisSite):
    def items(self):
        return Author.objects.filter(pk__in=Article.objects.published(timezone.now()).values("bylines__author"))


class PageSitemap(OnThisSite):
    def items(self):
        return Page.objects.all()


SITEMAPS = {"articles": ArticleSitemap, "sections": SectionSitemap, "authors": AuthorSitemap, "pages": PageSitemap}
