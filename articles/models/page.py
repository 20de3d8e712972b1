from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import html
from articles.addresses import not_reserved
from articles.models.redirect import Addressed
from articles.models.slug import SlugField


class Page(Addressed):
    """A plain page under its own path: about, masthead, contact, privacy."""

    title = models.CharField(_("title"), max_length=120)
    slug = SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        validators=[not_reserved],
        help_text=_("The page’s address: /slug/"),
    )
    body = models.TextField(_("body"), blank=True)
    description = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("One sentence for search engines.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Its place in the footer."))
    shown_in_footer = models.BooleanField(_("shown in the footer"), default=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **options):
        self.body = html.clean(self.body)
        super().save(*args, **options)

    def clean(self) -> None:
        super().clean()
        if apps.get_model("articles", "Section").objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("A section has this address already; choose another.")})

    def address_of(self, slug: str) -> str:
        return reverse("page", args=[slug])

    def get_absolute_url(self) -> str:
        return self.address_of(self.slug)
