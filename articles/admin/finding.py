"""By what the list of articles is narrowed: its state, and an author's name."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Byline
from articles.roles import sees_all
from articles.workflow import Stage, State

STATES = {
    "draft": (_("Draft"), lambda articles, now: articles.off_the_site().filter(stage=Stage.DRAFT)),
    "in_review": (_("In review"), lambda articles, now: articles.filter(stage=Stage.IN_REVIEW)),
    "needs_changes": (_("Needs changes"), lambda articles, now: articles.filter(stage=Stage.NEEDS_CHANGES)),
    "approved": (_("Approved"), lambda articles, now: articles.filter(stage=Stage.APPROVED)),
    "scheduled": (_("Scheduled"), lambda articles, now: articles.scheduled(now)),
    "live": (_("Live"), lambda articles, now: articles.published(now)),
    "newer": (_("Live, with a newer draft"), lambda articles, now: articles.published(now).drafts()),
    "unpublished": (_("Unpublished"), lambda articles, now: articles.filter(status=State.UNPUBLISHED)),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _chosen) in STATES.items()]

    def queryset(self, request, queryset):
        """How far a newer text is can be asked of those pieces alone whose drafts the person sees."""
        _label, chosen = STATES.get(self.value(), (None, None))
        if chosen and self.value() != "live" and not sees_all(request.user):
            queryset = queryset.filter(given=True)
        return chosen(queryset, timezone.now()) if chosen else queryset


class AuthorFilter(admin.SimpleListFilter):
    """Typed, not listed: a magazine has more authors than a list has room for."""

    title = _("author")
    parameter_name = "author"
    template = "admin/articles/article/author_filter.html"

    def lookups(self, request, model_admin):
        return [("", "")]

    def queryset(self, request, queryset):
        name = (self.value() or "").replace("\x00", "").strip()
        theirs = Byline.objects.filter(author__name__icontains=name).values("article")
        return queryset.filter(pk__in=theirs) if name else queryset

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
