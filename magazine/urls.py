from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from articles import sitemaps
from articles.admin import mine
from magazine import views

handler404 = views.not_found

urlpatterns = [
    path("admin/mine/", admin.site.admin_view(mine.page), name="mine"),
    path("admin/", admin.site.urls),
    path("robots.txt", views.robots, name="robots"),
    path("healthz/", views.health, name="health"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<name>.xml", sitemaps.sitemap, name="sitemap"),
    path("newsletter/", include("newsletter.urls")),
    *(
        [path(f"{settings.MEDIA_URL.lstrip('/')}<path:name>", views.media)]
        if settings.MEDIA_URL.startswith("/")
        else []
    ),
    path("", include("articles.urls")),
]
