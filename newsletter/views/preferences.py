"""What a reader may change: the page that mails a link, and the page behind it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from newsletter import boxes, preferences, signing_up
from newsletter.forms import AddressForm, SignUpForm
from newsletter.models import Said, Subscriber, Wish
from newsletter.states import Reader
from newsletter.views import confirming, leaving, subscribing, visits

PAGE = "/newsletter/preferences/"


@csrf_exempt  # visits.from_this_site says why
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    template, words = "newsletter/preferences.html", boxes.PREFERENCES
    if request.method != "POST":
        return subscribing.show(request, template, None, words)
    if not visits.from_this_site(request):
        return visits.refused(request)
    form = SignUpForm(request.POST, words=words, at=request.at)
    return subscribing.answer(request, form, template, "newsletter_on_its_way", words, Wish.PREFERENCES)


@require_safe
def on_its_way(request: HttpRequest) -> HttpResponse:
    return render(request, "newsletter/on_its_way.html")


@csrf_exempt  # nobody has a token whom it was not mailed to
@visits.unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    reader = preferences.reader_of(token)
    if reader is None:
        return confirming.closed_for_readers(request)
    if request.method != "POST":
        return show(request, reader)
    if not visits.from_this_site(request, unnamed=True):
        return visits.refused(request)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return show(request, reader)
    try:
        return deed(request, reader, visits.said(request, PAGE, token))
    except Subscriber.DoesNotExist:  # erased in the same moment, by another tab
        return confirming.closed_for_readers(request)


def show(request: HttpRequest, reader: Subscriber, form: AddressForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "reader": reader,
        "form": form,
        "is_active": reader.state == Reader.ACTIVE,
        "is_paused": reader.paused_until is not None and reader.paused_until > request.at,
        "state": STATES[reader.state],
        "said": SAID.get(request.GET.get("done", "")),
    }
    return render(request, "newsletter/my_preferences.html", context, status=status)


STATES = {
    Reader.PENDING: _("You have not confirmed yet: the link is in the mail you got when you signed up."),
    Reader.ACTIVE: _("You get the newsletter."),
    Reader.UNSUBSCRIBED: _("You have left: no newsletter comes."),
    Reader.BOUNCED: _("Our mail to this address came back, so no newsletter comes."),
    Reader.COMPLAINED: _("Our mail was reported as spam, so no newsletter comes."),
}
SAID = {
    "pause": _("Done: no newsletter for four weeks, then it comes again by itself."),
    "go_on": _("Done: the newsletter comes again from the next one on."),
    "again": _("Done: you get the newsletter again."),
    "address": _("We have written to the new address. Open the link in that mail; until then nothing changes."),
}


# ---------------------------------------------------------------- what a reader does


def done(request: HttpRequest, deed: str) -> HttpResponse:
    """Back to the page, so that loading it anew does nothing twice."""
    return redirect(f"{request.path}?done={deed}")


def pause(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    if reader.state == Reader.ACTIVE:
        reader.pause(request.at, said)
    return done(request, "pause" if reader.state == Reader.ACTIVE else "")


def go_on(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    if reader.paused_until:
        reader.go_on(request.at, said)
    return done(request, "go_on")


def again(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    """The link was mailed to the address, so pressing the button confirms it."""
    if not reader.confirm(request.at, said):
        return confirming.shut(request, "newsletter/shut.html")
    return done(request, "again")


def leave(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    reader.leave(request.at, said)
    return leaving.left(request)


def change_address(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return show(request, reader, form, status=422)
    try:
        signing_up.take(
            form.cleaned_data["email"],
            at=request.at,
            kind=Wish.ADDRESS,
            page=said.page,
            network=said.network,
            subscriber=reader,
        )
    except signing_up.TooMany:
        return subscribing.too_many(request, in_place=False)
    return done(request, "address")


def export(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    response = JsonResponse(
        preferences.export(reader, request.at, said), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    return response


def erase(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    """Asks first: what is erased nobody brings back."""
    return render(request, "newsletter/erase.html", {"reader": reader})


def erase_for_good(request: HttpRequest, reader: Subscriber, said: Said) -> HttpResponse:
    reader.erase(request.at, said)
    return render(request, "newsletter/erased.html")


DEEDS: dict[str, Callable[[HttpRequest, Subscriber, Said], HttpResponse]] = {
    "pause": pause,
    "go_on": go_on,
    "again": again,
    "leave": leave,
    "address": change_address,
    "export": export,
    "erase": erase,
    "erase_for_good": erase_for_good,
}
