from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.addresses import not_reserved
from articles.models.edition import PublicQuerySet
from articles.models.page import Page
from articles.models.picture import Picture
from articles.models.redirect import Addressed
from articles.models.slug import SlugField


class Colour(models.TextChoices):
    """Colours of the house: each is legible on paper and on dark, so an editor cannot choose a bad one."""

    TEAL = "teal", _("Teal")
    RUST = "rust", _("Rust")
    SLATE = "slate", _("Slate")
    MOSS = "moss", _("Moss")
    PLUM = "plum", _("Plum")
    OCHRE = "ochre", _("Ochre")
    ROSE = "rose", _("Rose")


class SectionQuerySet(PublicQuerySet):
    def arrange(self, sections: list["Section"]) -> None:
        """Give the sections the positions 1, 2, 3 … in this order; those left out follow in the order they had."""
        chosen = {section.pk for section in sections}
        order = [section.pk for section in sections] + [
            pk for pk in self.values_list("pk", flat=True) if pk not in chosen
        ]
        with transaction.atomic():
            # Out of the way first: no two may share a position even for a moment.
            self.update(position=F("position") + 100_000)
            for position, pk in enumerate(order, 1):
                self.filter(pk=pk).update(position=position)


class Section(Addressed):
    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        validators=[not_reserved],
        help_text=_("The section’s address: /slug/. Old addresses lead to the new one for ever."),
    )
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveIntegerField(
        _("position"), unique=True, blank=True, help_text=_("Its place in the menu.")
    )
    shown_in_menu = models.BooleanField(_("shown in the menu"), default=True)
    colour = models.CharField(
        _("feed colour"),
        max_length=10,
        choices=Colour.choices,
        default=Colour.TEAL,
        help_text=_("The colour of the section’s label wherever its pieces stand."),
    )

    fallback_picture = models.ForeignKey(
        Picture,
        verbose_name=_("picture of the section"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="fallback_of",
        help_text=_("Shown where the rights of a piece’s own picture have ended."),
    )

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **options):
        if self.position is None:
            self.position = (Section.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        super().save(*args, **options)

    def address_of(self, slug: str) -> str:
        return reverse("section", args=[slug])

    def clean(self) -> None:
        super().clean()
        if Page.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("A page has this address already; choose another.")})

    def get_absolute_url(self) -> str:
        return self.address_of(self.slug)
