from django.urls import path

from newsletter.views import subscribing

urlpatterns = [
    path("", subscribing.newsletter, name="newsletter"),
    path("thanks/", subscribing.thanks, name="newsletter_thanks"),
]
