"""Stored bodies as readers get them."""

import re

import pytest

from articles import html
from articles.html import blocks
from articles.html.blocks import ShownPicture
from tests.articles.html.test_figures import CARD, EMBED, GALLERY, INSERT, NOTED, PICTURE, PLAIN_PICTURE, TABLE

PICTURES = {
    12: ShownPicture(lambda alt, place: f"[boat {place}: {alt or 'its own'}]", credit="Photograph: Ann"),
    7: ShownPicture(lambda alt, place: f"[quay {place}: {alt or 'its own'}]"),
}
ARTICLES = {34: ("Salt & <b>water</b>", "/coast/salt-2/")}


def page(body: str, pictures=PICTURES, articles=ARTICLES, **more) -> str:
    return blocks.for_page(body, pictures, articles, **more)


def test_a_body_without_blocks_is_shown_as_it_is_stored():
    body = (
        '<p>One <em>two</em> data-note="" <a href="#x">x</a></p><h2 id="x">X</h2><figure><img src="/a" alt=""></figure>'
    )
    assert page(body) == blocks.for_feed(body, {}, {}) == blocks.for_mail(body, {}, {}) == body


def test_the_pictures_and_articles_that_a_body_names_are_known_in_order():
    body = PICTURE + GALLERY + INSERT + INSERT
    assert blocks.picture_numbers(body) == [12, 7]
    assert blocks.article_numbers(body) == [34]
    assert blocks.picture_numbers('<p>&lt;figure data-picture="3"&gt;</p>') == []


def test_a_picture_has_its_caption_and_its_credit():
    assert page(PICTURE) == (
        '<figure class="wide">[boat wide: A boat]<figcaption>At <em>dawn</em>'
        ' <span class="credit">Photograph: Ann</span></figcaption></figure>'
    )
    assert page(PLAIN_PICTURE) == "<figure>[quay body: its own]</figure>"


@pytest.mark.parametrize("shown", [page, blocks.for_feed, blocks.for_mail])
def test_a_picture_that_may_not_be_shown_leaves_nothing_behind(shown):
    assert shown(f"<p>a</p>{PICTURE}<p>b</p>", pictures={}, articles={}) == "<p>a</p><p>b</p>"
    assert shown(f"<p>a</p>{GALLERY}<p>b</p>", pictures={}, articles={}) == "<p>a</p><p>b</p>"


def test_a_gallery_stands_two_by_two_and_an_odd_one_begins_with_a_large_picture():
    assert re.findall(r"\[(.*?):", page(GALLERY)) == ["boat gallery", "quay gallery"]
    three = GALLERY.replace('<figure data-picture="7">', PLAIN_PICTURE + '<figure data-picture="7">')
    assert re.findall(r"\[(.*?):", page(three)) == ["boat gallery-first", "quay gallery", "quay gallery"]
    wide = three.replace('data-gallery=""', 'data-gallery="" class="wide"')
    assert re.findall(r"\[(.*?):", page(wide))[0] == "boat wide-gallery-first"


def test_a_gallery_goes_on_without_a_picture_that_may_not_be_shown():
    shown = page(GALLERY, pictures={7: PICTURES[7]})
    assert shown == (
        '<figure class="gallery"><figure>[quay gallery-first: its own]</figure><figcaption>Boats</figcaption></figure>'
    )


def test_an_insert_has_the_headline_and_the_address_of_today():
    shown = page(INSERT)
    assert '<a href="/coast/salt-2/">Salt &amp; &lt;b&gt;water&lt;/b&gt;</a>' in shown
    assert "/coast/salt/" not in shown


@pytest.mark.parametrize("shown", [page, blocks.for_feed, blocks.for_mail])
def test_an_article_that_is_not_public_is_not_named(shown):
    assert shown(f"<p>a</p>{INSERT}", pictures={}, articles={}) == "<p>a</p>"


def test_an_embed_is_a_card_with_a_link_and_a_button_and_no_frame():
    shown = page(EMBED)
    assert "<iframe" not in shown
    assert '<a href="https://www.youtube.com/watch?v=abcdefghijk" rel="noopener">Tides</a>' in shown
    assert 'data-frame="https://www.youtube-nocookie.com/embed/abcdefghijk"' in shown
    assert 'data-sandbox="allow-scripts allow-same-origin' in shown
    assert "<figcaption>A film</figcaption>" in shown


def test_a_card_has_nothing_to_load():
    shown = page(CARD)
    assert "<button" not in shown
    assert "tides.example" in shown


def test_an_instance_of_mastodon_has_a_frame_where_the_operator_named_it():
    link = "https://a.example/@ann/109876543210"
    body = f'<figure data-embed="mastodon" data-id="a.example/@ann/109876543210"><a href="{link}">x</a></figure>'
    assert "<button" not in page(body)
    assert f'data-frame="{link}/embed"' in page(body, mastodon_hosts=["a.example"])


@pytest.mark.parametrize("shown", [blocks.for_feed, blocks.for_mail])
def test_in_feeds_and_mail_an_embed_is_a_link(shown):
    assert shown(EMBED, {}, {}) == (
        '<p><a href="https://www.youtube.com/watch?v=abcdefghijk" rel="noopener">Tides</a> (YouTube)</p><p>A film</p>'
    )


def test_a_table_can_be_moved_sideways_by_keyboard_and_has_a_name():
    shown = page(f"<p>a</p>{TABLE}<p>b</p>")
    assert shown == (
        f'<p>a</p><div class="table" role="group" tabindex="0" aria-label="Table: Tides">{TABLE}</div><p>b</p>'
    )
    inner = "<table><tbody><tr><td><p>x</p><table><tbody><tr><td>y</td></tr></tbody></table></td></tr></tbody></table>"
    assert page(inner).count("<div") == 1


def links_and_places(shown: str) -> tuple[list[str], list[str]]:
    return re.findall(r'href="#([^"]*)"', shown), re.findall(r' id="([^"]*)"', shown)


@pytest.mark.parametrize("shown", [page, blocks.for_feed, blocks.for_mail])
def test_notes_are_numbered_and_linked_both_ways(shown):
    made = shown(NOTED, pictures={}, articles={})
    links, places = links_and_places(made)
    assert sorted(links) == sorted(places)
    assert len(set(places)) == 6
    text, listed = made.split("<section")
    assert re.sub("<[^>]*>", "", text) == "One1, two23."
    assert 'See <em>this</em>, 3 m<sup>2</sup>, <a href="/x/">there</a>.' in listed


def test_no_heading_can_take_a_notes_id():
    _links, places = links_and_places(page(NOTED))
    for place in places:
        assert f'id="{place}"' not in html.clean(f'<h2 id="{place}">x</h2><h2>{place}</h2>')


def test_the_notes_of_an_opening_stand_where_the_rest_ends():
    """The ids that keep-reading.js gives the rest are those that the opening links to."""
    opening = blocks.for_opening(NOTED, prefix="article-3-")
    rest = blocks.for_rest(NOTED, NOTED, {}, {})
    links, places = links_and_places(opening)
    more_links, more_places = links_and_places(rest)
    together = {*places, *(f"article-3-{place}" for place in more_places)}
    assert {f"article-3-{link}" for link in [*links, *more_links]} == together
    assert len(together) == len(places) + len(more_places) == 12


def test_an_opening_is_text():
    opening = blocks.for_opening(f"{PICTURE}{GALLERY}<p>a</p>{EMBED}{INSERT}", prefix="article-3-")
    assert opening.startswith("<p>a</p><p><a href=")
    assert "data-" not in opening


def test_two_texts_in_one_mail_have_ids_of_their_own():
    one, other = (links_and_places(blocks.for_mail(NOTED, {}, {}, prefix))[1] for prefix in ("intro-", "outro-"))
    assert not set(one) & set(other)
