"""A picture is uploaded once, and its rights travel with it (DESIGN, idea 5)."""

from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import pictures, renditions
from articles.models.edition import PublicModel
from articles.picture_html import PictureFacts
from articles.rights import Licence, Rights, Use


class Picture(PublicModel):
    file = models.FileField(_("file"), upload_to="pictures/%Y/%m", max_length=200, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    colour = models.CharField(_("dominant colour"), max_length=7, editable=False, default="#808080")
    transparent = models.BooleanField(editable=False, default=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False, db_index=True)
    alt = models.CharField(
        _("alt text"),
        max_length=300,
        help_text=_("What the picture shows, for those who do not see it. Not “picture of”, not a file name."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made it: Photograph: Name"))
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, across"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(_("focal point, down"), default=50, validators=[MaxValueValidator(100)])
    credit_url = models.URLField(_("link of the credit"), blank=True)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Whence we have it: an agency, a name.")
    )
    licence = models.CharField(_("licence"), max_length=14, choices=Licence.choices, default=Licence.UNKNOWN)
    expires_at = models.DateTimeField(
        _("rights end"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("From then on the site shows the section’s own picture instead. Empty: never."),
    )
    on_site = models.BooleanField(_("may be used on the site"), default=True)
    in_newsletter = models.BooleanField(
        _("may be used in the newsletter"),
        default=True,
        help_text=_("Without it the round-up leaves the picture out."),
    )
    in_feeds = models.BooleanField(
        _("may be used in feeds"), default=True, help_text=_("Without it feeds go out without the picture.")
    )
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It tells nothing that the text does not: screen readers pass it.")
    )
    made_key = models.CharField(max_length=40, blank=True, editable=False)
    """The key (articles.renditions) of which every rendition has been made."""
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), null=True, editable=False, on_delete=models.SET_NULL
    )

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="focal_point_inside"),
            models.CheckConstraint(condition=models.Q(width__gt=0, height__gt=0), name="picture_has_size"),
        ]

    def __str__(self) -> str:
        return self.alt or self.file.name

    def take_in(self, upload: BinaryIO) -> None:
        """Put the upload, decoded and encoded anew, in the file’s place; BadPicture if it is none. Does not save."""
        self.accept(pictures.take_in(upload))

    def accept(self, intake: pictures.Intake) -> None:
        self.file = ContentFile(intake.content, name=intake.name)
        self.width, self.height = intake.width, intake.height
        self.colour, self.sha256, self.transparent = intake.colour, intake.sha256, intake.transparent

    @property
    def rights(self) -> Rights:
        allowed = {Use.SITE: self.on_site, Use.NEWSLETTER: self.in_newsletter, Use.FEEDS: self.in_feeds}
        uses = frozenset(use for use, may in allowed.items() if may)
        return Rights(credit=self.credit, uses=uses, ends=self.expires_at, licence=self.licence)

    @property
    def key(self) -> str:
        """The folder of its renditions, as it is now."""
        return renditions.key_of(self)

    @property
    def is_made(self) -> bool:
        """Whether every rendition has been made, and pages name them where they are kept."""
        return self.made_key == self.key

    @property
    def folder(self) -> str:
        """Where its renditions are kept in the storage, with the last slash."""
        return f"{renditions.FOLDER}/{self.key}/"

    def renditions(self) -> dict[str, renditions.Rendition]:
        """Every rendition there is of it, by name."""
        return renditions.all_of(self.width, self.height, self.transparent)

    @property
    def facts(self) -> PictureFacts:
        """What showing it takes. Until all renditions are made they have an address of ours, where each is made when it
        is first asked for (articles.views.pictures)."""
        if self.is_made:
            folder = self.file.storage.url(self.folder)
        else:
            folder = reverse("rendition", args=[self.pk, self.key, "x"])[:-1]
        return PictureFacts(
            number=self.pk,
            folder=folder,
            file=self.file.url,
            width=self.width,
            height=self.height,
            colour=self.colour,
            transparent=self.transparent,
        )
