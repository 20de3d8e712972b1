from django.urls import path

from newsletter import feeds
from newsletter.views import archive, subscribing

urlpatterns = [
    path("", subscribing.newsletter, name="newsletter"),
    path("thanks/", subscribing.thanks, name="newsletter_thanks"),
    path("issues/", archive.issues, name="newsletter_issues"),
    path("issues/feed/", feeds.IssueFeed(), name="newsletter_feed"),
    path("issues/<int:number>/", archive.issue, name="newsletter_issue"),
    path("issues/<int:number>/go/<int:item>/", archive.click, name="newsletter_click"),
]
