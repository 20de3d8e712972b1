"""The history of an article: its texts, who saved them, what changed, and the way back."""

PAGES: list = []
