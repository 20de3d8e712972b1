"""Old addresses: each leads to where the thing is now, in one step, for ever.

A row also covers what lies below its path, so that a renamed section takes along its articles, feed and pages
without a row for each of them. The longest path wins.
"""

from typing import Any, Self
from urllib.parse import quote, unquote

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Left, Substr
from django.utils.translation import gettext_lazy as _

from articles.models.edition import PublicModel, PublicQuerySet


def a_path(value: str) -> None:
    if not value.startswith("/") or value.startswith("//") or "?" in value or "#" in value:
        raise ValidationError(_("Write a path on this site that begins with a slash: /old/address/"))


# A name changed this often without the rows being gathered is a fault; following them further would be a slow page.
MOST_STEPS = 8


class RedirectQuerySet(PublicQuerySet):
    def moved(self, old: str, new: str) -> None:
        """Note that what was at the path `old` is at `new`; rows that led to `old` lead to `new` from now on."""
        old, new = unquote(old), unquote(new)
        with transaction.atomic():
            self.filter(old_path=new).delete()
            # startswith would not tell capitals from small letters on SQLite.
            led_there = self.alias(head=Left("new_path", len(old))).filter(head=old)
            led_there.update(new_path=Concat(Value(new), Substr("new_path", len(old) + 1)))
            self.update_or_create(old_path=old, defaults={"new_path": new})
            self.filter(old_path=models.F("new_path")).delete()

    def target(self, path: str) -> str | None:
        """Where the thing once at `path` is now, as an address to redirect to, or None. One query a step.

        Paths are kept and asked for as people read them; what comes back is percent-encoded, and never leads to another
        site, whatever stands after the old path. A way that leads round in a circle leads nowhere.
        """
        passed = [path]
        while (following := self.step(passed[-1])) and following not in passed and len(passed) <= MOST_STEPS:
            passed.append(following)
        return quote(passed[-1]) if following is None and len(passed) > 1 else None

    def step(self, path: str) -> str | None:
        """The path that the longest row covering this one leads to, or None."""
        parts = path.strip("/").split("/")
        above = ["/" + "/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1)]
        covering = dict(self.filter(old_path__in=[path, *above]).values_list("old_path", "new_path"))
        for old in (path, *above):
            if old in covering:
                new, rest = "/" + covering[old].lstrip("/"), path[len(old) :].strip("/")
                return f"{new.rstrip('/')}/{rest}/" if rest else new
        return None


class Redirect(PublicModel):
    old_path = models.CharField(_("old path"), max_length=500, unique=True, validators=[a_path])
    new_path = models.CharField(
        _("new path"), max_length=500, db_index=True, validators=[a_path], help_text=_("A path on this site.")
    )

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(old_path=models.F("new_path")),
                name="redirect_leads_elsewhere",
                violation_error_message=_("A path cannot lead to itself."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path}"

    def clean(self) -> None:
        super().clean()
        self.old_path, self.new_path = unquote(self.old_path), unquote(self.new_path)
        onward = Redirect.objects.exclude(pk=self.pk).target(self.new_path) or ""
        if self.new_path.startswith(self.old_path) or unquote(onward).startswith(self.old_path):
            raise ValidationError({"new_path": _("That way leads back to %(old)s.") % {"old": self.old_path}})


class Addressed(PublicModel):
    """A thing with an address readers may have kept: when the address changes, the old one leads to the new.

    `address_fields` are the attributes the address is made of; `address_of(values)` makes it from their values.
    """

    address_fields: tuple[str, ...] = ("slug",)
    kept_address: tuple[Any, ...] | None = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        thing = super().from_db(db, field_names, values)
        thing.keep_address()
        return thing

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        super().refresh_from_db(*args, **options)
        self.keep_address()

    def keep_address(self) -> None:
        loaded = self.__dict__
        if all(name in loaded for name in self.address_fields):
            self.kept_address = tuple(loaded[name] for name in self.address_fields)

    def address_of(self, *values: Any) -> str:
        raise TypeError(f"{type(self).__name__} does not say what its address is made of.")

    def was_readable(self) -> bool:
        """Whether readers can have seen the kept address; one that was never public needs no redirect."""
        return True

    def clean(self) -> None:
        super().clean()
        if all(getattr(self, name) for name in self.address_fields):
            self.refuse_address_of_another()

    def refuse_address_of_another(self) -> None:
        kept = self.address_of(*self.kept_address) if self.kept_address and all(self.kept_address) else ""
        address = self.address_of(*(getattr(self, name) for name in self.address_fields))
        row = Redirect.objects.filter(old_path=unquote(address)).exclude(new_path=unquote(kept)).first()
        if row:
            raise ValidationError(
                {
                    "slug": _(
                        "%(address)s is an old address that leads to %(target)s. "
                        "Choose another, or delete that redirect first."
                    )
                    % {"address": address, "target": row.new_path}
                }
            )

    def save(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            kept = self.kept_address
            super().save(*args, **options)
            self.keep_address()
            # A draft may be without a part of its address; it has none then.
            had, has = (address and all(address) for address in (kept, self.kept_address))
            if had and has and kept != self.kept_address and self.was_readable():
                Redirect.objects.moved(self.address_of(*kept), self.address_of(*self.kept_address))
