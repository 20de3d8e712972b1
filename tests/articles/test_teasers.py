import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import html, teasers

SENTENCE = "The ship left at dawn and nobody saw it go."  # ten words
PULL_QUOTE = '<blockquote class="pullquote"><p>Nobody saw it.</p></blockquote>'


def paragraph(sentences):
    return f"<p>{' '.join([SENTENCE] * sentences)}</p>"


def text_of(*bodies):
    return " ".join(html.plain(body) for body in bodies).split()


def test_a_short_article_is_all_opening():
    body = paragraph(5) + paragraph(4)
    assert teasers.split(body) == (body, "")
    assert teasers.split("") == ("", "")


def test_a_few_words_are_not_worth_a_keep_reading():
    body = paragraph(9) + paragraph(2)
    assert teasers.split(body) == (body, "")


def test_an_opening_is_whole_paragraphs_of_about_the_words_asked():
    opening, rest = teasers.split(paragraph(4) * 6, words=90)
    assert (opening, rest) == (paragraph(4) * 2, paragraph(4) * 4)


def test_a_long_first_paragraph_is_cut_after_a_sentence():
    opening, rest = teasers.split(paragraph(40))
    assert (opening, rest) == (paragraph(9), paragraph(31))


def test_what_is_open_at_the_cut_is_closed_and_opened_again():
    body = f"<p><em>{SENTENCE} <strong>{SENTENCE}</strong> {' '.join([SENTENCE] * 10)}</em></p>"
    opening, rest = teasers.split(body, words=20)
    assert opening == f"<p><em>{SENTENCE} <strong>{SENTENCE}</strong></em></p>"
    assert rest == f"<p><em>{' '.join([SENTENCE] * 10)}</em></p>"


def test_a_line_break_at_the_cut_is_left_out():
    opening, rest = teasers.split(f"<p>{'<br>'.join([SENTENCE] * 20)}</p>", words=10)
    assert (opening, rest[:12]) == (f"<p>{SENTENCE}</p>", "<p>The ship ")


def test_a_link_is_never_cut():
    linked = f'<p><a href="/x">{" ".join([SENTENCE] * 20)}</a> {" ".join([SENTENCE] * 20)}</p>'
    opening, rest = teasers.split(linked)
    assert opening.endswith("</a></p>")
    assert "<a" not in rest


def test_a_list_is_never_cut():
    body = "<ul>" + "<li>one two three.</li>" * 60 + "</ul>"
    assert teasers.split(body + paragraph(20)) == (body, paragraph(20))


@pytest.mark.parametrize("last", ['<h2 id="x">X</h2>', PULL_QUOTE, "<hr>"])
def test_an_opening_ends_with_prose(last):
    opening, rest = teasers.split(paragraph(9) + last + paragraph(9))
    assert (opening, rest) == (paragraph(9), last + paragraph(9))


def test_an_article_that_begins_with_a_heading_still_has_an_opening():
    opening, rest = teasers.split('<h2 id="x">X</h2>' + PULL_QUOTE + paragraph(40))
    assert opening.startswith('<h2 id="x">X</h2>' + PULL_QUOTE + "<p>")
    assert rest.startswith("<p>")


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Jones and J. Smith paid 3.5 dollars, e.g. at the U.S. Mint, on 3. October.",
        "Er kam z.B. Montag, bzw. Dienstag.",
        "He asked “Why?” and left.",
        "It was… nothing.",
        "See p. 12 and no. 7 of vol. 3 there.",
    ],
)
def test_abbreviations_initials_and_numbers_do_not_end_a_sentence(text):
    body = f"<p>{' '.join([text] * 20)}</p>"
    opening, _rest = teasers.split(body, words=html.word_count(text))
    assert opening == f"<p>{html.clean(text)[3:-4]}</p>"


@pytest.mark.parametrize(
    ("first", "space"),
    [
        ("She said: “It ended in 1999.”", " "),
        ("Did it end?!", " "),
        ("It ended (at last).", " "),
        ("هل انتهى الأمر؟", " "),
        ("यह समाप्त हुआ।", " "),
        ("それは終わった。", ""),
        ("彼は「終わった。」", ""),
    ],
)
def test_sentences_end_as_the_language_ends_them(first, space):
    body = f"<p>{space.join([first] * 30)}</p>"
    opening, rest = teasers.split(body, words=html.word_count(first))
    assert opening == f"<p>{first}</p>"
    assert rest == f"<p>{space.join([first] * 29)}</p>"


def test_a_paragraph_without_a_sentence_end_stays_whole():
    body = "<p>" + "word " * 300 + "word</p>"
    assert teasers.split(body) == (body, "")
    assert teasers.split(body + paragraph(9)) == (body, paragraph(9))


NOTE = '<sup data-note="">A note. With two sentences.</sup>'
PICTURE = '<figure data-picture="3"><img src="/a.png" alt=""><figcaption>One two three.</figcaption></figure>'
LATER = [
    PICTURE,
    f'<figure data-gallery="">{PICTURE}{PICTURE}</figure>',
    '<figure data-embed="card"><a href="https://a.example/" rel="noopener">A film</a></figure>',
    '<p data-article="3"><a href="/a/b/">Another</a></p>',
]


@pytest.mark.parametrize("block", LATER)
def test_a_picture_behind_some_text_begins_the_rest(block):
    for after in ("", paragraph(1), paragraph(9)):
        body = paragraph(4) + block + after
        assert teasers.split(body) == (paragraph(4), block + after)


@pytest.mark.parametrize("block", LATER)
def test_an_opening_runs_past_a_picture_before_the_text(block):
    assert teasers.split(block + paragraph(9) + paragraph(9)) == (block + paragraph(9), paragraph(9))


@pytest.mark.parametrize("block", LATER)
def test_a_long_paragraph_before_a_picture_is_cut_all_the_same(block):
    opening, rest = teasers.split(paragraph(40) + block)
    assert (opening, rest) == (paragraph(9), paragraph(31) + block)


def test_a_note_stays_with_the_word_before_it_and_is_never_cut():
    body = f"<p>{' '.join([SENTENCE + NOTE] * 40)}</p>"
    opening, rest = teasers.split(body)
    assert opening == f"<p>{' '.join([SENTENCE + NOTE] * 9)}</p>"
    assert rest == f"<p>{' '.join([SENTENCE + NOTE] * 31)}</p>"


def test_a_table_is_never_cut():
    table = f"<table><tbody>{'<tr><td>one two three.</td></tr>' * 60}</tbody></table>"
    assert teasers.split(table + paragraph(20)) == (table, paragraph(20))


INLINE = st.builds(
    str.format,
    st.sampled_from(
        [
            "{}",
            "<em>{}</em>",
            "<strong><em>{}</em></strong>",
            '<a href="/x">{}</a>',
            "<code>{}</code>",
            "{}<br>",
            "{}" + NOTE,
        ]
    ),
    st.sampled_from(
        ["One two. ", "Why? ", "Because &lt; that. ", "Dr. No ", "東京。", "three ", "… ", "\u00a0", "«Oui.» "]
    ),
)
BLOCKS = st.builds(
    str.format,
    st.sampled_from(
        [
            "<p>{}</p>",
            "<p>{0} {0} {0}</p>",
            "<h2>{}</h2>",
            "<ul><li>{}</li><li>{}</li></ul>",
            PULL_QUOTE + "{}",
            "<hr>",
            "<figure><img src=/a.png><figcaption>{}</figcaption></figure>",
            "<pre>{}</pre>",
            "<blockquote>{}</blockquote>",
            *(block + "<p>{}</p>" for block in LATER),
        ]
    ),
    *[st.lists(INLINE, max_size=12).map("".join)] * 2,
)


@settings(max_examples=80)
@given(st.lists(BLOCKS, max_size=8).map("".join), st.integers(1, 60))
def test_opening_and_rest_hold_the_whole_text_once(text, words):
    body = html.clean(text)
    opening, rest = teasers.split(body, words)
    assert "".join(text_of(opening, rest)) == "".join(text_of(body))
    assert html.notes(opening) + html.notes(rest) == html.notes(body)
    assert html.clean(opening) == opening
    assert html.clean(rest) == rest
    assert html.clean(opening + rest) == opening + rest, "an id is there twice"
    assert opening or not body


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from([paragraph(1), paragraph(7), PULL_QUOTE, "<h2>Head</h2>", "<hr>"]), max_size=9).map(
        "".join
    )
)
def test_no_opening_ends_with_a_heading_or_pull_quote_while_more_follows(text):
    opening, rest = teasers.split(html.clean(text), 30)
    assert not rest or opening.endswith("</p>")


def test_what_stands_beside_other_articles_has_no_ids():
    body = html.clean('<h2 id="x">X</h2><p>In text: &lt;h2 id="x"></p><ul><li><h3 id="y">Y</h3></li></ul>')
    assert teasers.without_ids(body) == '<h2>X</h2><p>In text: &lt;h2 id="x"&gt;</p><ul><li><h3>Y</h3></li></ul>'


def test_the_first_paragraph_describes_the_piece():
    assert teasers.first_paragraph("<h2>No</h2>" + PULL_QUOTE + "<p>A <em>b</em> &amp;<br>c.</p><p>d</p>") == "A b & c."
    assert teasers.first_paragraph("<ul><li>only</li></ul>") == "only"
    assert teasers.first_paragraph('<p><img src="/a.png" alt=""></p><p>after</p>') == "after"
    assert teasers.first_paragraph("") == ""


def test_a_paragraph_of_ten_thousand_words_is_cut_too():
    opening, rest = teasers.split(paragraph(1000))
    assert opening == paragraph(9)
    assert html.word_count(rest) == 9910
