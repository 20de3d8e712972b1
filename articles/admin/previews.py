"""Previews and guest links: the draft as readers will see it, beside the form and by a link."""

PAGES: list = []
