"""Saving while somebody writes: by itself, beside others, over a newer text."""

PAGES: list = []
