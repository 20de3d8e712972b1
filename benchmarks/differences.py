"""Comparing two bodies, beside difflib alone on their lists of words: `python -m benchmarks.differences`.

Prints a Markdown table: the best of RUNS runs in milliseconds, and how many times difflib's time that is. Every tenth
paragraph is rewritten, moved or gone, or in every paragraph one word in twenty is another. `difflib` is without
autojunk, as it has to be for texts of more than 200 words.
"""

import random
import time
from collections.abc import Callable
from difflib import SequenceMatcher

from articles import differences, html
from benchmarks.body_cleaning import TEXT, body

RUNS = 5
VOCABULARY = [*TEXT.split(), *(f"{one}{other}" for one in TEXT.split() for other in TEXT.split())]


def written(words: int) -> str:
    """A body as in `body_cleaning`, with the many rare words that prose has."""
    return html.clean(varied(body(words), 0.4))


def varied(text: str, share: float) -> str:
    """The text with this share of its words replaced."""
    words = text.split(" ")
    return " ".join(random.choice(VOCABULARY) if w.isalpha() and random.random() < share else w for w in words)


def revised(stored: str) -> str:
    """Every tenth block changes: rewritten, moved up, or gone."""
    blocks = [block.html for block in differences.blocks(stored)]
    for n in range(5, len(blocks), 10):
        at = random.randrange(n)
        rewritten = f"<p>{' '.join(random.choices(VOCABULARY, k=60))}</p>"
        blocks[n : n + 1] = random.choice([[rewritten], [], [blocks[at], blocks[n]]])
    return "".join(blocks)


def milliseconds(compare: Callable[[str, str], object], before: str, after: str, runs: int = RUNS) -> float:
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        compare(before, after)
        taken.append(time.perf_counter() - began)
    return min(taken) * 1000


def alone(before: str, after: str) -> object:
    return SequenceMatcher(None, html.plain(before).split(), html.plain(after).split(), autojunk=False).get_opcodes()


def hostile() -> list[tuple[str, str, str]]:
    numbered = ["".join(f"<p>{n}{mark * (n % 2)}</p>" for n in range(20_000)) for mark in "xy"]
    two = ["".join(random.choices(["<p>a</p>", "<p>b</p>"], k=20_000)) for _ in range(2)]
    strange = [f"<p>{' '.join(f'{letter}{n}' for n in range(50_000))}</p>" for letter in "ab"]
    few = [f"<p>{' '.join(random.choices('abc', k=50_000))}</p>" for _ in range(2)]
    return [
        ("20,000 one-word paragraphs, every second changed", *numbered),
        ("20,000 paragraphs of two kinds, shuffled", *two),
        ("a paragraph of 50,000 words, all others", *strange),
        ("a paragraph of 50,000 words of three kinds", *few),
    ]


def main() -> None:
    random.seed(1)
    print("| words | edited | difflib alone, ms | body(), ms | ratio |")
    print("|---:|---|---:|---:|---:|")
    for words in (1_000, 10_000):
        before = written(words)
        for name, edit in (("every tenth block", revised), ("a word in twenty", lambda text: varied(text, 0.05))):
            after = edit(before)
            bare = milliseconds(alone, before, after, runs=2)
            ours = milliseconds(differences.body, before, after)
            print(f"| {words:,} | {name} | {bare:.1f} | {ours:.1f} | {ours / bare:.2f} |")
    print("\n| made to be slow | body(), ms |")
    print("|---|---:|")
    for name, before, after in hostile():
        print(f"| {name} | {milliseconds(differences.body, before, after, runs=1):.0f} |")


if __name__ == "__main__":
    main()
