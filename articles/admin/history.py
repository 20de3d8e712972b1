"""The history of an article: its texts, who saved them, what changed, and the way back."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import editing, presence
from articles.admin.comparison import names_in, shown_fields
from articles.admin.moves import change_address
from articles.admin.reach import article_for, draft_for
from articles.admin.timeline import LARGEST_NUMBER, Line, stops, tell_apart, timeline, was_discarded
from articles.models import Article, Revision
from articles.models.content import Content, normal
from articles.roles import may, may_put
from articles.workflow import State

LIVE = "live"
"""In an address in place of a number: what readers have of a published article."""

NO_SUCH_TEXT = gettext_lazy(
    "There is no such text. It may have been one that was saved by itself, of which only some are kept: choose another."
)
NOT_THERE = gettext_lazy("That text stands in a section that is not yours to put an article in.")


class Refused(Exception):
    """The text cannot be restored by this person."""


# ---------------------------------------------------------------- the list


def history_page(desk, request: HttpRequest, object_id: str) -> HttpResponse:
    """Every text and what was done with it, the newest first; two of them are chosen to be compared."""
    pk = number_in(object_id)
    if pk is None:
        raise Http404
    article, now = draft_for(request, pk), timezone.now()
    found = timeline(article, now, number_in(request.GET.get("before")) or None)
    public = article.status == State.PUBLISHED
    context = {
        **frame(desk, request, article, _("History")),
        "timeline": found,
        "live": LIVE if public else "",
        "from": chosen_from(article, found.lines, LIVE if public else ""),
        "to": str(article.latest_revision.number) if article.latest_revision else "",
        "before": request.GET.get("before"),
        "newest_stands": not was_discarded(article),
    }
    return TemplateResponse(request, "admin/articles/article/history.html", context)


def chosen_from(article: Article, lines: list[Line], live: str) -> str:
    """What the newest text is compared with, unless somebody chooses otherwise."""
    if live and (editing.is_pending(article) or was_discarded(article)):
        return live
    newest = next((line for line in lines if line.text.pk == article.latest_revision_id), None)
    return str(newest.previous.number) if newest and newest.previous else ""


def frame(desk, request: HttpRequest, article: Article, title: str) -> dict:
    """What the templates of these pages share."""
    return {
        **desk.admin_site.each_context(request),
        "title": title,
        "subtitle": str(article),
        "opts": desk.opts,
        "article": article,
        "may_change": may(request.user, "change", article),
    }


# ---------------------------------------------------------------- two of them


@dataclass(frozen=True)
class Side:
    """One of two texts: the value that stands for it in the address, and its content."""

    value: str
    content: Content
    line: Line | None = None

    @property
    def number(self) -> int:
        return self.line.text.number if self.line else 0


def compare_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """What changed from one text to another: ?from= and ?to= are numbers, "live", or 0 for an empty page."""
    article, now = draft_for(request, pk), timezone.now()
    numbers = stops(article)
    to = request.GET.get("to") or (str(article.latest_revision.number) if article.latest_revision else "")
    start = request.GET.get("from") or str(neighbour(numbers, to, -1) or 0)
    before, after = side(article, start, now), side(article, to, now)
    if before is None or after is None:
        desk.message_user(request, NO_SUCH_TEXT, messages.WARNING)
        return redirect(reverse("admin:articles_article_history", args=[pk]))
    names = names_in(request.user, now, before.content, after.content)
    context = {
        **frame(desk, request, article, _("What changed")),
        "before": before,
        "after": after,
        "fields": shown_fields(before.content, after.content, names),
        "steps": steps(numbers, before, after),
        "newest": article.newest_content(),
    }
    return TemplateResponse(request, "admin/articles/article/compare.html", context)


def side(article: Article, value: str, at: datetime) -> Side | None:
    """The text that a value of the address stands for, or None."""
    if value == LIVE:
        return Side(LIVE, article.content()) if article.status == State.PUBLISHED else None
    if value == "0":
        return Side("0", normal({}))
    revision = revision_of(article, value)
    if revision is None:
        return None
    line = Line([revision])
    tell_apart([line], article, at)
    return Side(str(revision.number), normal(revision.content), line)


def revision_of(article: Article, value: str | None) -> Revision | None:
    found = Revision.objects.filter(article=article, number=number_in(value) or 0)
    return found.select_related("by", "approved_by").first()


def number_in(value: str | None) -> int | None:
    """The number that a text from an address is, if the database can hold it."""
    value = value or ""
    known = value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST_NUMBER))
    return int(value) if known and int(value) <= LARGEST_NUMBER else None


def neighbour(numbers: list[int], value: str, step: int) -> int | None:
    """The stop before (-1) or after (1) a text."""
    number = number_in(value)
    if number is None:
        return None
    place = bisect_left(numbers, number) - 1 if step < 0 else bisect_right(numbers, number)
    return numbers[place] if 0 <= place < len(numbers) else None


def steps(numbers: list[int], before: Side, after: Side) -> dict[str, str]:
    """The questions of the addresses that lead on from here: the earlier change, the later one, the two swapped."""
    earlier, later = neighbour(numbers, before.value, -1), neighbour(numbers, after.value, 1)
    asked = {"swap": (after.value, before.value)}
    if before.number:
        asked["earlier"] = (str(earlier or 0), before.value)
    if later:
        asked["later"] = (after.value, str(later))
    return {name: urlencode({"from": start, "to": end}) for name, (start, end) in asked.items()}


# ---------------------------------------------------------------- the way back


def restore_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; on POST the earlier text becomes the newest draft, of which readers see nothing."""
    article, now = article_for(request, pk, "change"), timezone.now()
    revision = revision_of(article, request.POST.get("number") or request.GET.get("number"))
    if revision is None:
        desk.message_user(request, NO_SUCH_TEXT, messages.WARNING)
        return redirect(reverse("admin:articles_article_history", args=[pk]))
    missing = names_in(request.user, now, normal(revision.content)).missing(normal(revision.content))
    if request.method == "POST":
        put_back(desk, request, revision, missing)
        return redirect(change_address(pk))
    line = Line([revision])
    tell_apart([line], article, now)
    context = {**frame(desk, request, article, _("Restore this text?")), "line": line, "missing": missing}
    return TemplateResponse(request, "admin/articles/article/restore.html", context)


def put_back(desk, request: HttpRequest, revision: Revision, missing: list[str]) -> None:
    """The deed, on a held article, and what is said of it."""
    now = timezone.now()
    try:
        with transaction.atomic():
            article = article_for(request, revision.article_id, "change", held=True)
            presence.refuse_if_kept(article, by=request.user, at=now)
            refuse_other_section(article, revision, request.user)
            if article.newest_content() == normal(revision.content):
                desk.message_user(request, _("That is the text as it stands already."), messages.INFO)
                return
            editing.restore(article, revision, by=request.user, at=now)
    except (presence.Kept, Refused) as refusal:
        desk.message_user(request, str(refusal), messages.ERROR)
        return
    done = _("Text {number} is the newest draft now. Readers see nothing of it until it is published.")
    if article.status != State.PUBLISHED:
        done = _("Text {number} is the newest draft now.")
    desk.message_user(request, done.format(number=revision.number), messages.SUCCESS)
    if missing:
        gone = _("No longer there: {things}. Choose anew before you publish.").format(things=", ".join(missing))
        desk.message_user(request, gone, messages.WARNING)


def refuse_other_section(article: Article, revision: Revision, user) -> None:
    """An old text is no way to put a piece where one may not put it."""
    section = revision.content.get("section")
    if section != article.newest_content()["section"] and not may_put(user, section):
        raise Refused(NOT_THERE)


PAGES = [
    ("<int:pk>/compare/", compare_page, "compare"),
    ("<int:pk>/restore/", restore_page, "restore"),
]
