from django.contrib import admin, messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as UnusedTag

from articles import tags
from articles.admin.counting import with_number
from articles.admin.desk import DeskAdmin
from articles.forms import TagForm
from articles.models import Tag, TaggedArticle

admin.site.unregister(UnusedTag)  # taggit's own model, in whose place ours stands


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    form = TagForm
    list_display = ["name", "slug", "uses"]
    search_fields = ["name", "slug"]
    actions = ["merge"]

    def get_queryset(self, request):
        return with_number(super().get_queryset(request), TaggedArticle, "tag")

    @admin.display(description=_("Articles"), ordering="number")
    def uses(self, tag):
        return tag.number

    @admin.action(description=_("Merge selected tags"), permissions=["delete"])
    def merge(self, request, queryset) -> HttpResponse | None:
        """Asks which of them stays; the others' articles and addresses go over to it."""
        chosen = list(queryset)
        if len(chosen) < 2:
            self.message_user(request, _("Select the tags that shall become one."), messages.WARNING)
            return None
        into = next((tag for tag in chosen if str(tag.pk) == request.POST.get("into")), None)
        if into is None:
            return self.ask_which_stays(request, chosen)
        tags.merge([tag for tag in chosen if tag != into], into=into)
        self.log_change(request, into, str(_("Merged with other tags.")))
        self.message_user(request, _("The tags are one now: “%(tag)s”.") % {"tag": into}, messages.SUCCESS)
        return None

    def ask_which_stays(self, request, chosen: list[Tag]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Which tag stays?"),
            "opts": self.opts,
            "tags": chosen,
        }
        return TemplateResponse(request, "admin/articles/tag/merge.html", context)
