"""The issues of the archive, for the site's sitemap (magazine.urls joins it to that of the articles)."""

from articles.sitemaps import SitemapAt
from newsletter.models import Issue


class IssueSitemap(SitemapAt):
    def items(self):
        return Issue.objects.archived().only("number", "state", "began_at", "frozen_at")

    def lastmod(self, issue: Issue):
        return issue.went_out


SITEMAPS = {"issues": IssueSitemap}
