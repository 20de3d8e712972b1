"""What is looked at before an article is published."""

PAGES: list = []
