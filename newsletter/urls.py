from django.urls import include, path

from newsletter import webhooks
from newsletter.views import subscribing

urlpatterns = [
    path("", subscribing.newsletter, name="newsletter"),
    path("thanks/", subscribing.thanks, name="newsletter_thanks"),
    path("relay/", include(webhooks.patterns())),
]
