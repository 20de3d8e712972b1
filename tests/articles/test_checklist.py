import pytest

from articles import checklist, links
from articles.checklist import RULES, Level, PictureFacts, Piece, blocks, look, passed, results
from articles.links import Answer

PICTURE = PictureFacts(alt="A ferry leaves the harbour at dusk", credit="Photograph: Ada Byron")
FIGURE = '<figure><img src="/media/x.jpg" alt="{}"><figcaption>The quay</figcaption></figure>'
GONE = Answer("https://gone.example/", "refuses", 404, links.GONE)
SILENT = Answer("https://silent.example/", "fails", None, links.NO_ANSWER)
FINE = Answer("https://fine.example/", "answers", 200)
SHY = Answer("https://shy.example/", "unsure", 403, links.NOT_FOR_PROGRAMS)
LATER = Answer("https://later.example/", "not asked", None, links.OUT_OF_TIME)


def make_piece(**values):
    """A piece with which everything is right."""
    defaults = {
        "headline": "The harbour that moved",
        "dek": "How a town followed its river.",
        "body": "<p>Nobody came.</p>",
        "section": "Coast",
        "byline": True,
        "picture": PICTURE,
    }
    return Piece(**defaults | values)


def linking(*answers, without=()):
    """A piece that links to all of these, and what it links to has been asked, but for some."""
    body = "".join(f'<p><a href="{answer.address}" rel="noopener">x</a></p>' for answer in answers)
    asked = {answer.address: answer for answer in answers if answer not in without}
    return {"body": body, "links": asked}


# By the rule's code: what it finds fault with and at which field of the form, and what it lets pass.
FAULTY = {
    "headline": [
        ({"headline": ""}, "headline"),
        ({"headline": " \n "}, "headline"),
        ({"headline": " ab "}, "headline"),
    ],
    "headline-length": [({"headline": "x" * 81}, "headline")],
    "section": [({"section": ""}, "section")],
    "body": [({"body": ""}, "body"), ({"body": "<hr>"}, "body"), ({"body": "<p> <br></p>"}, "body")],
    "dek": [({"dek": ""}, "dek"), ({"dek": " "}, "dek")],
    "byline": [({"byline": False}, "bylines")],
    "lead-picture": [({"picture": None}, "lead_picture")],
    "lead-alt": [({"picture": PictureFacts(alt=" ", credit="Ada")}, "lead_alt")],
    "lead-credit": [({"picture": PictureFacts(alt="A ferry", credit="")}, "lead_picture")],
    "body-alt": [
        ({"body": FIGURE.format("")}, "body"),
        ({"body": FIGURE.format("  ")}, "body"),
        ({"body": FIGURE.format("A quay") + '<p>Text <img src="/media/y.jpg"></p>'}, "body"),
    ],
    "links": [(linking(FINE, GONE), "body"), (linking(SILENT), "body")],
    "comments": [({"open_comments": 2}, "body")],
    "sign-offs": [({"fallen_sign_offs": 1}, "body")],
    "placeholder": [
        ({"headline": "TK on the harbour"}, "headline"),
        ({"dek": "He was born in (TK)."}, "dek"),
        ({"body": "<p>It has TKTK people.</p>"}, "body"),
        ({"body": "<p>By XXX.</p>"}, "body"),
        ({"body": "<p>Lorem <em>ipsum</em> dolor</p>"}, "body"),
        ({"seo_description": "LOREM IPSUM"}, "seo_description"),
    ],
}
FINE_PIECES = {
    "comments": [{"open_comments": 0}],
    "sign-offs": [{"fallen_sign_offs": 0}],
    "headline": [{"headline": "Ice"}, {"headline": "水の都"}],
    "headline-length": [{"headline": "x" * 80}, {"headline": " " + "x" * 80 + " "}],
    "section": [{"section": "Coast"}],
    "body": [{"body": "<p>No.</p>"}, {"body": FIGURE.format("A quay")}, {"body": '<p><img src="/x.jpg" alt="A"></p>'}],
    "dek": [{"dek": "How a town followed its river."}],
    "byline": [{"byline": True}],
    "lead-picture": [{"picture": PICTURE}],
    "lead-alt": [{"picture": PICTURE}, {"picture": None}],
    "lead-credit": [{"picture": PICTURE}, {"picture": None}],
    "body-alt": [{"body": FIGURE.format("A quay")}, {"body": "<p>No pictures.</p>"}],
    "links": [
        linking(FINE, SHY, LATER),
        linking(GONE, without=[GONE]),
        {"body": "<p>Taken out.</p>", "links": {GONE.address: GONE}},
    ],
    "placeholder": [
        {"headline": "Tokelau’s .tk, TKO and a ROTK"},
        {"body": '<p><a href="https://xxx.tk/TK/XXX">XXL and xxx, with love</a></p>'},
        {"dek": "Lorem, a village near Ipsum"},
    ],
}


def case_of(cases):
    return [pytest.param(code, case, id=f"{code}-{n}") for code, every in cases.items() for n, case in enumerate(every)]


@pytest.mark.parametrize(("code", "case"), case_of(FAULTY))
def test_an_editor_is_told_what_is_wrong_and_where(code, case):
    values, field = case
    findings = {finding.code: finding for finding in look(make_piece(**values))}
    assert code in findings
    assert findings[code].field == field
    assert str(findings[code].message).endswith((".", ")", "…"))


@pytest.mark.parametrize(("code", "values"), case_of(FINE_PIECES))
def test_an_editor_is_not_troubled_without_need(code, values):
    assert code in {rule.code for rule in passed(make_piece(**values))}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_case_of_each_kind_and_a_title_for_its_tick(rule):
    assert FAULTY[rule.code]
    assert FINE_PIECES[rule.code]
    assert str(rule.title)


def test_every_case_is_of_a_rule_and_every_code_is_one_rules():
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert set(FAULTY) == set(FINE_PIECES) == set(codes)


def test_a_finished_piece_has_nothing_but_ticks():
    piece = make_piece()
    assert look(piece) == []
    assert passed(piece) == list(RULES)
    assert [(result.rule, result.finding) for result in results(piece)] == [(rule, None) for rule in RULES]


def test_what_is_wrong_with_an_empty_piece_comes_in_the_order_of_the_rules():
    empty = Piece(headline="", dek="", body="", section="", byline=False, picture=None)
    findings = look(empty)
    assert [finding.code for finding in findings] == ["headline", "section", "body", "dek", "byline", "lead-picture"]
    assert [result.finding for result in results(empty) if result.finding] == findings


def test_only_what_has_to_be_there_stands_in_the_way_of_publishing():
    errors = [rule.code for rule in RULES if rule.level is Level.ERROR]
    assert errors == ["headline", "section", "body", "lead-alt", "lead-credit"]
    bare = make_piece(dek="", byline=False, picture=None, headline="x" * 99)
    assert len(look(bare)) == 4
    assert not blocks(look(bare))
    assert blocks(look(make_piece(dek="", section="")))
    assert not blocks([])


def test_a_long_headline_is_told_how_long_it_is():
    (finding,) = look(make_piece(headline="x" * 93))
    assert "93 characters" in str(finding.message)


def test_dead_links_are_named_in_order_with_the_reason():
    (finding,) = look(make_piece(**linking(SILENT, FINE, GONE)))
    assert str(finding.message) == (
        "2 links in the text lead nowhere. Mend them or take them out: "
        "https://silent.example/ (the server did not answer in time), https://gone.example/ (there is no such page)"
    )


def test_of_many_dead_links_the_first_are_named():
    dead = [Answer(f"https://gone.example/{{{n}}}", "refuses", 404, links.GONE) for n in range(7)]
    (finding,) = look(make_piece(**linking(*dead)))
    assert str(finding.message).startswith("7 links")
    assert str(finding.message).count("https://") == checklist.NAMED_LINKS
    assert str(finding.message).endswith(", …")


def test_a_picture_of_the_library_brings_its_alt_text_along():
    body = '<p>Words.</p><figure data-picture="3"><img src="/a.png" alt=""></figure>'
    assert "body-alt" not in [finding.code for finding in look(make_piece(body=body))]


def test_pictures_without_alt_text_are_counted():
    (finding,) = look(make_piece(body=FIGURE.format("") * 3 + FIGURE.format("A quay")))
    assert "3 pictures" in str(finding.message)
    (finding,) = look(make_piece(body=FIGURE.format("")))
    assert "1 picture in" in str(finding.message)


def test_a_message_speaks_the_language_of_whoever_reads_it(monkeypatch):
    """Not of whoever looked: that may be a task, or another editor."""
    findings = look(make_piece(headline="x" * 81, **linking(GONE)))
    monkeypatch.setattr("django.utils.translation._trans.gettext", lambda text: f"¡{text}!")
    monkeypatch.setattr("django.utils.translation._trans.ngettext", lambda one, many, count: f"¿{one}?")
    assert str(findings[0].message).startswith("¡The headline is 81")
    assert str(findings[1].message) == (
        "¿1 link in the text leads nowhere. Mend it or take it out: https://gone.example/ (¡there is no such page!)?"
    )
