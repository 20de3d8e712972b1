from django.urls import include, path

from newsletter import feeds, webhooks
from newsletter.views import archive, subscribing

urlpatterns = [
    path("", subscribing.newsletter, name="newsletter"),
    path("thanks/", subscribing.thanks, name="newsletter_thanks"),
    path("relay/", include(webhooks.patterns())),
    path("issues/", archive.issues, name="newsletter_issues"),
    path("issues/feed/", feeds.IssueFeed(), name="newsletter_feed"),
    path("issues/<int:number>/", archive.issue, name="newsletter_issue"),
    path("issues/<int:number>/go/<int:item>/", archive.click, name="newsletter_click"),
]
