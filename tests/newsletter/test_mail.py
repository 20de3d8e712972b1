import hashlib
import re
import socket
from datetime import timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Picture
from newsletter import mail
from newsletter.models import Issue, Item, ItemKind
from newsletter.tokens import INERT, LEAVE_HERE, LEAVE_LENGTH
from tests.factories import NOON, make_article, make_author, make_picture, make_section
from tests.newsletter.paper import make_issue, make_magazine, make_pieces, set_newsletter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def magazine():
    return make_magazine()


class Seen(HTMLParser):
    """The mail as a program reads it: elements with attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]


def rendered(*pieces: Article, at=NOON, **fields) -> mail.Rendered:
    return mail.render(make_issue(*pieces, **fields), at)


# ---------------------------------------------------------------- what readers read


def test_a_piece_has_its_headline_byline_dek_section_and_link_in_both_parts():
    section = make_section(name="Coast", colour="rust")
    author = make_author(name="Ines Calloway")
    piece = make_article(headline="The last boat", dek="Out to the ships.", section=section, authors=(author,))
    found = rendered(piece)
    for part in (Seen(found.html).text, found.text):
        for words in ("The last boat", "Out to the ships.", "By Ines Calloway"):
            assert words in part
    address = f"http://127.0.0.1:8000{piece.get_absolute_url()}"
    assert address in [link["href"] for link in Seen(found.html).all("a")]
    assert address in found.text.split("\n")
    assert "Coast" in Seen(found.html).text
    assert "COAST" in found.text


def test_what_staff_write_of_a_piece_stands_instead():
    (piece,) = make_pieces(count=1, sections=1)
    issue = make_issue(piece)
    issue.items.update(title="Ours, better", blurb="In our words.")
    found = mail.render(issue, NOON)
    for part in (found.html, found.text, found.web):
        assert "Ours, better" in part
        assert "In our words." in part
        assert piece.headline not in part


def test_a_piece_without_a_dek_is_told_by_its_first_words():
    piece = make_article(dek="", body="<p>It began with a rope.</p>")
    assert "It began with a rope." in rendered(piece).text


def test_the_first_piece_leads_and_the_others_stand_below_their_sections():
    coast, work = make_section(name="Coast"), make_section(name="Work")
    first, second = make_article(section=coast), make_article(section=work)
    third, fourth = make_article(section=coast), make_article(section=work)
    text = rendered(first, second, third, fourth).text
    order = [first.headline, "WORK", second.headline, fourth.headline, third.headline]
    assert [text.index(f"{words}\n") for words in order] == sorted(text.index(f"{words}\n") for words in order)
    assert text.count("WORK") == 1


def test_without_headings_each_piece_has_its_section_beside_it():
    coast, work = make_section(name="Coast"), make_section(name="Work")
    pieces = [make_article(section=section) for section in (coast, work, coast, work)]
    found = rendered(*pieces, by_section=False)
    assert found.text.count("COAST") == found.text.count("WORK") == 2
    titles = [found.text.index(f"{piece.headline}\n") for piece in pieces]
    assert titles == sorted(titles)


def test_updates_stand_apart_with_their_day():
    piece, had = make_pieces(count=2)
    Article.objects.filter(pk=had.pk).update(updated_at=NOON - timedelta(minutes=5))
    issue = make_issue(piece)
    Item.objects.create(issue=issue, article=had, kind=ItemKind.UPDATE, position=2, blurb="A name was wrong.")
    found = mail.render(issue, NOON)
    for part in (Seen(found.html).text, found.text, found.web):
        assert part.lower().index("corrections and updates") < part.index(had.headline)
        assert "Updated 1 Jun 2026" in part
        assert "A name was wrong." in part


def test_words_before_and_after_come_in_both_parts_with_their_links_spelled_out():
    (piece,) = make_pieces(count=1)
    intro = '<p>Good <em>morning</em>. See <a href="/latest/">the latest</a>.</p><ul><li><p>One</p></li></ul>'
    found = rendered(piece, intro=intro, outro="<p>Good night.</p>")
    assert "Good morning. See the latest (http://127.0.0.1:8000/latest/)." in found.text
    assert "– One" in found.text
    assert 'href="http://127.0.0.1:8000/latest/"' in found.html
    assert "Good night." in found.html
    assert "Good night." in found.text


def test_who_reads_knows_why_who_writes_and_how_to_leave():
    (piece,) = make_pieces(count=1)
    found = rendered(piece)
    for part in (Seen(found.html).text, found.text):
        assert "because you asked" in part
        assert "9 Ropewalk Quay" in part
        assert "Saltholm" in part
    for part in (found.html, found.text):
        assert f"/newsletter/leave/{LEAVE_HERE}/" in part
        assert "/newsletter/preferences/" in part
        assert "/newsletter/issues/" in part


def test_every_link_is_absolute(settings):
    settings.SITE_URL = "https://magazine.example"
    found = rendered(*make_pieces(count=4, pictures=True), intro='<p><a href="/about/">About</a></p>')
    seen = Seen(found.html)
    addresses = [link["href"] for link in seen.all("a")] + [image["src"] for image in seen.all("img")]
    assert addresses
    assert all(urlsplit(address)[:2] == ("https", "magazine.example") for address in addresses)


def test_what_is_not_public_when_the_issue_goes_out_is_not_in_it():
    public, scheduled = make_article(), make_article(published_at=NOON + timedelta(days=2))
    draft, gone = make_article(published=False), make_article()
    gone.unpublish(at=NOON)
    issue = make_issue(public, scheduled, draft, gone)
    issue.items.create(article=None, position=9)
    found = mail.render(issue, NOON)
    for piece in (scheduled, draft, gone):
        assert piece.headline not in found.html + found.text + found.web
    assert scheduled.headline in mail.render(issue, NOON + timedelta(days=2)).html
    issue.scheduled_for = NOON + timedelta(days=3)
    assert scheduled.headline in mail.render(issue, NOON).html


def test_an_issue_that_is_not_saved_yet_is_rendered_too():
    assert "Words" in mail.render(Issue(subject="Words", preheader="", intro="<p>Words</p>"), NOON).html


# ---------------------------------------------------------------- the HTML as mail wants it


def test_a_dozen_pieces_are_at_most_25_kilobytes(settings):
    settings.SITE_URL = "https://www.magazine.example"
    sections = [make_section(name=f"Section {number}") for number in range(6)]
    picture = make_picture(size=(1800, 1200), alt="A small boat carrying a single lamp crosses a dark sea.")
    pieces = [
        make_article(
            headline=f"{number} centimetres, in D: the people who know ice by ear and by heart",
            dek="On a frozen lake above the Sound, three acousticians can tell the thickness, salt and age of the ice "
            "without looking. Mostly they are right, and nobody has drowned.",
            section=sections[number % 6],
            authors=(make_author(name=f"Yuki Sandoval {number}"), make_author(name=f"Peter Lindqvist {number}")),
            lead_picture=picture,
        )
        for number in range(12)
    ]
    found = rendered(*pieces, intro="<p>Good morning. The doors opened at four, and we were there.</p>" * 3)
    assert Seen(found.html).text.count("centimetres, in D") == 12
    assert mail.size(found.html) <= 25 * 1024


def test_styles_are_inlined_and_what_only_a_style_sheet_can_say_is_kept():
    page = rendered(*make_pieces(count=2)).html
    assert "@media (max-width:620px)" in page
    assert "@media (prefers-color-scheme:dark)" in page
    assert 'name="color-scheme" content="light dark"' in page
    assert all("style" in heading for heading in Seen(page).all("h2") + Seen(page).all("h3"))


def test_tables_are_for_the_eye_only_and_pictures_have_sizes_and_words():
    page = Seen(rendered(*make_pieces(count=3, pictures=True)).html)
    assert all(table.get("role") == "presentation" for table in page.all("table"))
    assert len(page.all("img")) == 3
    assert all(image["alt"] and int(image["width"]) and int(image["height"]) for image in page.all("img"))


def test_it_asks_nobody_for_anything_but_its_pictures():
    page = Seen(rendered(*make_pieces(count=2, pictures=True)).html)
    assert not {tag for tag, _attributes in page.elements} & {"link", "script", "iframe", "object", "form", "input"}
    assert "url(" not in page.text
    assert "@import" not in page.text


def test_inlining_follows_no_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/style.css"
        mail.INLINER.inline(f'<html><head><link rel="stylesheet" href="{address}"></head><body><p>x</p></body></html>')
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_preheader_is_hidden_and_comes_first():
    page = rendered(*make_pieces(count=1), preheader="Boats & bread").html
    body = page[page.index("<body") :]
    assert re.search(r"<div [^>]*display: none[^>]*>Boats &amp; bread", body)
    assert body.index("Boats") < body.index("<table")


@pytest.mark.parametrize(("language", "direction", "side"), [("en-gb", "ltr", "right"), ("ar", "rtl", "left")])
def test_it_runs_the_way_its_language_does(language, direction, side):
    make_magazine(language=language)
    page = Seen(rendered(*make_pieces(count=2, pictures=True)).html)
    assert page.all("html")[0] == {"lang": language.replace("gb", "GB"), "dir": direction}
    assert [image["align"] for image in page.all("img")[1:]] == [side]
    assert all(heading["dir"] == "auto" for heading in page.all("h3"))


def test_headlines_in_mail_keep_their_section_s_colour():
    one, other = make_section(colour="moss"), make_section(colour="plum")
    page = rendered(make_article(section=one), make_article(section=other)).html
    assert re.search(r'<h2 class="bar plum" style="[^"]*color: #7a2f6b', page)


# ---------------------------------------------------------------- hostile words

HOSTILE = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=190)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_words_of_a_piece_break_the_mail(title, blurb, preheader):
    Issue.objects.all().delete()
    piece = Article.objects.first() or make_article()
    issue = make_issue(piece, preheader=preheader[:150])
    issue.items.update(title=title, blurb=blurb)
    found = mail.render(issue, NOON)
    plain = mail.render(make_issue(piece), NOON)
    kinds = [tag for tag, _attributes in Seen(found.html).elements]
    allowed = [tag for tag, _attributes in Seen(plain.html).elements]
    assert kinds == allowed
    for part in (found.html, found.text):
        assert LEAVE_HERE in part
        assert max(len(line.encode()) for line in part.split("\n")) <= 998
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", part)
    assert "\n" not in found.preheader + found.subject


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "<!-- -->",
        "]]>",
    ],
)
def test_markup_in_a_headline_is_words(words):
    found = rendered(make_article(headline=f"Read {words} now"))
    assert f"Read {words} now" in Seen(found.html).text
    assert f"Read {words} now" in found.text
    assert words not in found.web


def test_an_intro_that_no_form_has_cleaned_is_cleaned():
    found = rendered(*make_pieces(count=1), intro="<p onclick=x>Hello<script>alert(1)</script></p>")
    assert "alert(1)" not in found.html + found.web + found.text
    assert "onclick" not in found.html + found.web


def test_nothing_gets_into_the_headers_by_the_subject():
    found = rendered(*make_pieces(count=1), subject="Hello\r\nBcc: everybody@example.org", preheader="a\nb\x07")
    assert found.subject == "Hello Bcc: everybody@example.org"
    assert found.preheader == "a b"
    message = EmailMessage()
    message["Subject"] = found.subject
    assert message["Bcc"] is None


def test_a_long_address_in_another_script_stays_within_the_lines_of_mail():
    piece = make_article(headline="潮" * 100, slug="潮" * 110, section=make_section(name="海", slug="海" * 70))
    found = rendered(piece)
    for part in (found.html, found.text):
        assert max(len(line.encode()) for line in part.split("\n")) <= 998


# ---------------------------------------------------------------- pictures


def test_a_picture_that_may_not_be_in_the_newsletter_is_not():
    (piece,) = make_pieces(count=1, pictures=True)
    Picture.objects.update(in_newsletter=False)
    found = rendered(piece)
    assert not Seen(found.html).all("img")
    assert "<img" not in found.web


def test_a_piece_may_stand_without_its_picture_or_with_another():
    one, other = make_pieces(count=2, pictures=True)
    issue = make_issue(one, other)
    issue.items.filter(article=one).update(shows_picture=False)
    issue.items.filter(article=other).update(picture=make_picture(alt="A red field", colour="red"))
    assert [image["alt"] for image in Seen(mail.render(issue, NOON).html).all("img")] == ["A red field"]


def test_a_picture_is_told_as_the_piece_tells_it():
    (piece,) = make_pieces(count=1, pictures=True)
    Article.objects.filter(pk=piece.pk).update(lead_alt="The pilot boat at night")
    assert Seen(rendered(piece).html).all("img")[0]["alt"] == "The pilot boat at night"


def test_the_leading_picture_has_its_credit():
    (piece,) = make_pieces(count=1, pictures=True)
    assert "Photograph: Somebody" in rendered(piece).html


def test_a_picture_whose_file_is_gone_keeps_no_issue_from_being_made():
    (piece,) = make_pieces(count=1, pictures=True)
    picture = piece.lead_picture
    picture.file.storage.delete(picture.file.name)
    Picture.objects.update(sha256="0" * 64)
    assert not Seen(rendered(piece).html).all("img")


# ---------------------------------------------------------------- frozen


def test_a_frozen_issue_stays_what_it_was_whatever_becomes_of_its_pieces():
    (piece,) = make_pieces(count=1)
    issue = make_issue(piece)
    mail.freeze(issue, NOON)
    Article.objects.update(headline="Another headline")
    issue.refresh_from_db()
    assert piece.headline in issue.html
    assert piece.headline in issue.text
    assert piece.headline in issue.web
    assert issue.frozen_at == NOON


def test_issues_are_numbered_one_after_the_other_and_keep_their_numbers():
    first, second = make_issue(), make_issue()
    mail.freeze(first, NOON)
    mail.freeze(second, NOON)
    mail.freeze(first, NOON)
    assert (first.number, second.number) == (1, 2)


def test_the_digest_is_of_what_is_sent_and_of_all_of_it():
    issue = make_issue(*make_pieces(count=1))
    mail.freeze(issue, NOON)
    issue.refresh_from_db()
    assert mail.digest(issue) == issue.sha256
    assert len(issue.sha256) == hashlib.sha256().digest_size * 2
    for name in ("subject", "preheader", "html", "text"):
        kept = getattr(issue, name)
        setattr(issue, name, kept + " ")
        assert mail.digest(issue) != issue.sha256
        setattr(issue, name, kept)
    # What moves from one part to the next is noticed too.
    issue.subject, issue.preheader = issue.subject + issue.preheader[:1], issue.preheader[1:]
    assert mail.digest(issue) != issue.sha256


def test_a_token_takes_its_place_in_text_and_bytes_and_no_length_changes():
    found = rendered(*make_pieces(count=1))
    for part in (found.html, found.text):
        filled = mail.with_token(part, INERT)
        assert LEAVE_HERE not in filled
        assert INERT in filled
        assert len(filled) == len(part)
        assert mail.with_token(part.encode(), INERT) == filled.encode()
    with pytest.raises(ValueError):
        mail.with_token(found.html, "x" * (LEAVE_LENGTH + 1))


def test_the_page_in_the_archive_has_nothing_of_a_reader_and_no_style_of_its_own():
    found = rendered(*make_pieces(count=2, pictures=True), intro="<p>Good morning.</p>")
    assert LEAVE_HERE not in found.web
    assert "/newsletter/leave/" not in found.web
    assert "style=" not in found.web
    assert "Good morning." in found.web


def test_clicks_are_counted_only_in_what_is_sent_and_only_if_staff_want_that():
    (piece,) = make_pieces(count=1)
    issue = make_issue(piece)
    mail.freeze(issue, NOON)
    assert "/go/" not in issue.html
    set_newsletter(counts_clicks=True)
    assert "/go/" not in mail.render(issue, NOON).html
    mail.freeze(issue, NOON)
    assert f"/newsletter/issues/1/go/{issue.items.get().pk}/" in issue.html
    assert f"/newsletter/issues/1/go/{issue.items.get().pk}/" in issue.text
    assert "/go/" not in issue.web


def test_rendering_asks_the_same_few_questions_however_many_pieces_there_are():
    few, many = make_issue(*make_pieces(count=3, pictures=True)), make_issue(*make_pieces(count=12, pictures=True))
    mail.render(many, NOON)
    numbers = []
    for issue in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            mail.render(Issue.objects.get(pk=issue.pk), NOON)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 8


def test_it_comes_from_the_magazine_or_from_whom_staff_say(settings):
    settings.DEFAULT_FROM_EMAIL = "magazine@example.org"
    assert mail.sender(set_newsletter(), make_magazine()) == "The Causeway <magazine@example.org>"
    named = set_newsletter(from_name="Marit, of The Causeway", from_address="marit@example.org")
    assert mail.sender(named, make_magazine()) == '"Marit, of The Causeway" <marit@example.org>'
