from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from js_asset import Script

from articles import making
from articles.admin.desk import DeskAdmin, thumbnail
from articles.forms import PictureForm
from articles.models import Author, Picture
from articles.roles import visible_to
from articles.tasks import make_soon

USES_SHOWN = 20


def remove(storage, gone):
    """The originals and renditions of pictures that are no more, by (name of the file, folder of renditions)."""
    for name, folder in gone:
        storage.delete(name)
        making.forget(storage, folder)


@admin.register(Picture)
class PictureAdmin(DeskAdmin):
    form = PictureForm
    list_display = ["small", "alt", "credit", "size", "uploaded_at", "uploaded_by"]
    list_display_links = ["alt"]
    list_select_related = ["uploaded_by"]
    list_filter = ["uploaded_at"]
    search_fields = ["alt", "caption", "credit"]
    fieldsets = [
        (None, {"fields": ["preview", "upload"]}),
        (_("In words"), {"fields": ["alt", "caption", "credit", "in_newsletter"]}),
        (
            _("Focal point"),
            {
                "fields": [("focal_x", "focal_y")],
                "description": _(
                    "What must stay in sight when the picture is cropped: click on it above, or give it in per cent."
                ),
            },
        ),
        (_("About it"), {"fields": ["used_in", "size", "uploaded_at", "uploaded_by"]}),
    ]
    readonly_fields = ["preview", "used_in", "size", "uploaded_at", "uploaded_by"]

    class Media:
        js = [Script("articles/focal.js", type="module")]

    def get_object(self, request, object_id, from_field=None):
        picture = super().get_object(request, object_id, from_field)
        if picture:
            picture.seen_by = request.user
        return picture

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj)[: None if obj else 3]

    @admin.display(description=_("Picture"))
    def small(self, picture):
        return thumbnail(picture)

    @admin.display(description=_("Size"))
    def size(self, picture):
        return f"{picture.width} × {picture.height}"

    @admin.display(description=_("Picture"))
    def preview(self, picture):
        return format_html(
            '<span class="focal" data-focal><img src="{}" alt="{}" width="{}" height="{}"{}></span>',
            picture.file.url if picture.file else "",
            picture.alt,
            picture.width or "",
            picture.height or "",
            "" if picture.file else format_html(" {}", "hidden"),
        )

    @admin.display(description=_("Used in"))
    def used_in(self, picture):
        """By name where the person may look at the piece; `seen_by` is set where the picture is read."""
        seen = visible_to(picture.seen_by, timezone.now()).for_teasers()
        articles = seen.filter(lead_picture=picture).order_by("-pk")[:USES_SHOWN]
        authors = Author.objects.filter(portrait=picture)[:USES_SHOWN]
        uses = [
            *((reverse("admin:articles_article_change", args=[article.pk]), article) for article in articles),
            *((reverse("admin:articles_author_change", args=[author.pk]), author) for author in authors),
        ]
        return format_html_join(format_html("{}", ", "), '<a href="{}">{}</a>', uses) or _("Nothing yet")

    def save_model(self, request, obj, form, change):
        """Another file in its place: the first one is gone once the change is sure, since it may have had to go."""
        replaced = form.initial_file if form.cleaned_data.get("upload") else None
        before = Picture.objects.filter(pk=obj.pk).first()
        if not change:
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)
        if replaced and replaced != obj.file.name:
            storage = obj.file.storage
            transaction.on_commit(lambda: storage.delete(replaced))
        if before and before.key != obj.key:
            transaction.on_commit(lambda: making.forget(obj.file.storage, before.folder))
        make_soon(obj)
        self.tell_of_the_same(request, obj)

    def delete_model(self, request, obj):
        files, folder = obj.file.storage, obj.folder
        super().delete_model(request, obj)
        transaction.on_commit(lambda: remove(files, [(obj.file.name, folder)]))

    def delete_queryset(self, request, queryset):
        gone = [(picture.file.name, picture.folder) for picture in queryset]
        super().delete_queryset(request, queryset)
        transaction.on_commit(lambda: remove(default_storage, gone))

    def tell_of_the_same(self, request, picture):
        same = Picture.objects.filter(sha256=picture.sha256).exclude(pk=picture.pk).order_by("pk").first()
        if same:
            link = format_html('<a href="{}">{}</a>', reverse("admin:articles_picture_change", args=[same.pk]), same)
            text = format_html(str(_("The same picture was there already: {link}. One of the two can go.")), link=link)
            self.message_user(request, text, messages.WARNING)
