"""The structured blocks of a body, as they are stored: one canonical form each, and nothing lost of what is not one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import html

PICTURE = '<figure data-picture="12" class="wide"><img src="/media/a.jpg" alt="A boat" width="64" height="48"><figcaption>At <em>dawn</em></figcaption></figure>'  # noqa: E501
PLAIN_PICTURE = '<figure data-picture="7"><img src="/media/b.jpg" alt=""></figure>'
IN_GALLERY = PICTURE.replace(' class="wide"', "")
GALLERY = f'<figure data-gallery="">{IN_GALLERY}{PLAIN_PICTURE}<figcaption>Boats</figcaption></figure>'
GALLERY_OF_ONE = (
    '<figure data-gallery="" class="full"><figure><img src="/" alt=""></figure><figcaption>x</figcaption></figure>'
)
VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"
EMBED = f'<figure data-embed="youtube" data-id="abcdefghijk"><a href="{VIDEO}" rel="noopener">Tides</a><figcaption>A film</figcaption></figure>'  # noqa: E501
CARD = '<figure data-embed="card"><a href="https://tides.example/" rel="noopener">Tides</a></figure>'
INSERT = '<p data-article="34"><a href="/coast/salt/">Salt</a></p>'
TABLE = '<table><caption>Tides</caption><thead><tr><th scope="col">Day</th><th scope="col">m</th></tr></thead><tbody><tr><th scope="row">1 June</th><td>2</td></tr></tbody></table>'  # noqa: E501
NOTED = '<p>One<sup data-note="">See <em>this</em>, 3 m<sup>2</sup>, <a href="/x/">there</a>.</sup>, two<sup data-note="">b</sup><sup data-note="">c</sup>.</p>'  # noqa: E501
PULL_QUOTE = '<blockquote class="pullquote"><p>Nobody saw it.</p></blockquote>'
EVERYTHING = [PICTURE, PLAIN_PICTURE, GALLERY, EMBED, CARD, INSERT, TABLE, NOTED, PULL_QUOTE, "<p>Words.</p>"]


@pytest.mark.parametrize("block", EVERYTHING)
def test_a_block_is_stored_as_the_editor_wrote_it(block):
    assert html.clean(block) == block
    assert html.clean(f"<p>Before.</p>{block}<p>After.</p>") == f"<p>Before.</p>{block}<p>After.</p>"


@settings(max_examples=60)
@given(st.lists(st.sampled_from(EVERYTHING), max_size=8).map("".join))
def test_any_order_of_blocks_survives_a_save_byte_for_byte(body):
    assert html.clean(body) == body


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        # a picture
        (
            "<figure class='BIG Left' data-picture=' 012 '><figcaption>x</figcaption><img src=/a.png></figure>",
            '<figure data-picture="12" class="left"><img src="/a.png" alt=""><figcaption>x</figcaption></figure>',
        ),
        ("<figure data-picture=x class=wide><img src=/a.png></figure>", '<figure><img src="/a.png" alt=""></figure>'),
        ("<figure data-picture=0><img src=/a.png></figure>", '<figure><img src="/a.png" alt=""></figure>'),
        ("<figure data-picture=1><p>text</p></figure>", "<figure><p>text</p></figure>"),
        ("<figure data-picture=1><figcaption>x</figcaption></figure>", "<p>x</p>"),
        (
            "<figure data-picture=1><img src=/a.png><img src=/b.png></figure>",
            '<figure><img src="/a.png" alt=""><img src="/b.png" alt=""></figure>',
        ),
        # a gallery
        (
            "<figure data-gallery=x class=full><img src=/>\n<figcaption>x</figcaption></figure>",
            GALLERY_OF_ONE,
        ),
        ("<figure data-gallery><figcaption>All</figcaption></figure>", "<p>All</p>"),
        (
            f"<figure data-gallery>{PLAIN_PICTURE}<p>word</p><figcaption>All</figcaption></figure>",
            f"{PLAIN_PICTURE}<figure><p>word</p></figure><p>All</p>",
        ),
        # an embed
        (EMBED.replace('data-id="abcdefghijk"', 'data-id="&quot;><script>"'), EMBED),
        (EMBED.replace('"youtube"', '"vimeo"').replace("A film", ""), CARD.replace("https://tides.example/", VIDEO)),
        (
            "<figure data-embed=youtube data-id=abcdefghijk><a href='https://evil.example/?v=abcdefghijk'>x</a></figure>",
            '<figure data-embed="card"><a href="https://evil.example/?v=abcdefghijk" rel="noopener">x</a></figure>',
        ),
        ("<figure data-embed=evil><a href='https://a.example'>x</a></figure>", None),
        ("<figure data-embed=card><a href='mailto:a@b.example'>x</a></figure>", None),
        (f"<figure data-embed=youtube><a href='{VIDEO}'>x</a> and more</figure>", None),
        # a related article
        (
            "<p data-article=034 class=x>\n<a href='/a/b/'>Head &amp; line</a>\n</p>",
            '<p data-article="34"><a href="/a/b/">Head &amp; line</a></p>',
        ),
        ("<p data-article=-1><a href='/a/b/'>x</a></p>", '<p><a href="/a/b/">x</a></p>'),
        ("<p data-article=1>See <a href='/a/b/'>x</a></p>", '<p>See <a href="/a/b/">x</a></p>'),
        ("<ul><li><p data-article=1><a href='/a/b/'>x</a></p></li></ul>", None),
        # a footnote
        ("<p>a<sup data-note> </sup>b</p>", "<p>ab</p>"),
        ("<p>a<sup data-note><sup data-note>b</sup>c</sup></p>", '<p>a<sup data-note="">bc</sup></p>'),
        ("<p><a href=/x>a<sup data-note>b</sup></a></p>", '<p><a href="/x">a</a><sup data-note="">b</sup></p>'),
        ("<ul><li>a<sup data-note><p>b<p>c</sup></ul>", '<ul><li>a<sup data-note="">b c</sup></li></ul>'),
        ("<h2>Head<sup data-note>b</sup></h2>", '<h2 id="head">Head<sup data-note="">b</sup></h2>'),
        ("<p>a<sup data-note><img src=/a.png>b</sup></p>", '<p>a<sup data-note="">b</sup></p>'),
        ("<table><tr><td><sup data-note>b</sup></table>", None),
    ],
)
def test_each_shape_has_one_canonical_form(given, stored):
    cleaned = html.clean(given)
    assert html.clean(cleaned) == cleaned
    if stored is None:
        assert "data-embed" not in cleaned
        assert "data-article" not in cleaned
        assert "x" in html.plain(cleaned) or html.notes(cleaned)
    else:
        assert cleaned == stored


TAGS = """
    <figure> </figure> <figcaption> </figcaption> <sup> </sup> <p> </p> <em> </em> <a> </a> <blockquote> </blockquote>
    <ul><li> </li></ul> <table><td> </table> <h2> </h2> <pre> </pre> <br> word <figure/data-picture=3> <sup/data-note>
    <figure/data-gallery> <figure/data-embed=card> <figure/data-embed=x/class=wide> <p/data-article=3> <img/src="a.png">
    <a/href="https://a.example/">"""
PIECES = st.sampled_from([*TAGS.split(), " ", VIDEO, PICTURE, GALLERY, EMBED, INSERT, NOTED])


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_cleaning_again_changes_nothing(text):
    cleaned = html.clean(text)
    assert html.clean(cleaned) == cleaned


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_word_is_lost_whatever_the_blocks_are(text):
    bare = re.sub("<[^>]*>", " ", text).split()
    kept = re.sub("<[^>]*>", " ", html.clean(text)).split()
    assert sorted("".join(bare)) == sorted("".join(kept))


def test_what_is_counted_and_searched_is_the_text_and_not_its_notes():
    assert html.plain(NOTED) == "One, two."
    assert html.word_count(NOTED) == 2
    assert [html.plain(note) for note in html.notes(NOTED)] == ["See this, 3 m2, there.", "b", "c"]


def test_another_articles_headline_is_no_text_of_this_one():
    assert html.plain(f"<p>One.</p>{INSERT}<p>Two.</p>") == "One.\nTwo."


def test_a_note_is_no_part_of_a_headings_id():
    assert html.clean("<h2>Head<sup data-note>No</sup></h2>").startswith('<h2 id="head">')
