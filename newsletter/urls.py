from django.urls import path

from newsletter import views

urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("thanks/", views.thanks, name="newsletter_thanks"),
]
