from django.urls import path, register_converter

from articles import feeds
from articles.addresses import SlugConverter
from articles.views import guests, pictures, reading

register_converter(SlugConverter, "uslug")

urlpatterns = [
    path("", reading.front, name="front"),
    path("latest/", reading.latest, name="latest"),
    path("search/", reading.find, name="search"),
    path("feed/", feeds.LatestFeed(), name="feed"),
    path("authors/", reading.authors, name="authors"),
    path("authors/<uslug:slug>/", reading.author, name="author"),
    path("authors/<uslug:slug>/feed/", feeds.AuthorFeed(), name="author_feed"),
    path("tags/<uslug:slug>/", reading.tag, name="tag"),
    path("tags/<uslug:slug>/feed/", feeds.TagFeed(), name="tag_feed"),
    path("pictures/<int:number>/<str:key>/<str:name>", pictures.rendition, name="rendition"),
    path("preview/<str:token>/", guests.preview, name="guest_preview"),
    path("review/<str:token>/", guests.room_page, name="guest_room"),
    # Last: the first part of these paths is any word that is not one of the site's own (articles.addresses.RESERVED).
    path("<uslug:slug>/", reading.section_or_page, name="section"),
    path("<uslug:slug>/", reading.section_or_page, name="page"),
    path("<uslug:slug>/feed/", feeds.SectionFeed(), name="section_feed"),
    path("<uslug:section_slug>/<uslug:slug>/", reading.article, name="article"),
    path("<uslug:section_slug>/<uslug:slug>/rest/", reading.article_rest, name="article_rest"),
]
