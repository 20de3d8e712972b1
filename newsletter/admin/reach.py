"""How far a person reaches with the issues: what each page of one issue asks before anything else."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from newsletter.models import Issue
from newsletter.roles import issues_for

VIEW, CHANGE, SEND = "newsletter.view_issue", "newsletter.change_issue", "newsletter.send_issue"


def issue_for(request: HttpRequest, pk: int, permission: str, *, held: bool = False) -> Issue:
    """The issue, for somebody who has the permission; 404 for those who may not know of it.

    `held`: as it is now, nobody else changing it; only in a transaction.
    """
    if not request.user.has_perm(permission):
        raise PermissionDenied
    known = pk < 2**63 and issues_for(request.user, timezone.now()).filter(pk=pk).exists()
    issues = Issue.objects.held() if held else Issue.objects.all()
    issue = issues.filter(pk=pk).first() if known else None
    if issue is None:
        raise Http404
    return issue
