"""Comments on an article: beside its form, and on a page of their own that works without a script.

Both send the same one form to the same deeds. A button says what it is for: `say=3` speaks of the third paragraph and
takes its words from `text-3`, `answer=17` answers comment 17 with `answer-17`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles import comments, editing, html, notices
from articles.admin.reach import draft_for, number_in
from articles.comments import Thread
from articles.differences import blocks, locate
from articles.forms import ArticleForm
from articles.html.text import tidy
from articles.models import Article, Comment, Revision
from articles.models.content import Content, same_but_for_address
from articles.roles import given_to, may, who_may

FIELDS = (
    *("headline", "dek", "lead_picture", "lead_alt", "lead_caption", "related", "seo_title", "seo_description"),
    *("section", "tags", "bylines", "byline_override", "published_at"),
)
"""What can be spoken of besides the body, in the order of the form."""
WHOLE = "body"
CHOSEN = "chosen"
"""The key of the place that is chosen in a list, beside the form."""
LONGEST = 4000
LONGEST_CHOICE = 60


class Refused(Exception):
    """What was sent cannot be said or done; the words say why. What was typed stays."""


@dataclass
class Row:
    """A thread as somebody sees it."""

    thread: Thread
    removable: int | None = None
    typed: str = ""

    @property
    def key(self) -> str:
        """What it speaks of, as the buttons and the script name it."""
        return str(self.thread.place or self.thread.comment.field)

    @property
    def label(self) -> Any:
        return label_of(self.thread.comment.field)


@dataclass
class Place:
    """Something that can be spoken of: a field or a paragraph, with what was said of it."""

    key: str
    label: Any
    shown: Any = ""
    rows: list[Row] = field(default_factory=list)
    typed: str = ""

    @property
    def open(self) -> list[Row]:
        return [row for row in self.rows if row.thread.is_open]

    @property
    def resolved(self) -> list[Row]:
        return [row for row in self.rows if not row.thread.is_open]


# ---------------------------------------------------------------- pages


def talk_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """The newest text with its comments between the paragraphs."""
    article = draft_for(request, pk)
    refusal = ""
    if request.method == "POST":
        try:
            said, remarks = do(request, pk)
            for remark in remarks:
                messages.warning(request, remark)
            return redirect(reverse("admin:articles_article_talk", args=[pk]) + (f"#thread-{said}" if said else ""))
        except Refused as reason:
            refusal = str(reason)
    content = article.newest_content()
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Comments"),
        "opts": desk.opts,
        "article": article,
        "refusal": refusal,
        "talk_fields": FIELDS,
        **page_of(request, article, content),
    }
    return TemplateResponse(request, "admin/articles/article/talk.html", context)


def talk_panel(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """The comments as they stand beside the form; after a deed, with what came of it."""
    article = draft_for(request, pk)
    said, remarks, refusal = None, [], ""
    if request.method == "POST":
        try:
            said, remarks = do(request, pk)
            article = draft_for(request, pk)
        except Refused as reason:
            refusal = str(reason)
    typed = request.POST if refusal else {}
    panel = panel_of(request, article, typed) | {"said": said, "remarks": remarks, "refusal": refusal}
    context = {"talk": panel, "original": article}
    return TemplateResponse(request, "admin/articles/article/_talk.html", context, status=422 if refusal else 200)


def may_talk(user, article: Article) -> bool:
    """Those to whom the draft is given, to write it or to review it."""
    return may(user, "change", article) or may(user, "approve", article)


# ---------------------------------------------------------------- what is shown


def panel_of(request: HttpRequest, article: Article | None, typed: Any = None) -> dict[str, Any]:
    """What stands beside the form; nothing for somebody who sees only what readers see."""
    if article is None or not given_to(request.user).filter(pk=article.pk).exists():
        return {}
    typed = typed or {}
    content = article.newest_content()
    rows = rows_of(request, comments.threads(article, content["body"]), typed)
    return {
        "open": [row for row in rows if row.thread.is_open],
        "resolved": [row for row in rows if not row.thread.is_open],
        "choices": choices(content),
        "typed": {name: typed.get(name, "") for name in ("about", "words")} | {"text": typed.get(f"text-{CHOSEN}", "")},
        **around(request, article, content),
    }


def page_of(request: HttpRequest, article: Article, content: Content) -> dict[str, Any]:
    """The places of a text in its order. Fields that are not texts stand there only when something was said of them."""
    rows = rows_of(request, comments.threads(article, content["body"]), request.POST)
    found = fields_of(content, {row.thread.comment.field for row in rows})
    found += [
        Place(str(block.number), _("Paragraph {number}").format(number=block.number), html.stored(block.html))
        for block in blocks(content["body"])
    ]
    found.append(Place(WHOLE, label_of(WHOLE)))
    by_key = {place.key: place for place in found}
    gone = [row for row in rows if row.thread.is_gone]
    for row in rows:
        if row not in gone:
            by_key.get(row.key, by_key[WHOLE]).rows.append(row)
    for place in found:
        place.typed = request.POST.get(f"text-{place.key}", "")
    return {"places": found, "gone": gone, "talk": around(request, article, content)}


def fields_of(content: Content, spoken_of: set[str]) -> list[Place]:
    shown = {name: content[name] if isinstance(content[name], str) else "" for name in FIELDS}
    always = {"headline", "dek"}
    return [Place(name, label_of(name), shown[name]) for name in FIELDS if name in spoken_of | always]


def around(request: HttpRequest, article: Article, content: Content) -> dict[str, Any]:
    """What both the page and the panel need: whether the person may speak, of which text, and whom they can call."""
    newest = article.latest_revision
    people = who_may("view", article) if (speaks := may_talk(request.user, article)) else []
    return {
        "may": speaks,
        "seen": newest.number if newest and same_but_for_address(newest.content, content) else 0,
        "people": [[user.get_username(), user.get_full_name()] for user in people],
    }


def rows_of(request: HttpRequest, threads: Iterable[Thread], typed: Any) -> list[Row]:
    return [
        Row(
            thread,
            removable=removable(thread, request.user),
            typed=typed.get(f"answer-{thread.comment.pk}", ""),
        )
        for thread in threads
    ]


def removable(thread: Thread, user: Any) -> int | None:
    """The comment of the thread that the person may take back: the last thing said in it, if it is theirs."""
    last = thread.answers[-1] if thread.answers else thread.comment
    return last.pk if thread.is_open and comments.may_be_removed(last, user, []) else None


def choices(content: Content) -> list[tuple[str, str]]:
    """What can be chosen in the list beside the form."""
    paragraphs = [
        (str(block.number), f"¶ {block.number} {Truncator(block.text).chars(LONGEST_CHOICE)}")
        for block in blocks(content["body"])
    ]
    return [(WHOLE, label_of(WHOLE)), *paragraphs, *((name, label_of(name)) for name in FIELDS)]


def label_of(name: str) -> Any:
    if name == WHOLE:
        return _("The text as a whole")
    known = ArticleForm.base_fields.get(name)
    return known.label if known else name


# ---------------------------------------------------------------- deeds


def do(request: HttpRequest, pk: int) -> tuple[int | None, list[str]]:
    """Do what the pressed button says: the number of the thread it was done in, and what there is to remark."""
    name = next((each for each in DEEDS if each in request.POST), None)
    if name is None:
        raise Refused(_("Nothing was chosen."))
    with transaction.atomic():
        article = draft_for(request, pk, held=True)
        if not may_talk(request.user, article):
            raise PermissionDenied
        return DEEDS[name](request, article, timezone.now())


def say(request: HttpRequest, article: Article, now: datetime) -> tuple[int | None, list[str]]:
    key = request.POST["say"]
    text = words_in(request, f"text-{key}")
    about = request.POST.get("about", "") if key == CHOSEN else key
    if about in {WHOLE, *FIELDS}:
        revision, place = newest_revision(article), {"about": about}
    else:
        revision, block = paragraph_in(request, article, number_in(about), request.POST.get("words", ""))
        place = {"block": block}
    comment = comments.say(revision, text, at=now, by=request.user, **place)
    return comment.pk, strangers(comment, request, now)


def answer(request: HttpRequest, article: Article, now: datetime) -> tuple[int | None, list[str]]:
    first = comment_in(article, request.POST["answer"])
    text = words_in(request, f"answer-{first.pk}")
    comment = comments.say(newest_revision(article), text, at=now, by=request.user, parent=first)
    return first.pk, strangers(comment, request, now)


def resolve(request: HttpRequest, article: Article, now: datetime) -> tuple[int | None, list[str]]:
    comment = comment_in(article, request.POST["resolve"])
    comments.resolve(comment, by=request.user, at=now)
    return comment.pk, []


def reopen(request: HttpRequest, article: Article, now: datetime) -> tuple[int | None, list[str]]:
    comment = comment_in(article, request.POST["reopen"])
    comments.reopen(comment, by=request.user, at=now)
    return comment.pk, []


def remove(request: HttpRequest, article: Article, now: datetime) -> tuple[int | None, list[str]]:
    comment = comment_in(article, request.POST["remove"], answers=True)
    later = Comment.objects.filter(parent=comment.parent_id or comment.pk, at__gte=comment.at).exclude(pk=comment.pk)
    if not comments.may_be_removed(comment, request.user, later):
        raise Refused(_("This can no longer be taken back: it is not yours, or somebody has answered it."))
    comments.remove(comment, by=request.user, at=now)
    return comment.parent_id, []


Deed = Callable[[HttpRequest, Article, datetime], tuple[int | None, list[str]]]
DEEDS: dict[str, Deed] = {"say": say, "answer": answer, "resolve": resolve, "reopen": reopen, "remove": remove}


def strangers(comment: Comment, request: HttpRequest, now: datetime) -> list[str]:
    names = notices.commented(comment, by=request.user, at=now)
    return [_("@{name} cannot see this article and is not told.").format(name=name) for name in names]


def words_in(request: HttpRequest, name: str) -> str:
    text = tidy(request.POST.get(name, "")).strip()
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(_("This is too long: at most {most} characters.").format(most=LONGEST))
    return text


def comment_in(article: Article, number: str, answers: bool = False) -> Comment:
    """A comment on this article; `answers`: an answer too, and not the thread's first one alone."""
    found = Comment.objects.filter(article=article, pk=number_in(number)).select_related("revision", "article")
    comment = (found if answers else found.filter(parent=None)).first()
    if comment is None:
        raise Refused(_("This comment is no longer there."))
    return comment


def newest_revision(article: Article) -> Revision:
    """The revision that holds the newest text; one is made where it was written past the desk."""
    newest, content = article.latest_revision, article.newest_content()
    if newest and same_but_for_address(newest.content, content):
        return newest
    return editing.add(article, content, by=None, at=article.saved_at, kind=Revision.Kind.FOUND)


def paragraph_in(request: HttpRequest, article: Article, number: int | None, words: str) -> tuple[Revision, int]:
    """The paragraph that was pointed at: by its words as they stand in the editor now, or else by its number in the
    text that the person had before them."""
    revision = newest_revision(article)
    if words.strip():
        block = locate(tidy(words), "", revision.content["body"], near=number)
        if block is None:
            raise Refused(_("This paragraph is not saved yet. Save the draft, then comment on it."))
        return revision, block
    seen = Revision.objects.filter(article=article, number=number_in(request.POST.get("seen", ""))).first()
    revision = seen or revision
    if number is None or not 1 <= number <= len(blocks(revision.content["body"])):
        raise Refused(_("There is no such paragraph. Choose what you speak of."))
    return revision, number


PAGES = [("<int:pk>/talk/", talk_page, "talk"), ("<int:pk>/talk/panel/", talk_panel, "talk_panel")]
