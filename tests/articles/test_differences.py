import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import html
from articles.differences import Fold, Item, Mark, Span, blocks, body, fields, folded, locate, words
from articles.differences.contents import KINDS
from articles.differences.spans import split
from articles.forms import ArticleForm

HARBOUR = "The old harbour wall was built by nobody we know, in a year that nobody wrote down."
SHIP = "A ship left at dawn with salt and a cat, and the cat came back without the ship."
MAYOR = "The mayor has said that she will look into it when the budget allows her to."

TEXTS = st.text(st.sampled_from("ab c,.\n\t'’3é\u0301\u200d👩日本のلسहि\u093f<&"), max_size=40) | st.text(max_size=30)
SENTENCES = st.sampled_from([HARBOUR, SHIP, MAYOR, "x", "<em>x</em> y", '<a href="/1">x</a> y z', "日本語", ""])
ELEMENTS = st.sampled_from(["<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li><li>b</li></ul>", "<hr>", "<pre>{}\n  b</pre>"])
BODIES = st.lists(st.builds(lambda element, text: element.format(text), ELEMENTS, SENTENCES), max_size=8).map(
    lambda found: html.clean("".join(found))
)


def shown(spans):
    """A comparison as a person would note it: [-gone-], {+new+}, *text marked otherwise*."""
    forms = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(("*{}*" if span.formatting else forms[span.kind]).format(span.text) for span in spans)


def old_text(spans):
    return "".join(span.text for span in spans if span.kind != "new")


def new_text(spans):
    return "".join(span.text for span in spans if span.kind != "gone")


def p(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def kinds(changes):
    return [change.kind for change in changes]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("The old harbour wall", "The new harbour gate", "The [-old-]{+new+} harbour [-wall-]{+gate+}"),
        ("the cat sat", "the big fat cat sat", "the {+big fat +}cat sat"),
        ("the end", "the end and more", "the end{+ and more+}"),
        ("It cost 3.5 pounds.", "It cost 3.6 pounds!", "It cost [-3.5-]{+3.6+} pounds[-.-]{+!+}"),
        ("we don’t", "we do", "we [-don’t-]{+do+}"),
        ("one  two", "one two", "one[- -] two"),
        ("", "new", "{+new+}"),
        ("same", "same", "same"),
    ],
)
def test_a_change_is_read_in_words(before, after, read):
    assert shown(words(before, after)) == read


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("ships, boats", "cars, trains", "[-ships, boats-]{+cars, trains+}"),
        ("two grey ships of iron ran", "few red boats of oak sailed on", None),
        ("he said so", "she said it", "[-he-]{+she+} said [-so-]{+it+}"),
    ],
)
def test_what_little_stays_between_two_changes_is_joined_to_them(before, after, read):
    spans = words(before, after)
    assert shown(spans) == read if read else [span.kind for span in spans] == ["gone", "new"]


def test_what_stays_between_two_insertions_is_not_shown_as_gone():
    assert shown(words("the cat", "so very much the cat and all that")) == "{+so very much +}the cat{+ and all that+}"


def test_japanese_is_compared_by_characters():
    assert shown(words("東京の新しい港です。", "東京の古い港です。")) == "東京の[-新し-]{+古+}い港です。"


def test_arabic_words_keep_their_vowel_signs():
    assert shown(words("قال السَّلام اليوم", "قال السَّلامة اليوم")) == "قال [-السَّلام-]{+السَّلامة+} اليوم"


@pytest.mark.parametrize("seen_as_one", ["👩‍👩‍👧", "👍🏽", "🇩🇪", "❤️", "e\u0301", "か\u3099", "ที่", "हिन्दी", "1️⃣"])
def test_what_is_seen_as_one_character_is_never_torn(seen_as_one):
    others = {"👩‍👩‍👧": "👩‍👩‍👦", "👍🏽": "👍🏿", "🇩🇪": "🇩🇰"}
    pieces = [span.text for span in words(f"a {seen_as_one} b", f"a {others.get(seen_as_one, 'x')} b")]
    assert seen_as_one in pieces
    assert split(seen_as_one).words == ["", seen_as_one]


@given(TEXTS, TEXTS)
def test_the_spans_joined_are_the_two_texts(before, after):
    spans = words(before, after)
    assert (old_text(spans), new_text(spans)) == (before, after)
    assert all(span.text for span in spans)
    assert all(one.kind != other.kind for one, other in pairwise(spans))


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text):
    assert words(text, text) == ([Span("same", text)] if text else [])


# ---------------------------------------------------------------- blocks


def test_blocks_are_numbered_from_one_and_have_their_text_on_one_line():
    found = blocks('<h2 id="a">A &amp; B</h2><ul><li>one</li><li>two<br>three</li></ul><hr>')
    assert [(block.number, block.tag, block.text) for block in found] == [
        (1, "h2", "A & B"),
        (2, "ul", "one two three"),
        (3, "hr", ""),
    ]


def test_a_picture_has_its_alt_text_or_else_the_name_of_its_file():
    figure = '<figure><img src="/media/{}" alt="{}"></figure>'
    assert blocks(figure.format("quay.jpg", "The quay"))[0].text == "The quay"
    assert blocks(figure.format("quay.jpg", ""))[0].text == "quay.jpg"


def test_a_key_depends_on_the_html_alone_and_stays_the_same():
    one, other, marked = blocks(p("x", "x", "<em>x</em>"))
    assert one.key == other.key == "31d8e07ec305ac4e"
    assert marked.key != one.key


@given(BODIES)
def test_blocks_joined_are_the_body(stored):
    assert "".join(block.html for block in blocks(stored)) == stored


# ---------------------------------------------------------------- locate


def test_a_remark_stays_with_a_block_that_only_moved():
    block = blocks(p(HARBOUR))[0]
    assert locate(block.text, block.key, p(SHIP, MAYOR, HARBOUR)) == 3


def test_of_equal_blocks_a_remark_stays_with_the_nearest():
    block = blocks(p("x"))[0]
    assert locate(block.text, block.key, p("x", SHIP, MAYOR, "x"), near=3) == 4
    assert locate(block.text, block.key, p("x", SHIP, MAYOR, "x")) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (HARBOUR, HARBOUR.replace("nobody we know", "a mason of the town")),
        ("Colour", "Color"),
        ("東京の新しい港は静かです。", "東京の古い港は静かです。"),
        (f"{HARBOUR} {SHIP} {MAYOR}" * 2, f"{HARBOUR} {MAYOR} {SHIP}" * 2),
    ],
)
def test_a_remark_follows_a_block_that_was_edited(old, new):
    block = blocks(p(old))[0]
    assert locate(block.text, block.key, p(SHIP, MAYOR, new)) == 3


def test_a_remark_on_what_is_gone_belongs_nowhere():
    block = blocks(p(HARBOUR))[0]
    assert locate(block.text, block.key, p(SHIP, MAYOR)) is None
    assert locate(block.text, block.key, "") is None
    assert locate("", "", p(SHIP)) is None


# ---------------------------------------------------------------- body


def test_an_edited_paragraph_shows_its_words_and_the_others_are_the_same():
    changes = body(p(HARBOUR, SHIP, MAYOR), p(HARBOUR, SHIP.replace("salt", "sugar"), MAYOR))
    assert kinds(changes) == ["same", "changed", "same"]
    assert "[-salt-]{+sugar+}" in shown(changes[1].spans)
    assert not changes[1].formatting


def test_a_paragraph_put_in_and_one_taken_out():
    changes = body(p(HARBOUR, SHIP), p(HARBOUR, MAYOR))
    assert [(change.kind, change.before_number, change.after_number) for change in changes] == [
        ("same", 1, 1),
        ("gone", 2, None),
        ("new", None, 2),
    ]
    assert (changes[1].after_html, changes[2].before_html) == ("", "")


def test_a_word_made_bold_is_a_change_of_formatting():
    (change,) = body(p("One two three."), p("One <strong>two</strong> three."))
    assert (change.kind, change.formatting, shown(change.spans)) == ("changed", True, "One *two* three.")
    assert change.spans[1] == Span("same", "two", (), (Mark("strong"),))


def test_a_link_that_leads_elsewhere_is_a_change_of_formatting():
    (change,) = body(p('See <a href="/a?b=1&amp;c=2">there</a>.'), p('See <a href="/d">there</a>.'))
    assert change.formatting
    assert change.spans[1] == Span("same", "there", (Mark("a", "/a?b=1&c=2"),), (Mark("a", "/d"),))


def test_a_bold_word_among_new_words_is_no_change_of_formatting():
    (change,) = body(p(HARBOUR), p(HARBOUR.replace("nobody we know", "<strong>masons</strong>")))
    assert not change.formatting
    assert Span("new", "masons", (), (Mark("strong"),)) in change.spans


def test_marks_in_another_order_are_the_same_marks():
    (change,) = body(p("<em><strong>x</strong></em>, he said"), p("<strong><em>x</em></strong>, he said so"))
    assert not change.formatting


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<blockquote><p>One two three.</p></blockquote>",
            '<blockquote class="pullquote"><p>One two.</p></blockquote>',
        ),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ('<figure><img src="/a.jpg" alt="x"></figure>', '<figure><img src="/b.jpg" alt="x"></figure>'),
        ('<ol start="2"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        (
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
            "<table><tbody><tr><th>a</th></tr></tbody></table>",
        ),
    ],
)
def test_what_changes_the_look_of_a_block_is_formatting(before, after):
    (change,) = body(before, after)
    assert (change.kind, change.formatting) == ("changed", True)


def test_a_heading_that_becomes_a_paragraph_is_a_change_of_its_kind():
    (change,) = body('<h2 id="the-port">The port</h2>', p("The port"))
    assert (change.kind, change.before_tag, change.tag, change.retagged) == ("changed", "h2", "p", True)
    assert (shown(change.spans), change.formatting) == ("The port", False)


def test_lists_and_tables_are_compared_by_what_is_in_them():
    (items,) = body("<ul><li>salt</li><li>rope</li></ul>", "<ul><li>salt</li><li>tar</li><li>rope</li></ul>")
    assert shown(items.spans) == "salt\n{+tar\n+}rope"
    row = "<table><tbody><tr><td>Hull</td><td>{}</td></tr></tbody></table>"
    (cells,) = body(row.format(12), row.format(13))
    assert shown(cells.spans) == "Hull\t[-12-]{+13+}"


def test_a_moved_paragraph_is_moved_and_not_gone_and_new():
    changes = body(p(HARBOUR, "one", "two", "three"), p("one", "two", "three", HARBOUR))
    assert kinds(changes) == ["same", "same", "same", "moved"]
    assert (changes[3].before_number, changes[3].after_number) == (1, 4)
    assert changes[3].spans == (Span("same", HARBOUR),)


def test_edited_paragraphs_find_each_other_past_one_put_in_between():
    edited = [text.replace("The", "That").replace("cat", "dog") for text in (HARBOUR, SHIP, MAYOR)]
    changes = body(p(HARBOUR, SHIP, MAYOR), p("Wholly other words.", edited[0], edited[1], "And more.", edited[2]))
    assert kinds(changes) == ["new", "changed", "changed", "new", "changed"]


@given(BODIES, BODIES)
@settings(deadline=None)
def test_the_changes_give_back_both_bodies(before, after):
    changes = body(before, after)
    newer = [change for change in changes if change.after_number]
    older = sorted((change for change in changes if change.before_number), key=lambda change: change.before_number)
    assert [change.after_number for change in newer] == list(range(1, len(newer) + 1))
    assert "".join(change.after_html for change in newer) == after
    assert "".join(change.before_html for change in older) == before
    for side, text, marks in ((older, old_text, "before"), (newer, new_text, "after")):
        for change in side:
            found = " ".join(text(change.spans).split())
            assert found == blocks(getattr(change, f"{marks}_html"))[0].text


@given(BODIES)
def test_a_body_is_the_same_as_itself(stored):
    changes = body(stored, stored)
    assert {*kinds(changes)} <= {"same"}
    assert not any(span.kind != "same" or span.formatting for change in changes for span in change.spans)


HTML_OF_ANYBODY = st.text(st.sampled_from('<>/p a"=imgtd&;\n'), max_size=30) | TEXTS


@given(HTML_OF_ANYBODY, HTML_OF_ANYBODY)
def test_nothing_fails_for_any_strings(before, after):
    body(before, after)
    locate(before, after, after)
    assert "".join(block.html for block in blocks(before)) == before


# ---------------------------------------------------------------- folded


def test_long_runs_of_the_same_are_folded_but_for_the_neighbours_of_a_change():
    many = [f"Paragraph {n}" for n in range(10)]
    changes = body(p(*many[:9], HARBOUR), p("New here", *many[:4], SHIP, *many[4:9], MAYOR))
    shape = [item if isinstance(item, Fold) else item.kind for item in folded(changes)]
    assert shape == ["new", "same", Fold(2), "same", "new", "same", Fold(3), "same", "gone", "new"]


def test_a_fold_hides_no_single_block_and_at_the_ends_only_one_side_has_a_neighbour():
    start = body(p("a", "b", HARBOUR, "c", "d", "e", "f"), p("a", "b", SHIP, "c", "d", "e", "f"))
    shape = [item if isinstance(item, Fold) else item.kind for item in folded(start)]
    assert shape == ["same", "same", "gone", "new", "same", Fold(3)]
    assert [item for item in folded(start, around=0) if isinstance(item, Fold)] == [Fold(2), Fold(4)]
    assert folded([]) == []


# ---------------------------------------------------------------- fields

CONTENT = {
    "headline": "The old harbour",
    "body": p(HARBOUR, SHIP),
    "kind": "story",
    "section": 1,
    "lead_picture": None,
    "bylines": [[3, ""], [4, "photographs by"]],
    "tags": ["Hull", "Ships"],
    "related": [7, 8, 9],
    "published_at": "2024-05-01T10:00:00+00:00",
    "noindex": False,
}
NAMES = {("section", 1): "Town", ("section", 2): "Sea", ("lead_picture", 5): "The quay", ("noindex", False): "no"}


def name_of(field, value):
    if field == "bylines":
        return f"{value[1]} author {value[0]}".strip()
    return NAMES.get((field, value), f"{field} {value}" if isinstance(value, int) else str(value))


def compare(**changes):
    return fields(CONTENT, CONTENT | changes, name_of)


def test_the_fields_are_those_of_the_form_in_its_order():
    assert tuple(KINDS) == ArticleForm.content


def test_a_content_is_the_same_as_itself():
    assert fields(CONTENT, dict(reversed(CONTENT.items())), name_of) == []


def test_only_what_differs_is_told_in_the_order_of_the_form():
    found = compare(noindex=True, section=2, headline="The new harbour", body=p(HARBOUR))
    assert [change.name for change in found] == ["headline", "body", "section", "noindex"]
    assert shown(found[0].spans) == "The [-old-]{+new+} harbour"
    assert kinds(found[1].blocks) == ["same", "gone"]
    assert (found[2].before, found[2].after) == ("Town", "Sea")
    assert (found[3].before, found[3].after) == ("no", "noindex True")


def test_a_list_tells_what_was_added_removed_and_moved():
    (bylines,) = compare(bylines=[[3, ""], [5, ""]])
    assert bylines.items == (
        Item("kept", "author 3"),
        Item("removed", "photographs by author 4"),
        Item("added", "author 5"),
    )
    assert (bylines.before, bylines.after) == ("author 3, photographs by author 4", "author 3, author 5")
    (related,) = compare(related=[8, 9, 7])
    assert [(item.kind, item.name) for item in related.items] == [
        ("kept", "related 8"),
        ("kept", "related 9"),
        ("moved", "related 7"),
    ]


def test_tags_have_no_order():
    assert compare(tags=["Ships", "Hull"]) == []
    (tags,) = compare(tags=["Ships", "Docks"])
    assert {item.kind for item in tags.items} == {"kept", "removed", "added"}


def test_a_moment_is_the_same_in_every_time_zone():
    assert compare(published_at="2024-05-01T12:00:00+02:00") == []
    (moment,) = compare(published_at=None)
    assert (moment.before, moment.after) == (CONTENT["published_at"], "")


def test_a_field_that_is_missing_is_empty():
    empty = {"headline": None, "body": "", "bylines": [], "tags": None, "noindex": False, "lead_picture": None}
    assert fields({}, empty, name_of) == fields(empty, {}, name_of) == []
    (picture,) = fields({}, {"lead_picture": 5}, name_of)
    assert (picture.before, picture.after) == ("", "The quay")


def test_fields_of_another_time_come_last():
    found = fields(CONTENT | {"kicker": "Town"}, CONTENT | {"kicker": "Sea", "extra": [1], "seo_title": "S"}, name_of)
    assert [(change.name, change.kind) for change in found] == [
        ("seo_title", "text"),
        ("kicker", "text"),
        ("extra", "list"),
    ]


@given(st.dictionaries(st.sampled_from([*KINDS, "other"]), st.none() | st.booleans() | st.text() | st.lists(st.text())))
def test_no_content_is_too_odd_to_compare(odd):
    fields(odd, CONTENT, lambda field, value: str(value))
    fields(CONTENT, odd, lambda field, value: str(value))


# ---------------------------------------------------------------- time


def random_words(of, count):
    return " ".join(random.Random(count).choices(of, k=count))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (p(*["a"] * 20_000), p(*["a"] * 9_000, *["b"] * 2, *["a"] * 9_000)),
        (p(*random_words("ab", 20_000).split()), p(*random_words("ab", 19_999).split())),
        (p(*map(str, range(20_000))), p(*(f"{n}x" if n % 2 else n for n in range(20_000)))),
        (p(" ".join(map(str, range(50_000)))), p(" ".join(f"x{n}" for n in range(50_000)))),
        (p(random_words("abc", 50_000)), p(random_words("abc", 49_999))),
        (p(random_words("日本語の", 50_000).replace(" ", "")), p(random_words("日本語の", 49_999).replace(" ", ""))),
        (p(*map(str, range(10_000))), p(*map(str, range(10_000, 0, -1)))),
    ],
)
def test_no_body_takes_long(before, after):
    began = time.perf_counter()
    changes = body(before, after)
    assert time.perf_counter() - began < 15
    assert "".join(change.after_html for change in changes) == after
    locate("a b", "", after)
    assert time.perf_counter() - began < 30
