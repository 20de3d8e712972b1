from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.counting import with_number
from articles.admin.desk import DeskAdmin, thumbnail
from articles.forms import AuthorForm
from articles.models import Author, Byline
from articles.roles import may_manage


@admin.register(Author)
class AuthorAdmin(DeskAdmin):
    form = AuthorForm
    list_display = ["picture", "name", "title", "email", "articles"]
    list_display_links = ["name"]
    list_select_related = ["portrait"]
    search_fields = ["name", "title"]
    ordering = ["name", "pk"]

    def get_queryset(self, request):
        return with_number(super().get_queryset(request), Byline, "author")

    def get_readonly_fields(self, request, obj=None):
        """Whose login it is decides whose drafts the pieces are: it is set by those who may set what logins may do."""
        return () if may_manage(request.user) else ["user"]

    @admin.display(description=_("Picture"))
    def picture(self, author):
        return thumbnail(author.portrait)

    @admin.display(description=_("Articles"), ordering="number")
    def articles(self, author):
        return author.number
