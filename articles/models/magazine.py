"""The magazine itself: what staff may say about it, on one row."""

import zoneinfo
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from articles import profiles
from articles.models.edition import Edition, PublicModel, PublicQuerySet
from articles.prepared import Prepared


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone; write for example Europe/Lisbon."), params={"name": name}
        )


class MagazineQuerySet(PublicQuerySet):
    def current(self) -> "Magazine":
        """The magazine with its edition and logo, in one query; an empty site gets both rows on first sight."""
        found = next(iter(the_magazine()), None)
        if found is None:
            edition, _created = Edition.objects.get_or_create(pk=1)
            self.get_or_create(pk=1, defaults={"edition": edition})
            return self.current()
        return found


@Prepared
def the_magazine() -> models.QuerySet["Magazine"]:
    return Magazine.objects.select_related("edition", "logo")[:1]


class Magazine(PublicModel):
    name = models.CharField(_("name"), max_length=100, default="Magazine")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two sentences for search engines and feed readers.")
    )
    logo = models.ForeignKey(
        "articles.Picture", verbose_name=_("logo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10, default="en-gb", choices=settings.LANGUAGES)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[known_zone],
        help_text=_("All dates, in the admin and on the site, are in this zone. For example Europe/Lisbon."),
    )
    social_profiles = models.TextField(
        _("social profiles"),
        blank=True,
        validators=[profiles.validate],
        help_text=_("One a line, with a name if you like: Mastodon https://social.example/@us"),
    )
    postal_address = models.TextField(_("postal address"), blank=True)
    newsletter_blurb = models.TextField(
        _("newsletter blurb"), blank=True, help_text=_("What the newsletter box says, in the magazine’s own words.")
    )
    footer_text = models.TextField(_("footer text"), blank=True)
    approval_required = models.BooleanField(
        _("publish only what was approved"),
        default=False,
        help_text=_("Then somebody who reviews has to approve each text before it can be published."),
    )
    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, editable=False, related_name="magazine", default=1
    )

    objects = MagazineQuerySet.as_manager()

    class Meta:
        verbose_name = _("magazine")
        verbose_name_plural = _("magazine")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_magazine")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"

    @property
    def html_language(self) -> str:
        """The language as HTML and feeds write it: en-GB, zh-Hans."""
        primary, _dash, region = self.language.partition("-")
        return f"{primary}-{region.upper() if len(region) == 2 else region.title()}" if region else primary

    @cached_property
    def profiles(self) -> list[profiles.Profile]:
        return profiles.parse(self.social_profiles)
