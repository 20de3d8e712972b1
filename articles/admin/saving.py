"""Saving while somebody writes: by itself, beside others, over a newer text.

The pages here are asked by articles/static/articles/saving.js and presence.js and answer in JSON. They take the form as
the browser would send it. Nobody sees here what they could not open in the form.
"""

import copy
import json
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import editing, presence, thinning
from articles.admin import conflict
from articles.admin.reach import article_for
from articles.forms import SITTING, ArticleForm, shown_name
from articles.models import Article, Revision
from articles.models.content import EMPTY, same_but_for_address
from articles.models.presence import EditLock
from articles.roles import may
from articles.templatetags.desk import state

Kind = Revision.Kind

WORDS: dict[str, str | Promise] = {
    "saved": _("Saved {time}"),
    "saving": _("Saving …"),
    "changed": _("Not saved yet"),
    "nothing": _("No changes"),
    "offline": _("Offline: kept on this computer"),
    "failed": _("The server cannot save it now: kept on this computer, tried again soon"),
    "full": _("Not saved, and this computer has no room to keep it: leave this page open"),
    "logged_out": _("You are logged out: kept on this computer. Log in in another tab, then it saves by itself."),
    "log_in": _("Log in in another tab"),
    "other_person": _("Somebody else is logged in here now: kept on this computer, and not saved in their name"),
    "overtaken": _("Someone else saved: {name}, {time}. Yours is kept on this computer."),
    "see_both": _("See both texts"),
    "newer": _("Someone else saved: {name}, {time}."),
    "open_newer": _("Open their text"),
    "conflict": _("Choose between the two texts: nothing is saved by itself until then. Yours is kept here."),
    "locked": _("{name} keeps this article to themselves since {time}. What you write is kept on this computer."),
    "taken": _("{name} took this article over at {time}. What was not saved is kept on this computer."),
    "forbidden": _("You may not change this article any more: kept on this computer"),
    "deleted": _("This article was deleted: your text is kept on this computer"),
    "faults": _("Saved {time}, but for: {fields}"),
    "here": _("{name}, here since {time}"),
    "unsaved": _("has unsaved changes"),
    "own": _("you, in another tab"),
    "kept_by": _("{name} keeps this article to themselves since {time}."),
    "kept_by_you": _("You keep this article to yourself since {time}."),
    "waits": _("Text from {time} was not saved and is on this computer."),
    "put_in": _("It is in the form now."),
}
"""What the script says, with places for names and times."""


# ---------------------------------------------------------------- what the form's page tells the script


def addresses(pk: int | None) -> dict[str, str]:
    """Where the script of one article's form asks; of a new one, of which there is no page yet."""
    new = {name: reverse(f"admin:articles_article_{name}") for name in ("token", "autosave_new", "kept_new")}
    if pk is None:
        return {"token": new["token"], "autosave": new["autosave_new"], "kept": new["kept_new"]}
    own = ("change", "autosave", "kept", "pulse", "lock")
    return {"token": new["token"], **{name: reverse(f"admin:articles_article_{name}", args=[pk]) for name in own}}


def context(request: HttpRequest, article: Article | None, form: Any) -> dict[str, Any]:
    """For the form's page: what the script has to know, and the conflict that the form ran into."""
    if "sitting" not in form.fields:
        return {}
    told = {
        "article": article.pk if article else None,
        "person": request.user.pk,
        "fields": [name for name in form.fields if name not in {"base", "sitting"}],
        "addresses": addresses(article.pk if article else None),
        "words": {name: str(words) for name, words in WORDS.items()},
        "login": reverse("admin:login"),
        "refused": form.is_bound,
    }
    stands_in_the_way = form.is_bound and (form.newer or form.kept_by)
    return {"saving": json.dumps(told), "conflict": panel(request, article, form) if stands_in_the_way else None}


def panel(request: HttpRequest, article: Article, form: ArticleForm) -> dict[str, Any]:
    """Keep what was refused in the history, and show it beside the newest text. In the transaction of the refusal,
    which is not undone where a form is wrong."""
    row = Article.objects.select_related("latest_revision__by").get(pk=article.pk)
    theirs, newest = row.newest_content(), row.latest_revision
    mine = form.snapshot_over(theirs)
    now = timezone.now()
    said = {"by": request.user, "at": now, "sitting": form.cleaned_data.get("sitting") or ""}
    aside = editing.put_aside(row, mine, **said) if mine != theirs else None
    base = began_from(row, form.cleaned_data.get("base") or 0)
    labels = {name: form.fields[name].label for name in EMPTY}
    shown = form.newer or newest
    return {
        "rows": conflict.rows(request.user, mine, theirs, base and base.content, labels) if form.newer else [],
        "aside": aside,
        "number": newest.number if newest else 0,
        "name": shown_name(shown.by) if shown else "",
        "time": shown and presence.clock(shown.at, now),
        "newer": form.newer,
        "kept_by": form.kept_by and presence.person(form.kept_by.user),
        "kept_since": form.kept_by and presence.clock(form.kept_by.since, now),
    }


def began_from(article: Article, base: int) -> Revision | None:
    """The text a form was opened with; of an article that had no revisions then, what was found when it got one."""
    texts = Revision.objects.filter(article=article)
    known = texts.filter(number=base) if base else texts.filter(kind=Kind.FOUND)
    return known.order_by("number").first()


def begun(request: HttpRequest) -> str | None:
    """The number of the article that the form of a new one has begun by itself before it was sent."""
    sitting = request.POST.get("sitting", "")
    if not SITTING.fullmatch(sitting):
        return None
    with transaction.atomic():
        article = editing.begun(sitting, by=request.user)
    return str(article.pk) if article else None


# ---------------------------------------------------------------- saving by itself


def autosave_new(desk, request: HttpRequest) -> HttpResponse:
    """The form of a new article, sent by itself: the first time there is something in it, it begins the article."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may(request.user, "add"):
        raise PermissionDenied
    with transaction.atomic():
        return other_person(request) or begin(desk, request)


def autosave(desk, request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    with transaction.atomic():
        article = article_for(request, pk, "change", held=True)
        return other_person(request) or save(desk, request, article)


def other_person(request: HttpRequest) -> HttpResponse | None:
    """A form that one person filled in is not saved by itself in the name of another, who logged in meanwhile."""
    person = request.POST.get("person", str(request.user.pk))
    return None if person == str(request.user.pk) else JsonResponse({"refused": "other_person"}, status=403)


def begin(desk, request: HttpRequest) -> HttpResponse:
    form = filled(desk, request, None)
    sitting = form.cleaned_data.get("sitting")
    if not sitting:
        return JsonResponse({"refused": "sitting"}, status=400)
    if article := editing.begun(sitting, by=request.user):
        return overtaken(article, article.latest_revision, is_own=True)
    content = form.snapshot_over(EMPTY)
    if not content["headline"] and not content["body"]:
        return JsonResponse({"number": 0, "errors": faults(form)})
    article = editing.begin(content, by=request.user, at=timezone.now(), kind=Kind.AUTOSAVE, sitting=sitting)
    return saved(article, article.latest_revision, form)


def save(desk, request: HttpRequest, article: Article) -> HttpResponse:
    """The newest text of a held article, if it is made from the one before it.

    A late request of the same sitting is refused too: it carries less than the one that came after it. Whoever is still
    there sends again from the number in the answer.
    """
    before = article.newest_content()
    form = filled(desk, request, copy.copy(article))
    sitting, base = form.cleaned_data.get("sitting"), form.cleaned_data.get("base") or 0
    if not sitting:
        return JsonResponse({"refused": "sitting"}, status=400)
    if form.kept_by:
        return JsonResponse({"lock": lock_for(form.kept_by, is_mine=False)}, status=423)
    newest = article.latest_revision
    if form.newer or (newest and newest.number > base):
        is_own = form.newer is None and newest.sitting == sitting and newest.by_id == request.user.pk
        return overtaken(article, form.newer or newest, is_own=is_own)
    said = {"by": request.user, "at": timezone.now(), "kind": Kind.AUTOSAVE, "sitting": sitting}
    revision = editing.record(article, form.snapshot_over(before), **said)
    thinning.thin(article, said["at"])
    return saved(article, revision, form)


def filled(desk, request: HttpRequest, article: Article | None) -> ArticleForm:
    """The form as it was sent, looked through; some fields may be wrong."""
    form = desk.get_form(request, article, change=article is not None)(request.POST, instance=article)
    form.full_clean()
    return form


def saved(article: Article, revision: Revision | None, form: ArticleForm) -> HttpResponse:
    now = timezone.now()
    return JsonResponse(
        {
            "number": revision.number if revision else 0,
            "time": presence.clock(now, now),
            "article": article.pk,
            "addresses": addresses(article.pk),
            "errors": faults(form),
            "state": str(state(article)),
        }
    )


def faults(form: ArticleForm) -> list[dict[str, str]]:
    """The fields that were not saved, in the order of the form, and why."""
    return [
        {"field": name, "label": str(form.fields[name].label), "text": " ".join(map(str, errors))}
        for name, errors in form.errors.items()
        if name != NON_FIELD_ERRORS
    ]


def overtaken(article: Article, newer: Revision, *, is_own: bool) -> HttpResponse:
    return JsonResponse({**said_of(newer, is_own=is_own), "addresses": addresses(article.pk)}, status=409)


def said_of(revision: Revision, *, is_own: bool) -> dict[str, Any]:
    return {
        "number": revision.number,
        "name": shown_name(revision.by),
        "time": presence.clock(revision.at, timezone.now()),
        "own": is_own,
    }


# ---------------------------------------------------------------- text that waits in a browser


def token(desk, request: HttpRequest) -> HttpResponse:
    """Who is logged in, and the token that forms need: both change when somebody logs in again in another tab."""
    return JsonResponse({"token": get_token(request), "person": request.user.pk})


def kept_new(desk, request: HttpRequest) -> HttpResponse:
    """As `kept`, for the form of a new article that may have been begun."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may(request.user, "add"):
        raise PermissionDenied
    pk = begun(request)
    return JsonResponse(compared(desk, request, Article.objects.get(pk=pk) if pk else None))


def kept(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a text that waits in a browser was saved after all, and how it differs from the newest."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return JsonResponse(compared(desk, request, article_for(request, pk, "change")))


def compared(desk, request: HttpRequest, article: Article | None) -> dict[str, Any]:
    theirs = article.newest_content() if article else EMPTY
    form = filled(desk, request, copy.copy(article) if article else None)
    mine, sitting = form.snapshot_over(theirs), form.cleaned_data.get("sitting") or ""
    own = last_of(sitting, request.user) if sitting else []
    known = [theirs, *(revision.content for revision in own)]
    is_saved = not faults(form) and any(same_but_for_address(mine, content) for content in known)
    labels = {name: form.fields[name].label for name in EMPTY}
    shown = {"rows": conflict.rows(request.user, mine, theirs, None, labels), "choose": False}
    return {"saved": is_saved, "differences": render_to_string("admin/articles/article/_both.html", shown)}


def last_of(sitting: str, user) -> list[Revision]:
    """What a sitting saved last, and what of it was put aside last: both stand in the history."""
    own = Revision.objects.filter(sitting=sitting, by=user).order_by("-number")
    return [*own.in_line()[:1], *own.filter(kind=Kind.ASIDE)[:1]]


# ---------------------------------------------------------------- who is here


def pulse(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """A form is open; who else has it open, whose text is the newest, who keeps it. `bye`: it was closed."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article, sitting = article_for(request, pk, "change"), sitting_of(request)
    now, said = timezone.now(), request.POST
    if "bye" in said:
        presence.gone(article, by=request.user, sitting=sitting, at=now)
        return HttpResponse(status=204)
    state_of_form = {"unsaved": said.get("unsaved") == "1", "background": said.get("background") == "1"}
    try:
        presence.seen(article, by=request.user, sitting=sitting, at=now, **state_of_form)
    except IntegrityError:
        raise Http404
    lock = presence.hold_on(article, by=request.user, sitting=sitting, at=now)
    return JsonResponse(around(request, article, sitting, lock, now))


def lock(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """Keep it to oneself, give it back, or take it over from whoever keeps it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    sitting, now, deed = sitting_of(request), timezone.now(), request.POST.get("deed", "")
    said = {"by": request.user, "sitting": sitting, "at": now}
    with transaction.atomic():
        article = article_for(request, pk, "change", held=True)
        if deed == "give_back":
            presence.give_back(article, **said)
        elif deed in {"keep", "take_over"} and sitting:
            try:
                presence.keep(article, over=deed == "take_over", **said)
            except presence.Kept as kept_by:
                return JsonResponse(around(request, article, sitting, kept_by.lock, now), status=423)
    return JsonResponse(around(request, article, sitting, presence.lock_of(article, now), now))


def sitting_of(request: HttpRequest) -> str:
    sitting = request.POST.get("sitting", "")
    if not SITTING.fullmatch(sitting):
        raise Http404
    return sitting


def around(request: HttpRequest, article: Article, sitting: str, lock: EditLock | None, now) -> dict[str, Any]:
    newest = article.latest_revision
    mine = newest is None or (newest.sitting == sitting and newest.by_id == request.user.pk)
    is_mine = lock is not None and presence.is_held_by(lock, by=request.user, sitting=sitting, at=now)
    return {
        "others": [
            {
                "name": presence.person(other.user),
                "time": presence.clock(other.since, now),
                "unsaved": other.unsaved,
                "own": other.user_id == request.user.pk,
            }
            for other in presence.others(article, sitting, now)
        ],
        "newest": said_of(newest, is_own=mine) if newest else None,
        "lock": lock and lock_for(lock, is_mine=is_mine),
    }


def lock_for(lock: EditLock, *, is_mine: bool) -> dict[str, Any]:
    return {"name": presence.person(lock.user), "time": presence.clock(lock.since, timezone.now()), "mine": is_mine}


PAGES: list = [
    ("token/", token, "token"),
    ("autosave/", autosave_new, "autosave_new"),
    ("kept/", kept_new, "kept_new"),
    ("<int:pk>/autosave/", autosave, "autosave"),
    ("<int:pk>/kept/", kept, "kept"),
    ("<int:pk>/pulse/", pulse, "pulse"),
    ("<int:pk>/lock/", lock, "lock"),
]
