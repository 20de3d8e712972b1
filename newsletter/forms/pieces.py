"""The pieces of an issue in its form: a row for each, and the order in which they stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from articles.forms import counted
from articles.models import Article, Picture
from articles.pickers import LARGEST_ID, Picker, PicksField
from newsletter.models import Issue, Item, ItemKind

MOST = 60
LAST_PLACE = 9_999
DAY = "j M Y, H:i"
FIELDS = ("kind", "pinned", "title", "blurb", "shows_picture")


def open_to_issues(articles: Any, at: datetime) -> Any:
    """Of the articles those that an issue may hold: what readers have, and what they will have by a schedule."""
    ahead = Article.objects.scheduled(at).order_by().values("pk")
    return articles.filter(Q(pk__in=Article.objects.published(at).values("pk")) | Q(pk__in=ahead))


def earlier_issues(articles: Iterable[int], issue: Issue) -> dict[int, int]:
    """The number of the last issue that was sent or will be with each article, but for this one."""
    rows = Item.objects.filter(article__in=list(articles), issue__in=Issue.objects.frozen())
    return dict(rows.exclude(issue=issue).order_by("issue__number").values_list("article", "issue__number"))


@dataclass(frozen=True)
class Piece:
    """An article as the desk shows it in an issue."""

    article: Article
    earlier: int | None
    at: datetime

    @property
    def ahead(self) -> str:
        """When it appears, if readers do not have it yet."""
        moment = self.article.published_at
        return date_format(timezone.localtime(moment), DAY) if self.article.is_scheduled(self.at) else ""

    @property
    def is_gone(self) -> bool:
        """Whether it was taken off the site since it was put here."""
        return not self.article.is_published(self.at) and not self.article.is_scheduled(self.at)


def pieces(articles: Iterable[int], issue: Issue, at: datetime) -> dict[int, Piece]:
    """What there is to show of articles, by number, in two queries however many."""
    found = Article.objects.for_teasers().in_bulk(list(articles))
    earlier = earlier_issues(found, issue)
    return {number: Piece(article, earlier.get(number), at) for number, article in found.items()}


class PiecePicker(Picker):
    """Finds the articles that an issue may hold, and says in which issue one was before."""

    def __init__(self) -> None:
        super().__init__(Article)
        self.issue: Issue | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if self.issue:
            context["widget"]["url"] = reverse("admin:newsletter_issue_pieces", args=[self.issue.pk])
        return context


class PieceForm(forms.Form):
    """A piece in the issue. Its article is known by number; what is left empty is the article's own."""

    article = forms.IntegerField(min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)
    place = forms.IntegerField(required=False, min_value=0, max_value=LAST_PLACE, widget=forms.HiddenInput)
    left_out = forms.BooleanField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(required=False, max_length=200, label=_lazy("Title"))
    blurb = forms.CharField(
        required=False, max_length=600, label=_lazy("Blurb"), widget=forms.Textarea(counted(60, 300, rows=3))
    )
    pinned = forms.BooleanField(required=False, label=_lazy("Pinned"))
    kind = forms.ChoiceField(label=_lazy("Stands as"), choices=ItemKind.choices, initial=ItemKind.PIECE)
    shows_picture = forms.BooleanField(required=False, label=_lazy("With a picture"), initial=True)
    picture = PicksField(Picture, most=1, label=_lazy("Another picture"), widget=Picker(Picture, one=True))

    piece: Piece | None = None
    limit: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].widget.attrs |= {"class": "vTextField"}
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def show(self, piece: Piece | None) -> None:
        """The article's own words stand where none are written for the issue."""
        self.piece = piece
        if piece:
            self.fields["title"].widget.attrs["placeholder"] = piece.article.headline
            self.fields["blurb"].widget.attrs["placeholder"] = piece.article.dek

    @property
    def number(self) -> str:
        """The number of the article as it was sent or stands."""
        return str(self["article"].value() or "")

    @property
    def row_number(self) -> str:
        """Its number in the form, by which the buttons name it."""
        return self.prefix.rpartition("-")[2]

    @property
    def is_left_out(self) -> bool:
        return self.fields["left_out"].to_python(self["left_out"].value())

    @property
    def has_words(self) -> bool:
        """Whether anything differs from the article, so that the row opens on it."""
        return bool(self.errors) or any(self[name].value() for name in ("title", "blurb"))

    @cached_property
    def own_picture(self) -> Picture | None:
        """The picture that was chosen for the issue."""
        value = self["picture"].value()
        text = value if isinstance(value, str) else str(next(iter(value or []), ""))
        known = text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ID))
        return Picture.objects.filter(pk=int(text)).first() if known else None

    @property
    def shown_picture(self) -> Picture | None:
        return self.own_picture or (self.piece.article.lead_picture if self.piece else None)

    def clean_article(self) -> int:
        number = self.cleaned_data["article"]
        if self.piece is None and not self.is_left_out:
            raise ValidationError(_("This piece is no longer there. Leave it out."))
        return number

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def values(self) -> dict[str, Any]:
        """What a valid row says of its item."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        return values | {"picture": next(iter(self.cleaned_data["picture"]), None)}


class BasePieces(forms.BaseFormSet):
    """The rows of an issue. What is left out stays in the form until it is saved."""

    def __init__(self, *args: Any, issue: Issue, at: datetime, **options: Any) -> None:
        self.issue, self.at = issue, at
        super().__init__(*args, **options)

    @cached_property
    def forms(self) -> list[PieceForm]:
        rows = super().forms
        numbers = {int(row.number) for row in rows if is_number(row.number)}
        known = pieces(numbers, self.issue, self.at)
        for row in rows:
            row.show(known.get(int(row.number)) if is_number(row.number) else None)
        return rows

    @property
    def rows(self) -> list[PieceForm]:
        """As they stand, without those that are left out."""
        return [row for row in self.in_order() if not row.is_left_out]

    @property
    def left_out(self) -> list[PieceForm]:
        return [row for row in self.in_order() if row.is_left_out]

    def in_order(self) -> list[PieceForm]:
        return sorted(self.forms, key=lambda row: place_of(row["place"].value()))

    def clean(self) -> None:
        seen = set()
        for row in self.rows:
            number = row.cleaned_data.get("article") if hasattr(row, "cleaned_data") else None
            if number in seen:
                raise ValidationError(_("“%(piece)s” stands here twice."), params={"piece": row.piece.article})
            seen |= {number} - {None}

    def save(self, issue: Issue, added: Iterable[Article]) -> None:
        """Make the items of a held issue what the rows say, with the added articles after them."""
        wanted = [(row.cleaned_data["article"], row.values()) for row in self.rows]
        known = {number for number, _values in wanted}
        wanted += [(article.pk, {}) for article in added if article.pk not in known]
        have = {item.article_id: item for item in issue.items.all()}
        issue.items.exclude(article__in=[number for number, _values in wanted]).delete()
        issue.items.filter(article=None).delete()
        for position, (number, values) in enumerate(wanted, 1):
            item = have.get(number) or Item(issue=issue, article_id=number)
            for name, value in {**values, "position": position}.items():
                setattr(item, name, value)
            item.save()


Pieces = forms.formset_factory(PieceForm, BasePieces, extra=0, max_num=MOST, absolute_max=MOST, validate_max=True)


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ID)) and int(text) > 0


def place_of(value: Any) -> int:
    text = str(value)
    return min(int(text), LAST_PLACE) if is_number(text) else 0


def initial_of(issue: Issue) -> list[dict[str, Any]]:
    """The items of an issue as the rows' initial data. Those whose article was deleted are left off."""
    items = issue.items.exclude(article=None).order_by("position", "pk")
    return [
        {name: getattr(item, name) for name in FIELDS}
        | {"article": item.article_id, "place": place, "picture": [item.picture_id] if item.picture_id else []}
        for place, item in enumerate(items, 1)
    ]


def row_of(article: int, number: int, issue: Issue, at: datetime) -> PieceForm:
    """The row of an article that is new in the form, with its number there."""
    row = PieceForm(prefix=f"items-{number}", initial={"article": article, "place": number + 1})
    row.show(pieces([article], issue, at)[article])
    return row


# ---------------------------------------------------------------- the buttons that need no script

ARRANGING = ("_up", "_down", "_drop", "_back")


def is_arranging(data: QueryDict) -> bool:
    return any(button in data for button in ARRANGING)


def arranged(data: QueryDict) -> QueryDict:
    """What was sent, with one row moved, left out or taken back as its button says. Nothing else changes."""
    data = data.copy()
    button = next(name for name in ARRANGING if name in data)
    row = data.get(button, "")
    if f"items-{row}-article" not in data:
        return data
    if button in {"_drop", "_back"}:
        data[f"items-{row}-left_out"] = "1" if button == "_drop" else ""
        data[f"items-{row}-place"] = str(LAST_PLACE)
    order = list(standing(data))
    if button in {"_up", "_down"} and row in order:
        step(order, row, -1 if button == "_up" else 1)
    for place, each in enumerate(order, 1):
        data[f"items-{each}-place"] = str(place)
    return data


def standing(data: QueryDict) -> Iterator[str]:
    """The numbers of the rows that are not left out, as they stand."""
    total = place_of(data.get("items-TOTAL_FORMS", ""))
    rows = [str(number) for number in range(min(total, MOST)) if f"items-{number}-article" in data]
    rows = [row for row in rows if data.get(f"items-{row}-left_out", "") in {"", "False"}]
    return iter(sorted(rows, key=lambda row: place_of(data.get(f"items-{row}-place", ""))))


def step(order: list[str], row: str, way: int) -> None:
    at = order.index(row)
    to = max(0, min(len(order) - 1, at + way))
    order.insert(to, order.pop(at))
