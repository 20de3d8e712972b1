"""What a browser without JavaScript would send: the fields of a form on a page of the admin, as they stand."""

from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client


class Fields(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.values: dict[str, str | list[str]] = {}
        self.textarea = self.select = ""

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.inside = attributes.get("id") == self.form_id
        name = attributes.get("name")
        if not self.inside:
            return
        if tag == "input" and name:
            self.take_input(name, attributes)
        elif tag == "textarea":
            self.textarea, self.values[name] = name, ""
        elif tag == "select" and "multiple" not in attributes:
            self.select = name
            self.values.setdefault(name, "")
        elif tag == "option" and "selected" in attributes and self.select:
            self.values[self.select] = attributes.get("value", "")

    def take_input(self, name, attributes):
        kind = attributes.get("type", "text")
        if kind in {"checkbox", "radio"} and "checked" in attributes:
            self.values[name] = attributes.get("value", "on")
        elif kind not in {"checkbox", "radio", "submit", "file", "button"}:
            self.values[name] = attributes.get("value") or ""

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False


def fields_of(response: HttpResponse, form_id: str) -> dict[str, str | list[str]]:
    parser = Fields(form_id)
    parser.feed(response.content.decode())
    parser.values.pop("csrfmiddlewaretoken", None)
    return parser.values


def send(client: Client, address: str, form_id: str, *, button: str = "_save", **changes) -> HttpResponse:
    """Open the form at an address, change fields, press a button."""
    fields = fields_of(client.get(address), form_id)
    return client.post(address, {**fields, **changes, button: "1"}, follow=True)
