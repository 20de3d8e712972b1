from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from articles import sitemaps
from articles.admin import mine
from magazine import views
from newsletter import sitemaps as newsletter_sitemaps

SITEMAPS = {**sitemaps.SITEMAPS, **newsletter_sitemaps.SITEMAPS}
handler404 = views.not_found

urlpatterns = [
    # Django's way from a thing's number to its address would tell the address of a draft; nothing here links to it.
    re_path("^admin/r/", views.not_found),
    path("admin/mine/", admin.site.admin_view(mine.page), name="mine"),
    path("admin/", admin.site.urls),
    path("robots.txt", views.robots, name="robots"),
    path("healthz/", views.health, name="health"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS}, name="sitemap_index"),
    path("sitemap-<name>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("newsletter/", include("newsletter.urls")),
    *(
        [path(f"{settings.MEDIA_URL.lstrip('/')}<path:name>", views.media)]
        if settings.MEDIA_URL.startswith("/")
        else []
    ),
    path("", include("articles.urls")),
]
