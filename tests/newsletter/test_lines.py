import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from newsletter import lines
from newsletter.tokens import LEAVE_HERE

WORDS = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=3000)


class Read(HTMLParser):
    """What a page says: its tags with their attributes, and its text with white space as one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, [(name, re.sub(r"\s", " ", value or "")) for name, value in attrs]))

    def handle_data(self, data):
        if self.found and isinstance(self.found[-1], str):
            data = self.found.pop() + data
        self.found.append(re.sub(r"\s+", " ", data))


def octets(page: str) -> int:
    return max((len(line.encode()) for line in page.split("\n")), default=0)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@given(WORDS, st.integers(100, 900))
def test_html_is_folded_into_short_lines_and_says_the_same(words, length):
    page = f'<p class="a b" title="x">{escaped(words)} <a href="https://example.org/">{escaped(words)}</a></p>'
    folded = lines.folded(page, length)
    assert octets(folded) <= length + 490  # the longest run: 120 characters of four octets
    assert Read(folded).found == Read(page).found


def test_a_text_without_spaces_is_folded_where_nobody_sees_it():
    folded = lines.folded(f"<p>{'潮' * 2000}</p>")
    assert octets(folded) <= 998
    assert "".join(each for each in Read(folded).found if isinstance(each, str)) == "潮" * 2000


def test_an_entity_is_not_cut_in_two():
    folded = lines.folded(f"<p>{'&amp;' * 2000}</p>")
    assert octets(folded) <= 998
    assert Read(folded).found == Read(f"<p>{'&amp;' * 2000}</p>").found


def test_a_token_stays_whole_wherever_it_comes_to_stand():
    for before in range(600, 900):
        page = f'<p>{"x " * (before // 2)}<a href="https://example.org/newsletter/leave/{LEAVE_HERE}/">Leave</a></p>'
        assert LEAVE_HERE in lines.folded(page)


def test_short_lines_stay_as_they_are():
    page = '<table>\n<tr><td style="a: b">words</td></tr>\n</table>\n'
    assert lines.folded(page) == page


@given(WORDS)
def test_text_is_wrapped_at_72_and_keeps_every_word(words):
    wrapped = lines.wrapped(words)
    assert all(len(line) <= 72 or "://" in line for line in wrapped.split("\n"))
    assert "".join(wrapped.split()) == "".join(words.split())


def test_an_address_is_never_broken():
    address = "https://example.org/" + "a" * 300
    assert address in lines.wrapped(f"Some words before it, so that it does not fit on the line: {address}").split("\n")


def test_there_are_never_two_empty_lines_in_a_row():
    assert lines.wrapped("a\n\n\n\n\nb\n\n") == "a\n\nb\n"
