"""What changed between two contents of an article: in its words, its blocks, its fields.

Nothing here knows the database, and nothing makes HTML: all texts that come out are plain, for a template to escape.
Time is bounded for any input. Where a difference would cost too much to find, the whole stretch is gone and new.
"""

from articles.differences.bodies import BlockChange, Fold, body, folded
from articles.differences.contents import FieldChange, Item, fields
from articles.differences.paragraphs import Block, blocks, locate, locate_among
from articles.differences.spans import Mark, Span, words

__all__ = [
    "Block",
    "BlockChange",
    "FieldChange",
    "Fold",
    "Item",
    "Mark",
    "Span",
    "blocks",
    "body",
    "fields",
    "folded",
    "locate",
    "locate_among",
    "words",
]
