from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from js_asset import Script

from articles import html, search
from articles.admin.desk import DeskAdmin, thumbnail
from articles.forms import ArticleForm
from articles.models import Article
from articles.templatetags.desk import day_of, short_state
from articles.workflow import MOVES, State

FIELDSETS = [
    (None, {"fields": ["headline", "dek", "body"], "classes": ["main"]}),
    (_("Lead picture"), {"fields": ["lead_picture", "lead_alt", "lead_caption"], "classes": ["main"]}),
    (_("Related articles"), {"fields": ["related"], "classes": ["main"]}),
    (
        _("Search engines"),
        {"fields": ["seo_title", "seo_description", "canonical_url", "noindex"], "classes": ["main", "collapse"]},
    ),
    (_("Publication"), {"fields": ["published_at", "slug", "material_change", "opened"], "classes": ["side"]}),
    (_("Label"), {"fields": ["section", "kind", "tags"], "classes": ["side"]}),
    (_("Byline"), {"fields": ["bylines", "byline_override"], "classes": ["side"]}),
]
"""Not the admin class's `fieldsets`: Django's check of those takes "related" for the table behind it."""

CONTENT_SHOWN = ("body", "bylines", "tags", "related")
"""Fields that somebody who may not change the article is shown by a method of the admin, `shown_…`."""


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("draft", _("Draft")), ("scheduled", _("Scheduled")), ("live", _("Live"))]

    def queryset(self, request, queryset):
        now = timezone.now()
        if self.value() == "draft":
            return queryset.drafts()
        if self.value() == "scheduled":
            return queryset.scheduled(now)
        return queryset.published(now) if self.value() == "live" else queryset


class AuthorFilter(admin.SimpleListFilter):
    """Typed, not listed: a magazine has more authors than a list has room for."""

    title = _("author")
    parameter_name = "author"
    template = "admin/articles/article/author_filter.html"

    def lookups(self, request, model_admin):
        return [("", "")]

    def queryset(self, request, queryset):
        name = (self.value() or "").replace("\x00", "").strip()
        return queryset.filter(authors__name__icontains=name).distinct() if name else queryset

    def choices(self, changelist):
        """The rest of the list's parameters, which the form of this filter sends along."""
        yield {
            "others": [
                (name, value)
                for name, values in changelist.filter_params.items()
                for value in values
                if name not in {self.parameter_name, "p"}
            ]
        }


class ArticleList(ChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        return super().get_queryset(request, exclude_parameters).for_teasers().with_bylines()


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    form = ArticleForm
    list_display = ["picture", "headline", "state", "label", "byline", "saved"]
    list_display_links = ["headline"]
    list_filter = [StateFilter, "section", "kind", AuthorFilter]
    search_fields = ["search_text"]
    date_hierarchy = "published_at"
    ordering = ["status", "-published_at", "-pk"]
    actions = ["publish_selected", "unpublish_selected", "delete_selected"]

    class Media:
        js = [Script("articles/article.js", type="module")]

    # ---------------------------------------------------------------- who may what

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MOVES["publish"].permission)

    def has_change_permission(self, request, obj=None):
        """What readers see at once is changed only by those who may publish."""
        return super().has_change_permission(request, obj) and self.is_theirs(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.is_theirs(request, obj)

    def is_theirs(self, request: HttpRequest, article: Article | None) -> bool:
        return article is None or article.status != State.PUBLISHED or self.has_publish_permission(request)

    # ---------------------------------------------------------------- the list

    def get_changelist(self, request, **options):
        return ArticleList

    def get_search_results(self, request, queryset, search_term):
        """The site's own search: without case and accents, in any script, on every database."""
        return (search.matching(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description=_("Picture"))
    def picture(self, article):
        return thumbnail(article.lead_picture)

    @admin.display(description=_("State"), ordering="published_at")
    def state(self, article):
        return short_state(article, timezone.now())

    @admin.display(description=_("Section"), ordering="section__name")
    def label(self, article):
        return format_html('{} <small class="below">{}</small>', article.section, article.get_kind_display())

    @admin.display(description=_("Byline"))
    def byline(self, article):
        return article.byline_override or ", ".join(f"{name}" for name in article.bylines.all())

    @admin.display(description=_("Saved"), ordering="saved_at")
    def saved(self, article):
        day = date_format(timezone.localtime(article.saved_at), "j M Y")
        words = ngettext("%(count)d word", "%(count)d words", article.word_count) % {"count": article.word_count}
        return format_html('{} <small class="below">{}</small>', day, words)

    # ---------------------------------------------------------------- the form

    def get_fieldsets(self, request, obj=None):
        """Without what makes no sense for this article; by methods where it is only shown."""
        hidden = set() if obj and obj.status == State.PUBLISHED else {"material_change"}
        only_shown = obj is not None and not self.has_change_permission(request, obj)
        if only_shown:
            hidden = {"material_change", "opened"}
        return [
            (
                name,
                {
                    **options,
                    "fields": [
                        f"shown_{field}" if only_shown and field in CONTENT_SHOWN else field
                        for field in options["fields"]
                        if field not in hidden
                    ],
                },
            )
            for name, options in FIELDSETS
        ]

    @admin.display(description=_("Body"))
    def shown_body(self, article):
        return html.stored(article.body)

    @admin.display(description=_("Bylines"))
    def shown_bylines(self, article):
        return ", ".join(map(str, article.bylines.select_related("author")))

    @admin.display(description=_("Tags"))
    def shown_tags(self, article):
        return ", ".join(article.tags.order_by("name").values_list("name", flat=True))

    @admin.display(description=_("Related articles"))
    def shown_related(self, article):
        return ", ".join(map(str, article.related_picks()))

    def view_on_site(self, article):
        """A scheduled article is shown as on its day; a draft has no place on the site yet."""
        if article.status != State.PUBLISHED:
            return None
        moment = f"{timezone.localtime(article.published_at):%Y-%m-%dT%H:%M}"
        return article.get_absolute_url() + (f"?at={moment}" if article.is_scheduled(timezone.now()) else "")

    def render_change_form(self, request, context, *args, obj=None, **options):
        now = timezone.now()
        context |= {
            "now": timezone.localtime(now),
            "may_publish": self.has_publish_permission(request),
            "is_public": obj is not None and obj.status == State.PUBLISHED,
            "is_ahead": obj is not None and obj.published_at is not None and obj.published_at > now,
        }
        return super().render_change_form(request, context, *args, obj=obj, **options)

    # ---------------------------------------------------------------- saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and "_publish" in request.POST and not self.has_publish_permission(request):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request, object_id, from_field=None):
        """The article as it is when its turn comes: one that was published while somebody edited it stays published."""
        article = super().get_object(request, object_id, from_field)
        if article is None or request.method != "POST":
            return article
        with transaction.atomic():  # the history can be sent a POST too, and has no transaction
            return Article.objects.filter(pk=article.pk).held().first()

    def save_model(self, request, obj, form, change):
        """A new article needs its row before bylines can stand on it; one that is there is saved once, after them."""
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        article, now = form.instance, timezone.now()
        if form.cleaned_data.get("material_change") and article.is_published(now):
            article.updated_at = now
        if "_publish" in request.POST:
            article.publish(at=now)
        else:
            article.save()

    def response_add(self, request, obj, post_url_continue=None):
        return self.published(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.published(request, obj) or super().response_change(request, obj)

    def published(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """The answer to the Publish button: the form again, and the way to the live article."""
        if "_publish" not in request.POST:
            return None
        now = timezone.now()
        if article.is_published(now):
            message = _("“{headline}” is live. {link}")
        else:
            message = _("“{headline}” is scheduled for {date}. {link}")
        link = format_html('<a href="{}">{}</a>', self.view_on_site(article), _("View on site"))
        text = format_html(str(message), headline=article.headline, date=day_of(article), link=link)
        self.message_user(request, text, messages.SUCCESS)
        return redirect(reverse("admin:articles_article_change", args=[article.pk]))

    # ---------------------------------------------------------------- off the site, and many at once

    def get_urls(self):
        unpublish = self.admin_site.admin_view(self.unpublish_view)
        return [path("<int:pk>/unpublish/", unpublish, name="articles_article_unpublish"), *super().get_urls()]

    def unpublish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks first; the form of the answer is the action's below."""
        article = get_object_or_404(Article, pk=pk, status=State.PUBLISHED)
        if not self.has_publish_permission(request) or not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method == "POST":
            self.take_off(request, [article])
            return redirect(reverse("admin:articles_article_change", args=[pk]))
        return self.ask_to_unpublish(request, [article])

    def ask_to_unpublish(self, request: HttpRequest, articles: list[Article]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take off the site?"),
            "opts": self.opts,
            "articles": articles,
            "action": request.POST.get("action", ""),
        }
        return TemplateResponse(request, "admin/articles/article/unpublish.html", context)

    def take_off(self, request: HttpRequest, articles: list[Article]) -> None:
        with transaction.atomic():
            chosen = [article.pk for article in articles]
            held = list(Article.objects.filter(pk__in=chosen, status=State.PUBLISHED).held())
            for article in held:
                article.unpublish()
                self.log_change(request, article, str(_("Unpublished.")))
        count = len(held)
        text = ngettext("%(count)d article is off the site.", "%(count)d articles are off the site.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Publish selected articles"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        now, chosen = timezone.now(), list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            drafts = list(Article.objects.drafts().filter(pk__in=chosen).held())
            for article in drafts:
                article.publish(at=now)
                self.log_change(request, article, str(_("Published.")))
        text = ngettext("%(count)d article was published.", "%(count)d articles were published.", len(drafts))
        self.message_user(request, text % {"count": len(drafts)}, messages.SUCCESS)

    @admin.action(description=_("Unpublish selected articles"), permissions=["publish"])
    def unpublish_selected(self, request, queryset):
        articles = list(
            Article.objects.filter(pk__in=queryset.values("pk"), status=State.PUBLISHED).select_related("section")
        )
        if "sure" not in request.POST and articles:
            return self.ask_to_unpublish(request, articles)
        self.take_off(request, articles)
        return None

    @admin.action(description=delete_selected.short_description, permissions=["delete"])
    def delete_selected(self, request, queryset):
        """Django's own, on rows that nobody publishes between the question whether they may be deleted and the deed."""
        chosen = list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            list(Article.objects.filter(pk__in=chosen).held())
            return delete_selected(self, request, queryset)
