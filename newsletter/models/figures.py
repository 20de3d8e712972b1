"""What became of an issue in numbers, counted once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.issue import Issue


class Figures(models.Model):
    """A million deliveries are counted when somebody first looks at an issue that has ended, and not again."""

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="figures")
    at = models.DateTimeField(_("counted"))
    counted = models.JSONField()
    """newsletter.figures.Counted as a dict."""

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.issue_id}"
