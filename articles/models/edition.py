"""The edition: one row that names the state of the public site (DESIGN, idea 3)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.html.text import one_line, tidy

# By how much the clocks of two machines may differ.
SKEW = timedelta(minutes=1)


def new_key() -> str:
    return secrets.token_hex(6)


class EditionQuerySet(models.QuerySet["Edition"]):
    def turn(self, at: datetime) -> None:
        """Begin a new edition, in the caller's transaction, and note the next scheduled change after `at`.

        The row is taken first and the change looked up then: of two who schedule at once, the second waits here for
        the first and sees what it scheduled.
        """
        if not self.filter(pk=1).update(number=F("number") + 1, key=new_key(), turned_at=Greatest("turned_at", at)):
            self.create(pk=1, number=1, turned_at=at)
        following = apps.get_model("articles", "Article").objects.next_change(at)
        self.filter(pk=1).update(next_change=following)

    def turn_if_due(self, edition: "Edition", at: datetime) -> None:
        """A scheduled change has come: the first process that sees it makes it and turns the edition; the rest find it
        done."""
        with transaction.atomic():
            if self.select_for_update().filter(pk=1, key=edition.key).exists():
                apps.get_model("articles", "Article").objects.go_live(at)
                self.turn(at)


class Edition(models.Model):
    """`number` counts the changes for people; `key` names a state of the site for caches.

    The key is drawn anew each time: after a backup is restored the numbers repeat, the keys do not, and no cache
    or browser mistakes an old page for a new one.
    """

    number = models.PositiveBigIntegerField(_("number"), default=1)
    key = models.CharField(_("key"), max_length=12, default=new_key)
    turned_at = models.DateTimeField(_("turned"), default=timezone.now)
    next_change = models.DateTimeField(_("next scheduled change"), null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("edition")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_edition")]

    def __str__(self) -> str:
        return str(self.number)

    def at(self, now: datetime) -> datetime:
        """The instant to look at in this edition: never before it was turned.

        A request that began a moment earlier, or on a machine whose clock is behind, would otherwise keep the old state
        of the site under the new key. A clock that is off by more than SKEW is not followed.
        """
        return max(now, min(self.turned_at, now + SKEW))

    def is_due(self, at: datetime) -> bool:
        return self.next_change is not None and self.next_change <= at


class PublicQuerySet(models.QuerySet):
    """A queryset over rows that readers see: a change of many rows turns the edition in the same transaction."""

    def _and_turn(self, change: Any) -> Any:
        with transaction.atomic(using=self.db):
            result = change()
            Edition.objects.turn(timezone.now())
        return result

    def update(self, **values: Any) -> int:
        return self._and_turn(lambda: super(PublicQuerySet, self).update(**values))

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> Any:
        return self._and_turn(lambda: super(PublicQuerySet, self).delete())

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, *args: Any, **options: Any) -> Any:
        return self._and_turn(lambda: super(PublicQuerySet, self).bulk_create(*args, **options))

    def bulk_update(self, *args: Any, **options: Any) -> Any:
        return self._and_turn(lambda: super(PublicQuerySet, self).bulk_update(*args, **options))


class PublicModel(models.Model):
    """A row that readers see: saving or deleting it turns the edition in the same transaction."""

    objects = PublicQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        self.tidy_texts()
        with transaction.atomic():
            super().save(*args, **options)
            self.keep_what_hangs_on_it()
            if self.concerns_readers():
                Edition.objects.turn(timezone.now())

    def delete(self, *args: Any, **options: Any) -> Any:
        with transaction.atomic():
            concerned, result = self.concerns_readers(), super().delete(*args, **options)
            if concerned:
                Edition.objects.turn(timezone.now())
        return result

    def tidy_texts(self) -> None:
        """Without control characters, which no feed or page may carry."""
        for field in self._meta.concrete_fields:
            value = self.__dict__.get(field.attname)
            if isinstance(value, str):
                setattr(self, field.attname, one_line(value) if isinstance(field, models.CharField) else tidy(value))

    def keep_what_hangs_on_it(self) -> None:
        """Rows that are made from this one, in the transaction that saves it."""

    def concerns_readers(self) -> bool:
        return True
