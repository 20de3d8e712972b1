from django.http import HttpRequest

from articles.addresses import absolute
from magazine.middleware import has_session


def masthead(request: HttpRequest) -> dict[str, object]:
    """What every page of the site shows around its own: the magazine, the menu, the footer's pages."""
    around = getattr(request, "masthead", None)
    if around is None:
        return {}
    return {
        "magazine": around.magazine,
        "menu": around.menu,
        "footer_pages": around.pages,
        "page_address": absolute(request.path),
        "staff_bar": has_session(request) and hasattr(request, "user") and request.user.is_staff,
    }
