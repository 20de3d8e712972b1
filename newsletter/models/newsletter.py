"""The round-up itself: what staff may say about when and how it is made and sent, on one row."""

from datetime import time
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Magazine
from articles.models.magazine import known_zone


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OnDoubt(models.TextChoices):
    HOLD = "hold", _("Hold: nobody gets it twice; staff decide")
    RESEND = "resend", _("Send again, with the same Message-ID")


class NewsletterQuerySet(models.QuerySet["Newsletter"]):
    def current(self) -> "Newsletter":
        return self.get_or_create(pk=1)[0]

    def held(self) -> "Newsletter":
        """The row as it is now, nobody else changing it until the transaction ends."""
        self.current()
        return self.select_for_update().get(pk=1)


class Newsletter(models.Model):
    name = models.CharField(
        _("name"), max_length=100, blank=True, help_text=_("Empty: “The week” and the magazine’s name.")
    )

    weekly = models.BooleanField(
        _("make a draft every week"), default=False, help_text=_("Staff are told, and nothing is sent by that alone.")
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices, default=Weekday.FRIDAY)
    hour = models.TimeField(_("time"), default=time(9))
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[known_zone],
        help_text=_("Empty: the magazine’s. For example Europe/Lisbon."),
    )
    fewest_pieces = models.PositiveSmallIntegerField(
        _("fewest new pieces"),
        default=3,
        validators=[MinValueValidator(1)],
        help_text=_("With fewer there is no issue that week, and staff are told."),
    )
    most_pieces = models.PositiveSmallIntegerField(
        _("most pieces"), default=12, validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    by_itself = models.BooleanField(
        _("send it by itself"),
        default=False,
        help_text=_("The weekly draft is scheduled as soon as it is made, and goes when the time to undo is over."),
    )
    undo_minutes = models.PositiveSmallIntegerField(
        _("minutes to undo"), default=60, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )

    from_name = models.CharField(_("from, name"), max_length=100, blank=True, help_text=_("Empty: the magazine."))
    from_address = models.EmailField(
        _("from, address"), blank=True, help_text=_("Empty: the address the whole site sends from.")
    )
    reply_to = models.EmailField(_("answers go to"), blank=True)
    test_addresses = models.TextField(_("test addresses"), blank=True, help_text=_("One a line."))

    late_hours = models.PositiveSmallIntegerField(
        _("too late after, hours"),
        default=6,
        validators=[MinValueValidator(1)],
        help_text=_("An issue that is later than this is held for a person and never goes by itself."),
    )
    on_doubt = models.CharField(
        _("when it is in doubt whether a mail went out"),
        max_length=6,
        choices=OnDoubt.choices,
        default=OnDoubt.HOLD,
    )
    per_second = models.PositiveIntegerField(_("mails a second, at most"), default=0, help_text=_("0: no limit."))
    per_hour = models.PositiveIntegerField(_("mails an hour, at most"), default=0, help_text=_("0: no limit."))
    per_domain = models.PositiveIntegerField(
        _("mails a minute to one domain, at most"), default=0, help_text=_("0: no limit.")
    )
    per_connection = models.PositiveIntegerField(
        _("mails over one connection, at most"), default=0, help_text=_("0: no limit.")
    )
    connections = models.PositiveSmallIntegerField(
        _("connections of each worker"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    warm_up = models.CharField(
        _("warm-up plan"),
        max_length=200,
        blank=True,
        help_text=_("Mails a day, day by day, for a new sending address: 500, 1000, 2000, 5000. Empty: none."),
    )
    warm_up_from = models.DateField(_("first day of the plan"), null=True, blank=True)
    failure_percent = models.DecimalField(
        _("pause by itself at failures, %"), max_digits=4, decimal_places=1, default=2
    )
    failures_in_row = models.PositiveSmallIntegerField(_("pause by itself after failures in a row"), default=20)
    counts_clicks = models.BooleanField(
        _("count clicks"),
        default=False,
        help_text=_("How often each piece is opened, and not by whom. Opened mails are never counted."),
    )

    drafted_for = models.DateTimeField(_("last draft was for"), null=True, editable=False)

    objects = NewsletterQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter settings")
        verbose_name_plural = _("newsletter settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_newsletter")]

    def __str__(self) -> str:
        return self.name or str(_("The round-up"))

    @property
    def short_name(self) -> str:
        """What the round-up is called beside the magazine's name, whether or not staff have given it one."""
        return self.name or str(_("The week"))

    def zone(self, magazine: Magazine) -> ZoneInfo:
        return ZoneInfo(self.time_zone) if self.time_zone else magazine.zone
