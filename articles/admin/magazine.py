from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import SingletonAdmin
from articles.forms import MagazineForm
from articles.models import Magazine


@admin.register(Magazine)
class MagazineAdmin(SingletonAdmin):
    form = MagazineForm
    fieldsets = [
        (None, {"fields": ["name", "tagline", "description", "logo"]}),
        (_("Language and time"), {"fields": ["language", "time_zone"]}),
        (_("What readers find around every page"), {"fields": ["social_profiles", "newsletter_blurb", "footer_text"]}),
        (_("Imprint"), {"fields": ["postal_address"]}),
    ]

    def the_one(self):
        return Magazine.objects.current()

    def view_on_site(self, thing):
        return "/"
