"""What those who send the round-up have to know without looking: told at the desk and by mail, and not again and again.

And what the pages of the admin say while something is missing: no worker, no mail server.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from articles import notices
from articles.models import Notice
from articles.roles import who_has
from newsletter.models import Newsletter, Worker

PERMISSION: Final = "newsletter.send_issue"
AGAIN_AFTER: Final = timedelta(hours=1)

BACKENDS: Final = "django.core.mail.backends."
TRIALS: Final = frozenset({"dummy", "locmem", "anymail.backends.test", "anymail.backends.console"})


def tell(text: str, *, reason: str, title: str, address: str, at: datetime) -> bool:
    """Tell those who may send an issue; False where they have been told for the same reason within the hour.

    `reason` is a name of up to 20 characters; `title` what it is about; `address` the path of the page of the desk
    where it is seen to. Of several workers one tells: the row of the newsletter is held meanwhile.
    """
    with transaction.atomic():
        Newsletter.objects.select_for_update().get(pk=Newsletter.objects.current().pk)
        if Notice.objects.filter(reason=reason, at__gt=at - AGAIN_AFTER).exists():
            return False
        notices.tell(who_has(PERMISSION), reason=reason, text=text, title=title, address=address, at=at)
    return True


def no_worker(at: datetime) -> bool:
    """Whether nobody sends, and nothing else is done that a worker does."""
    return not Worker.objects.alive(at).exists()


def mail_goes() -> str:
    """Where mail goes instead of to people, in a sentence; empty where it does go to them."""
    kind = settings.EMAIL_BACKEND.removeprefix(BACKENDS).removesuffix(".EmailBackend")
    if kind == "filebased":
        words = _("No mail server is set: each mail is a file in %(folder)s, and nobody gets it.")
        return words % {"folder": getattr(settings, "EMAIL_FILE_PATH", "")}
    if kind == "console":
        return _("No mail server is set: mail is written where the site was started, and nobody gets it.")
    if kind in TRIALS:
        return _("No mail server is set: mail goes nowhere, and nobody gets it.")
    return ""
