"""The deeds of the audit log in words, for its list and for the history of an article."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import AuditEntry

DEEDS: Final[dict[str, Promise]] = {
    "begin": _("Began"),
    "save": _("Saved"),
    "submit": _("Submitted for review"),
    "take_back": _("Took back from review"),
    "ask_for_changes": _("Asked for changes"),
    "approve": _("Approved"),
    "publish": _("Published"),
    "publish_later": _("Set to go live"),
    "not_published": _("Could not go live"),
    "unpublish": _("Took off the site"),
    "discard": _("Discarded the draft"),
    "comment": _("Commented"),
    "resolve": _("Resolved a comment"),
    "reopen": _("Reopened a comment"),
    "sign_off": _("Signed off"),
    "make_link": _("Made a link for a guest"),
    "withdraw_link": _("Withdrew a guest’s link"),
    "take_over": _("Took the article over"),
    "test_issue": _("Sent a test of the issue"),
    "schedule_issue": _("Scheduled the issue"),
    "drop_withdrawn": _("Left out what was withdrawn"),
    "issue_back_to_draft": _("Took the issue back to draft"),
    "send_issue": _("Began to send the issue"),
    "pause_issue": _("Paused the issue"),
    "resume_issue": _("Went on sending the issue"),
    "cancel_issue": _("Cancelled the issue"),
    "miss_issue": _("Held the issue as missed"),
    "settle_doubt": _("Settled what was in doubt"),
    "finish_issue": _("Sent the issue"),
    "fail_issue": _("Gave the issue up"),
    "import": _("Began an import of readers"),
    "undo_import": _("Undid an import of readers"),
    "export_readers": _("Exported readers’ addresses"),
    "export_reader": _("Exported a reader’s data"),
    "resend_confirmation": _("Asked a reader again to confirm"),
    "suppress_reader": _("Closed a reader’s address"),
    "lift_reader": _("Opened a reader’s address again"),
    "erase_reader": _("Erased a reader"),
    "add": _("Added"),
    "change": _("Changed"),
    "delete": _("Deleted"),
}
"""In the order in which a piece lives. A deed that is not here is shown by its own name."""

SHOWN_BY_TEXTS: Final = ("begin", "save", "add", "change", "comment", "resolve", "reopen")
"""What the history shows by the texts themselves, and by how often they were commented on."""


def words_of(deed: str) -> str:
    return str(DEEDS.get(deed) or deed.replace("_", " ").capitalize())


def who(entry: AuditEntry) -> str:
    return entry.actor or str(_("The magazine itself"))
