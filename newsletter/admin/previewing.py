"""An issue as its readers will see it, side by side: desktop, phone, dark, pictures off, and the text."""

import re
from functools import wraps

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from newsletter import mail, preflight, tokens
from newsletter.admin.reach import VIEW, issue_for
from newsletter.admin.standing import about
from newsletter.models import Issue

DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
PICTURE = re.compile(r'(<img\b[^>]*?)\s(?:src|srcset)="[^"]*"', re.IGNORECASE)

FRAMES = [
    ("plain", "desktop", _("Desktop")),
    ("plain", "phone", _("Phone, 360 pixels")),
    ("dark", "phone", _("Phone, dark")),
    ("bare", "phone", _("Pictures off")),
]
"""What is shown beside each other: (the way the mail is shown, the width, the words)."""

POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:", *settings.MEDIA_ORIGIN],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}
"""A mail has its styles inline, so its frame alone may. Nothing in it runs, and no other site may show it."""


def kept_private(view):
    """A draft stays in no cache."""

    @wraps(view)
    def answer(*args, **options):
        response = view(*args, **options)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def rendered(issue: Issue) -> mail.Rendered:
    """The mail as it stands; the reader's token is nobody's."""
    found = mail.as_it_stands(issue, timezone.now())
    html, text = (mail.with_token(part, tokens.INERT) for part in (found.html, found.text))
    return mail.Rendered(found.subject, found.preheader, html, text, found.web)


@kept_private
@csp_replace({"frame-src": [SELF]})
def preview_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    issue = issue_for(request, pk, VIEW)
    found = rendered(issue)
    size = mail.size(found.html)
    context = about(desk, request, issue, str(_("Preview"))) | {
        "is_nav_sidebar_enabled": False,
        "rendered": found,
        "frames": FRAMES,
        "kilobytes": round(size / 1024, 1),
        "limit": preflight.CLIPPED // 1024,
        **meter(size),
    }
    return TemplateResponse(request, "admin/newsletter/issue/preview.html", context)


def meter(size: int) -> dict[str, object]:
    """How near the HTML is to the size at which mail programs cut it off."""
    return {
        "size": size,
        "warn_at": preflight.LARGE,
        "stop_at": preflight.CLIPPED,
        "weight": "stop" if size > preflight.CLIPPED else "warn" if size > preflight.LARGE else "fine",
    }


@kept_private
@csp(POLICY)
@xframe_options_sameorigin
def frame(desk, request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """The mail itself, for a frame of the page of previews."""
    if way not in WAYS:
        raise Http404
    html = rendered(issue_for(request, pk, VIEW)).html
    return HttpResponse(from_here(WAYS[way](html)))


def plain(html: str) -> str:
    """As a mail program shows it that is not dark, whatever the browser is."""
    return DARK.sub("@media not all", html)


def dark(html: str) -> str:
    return DARK.sub("@media all", html)


def bare(html: str) -> str:
    """Without the addresses of its pictures, so that what stands in their place is seen."""
    return PICTURE.sub(r"\1", PICTURE.sub(r"\1", plain(html)))


WAYS = {"plain": plain, "dark": dark, "bare": bare}


def from_here(html: str) -> str:
    """Its pictures from the server that shows the preview; its links lead nowhere (the frame may open nothing)."""
    html = html.replace(f'src="{settings.SITE_URL}/', 'src="/')
    return HEAD.sub(lambda head: head[0] + '<base target="_blank">', html, count=1)


PAGES = [
    ("<int:pk>/preview/", preview_page, "preview"),
    ("<int:pk>/preview/<slug:way>/", frame, "frame"),
]
