"""Comments on the form of an article."""

PAGES: list = []
