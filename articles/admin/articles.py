from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, Case, F, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from js_asset import Script

from articles import editing, html, notices, presence, readiness, review, search
from articles.admin import checks, history, moves, previews, saving, talk
from articles.admin.desk import DeskAdmin, thumbnail
from articles.admin.finding import AuthorFilter, StateFilter
from articles.checklist import blocks
from articles.forms import ArticleForm
from articles.models import Article
from articles.roles import given_to, may, open_moves, sees_all, visible_to
from articles.templatetags.desk import day_of, short_state
from articles.workflow import MOVES, MoveRefused, Stage, State

FIELDSETS = [
    (None, {"fields": ["headline", "dek", "body"], "classes": ["main"]}),
    (_("Lead picture"), {"fields": ["lead_picture", "lead_alt", "lead_caption"], "classes": ["main"]}),
    (_("Related articles"), {"fields": ["related"], "classes": ["main"]}),
    (
        _("Search engines"),
        {"fields": ["seo_title", "seo_description", "canonical_url", "noindex"], "classes": ["main", "collapse"]},
    ),
    (
        _("Publication"),
        {
            "fields": ["published_at", "live_at", "slug", "material_change", "note", "base", "sitting"],
            "classes": ["side"],
        },
    ),
    (_("Label"), {"fields": ["section", "kind", "tags"], "classes": ["side"]}),
    (_("Byline"), {"fields": ["bylines", "byline_override"], "classes": ["side"]}),
]
"""Not the admin class's `fieldsets`: Django's check of those takes "related" for the table behind it."""

PAGES = [*moves.PAGES, *history.PAGES, *previews.PAGES, *saving.PAGES, *talk.PAGES, *checks.PAGES]
"""The admin's pages of one article besides Django's own: (address below the list, view, name)."""

CONTENT_SHOWN = ("body", "bylines", "tags", "related")
"""Fields that somebody who may not change the article is shown by a method of the admin, `shown_…`."""


class ArticleList(ChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        return super().get_queryset(request, exclude_parameters).for_the_desk().with_bylines()


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    form = ArticleForm
    list_display = ["picture", "headline", "state", "label", "byline", "saved"]
    list_display_links = ["headline"]
    list_filter = [StateFilter, "section", "kind", AuthorFilter]
    search_fields = ["search_text"]
    date_hierarchy = "published_at"
    actions = ["publish_selected", "unpublish_selected", "delete_selected"]

    class Media:
        css = {"all": [f"articles/{name}.css" for name in ("history", "preview", "saving", "talk")]}
        js = [
            Script(f"articles/{name}.js", type="module") for name in ("article", "preview", "saving", "talk", "checks")
        ]

    # ---------------------------------------------------------------- who may what

    def get_queryset(self, request):
        """What the person may look at, and whether its drafts are given to them. Of the rest they learn what readers
        do: `known_at` is its publication, since its last save could be that of a draft."""
        articles = visible_to(request.user, timezone.now())
        if sees_all(request.user):
            return articles.annotate(given=Value(True), known_at=F("saved_at"))
        own = When(pk__in=given_to(request.user).values("pk"), then=True)
        rows = articles.annotate(given=Case(own, default=False, output_field=BooleanField()))
        return rows.annotate(known_at=Case(When(given=True, then="saved_at"), default="published_at"))

    def get_ordering(self, request):
        return ["-known_at", "-pk"]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "publish")

    def has_view_permission(self, request, obj=None):
        return may(request.user, "view") or may(request.user, "change")

    def has_change_permission(self, request, obj=None):
        return may(request.user, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return may(request.user, "delete", obj)

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
        return short_state(article, timezone.now(), article.given)

    @admin.display(description=_("Section"), ordering="section__name")
    def label(self, article):
        return format_html('{} <small class="below">{}</small>', article.section, article.get_kind_display())

    @admin.display(description=_("Byline"))
    def byline(self, article):
        return article.byline_override or ", ".join(f"{name}" for name in article.bylines.all())

    @admin.display(description=_("Saved"), ordering="known_at")
    def saved(self, article):
        day = date_format(timezone.localtime(article.known_at), "j M Y")
        words = ngettext("%(count)d word", "%(count)d words", article.word_count) % {"count": article.word_count}
        return format_html('{} <small class="below">{}</small>', day, words)

    # ---------------------------------------------------------------- the form

    def get_fieldsets(self, request, obj=None):
        """Without what makes no sense for this article; by methods where it is only shown."""
        hidden = set() if obj and obj.status == State.PUBLISHED else {"material_change", "live_at"}
        only_shown = obj is not None and not self.has_change_permission(request, obj)
        if only_shown:
            hidden = {"material_change", "live_at", "note", "base", "sitting"}
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
        """Those that the person may look at; `seen_by` is set where the article is read."""
        seen = visible_to(article.seen_by, timezone.now()).values("pk")
        return ", ".join(map(str, article.related_picks().filter(pk__in=seen)))

    def view_on_site(self, article):
        """A scheduled article is shown as on its day; a draft has no place on the site yet."""
        if article.status != State.PUBLISHED:
            return None
        moment = f"{timezone.localtime(article.published_at):%Y-%m-%dT%H:%M}"
        return article.get_absolute_url() + (f"?at={moment}" if article.is_scheduled(timezone.now()) else "")

    def get_form(self, request, obj=None, change=False, **options):
        """Drafts may be unfinished; what is to be published or reviewed may not."""
        form = super().get_form(request, obj, change, **options)
        form.user = request.user
        form.strict = any(button in request.POST for button in ("_publish", "_submit", "_later"))
        return form

    def render_change_form(self, request, context, *args, obj=None, **options):
        now, given = timezone.now(), getattr(obj, "given", True)  # without the mark it was opened to be changed
        names = open_moves(request.user, obj, moves.approval_required(request)) if obj else moves_of_new(request)
        context |= {
            "now": timezone.localtime(now),
            "moves": {name: MOVES[name].label for name in names},
            "is_public": obj is not None and obj.status == State.PUBLISHED,
            "is_ahead": obj is not None and obj.published_at is not None and obj.published_at > now,
            "is_waiting": obj is not None and obj.stage == Stage.WAITING,
            "newer": obj is not None and editing.is_pending(obj) and given,
            "given": given,
            "talk": talk.panel_of(request, obj),
            **saving.context(request, obj, context["adminform"].form),
        }
        if obj and self.has_change_permission(request, obj):
            context |= checks.checklist_context(obj) | {"sent_back": moves.sent_back(obj)}
        return super().render_change_form(request, context, *args, obj=obj, **options)

    # ---------------------------------------------------------------- saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        wanted = {"_publish": "publish", "_submit": "submit"}
        if request.method == "POST" and any(
            button in request.POST and not may(request.user, name) for button, name in wanted.items()
        ):
            raise PermissionDenied
        if request.method == "POST" and "_publish" in request.POST:
            checks.ask_before_publishing(request)
        if request.method == "POST" and object_id is None:
            object_id = saving.begun(request)  # the form of a new article may have saved by itself before
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request, object_id, from_field=None):
        """The article as it is when its turn comes: one that was published while somebody edited it stays published."""
        article = super().get_object(request, object_id, from_field)
        if article is None or request.method != "POST":
            if article:
                article.seen_by = request.user
            return article
        with transaction.atomic():  # the history can be sent a POST too, and has no transaction
            return Article.objects.filter(pk=article.pk).held().first()

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """A revision, and never the row itself: what the form was checked on is put aside for the row as it is."""
        now, content = timezone.now(), form.snapshot()
        said = {"by": request.user, "at": now, "sitting": form.cleaned_data["sitting"]}
        if change:
            article = Article.objects.get(pk=obj.pk)
            if "_take_over" in request.POST:
                presence.keep(article, by=request.user, sitting=said["sitting"], at=now, over=True)
            editing.record(article, content, note=form.cleaned_data["note"], **said)
        else:
            article = editing.begin(content, **said)
        try:
            with transaction.atomic():
                self.move_on(request, article, form, now)
        except MoveRefused as refusal:
            request.refusal = refusal
        obj.pk = article.pk
        obj.refresh_from_db()

    def move_on(self, request, article, form, now):
        if "_publish" in request.POST:
            self.publish(request, article, form)
        elif "_submit" in request.POST:
            review.move(article, "submit", by=request.user, at=now)
            notices.moved(article, "submit", by=request.user, at=now)

    def publish(self, request, article, form):
        """Published at once where nothing is to be said of it; otherwise it is saved, and the question is asked."""
        found = readiness.findings(form.snapshot(), article)
        request.doubts = bool(found) and ("_sure" not in request.POST or blocks(found))
        if not request.doubts:
            checks.publish(article, request, form)

    def save_related(self, request, form, formsets, change):
        """Bylines, tags and picks are part of the content, which is saved."""

    def response_add(self, request, obj, post_url_continue=None):
        return self.published(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.published(request, obj) or super().response_change(request, obj)

    def published(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """The answer to Publish and Submit: the form again, and the way to the live article; or the question."""
        if refusal := getattr(request, "refusal", None):
            self.message_user(request, format_html("{} {}", _("The text is saved."), refusal), messages.ERROR)
            return redirect(moves.change_address(article.pk))
        if "_submit" in request.POST:
            self.message_user(request, MOVES["submit"].done, messages.SUCCESS)
            return redirect(moves.change_address(article.pk))
        if "_publish" not in request.POST:
            return None
        if request.doubts:
            carried = {name: request.POST[name] for name in ("live_at", "material_change") if request.POST.get(name)}
            return redirect(reverse("admin:articles_article_publish", args=[article.pk], query=carried))
        self.tell_published(request, article)
        return redirect(moves.change_address(article.pk))

    def tell_published(self, request: HttpRequest, article: Article) -> None:
        now = timezone.now()
        if article.stage == Stage.WAITING:
            message = _("The changes to “{headline}” go live by themselves. {link}")
        elif article.is_published(now):
            message = _("“{headline}” is live. {link}")
        else:
            message = _("“{headline}” is scheduled for {date}. {link}")
        link = format_html('<a href="{}">{}</a>', self.view_on_site(article), _("View on site"))
        text = format_html(str(message), headline=article.headline, date=day_of(article), link=link)
        self.message_user(request, text, messages.SUCCESS)

    # ---------------------------------------------------------------- pages of one article, and many at once

    def get_urls(self):
        own = [
            path(route, self.admin_site.admin_view(partial(view, self)), name=f"articles_article_{name}")
            for route, view, name in PAGES
        ]
        return [*own, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        return history.history_page(self, request, object_id)

    @admin.action(description=_("Publish selected articles"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        moves.publish_many(self, request, queryset, moves.approval_required(request))

    @admin.action(description=_("Unpublish selected articles"), permissions=["publish"])
    def unpublish_selected(self, request, queryset):
        articles = list(
            Article.objects.filter(pk__in=queryset.values("pk"), status=State.PUBLISHED).select_related("section")
        )
        if "sure" in request.POST or not articles:
            moves.take_off(self, request, articles)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take off the site?"),
            "opts": self.opts,
            "articles": articles,
            "action": request.POST.get("action", ""),
        }
        return TemplateResponse(request, "admin/articles/article/unpublish.html", context)

    @admin.action(description=delete_selected.short_description, permissions=["delete"])
    def delete_selected(self, request, queryset):
        """Django's own, on rows that nobody publishes between the question whether they may be deleted and the deed."""
        chosen = list(queryset.values_list("pk", flat=True))
        with transaction.atomic():
            for article in Article.objects.filter(pk__in=chosen).held():
                if not may(request.user, "delete", article):
                    raise PermissionDenied
            return delete_selected(self, request, queryset)


def moves_of_new(request: HttpRequest) -> list[str]:
    """What can be done at once with an article that is being begun."""
    names = ["submit"] if moves.approval_required(request) else ["submit", "publish"]
    return [name for name in names if may(request.user, name)]
