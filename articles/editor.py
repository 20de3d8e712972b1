"""The editor of bodies and biographies: which media it takes, and what it tells its script.

articles/static/articles/editor.js puts it together: what it can write is what articles.html lets through.
"""

from typing import Any

from django.forms import Media
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import AdminProseEditorWidget, prose_editor_base_media
from js_asset import Script

WORDS = {
    "pullquote": _("pull quote"),
    "toolbar": _("Formatting"),
    "words": _("{words} words, {minutes} min"),
}


class BodyEditor(AdminProseEditorWidget):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        words = {key: str(word) for key, word in WORDS.items()}
        super().__init__({"rows": 20, **(attrs or {})}, config={"words": words}, preset="house")

    @property
    def media(self) -> Media:
        return prose_editor_base_media + Media(js=[Script("articles/editor.js", type="module")])
