"""Search: what text is folded to, and one function that asks.

Words are compared without case and without accents, in any script, the same way on every database: both the
stored text and the question are folded here. An index of the databases' own kind can take this module's place
without anything else changing.
"""

import unicodedata
from typing import Any, Final

from django.db.models import QuerySet

MOST_WORDS: Final = 8
STRAIGHT: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\x00": None})


def fold(text: str) -> str:
    """Text without case, accents and differences of form (Unicode NFKD), apostrophes straight, white space single."""
    # Twice, since some letters come apart into capitals (№) and some small ones into letters that come apart.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.translate(STRAIGHT).split())


def matching(articles: QuerySet[Any], question: str) -> QuerySet[Any]:
    """Of the articles, those whose `search_text` holds every word of the question; none for an empty question.

    Words after MOST_WORDS are left out: the longer a question, the less each word adds.
    """
    words = fold(question).split()[:MOST_WORDS]
    if not words:
        return articles.none()
    for word in words:
        articles = articles.filter(search_text__contains=word)
    return articles
