"""RSS: the newest pieces of the magazine, a section, an author or a tag, whole, at `request.at`."""

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed

from articles import bodies, html, metadata
from articles.addresses import absolute
from articles.models import Article, Author, Section, Tag
from articles.models.article import ArticleQuerySet
from articles.rights import Use

NEWEST = 20


class WholeTextFeed(Rss201rev2Feed):
    """RSS 2.0 with the body in `content:encoded` (the RSS content module) and names in `dc:creator`."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)


class LatestFeed(Feed):
    feed_type = WholeTextFeed

    def get_object(self, request: HttpRequest) -> Any:
        self.at = request.at
        return None

    def __call__(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        # One Feed instance serves all requests; the instant and the magazine belong to one of them.
        feed = type(self)()
        return super(LatestFeed, feed).__call__(request, *args, **options)

    def get_feed(self, thing: Any, request: HttpRequest) -> Any:
        self.magazine = request.masthead.magazine
        self.language = self.magazine.html_language.lower()
        return super().get_feed(thing, request)

    def articles(self, thing: Any) -> ArticleQuerySet:
        return Article.objects.published(self.at)

    def path(self, thing: Any) -> str:
        return reverse("front")

    def name(self, thing: Any) -> str:
        return ""

    def items(self, thing: Any) -> list[Article]:
        articles = self.articles(thing).newest().select_related("section", "lead_picture").with_bylines()
        found = list(articles.prefetch_related("tags").defer("search_text")[:NEWEST])
        self.named = bodies.gather((article.body for article in found), self.at, Use.FEEDS)
        return found

    def title(self, thing: Any) -> str:
        return " · ".join(filter(None, [self.name(thing), self.magazine.name]))

    def description(self, thing: Any) -> str:
        return self.magazine.description or self.magazine.tagline

    def link(self, thing: Any) -> str:
        return absolute(self.path(thing))

    def feed_url(self, thing: Any) -> str:
        return absolute(f"{self.path(thing)}feed/")

    def item_title(self, item: Article) -> str:
        return item.headline

    def item_description(self, item: Article) -> str:
        return item.dek or html.plain(item.opening)

    def item_link(self, item: Article) -> str:
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Article) -> str:
        return f"{absolute('/')}#article-{item.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Article) -> Any:
        return item.published_at

    def item_updateddate(self, item: Article) -> Any:
        return item.shown_update or item.published_at

    def item_categories(self, item: Article) -> list[str]:
        return [item.section.name, *(tag.name for tag in item.tags.all())]

    def item_enclosure_url(self, item: Article) -> str | None:
        return absolute(item.lead_picture.facts.plain.address) if item.lead_picture else None

    def item_enclosure_length(self, item: Article) -> int:
        return 0

    def item_enclosure_mime_type(self, item: Article) -> str:
        return metadata.mime_type(item.lead_picture.facts.plain.address)

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        return {
            "content": bodies.in_feed(item, self.named, self.item_link(item)),
            "creators": [item.byline_override]
            if item.byline_override
            else [author.name for author, _role in item.credits()],
        }


class SectionFeed(LatestFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Section:
        super().get_object(request)
        return get_object_or_404(Section, slug=slug)

    def articles(self, thing: Section) -> ArticleQuerySet:
        return super().articles(thing).filter(section=thing)

    def path(self, thing: Any) -> str:
        return thing.get_absolute_url()

    def name(self, thing: Any) -> str:
        return str(thing)

    def description(self, thing: Any) -> str:
        return getattr(thing, "description", "") or super().description(thing)


class AuthorFeed(SectionFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Author:
        LatestFeed.get_object(self, request)
        return get_object_or_404(Author.objects.published(request.at), slug=slug)

    def articles(self, thing: Author) -> ArticleQuerySet:
        return Article.objects.published(self.at).by(thing)


class TagFeed(SectionFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Tag:
        LatestFeed.get_object(self, request)
        return get_object_or_404(Tag.objects.published(request.at), slug=slug)

    def articles(self, thing: Tag) -> ArticleQuerySet:
        return Article.objects.published(self.at).tagged_with(thing)
