"""What a teaser shows: the opening of a body, and the rest that opens in place. All on HTML that `html.clean` returned.

Opening and rest together hold the whole text once. Lengths are in words as `html.word_count` counts them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape

from articles import html as body_html

_VOID = frozenset({"br", "hr", "img"})
_NO_ENDING = ("<h2", "<h3", "<h4", "<hr", '<blockquote class="pullquote"')
"""No opening ends with one of these."""

_UNCUT = frozenset({"a", "code"})
"""No sentence is cut off inside one of these."""

_COMES_LATER = ("<figure data-", "<p data-article")
"""Pictures, galleries, embeds and related articles come with the rest: beside a teaser stands a picture already."""

_SENTENCE_END = re.compile(
    # Wide marks need no space after them; the others need one, and no small letter after it.
    r"""
    [。！？｡]+ [”’」』）】〉》]*
    | (?P<mark>[.!?…؟۔।॥։።။]+) ["'”’“‘»«›‹)\]]* (?= [\s\u200b]+ (?P<next>\S?) )
    """,
    re.VERBOSE,
)
_HEADING_ID = re.compile(r'(<h[2-4]) id="[^"]*"')
_TOKEN = re.compile(f"{body_html.NOTE.pattern}|{body_html.TOKEN.pattern}")
_LEADING_SPACE = re.compile(r"\A(?:\s|<br>)+")
_LAST_WORD = re.compile(r"[^\s(\[“‘\"'«„–—/-]*\Z")

ABBREVIATIONS = {
    "en": "mr mrs ms mx messrs dr prof rev hon fr sr jr st mt ft gen col maj capt cmdr lt sgt cpl pvt adm gov sen rep "
    "pres supt insp dept univ inc ltd co corp bros vs v cf ca al etc viz approx est no nos vol vols pp ch fig figs ed "
    "eds op cit ibid jan feb mar apr jun jul aug sep sept oct nov dec",
    "de": "hrsg bzw ggf vgl usw sog nr bd str hl bspw evtl geb gest tsd mio mrd",
    "fr": "mme mlle av éd chap env",
    "es": "sra srta ud uds dña núm pág avda",
    "it": "sig dott avv ing",
    "sv": "bl dvs osv kl tel resp",
    "ru": "г гг др им проф ул стр тыс млн млрд руб",
}
"""Words whose full stop ends no sentence, in lower case. Words with a stop inside (e.g, U.S, z.B) need no entry."""

_ABBREVIATIONS = frozenset(" ".join(ABBREVIATIONS.values()).split())


@dataclass(frozen=True)
class _Block:
    """One block of the body's top level."""

    html: str

    @cached_property
    def words(self) -> int:
        return body_html.word_count(self.html)

    @property
    def comes_later(self) -> bool:
        return self.html.startswith(_COMES_LATER)

    @property
    def may_end(self) -> bool:
        return not self.html.startswith(_NO_ENDING)


def split(html: str, words: int = 90) -> tuple[str, str]:
    """The opening of a clean body, about `words` words, and the rest; ("all of it", "") where hardly a rest remains.

    The cut is at the end of a block. Where the nearest such end is more than half the allowance away, it is at the end
    of a sentence in the paragraph that runs past the allowance; then opening and rest are both clean HTML still.
    A picture, gallery, embed or related article behind a fair piece of text begins the rest.
    """
    blocks = [_Block(block) for block in _blocks(html)]
    totals = [0]
    for block in blocks:
        totals.append(totals[-1] + block.words)
    before = [n for n, block in enumerate(blocks) if block.comes_later and totals[n] >= words / 4][:1]
    if totals[-1] <= words * 1.25 and not before:
        return html, ""
    last = before[0] if before else len(blocks)
    ends = [n for n in range(1, last + 1) if totals[n] and blocks[n - 1].may_end] or [last]
    end = min(ends, key=lambda n: abs(totals[n] - words))
    off = abs(totals[end] - words)
    if off > words / 2 and (cut := _cut_inside(blocks[:last], totals, words, at_most=off)):
        return cut[0], cut[1] + _joined(blocks[last:])
    if not before and totals[-1] - totals[end] < words / 4:
        return html, ""
    return _joined(blocks[:end]), _joined(blocks[end:])


def without_ids(html: str) -> str:
    """Clean HTML for pages that show several articles, whose headings may have the same ids."""
    return _HEADING_ID.sub(r"\1", html)


def first_paragraph(html: str) -> str:
    """The plain text of the first paragraph (of the first block with text, where there is none), on one line; or ""."""
    blocks = list(_blocks(html))
    paragraphs = [block for block in blocks if block.startswith("<p>")]
    texts = (" ".join(body_html.plain(block).split()) for block in [*paragraphs, *blocks])
    return next(filter(None, texts), "")


def _joined(blocks: list[_Block]) -> str:
    return "".join(block.html for block in blocks)


def _blocks(html: str) -> Iterator[str]:
    depth = start = 0
    for token in body_html.TOKEN.finditer(html):
        if token["tag"] and token["tag"] not in _VOID:
            depth += -1 if token["end"] else 1
        if depth == 0:
            yield html[start : token.end()]
            start = token.end()


def _cut_inside(blocks: list[_Block], totals: list[int], words: int, at_most: float) -> tuple[str, str] | None:
    """The cut inside the paragraph in which the allowance runs out, less than `at_most` words from the allowance.

    None where that block is no paragraph, or no sentence in it ends there outside a link.
    """
    n = next((n for n in range(len(blocks)) if totals[n + 1] > words), None)
    if n is None or not blocks[n].html.startswith("<p>"):
        return None
    tokens = _tokens(blocks[n].html.removeprefix("<p>").removesuffix("</p>"))
    off = _words_off("".join(map(_token_text, tokens)), words - totals[n])
    for offset in sorted((each for each in off if off[each] < at_most), key=lambda each: off[each]):
        if cut := _divided(tokens, offset):
            return _joined(blocks[:n]) + cut[0], cut[1] + _joined(blocks[n + 1 :])
    return None


def _words_off(text: str, words: int) -> dict[int, int]:
    """For each offset at which a sentence of the text ends: by how many words it misses `words`."""
    off: dict[int, int] = {}
    start = count = 0
    for end in _sentence_ends(text):
        count += body_html.words_in(text[start:end])
        off[end] = abs(count - words)
        start = end
    return off


def _sentence_ends(text: str) -> Iterator[int]:
    """The offsets just behind the sentences of a text, its own end left out."""
    for match in _SENTENCE_END.finditer(text):
        if match.end() < len(text) and (not match["mark"] or _ends_sentence(text, match)):
            yield match.end()


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match["next"].islower():
        return False
    if match["mark"] != ".":
        return True
    found = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
    word = found[0] if found else ""
    is_number = word.isdigit() and len(word) < 3
    return not (len(word) == 1 or is_number or "." in word or word.lower() in _ABBREVIATIONS)


def _tokens(html: str) -> list[re.Match[str]]:
    """Tags, texts, and footnotes as a whole: a note belongs to the word before it and is no text of the sentence."""
    return list(_TOKEN.finditer(html))


def _token_text(token: re.Match[str]) -> str:
    return unescape(token["text"] or ("\n" if token["tag"] == "br" else ""))


def _divided(tokens: list[re.Match[str]], offset: int) -> tuple[str, str] | None:
    """The paragraph as two, cut at the offset in its text; None inside a link or code, or where nothing would follow.

    What is open at the cut is closed before it and opened again after it.
    """
    before: list[str] = []
    opened: list[re.Match[str]] = []
    for token in tokens:
        text = _token_text(token)
        if not token["end"] and not token["note"] and offset < max(len(text), 1):
            break
        _open_or_close(opened, token)
        before.append(token[0])
        offset -= len(text)
    if {token["tag"] for token in opened} & _UNCUT:
        return None
    after = [escape(text[offset:], quote=False) if offset else token[0]]
    after += [each[0] for each in tokens[len(before) + 1 :]]
    opening = "".join(
        [*before, escape(text[:offset], quote=False), *(f"</{each['tag']}>" for each in reversed(opened))]
    )
    rest = "".join(each[0] for each in opened) + _LEADING_SPACE.sub("", "".join(after))
    cut = body_html.clean(f"<p>{opening}</p>"), body_html.clean(f"<p>{rest}</p>")
    return cut if all(cut) else None


def _open_or_close(opened: list[re.Match[str]], token: re.Match[str]) -> None:
    if token["end"]:
        opened.pop()
    elif token["tag"] and token["tag"] not in _VOID:
        opened.append(token)
