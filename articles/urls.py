from django.urls import path, register_converter

from articles import feeds, views
from articles.addresses import SlugConverter

register_converter(SlugConverter, "uslug")

urlpatterns = [
    path("", views.front, name="front"),
    path("latest/", views.latest, name="latest"),
    path("search/", views.find, name="search"),
    path("feed/", feeds.LatestFeed(), name="feed"),
    path("authors/", views.authors, name="authors"),
    path("authors/<uslug:slug>/", views.author, name="author"),
    path("authors/<uslug:slug>/feed/", feeds.AuthorFeed(), name="author_feed"),
    path("tags/<uslug:slug>/", views.tag, name="tag"),
    path("tags/<uslug:slug>/feed/", feeds.TagFeed(), name="tag_feed"),
    # Last: the first part of these paths is any word that is not one of the site's own (articles.addresses.RESERVED).
    path("<uslug:slug>/", views.section_or_page, name="section"),
    path("<uslug:slug>/", views.section_or_page, name="page"),
    path("<uslug:slug>/feed/", feeds.SectionFeed(), name="section_feed"),
    path("<uslug:section_slug>/<uslug:slug>/", views.article, name="article"),
    path("<uslug:section_slug>/<uslug:slug>/rest/", views.article_rest, name="article_rest"),
]
