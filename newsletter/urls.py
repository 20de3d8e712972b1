from django.urls import include, path

from newsletter import feeds, webhooks
from newsletter.views import archive, confirming, leaving, preferences, subscribing

# The log keeps the tokens out (magazine.logs): an address with one more word before its token is named there too.
urlpatterns = [
    path("", subscribing.newsletter, name="newsletter"),
    path("thanks/", subscribing.thanks, name="newsletter_thanks"),
    path("issues/", archive.issues, name="newsletter_issues"),
    path("issues/feed/", feeds.IssueFeed(), name="newsletter_feed"),
    path("issues/<int:number>/", archive.issue, name="newsletter_issue"),
    path("issues/<int:number>/go/<int:item>/", archive.click, name="newsletter_click"),
    path("relay/", include(webhooks.patterns())),
    path("confirm/<token>/", confirming.confirm, name="newsletter_confirm"),
    path("not-me/<token>/", confirming.not_me, name="newsletter_not_me"),
    path("address/<token>/", confirming.new_address, name="newsletter_new_address"),
    path("leave/<token>/", leaving.leave, name="newsletter_leave"),
    path("preferences/", preferences.ask, name="newsletter_preferences"),
    path("preferences/sent/", preferences.on_its_way, name="newsletter_on_its_way"),
    path("preferences/<token>/", preferences.mine, name="newsletter_my_preferences"),
]
