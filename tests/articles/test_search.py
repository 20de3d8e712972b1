import pytest

from articles import search
from articles.models import Article
from tests.factories import NOON, make_article

pytestmark = pytest.mark.django_db


def found(question: str) -> set[str]:
    return {article.slug for article in search.matching(Article.objects.published(NOON), question)}


def test_every_word_has_to_be_there_whatever_its_case_and_accents():
    make_article(slug="cafe", headline="Le Café du Port", body="<p>Stroomgat Ångström.</p>")
    make_article(slug="port", headline="The port")

    assert found("CAFE port") == {"cafe"}
    assert found("port") == {"cafe", "port"}
    assert found("ångstrom") == {"cafe"}
    assert found("cafe absent") == set()


def test_letters_that_come_apart_and_crooked_apostrophes_are_found_as_people_type_them():
    make_article(slug="here", headline="The dredger’s №5 at 40㎒")
    for question in ("dredger's", "dredger’s", "no5", "№5", "40mhz"):
        assert found(question) == {"here"}, question


@pytest.mark.parametrize("headline", ["Кораблі у Порту", "港の朝と海", "البحر والملح", "ΘΆΛΑΣΣΑ καὶ ἅλς"])
def test_words_are_found_in_any_script(headline):
    make_article(slug="here", headline=headline)
    assert found(headline.split()[0].lower()) == {"here"}


@pytest.mark.parametrize("question", ["", "   ", "\x00", "%", "_", "\\", "' OR 1=1 --", '"', "*", "a" * 3000, "́"])
def test_no_question_is_an_error_or_a_pattern(question):
    make_article(headline="Plain words", dek="", body="<p>More of them</p>")
    assert found(question) == set()


def test_drafts_are_not_found():
    make_article(headline="Secret", published=False)
    assert found("secret") == set()


def test_only_so_many_words_are_asked_for():
    make_article(slug="here", headline="one two three four five six seven eight")
    assert found("one two three four five six seven eight absent") == {"here"}
