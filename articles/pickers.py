"""Pickers: form fields in which staff choose things by typing and put them in order.

What a picker sends is plain text, so that it works without JavaScript too: one thing a line, by its number (and its
role after a bar), or tags by name with commas between. articles/static/articles/picker.js lays the comfort over it.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from js_asset import Script

from articles.models import Article, Author, Picture, Tag
from articles.models.byline import Credit

LARGEST_ID = 2**63 - 1
LINE = re.compile(r"(\d{1,19})(?:\s*\|(.*))?")
ROW_NUMBER = re.compile(r"_selected_action|form-\d{1,9}-id")

WORDS = {
    "add": _("Add “{text}”"),
    "added": _("{text} was added."),
    "remove": _("Remove {text}"),
    "removed": _("{text} was removed."),
    "up": _("Move {text} up"),
    "down": _("Move {text} down"),
    "moved": _("{text} is number {number} of {all}."),
    "found": _("{number} found."),
    "nothing": _("Nothing found."),
    "failed": _("The list could not be loaded."),
    "role": _("Role of {text}, before the name"),
    "search": _("Type to search …"),
    "drag": _("Drag to another place"),
}


# ---------------------------------------------------------------- what can be chosen, and how it is shown


def choosable(model: type[Model]) -> QuerySet[Any]:
    """The things of a model that a picker offers, those wanted most often first."""
    rows: QuerySet[Any] = model.objects.all()  # type: ignore[attr-defined]
    if model is Article:
        return Article.objects.for_teasers().order_by("-pk")
    if model is Author:
        return rows.select_related("portrait").defer("bio")
    return rows


def shown(thing: Model) -> dict[str, str]:
    """A thing as a picker shows it: {"id", "text", "note", "picture"}."""
    return {"id": str(thing.pk), "text": str(thing), "note": "", "picture": ""} | SHOWN[type(thing)](thing)


def _article(article: Article) -> dict[str, str]:
    date = article.published_at and date_format(timezone.localtime(article.published_at), "j M Y")
    note = f"{article.section} · {article.get_status_display()}" + (f", {date}" if date else "")
    return {"note": note, "picture": address(article.lead_picture)}


def _author(author: Author) -> dict[str, str]:
    return {"note": author.title, "picture": address(author.portrait)}


def _picture(picture: Picture) -> dict[str, str]:
    refused = "" if picture.in_newsletter else str(_("not for the newsletter"))
    return {"note": " · ".join(filter(None, [picture.credit, refused])), "picture": address(picture)}


def _tag(tag: Tag) -> dict[str, str]:
    return {"id": tag.name}


SHOWN: Final[dict[type[Model], Callable[[Any], dict[str, str]]]] = {
    Article: _article,
    Author: _author,
    Picture: _picture,
    Tag: _tag,
}


def address(picture: Picture | None) -> str:
    return picture.facts.thumbnail if picture else ""


# ---------------------------------------------------------------- what is sent


def lines_of(entries: Iterable[tuple[int, str]]) -> str:
    return "\n".join(f"{number} | {role}" if role else str(number) for number, role in entries)


def entries_of(text: str) -> list[tuple[int, str]]:
    """The numbers and roles of a picker's text; a ValidationError quotes the line that is none."""
    return [_entry(line) for line in map(str.strip, text.splitlines()) if line]


def _entry(line: str) -> tuple[int, str]:
    match = LINE.fullmatch(line)
    if not match or int(match[1]) > LARGEST_ID:
        raise ValidationError(_("“%(line)s” is none of the things to choose from."), params={"line": line[:60]})
    return int(match[1]), (match[2] or "").strip()


def with_known_numbers(sent: QueryDict) -> QueryDict:
    """What a list of the admin was sent, without numbers of rows that no row has: a database breaks on them."""
    known = sent.copy()
    for name in filter(ROW_NUMBER.fullmatch, sent):
        known.setlist(name, [number for number in sent.getlist(name) if _is_known(number)])
    return known


def _is_known(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= len(str(LARGEST_ID)) and int(number) <= LARGEST_ID


def names_of(text: str) -> list[str]:
    """The names between the commas, white space single, each once whatever its case."""
    names = (" ".join(normalize("NFC", name).split()) for name in re.split(r"[,\n]", text))
    return list({caseless(name): name for name in names if name}.values())


def caseless(name: str) -> str:
    """What two names have in common that differ in case alone. Accents stay: バリ is Bali, パリ is Paris."""
    return normalize("NFKC", normalize("NFKC", name).casefold())


def tags_by_name(tags: QuerySet[Tag]) -> dict[str, str]:
    """The names of the tags by their caseless form, made here since for SQLite É and é are different letters."""
    return {caseless(name): name for name in tags.order_by("-pk").values_list("name", flat=True)}


# ---------------------------------------------------------------- widgets


class Picker(forms.TextInput):
    """A text field over which picker.js lays a combobox; several things may be chosen unless `one` is said."""

    template_name = "admin/widgets/picker.html"
    choices: Any = ()  # Django's own wrapper of related fields hands them over
    limit: QuerySet[Any] | None = None

    class Media:
        js = [Script("articles/picker.js", type="module")]

    def __init__(
        self, model: type[Model], *, one: bool = False, roles: bool = False, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.model, self.one, self.roles = model, one, roles

    @property
    def named(self) -> bool:
        """Whether what is chosen is sent by name and may be new."""
        return self.model is Tag

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("data-context", None)
        options = self.model._meta
        context["widget"] |= {
            "one": self.one,
            "roles": self.roles,
            "named": self.named,
            "url": reverse(f"admin:{options.app_label}_{options.model_name}_lookup"),
            "chosen": json.dumps(self.chosen(str(value or ""))),
            "words": json.dumps({key: str(word) for key, word in WORDS.items()}),
        }
        return context

    def chosen(self, text: str) -> list[dict[str, str]]:
        """What the text chooses, as shown; a text with a fault in it chooses nothing but stays to be mended."""
        if self.named:
            return [{"id": name, "text": name, "note": "", "picture": ""} for name in names_of(text)]
        try:
            entries = entries_of(text)
        except ValidationError:
            return []
        numbers = [number for number, _role in entries]
        found = choosable(self.model).in_bulk(numbers)
        gone = {"text": str(_("no longer there")), "note": "", "picture": ""}
        hidden = gone | {"text": str(_("not yours to see"))}
        seen = numbers if self.limit is None else set(self.limit.filter(pk__in=numbers).values_list("pk", flat=True))

        def words(number: int) -> dict[str, str]:
            if number not in found:
                return gone | {"id": str(number)}
            return shown(found[number]) if number in seen else hidden | {"id": str(number)}

        return [{**words(number), "role": role} for number, role in entries]


# ---------------------------------------------------------------- fields


class PicksField(forms.CharField):
    """Things of one model in the order they were picked. Cleaned: a list of them."""

    default_error_messages = {
        "gone": _("“%(number)s” is no longer there; choose another."),
        "twice": _("“%(thing)s” is chosen twice."),
        "many": ngettext_lazy("Choose at most %(most)d.", "Choose at most %(most)d.", "most"),
    }

    def __init__(self, model: type[Model], *, most: int = 30, roles: bool = False, **options: Any) -> None:
        self.model, self.most = model, most
        super().__init__(**{"required": False, "max_length": 10_000, "widget": Picker(model, roles=roles), **options})

    def limit_to(self, rows: QuerySet[Any], chosen: Iterable[int] | None = None) -> None:
        """Only these can be chosen and are shown by name; what was chosen by somebody else before stays."""
        self.limit, self.chosen, self.widget.limit = rows, set(chosen or ()), rows

    limit: QuerySet[Any] | None = None
    chosen: set[int] = set()

    def prepare_value(self, value: Any) -> Any:
        return lines_of(map(self.entry, value)) if isinstance(value, list) else value

    def entry(self, item: Any) -> tuple[int, str]:
        """The number and role of an item of the initial value: a thing or its number."""
        return (item.pk if isinstance(item, Model) else item), ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != "\n".join(str(data or "").split("\r\n"))

    def clean(self, value: Any) -> list[Any]:
        entries = entries_of(super().clean(value))
        if len(entries) > self.most:
            raise ValidationError(self.error_messages["many"], code="many", params={"most": self.most})
        return [self.item(thing, role) for thing, role in self.things(entries)]

    def things(self, entries: list[tuple[int, str]]) -> Iterable[tuple[Model, str]]:
        numbers = [number for number, _role in entries]
        found = choosable(self.model).in_bulk(numbers)
        if self.limit is not None:
            open_to = self.chosen | set(self.limit.filter(pk__in=numbers).values_list("pk", flat=True))
            found = {number: thing for number, thing in found.items() if number in open_to}
        seen = set()
        for number, role in entries:
            if number not in found:
                raise ValidationError(self.error_messages["gone"], code="gone", params={"number": number})
            if number in seen:
                raise ValidationError(self.error_messages["twice"], code="twice", params={"thing": found[number]})
            seen.add(number)
            yield found[number], role

    def item(self, thing: Any, role: str) -> Any:
        return thing


class CreditsField(PicksField):
    """The names of a byline in order, each with the role before it. Cleaned: a list of Credit."""

    LONGEST_ROLE = 60

    def __init__(self, **options: Any) -> None:
        super().__init__(Author, roles=True, **options)

    def entry(self, item: Any) -> tuple[int, str]:
        author, role = item
        return (author.pk if isinstance(author, Author) else author), role

    def item(self, thing: Any, role: str) -> Credit:
        if len(role) > self.LONGEST_ROLE:
            raise ValidationError(
                _("The role of %(author)s is longer than %(most)d characters."),
                params={"author": thing, "most": self.LONGEST_ROLE},
            )
        return Credit(thing, role)


class TagsField(forms.CharField):
    """Tags by name, commas between; new ones are made when the article is saved. Cleaned: a list of names.

    A tag that is there gives the name as it has it, in whatever case it was typed.
    """

    MOST, LONGEST = 30, 100

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 5000, "widget": Picker(Tag), **options})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(names_of(str(data or "")))

    def clean(self, value: Any) -> list[str]:
        names = names_of(super().clean(value))
        if len(names) > self.MOST:
            raise ValidationError(_("Give at most %(most)d tags."), params={"most": self.MOST})
        for name in names:
            if len(name) > self.LONGEST:
                raise ValidationError(
                    _("The tag “%(name)s…” is longer than %(most)d characters; put commas between tags."),
                    params={"name": name[:40], "most": self.LONGEST},
                )
        known = tags_by_name(Tag.objects.all()) if names else {}
        return [known.get(caseless(name), name) for name in names]
