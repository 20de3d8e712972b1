"""The issues of the round-up: making one, looking at it, sending it."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery, Sum
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from js_asset import Script

from articles.admin.desk import DeskAdmin
from newsletter.admin import composing, making, previewing, progress, scheduling, standing
from newsletter.admin.reach import CHANGE
from newsletter.models import Batch, Issue, Item
from newsletter.roles import issues_for
from newsletter.states import IssueState

PAGES = [*composing.PAGES, *previewing.PAGES, *scheduling.PAGES, *progress.PAGES]
"""The admin's pages of one issue besides Django's own: (address below the list, view, name)."""


class IssueList(ChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        issues = super().get_queryset(request, exclude_parameters).defer("html", "text", "web", "intro", "outro")
        return issues.annotate(
            pieces_count=of_each(Item.objects.all(), total=Count("pk")),
            sent_count=of_each(Batch.objects.all(), total=Sum("sent")),
            failed_count=of_each(Batch.objects.all(), total=Sum("failed")),
        )


def of_each(rows, total) -> Subquery:
    """A total of each issue's rows, as a query of its own: two joins would multiply each other."""
    return Subquery(rows.filter(issue=OuterRef("pk")).order_by().values("issue").annotate(total=total).values("total"))


@admin.register(Issue)
class IssueAdmin(DeskAdmin):
    list_display = ["standing", "number", "words", "goes", "pieces", "mails"]
    list_display_links = ["words"]
    list_filter = ["state"]
    search_fields = ["subject"]
    empty_value_display = "–"
    change_list_template = "admin/newsletter/issue/list.html"

    class Media:
        css = {"all": ["articles/saving.css", "newsletter/issue.css"]}
        js = [Script("newsletter/issue.js", type="module")]

    # ---------------------------------------------------------------- who may what

    def get_queryset(self, request):
        return issues_for(request.user, timezone.now())

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or may_go(obj))

    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [*protected, *(str(issue) for issue in objs if not may_go(issue))]

    # ---------------------------------------------------------------- the list

    def get_urls(self):
        own = [
            path(route, self.admin_site.admin_view(partial(view, self)), name=f"newsletter_issue_{name}")
            for route, view, name in PAGES
        ]
        return [*own, *super().get_urls()]

    def get_changelist(self, request, **options):
        return IssueList

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("The round-up"), "subtitle": ""}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_lazy("State"), ordering="state")
    def standing(self, issue):
        return format_html('{}<span class="below">{}</span>', standing.badge(issue), standing.next_deed(issue))

    @admin.display(description=_lazy("Subject"), ordering="subject")
    def words(self, issue):
        return str(issue)

    @admin.display(description=_lazy("Goes out"), ordering="scheduled_for")
    def goes(self, issue):
        return standing.when(issue) or "–"

    @admin.display(description=_lazy("Pieces"))
    def pieces(self, issue):
        return issue.pieces_count or 0

    @admin.display(description=_lazy("Sent"))
    def mails(self, issue):
        if issue.sent_count is None:
            return "–"
        failed = ngettext("%(count)d failed", "%(count)d failed", issue.failed_count) % {"count": issue.failed_count}
        below = format_html('<span class="below">{}</span>', failed) if issue.failed_count else ""
        return format_html("{}{}", issue.sent_count, below)

    # ---------------------------------------------------------------- one issue

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return making.new_page(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The form of a draft, and of any other issue where it stands. Whoever sends the form of one that has been
        scheduled meanwhile gets the form back, with the words in it."""
        issue = self.get_object(request, object_id)
        if issue is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, issue):
            raise PermissionDenied
        if request.method == "POST":
            return composing.save_page(self, request, issue.pk)
        if issue.is_draft and request.user.has_perm(CHANGE):
            return composing.form_page(self, request, issue)
        return standing.page(self, request, issue)

    def view_on_site(self, issue):
        return issue.get_absolute_url() if issue.is_shown else None


def may_go(issue: Issue) -> bool:
    """What was on its way to readers stays, with the list of those who got it."""
    return issue.state in {IssueState.DRAFT, IssueState.CANCELLED} and issue.began_at is None
