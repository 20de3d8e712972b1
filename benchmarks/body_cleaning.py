"""Cleaning a body, beside bleach alone with the same allow-list: `python -m benchmarks.body_cleaning`.

Prints a Markdown table: the best of RUNS runs in milliseconds, and how many times bare bleach that is.
"""

import random
import time
from collections.abc import Callable

import bleach

from articles import html

RUNS = 7
TEXT = "the quick editor argues about commas while a lazy printer sleeps and nobody reads small type"


def body(words: int) -> str:
    """Paragraphs of 60 words as an article has them: some emphasis, a link each, a heading every fifth, a list."""
    return "".join(block(n) for n in range(words // 60))


def block(n: int) -> str:
    chosen = random.choices(TEXT.split(), k=58)
    chosen[7] = f"<em>{chosen[7]}</em>"
    chosen[20] = f'<a href="https://example.org/{n}?page=2&amp;utm_source=x">{chosen[20]}</a>'
    text = " ".join(chosen)
    if n % 10 == 9:
        return f"<ul><li><p>{text}.</p></li><li>two words</li></ul>"
    return ("<h2>A heading</h2>" if n % 5 == 0 else "") + f'<p class="MsoNormal">{text}, and more.</p>'


def milliseconds(clean: Callable[[str], str], text: str) -> float:
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        clean(text)
        taken.append(time.perf_counter() - began)
    return min(taken) * 1000


def bare(text: str) -> str:
    attributes = {tag: list(rules) for tag, rules in html.ALLOWED.items()}
    return bleach.clean(text, tags=set(html.ALLOWED), attributes=attributes, strip=True)


def main() -> None:
    random.seed(1)
    print("| words | bleach alone, ms | clean(), pasted, ms | ratio | clean(), stored before, ms | ratio |")
    print("|---:|---:|---:|---:|---:|---:|")
    for words in (1_000, 10_000):
        pasted = body(words)
        stored = html.clean(pasted)
        alone = milliseconds(bare, pasted)
        first, again = milliseconds(html.clean, pasted), milliseconds(html.clean, stored)
        row = f"{alone:.1f} | {first:.1f} | {first / alone:.2f} | {again:.1f} | {again / alone:.2f}"
        print(f"| {words:,} | {row} |")


if __name__ == "__main__":
    main()
