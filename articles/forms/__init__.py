"""The forms of the desk."""

from articles.forms.around import AuthorForm, FrontPageForm, MagazineForm, PageForm, RedirectForm, SectionForm, TagForm
from articles.forms.article import LARGEST_NUMBER, SITTING, ArticleForm, MoveForm, PublishForm, shown_name
from articles.forms.fields import LONGEST_BODY, MINUTES, AddressedForm, BodyField, MomentField, counted
from articles.forms.picture import PictureForm

__all__ = [
    "LARGEST_NUMBER",
    "LONGEST_BODY",
    "MINUTES",
    "SITTING",
    "AddressedForm",
    "ArticleForm",
    "AuthorForm",
    "BodyField",
    "FrontPageForm",
    "MagazineForm",
    "MomentField",
    "MoveForm",
    "PageForm",
    "PictureForm",
    "PublishForm",
    "RedirectForm",
    "SectionForm",
    "TagForm",
    "counted",
    "shown_name",
]
