"""What a guest opens with a link: the preview of a draft, and the review room. Neither asks for a login, none is used:
the address alone says what may be seen."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import comments, editing, guests, notices, previews, room
from articles.models import Article, Comment, GuestLink, Revision

LARGEST_ID = 2**63 - 1
GONE = 410
OVERTAKEN = 409


def unlisted(referrer: str) -> Callable:
    """Nobody keeps it, no search engine lists it, and no other site learns its address, whatever the answer is."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, token: str) -> HttpResponse:
            response = view(request, token)
            response["Cache-Control"] = "private, no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = referrer
            return response

        return answer

    return wrap


def closed(request: HttpRequest) -> HttpResponse:
    """The same for a link that ended, was withdrawn, was mistyped or never was."""
    return render(request, "articles/guest_closed.html", {"staff_bar": False}, status=GONE)


@unlisted("no-referrer")
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The newest text as readers will see it; once readers have it, the way to it."""
    now = timezone.now()
    link = guests.opened(token, GuestLink.Purpose.PREVIEW, now)
    if link is None:
        return closed(request)
    note_visit(request, link, now)
    article = link.article
    if article.is_published(now) and not editing.is_pending(article):
        return redirect(article)
    context = previews.page(article, article.newest_content(), request.masthead, now)
    return render(request, "articles/preview.html", context)


# With "no-referrer" browsers send forms with "Origin: null", which the protection from forgery refuses. This one tells
# other sites as little.
@unlisted("same-origin")
@require_http_methods(["GET", "HEAD", "POST"])
def room_page(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    link = guests.opened(token, GuestLink.Purpose.REVIEW, now)
    if link is None:
        return closed(request)
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("do", ""))
        return deed(request, link, now) if deed else redirect(request.path)
    note_visit(request, link, now)
    return show(request, link, now, done=request.GET.get("done", ""))


def note_visit(request: HttpRequest, link: GuestLink, now: datetime) -> None:
    if request.method == "GET":
        guests.note_visit(link, now)


def show(
    request: HttpRequest,
    link: GuestLink,
    now: datetime,
    *,
    done: str = "",
    refused: "RemarkForm | None" = None,
    signing: "SignOffForm | None" = None,
    overtaken: bool = False,
) -> HttpResponse:
    """The room as it is now, with what was typed where it was refused."""
    article, content = link.article, link.article.newest_content()
    shown = previews.as_read(article, content, now)
    mine = [sign_off for sign_off in guests.sign_offs(article) if sign_off.link_id == link.pk]
    context = {
        "article": shown,
        "link": link,
        "room": room.compose(link, shown, content),
        "read": guests.text_digest(article),
        "is_live": article.is_published(now),
        "holding": next((sign_off for sign_off in mine if sign_off.holds), None),
        "fallen": mine[0] if mine and not mine[0].holds else None,
        "signing": signing or SignOffForm(initial={"name": link.guest}),
        "refused": refused,
        "said": SAID.get(done, ""),
        "overtaken": overtaken,
        "title": shown.headline,
        "staff_bar": False,
    }
    return render(request, "articles/room.html", context, status=OVERTAKEN if overtaken else 200)


SAID = {
    "comment": _("Thank you. The editors can see your comment."),
    "seen": _("Noted. Next time you are shown what changes from here on."),
    "signed": _("Thank you. You signed off this text."),
}


# ---------------------------------------------------------------- what a guest sends


class ReadForm(forms.Form):
    """Which text the guest had before them, by its digest."""

    read = forms.RegexField(r"^[0-9a-f]{64}$", required=False)


class RemarkForm(ReadForm):
    text = forms.CharField(max_length=4000, error_messages={"required": _("Write your comment first.")})
    name = forms.CharField(max_length=120, error_messages={"required": _("Say who you are, please.")})
    about = forms.ChoiceField(choices=[(name, name) for name in ("body", *room.HEAD)])
    block = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    to = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)

    def __init__(self, data: Any, *, link: GuestLink) -> None:
        super().__init__(data)
        self.link = link
        self.fields["name"].required = not link.guest

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if Comment.objects.filter(guest=self.link).count() >= guests.MOST_COMMENTS:
            raise forms.ValidationError(
                _("This link has taken all the comments it can. Write to whoever sent it to you, or ask for a new one.")
            )
        return cleaned

    @property
    def anchor(self) -> str:
        """Where on the page it was typed."""
        to, block = self["to"].value(), self["block"].value()
        return f"to-{to}" if to else f"p{block}" if block else str(self["about"].value())


class SignOffForm(ReadForm):
    name = forms.CharField(max_length=120, label=_("Your name"), error_messages={"required": _("Say who you are.")})
    remark = forms.CharField(required=False, max_length=500, label=_("A remark"))
    sure = forms.BooleanField(
        label=_("I have read this exact text."),
        error_messages={"required": _("Tick this box if you have read the text as it stands here.")},
    )


def hold(link: GuestLink) -> Article | None:
    """The article as it is when its turn comes; None if it was deleted meanwhile."""
    rows = Article.objects.filter(pk=link.article_id).select_related("section", "latest_revision", "live_revision")
    link.article = rows.held().first()
    return link.article


def newest_text(article: Article) -> Revision:
    """The revision that is the newest text, made now where there was none."""
    found = {"by": None, "at": article.saved_at, "kind": Revision.Kind.FOUND}
    return guests.text_of(article) or editing.add(article, article.newest_content(), **found)


def comment(request: HttpRequest, link: GuestLink, now: datetime) -> HttpResponse:
    form = RemarkForm(request.POST, link=link)
    if not form.is_valid():
        return show(request, link, now, refused=form)
    with transaction.atomic():
        article = hold(link)
        if article is None:
            return closed(request)
        said = say(article, link, form.cleaned_data, now)
    return redirect(f"{request.path}?done=comment#talk-{said.parent_id or said.pk}")


def say(article: Article, link: GuestLink, cleaned: dict[str, Any], now: datetime) -> Comment:
    """The comment, on the text that the guest had before them; what was sent twice is there once."""
    newest = newest_text(article)
    text = guests.text_as_it_was(article, cleaned["read"]) or newest
    mine = Comment.objects.filter(guest=link)
    parent = mine.filter(pk=cleaned["to"], parent=None).first() if cleaned["to"] else None
    block = cleaned["block"] if cleaned["about"] == "body" and not parent else None
    last = mine.order_by("-pk").first()
    if last and (last.text, last.block, last.parent_id) == (cleaned["text"], block, parent and parent.pk):
        return last
    if link.seen_revision is None:
        guests.mark_seen(link, text)
    name = link.guest or cleaned["name"]  # nobody speaks by another's name in a link that says whose it is
    where = {"about": cleaned["about"], "block": block, "parent": parent}
    said = comments.say(text, cleaned["text"], at=now, guest=link, name=name, **where)
    tell_maker(link, gettext("%(name)s commented in the review room.") % {"name": name}, now)
    return said


def sign(request: HttpRequest, link: GuestLink, now: datetime) -> HttpResponse:
    form = SignOffForm(request.POST)
    if link.sign_offs.count() >= guests.MOST_SIGN_OFFS:
        form.add_error(None, _("This link has taken all the sign-offs it can. Ask whoever sent it for a new one."))
    if not form.is_valid():
        return show(request, link, now, signing=form)
    cleaned = form.cleaned_data
    with transaction.atomic():
        article = hold(link)
        if article is None:
            return closed(request)
        if guests.text_digest(article) != cleaned["read"]:
            return overtaken(request, link, form, now)
        guests.sign(link, newest_text(article), name=cleaned["name"], remark=cleaned["remark"], at=now)
        tell_maker(link, gettext("%(name)s signed off the text.") % {"name": cleaned["name"]}, now)
    return redirect(f"{request.path}?done=signed#sign-off")


def overtaken(request: HttpRequest, link: GuestLink, form: SignOffForm, now: datetime) -> HttpResponse:
    """Nothing is signed that was not read: the new text, and what is other in it than in the one that was."""
    had_read = guests.text_as_it_was(link.article, form.cleaned_data["read"])
    if link.seen_revision is None and had_read:
        guests.mark_seen(link, had_read)
    again = SignOffForm(initial={"name": form.cleaned_data["name"], "remark": form.cleaned_data["remark"]})
    return show(request, link, now, signing=again, overtaken=True)


def see(request: HttpRequest, link: GuestLink, now: datetime) -> HttpResponse:
    """From the text they had before them on, the guest is shown what changes."""
    form = ReadForm(request.POST)
    with transaction.atomic():
        article = hold(link)
        if article is None:
            return closed(request)
        newest = newest_text(article)
        read = form.cleaned_data["read"] if form.is_valid() else ""
        if read_now := newest if newest.text_digest == read else guests.text_as_it_was(article, read):
            guests.mark_seen(link, read_now)
    return redirect(f"{request.path}?done=seen")


DEEDS = {"comment": comment, "seen": see, "sign": sign}


def tell_maker(link: GuestLink, text: str, at: datetime) -> None:
    """Whoever made the link hears what the guest did."""
    if link.created_by:
        notices.tell([link.created_by], article=link.article, reason="guest", text=text, at=at)
