"""The words beside the forms that take an address: what a reader agrees to, and what their stamps are made with."""

from django.utils.translation import gettext

from articles.models import Magazine

PREFERENCES = "preferences"
"""Nothing is agreed to beside the form that mails a link."""


def words(magazine: Magazine) -> str:
    """Of the box and of the newsletter's page, as they stand there, in the magazine's language: the heading, what staff
    wrote, the label of the field, the button, and what follows."""
    lines = [
        gettext("The newsletter"),
        magazine.newsletter_blurb,
        gettext("Your e-mail address"),
        gettext("Sign up"),
        gettext("We write once and ask you to confirm. Every letter has a link to leave."),
    ]
    return "\n".join(line for line in lines if line)
