"""RSS: the issues that readers have got, whole."""

from typing import Any

from django.urls import reverse

from articles import html
from articles.addresses import absolute
from articles.feeds import LatestFeed
from articles.rights import Use
from newsletter import mail_pictures
from newsletter.models import Issue, Newsletter

NEWEST = 20


class IssueFeed(LatestFeed):
    def path(self, thing: Any) -> str:
        return reverse("newsletter_issues")

    def name(self, thing: Any) -> str:
        return Newsletter.objects.current().short_name

    def items(self, thing: Any) -> Any:
        return Issue.objects.archived().defer("html", "text")[:NEWEST]

    def item_title(self, item: Issue) -> str:
        return item.subject

    def item_description(self, item: Issue) -> str:
        return item.preheader

    def item_link(self, item: Issue) -> str:
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Issue) -> str:
        return f"{absolute('/')}#issue-{item.pk}"

    def item_pubdate(self, item: Issue) -> Any:
        return item.went_out

    def item_updateddate(self, item: Issue) -> Any:
        return self.item_pubdate(item)

    def item_categories(self, item: Issue) -> list[str]:
        return []

    def item_enclosure_url(self, item: Issue) -> None:
        return None

    def item_extra_kwargs(self, item: Issue) -> dict[str, Any]:
        page = mail_pictures.as_allowed(item.web, self.at, Use.SITE, Use.NEWSLETTER, Use.FEEDS)
        return {"content": html.with_absolute_links(page, self.item_link(item)), "creators": []}
