"""Slugs in any script."""

from unicodedata import normalize

import pytest
from django.core.exceptions import ValidationError

from articles.addresses import SlugConverter, in_any_script, is_slug, slug_of

SLUGS = [
    ("हिन्दी समाचार", "हिन्दी-समाचार"),
    ("বাংলা র\u200d্য", "বাংলা-র্য"),
    ("น้ำท่วมภาษาไทย", "น้ำท่วมภาษาไทย"),
    ("தமிழ் மொழி", "தமிழ்-மொழி"),
    ("العَرَبِيَّة", "العَرَبِيَّة"),
    ("שָׁלוֹם עולם!", "שָׁלוֹם-עולם"),
    ("か\u3099くせい", "がくせい"),
    ("ｶﾞｽ", "ガス"),
    ("Йод и̂ мой", "йод-и̂-мой"),
    ("Ωραία ημέρα", "ωραία-ημέρα"),
    ("Élan vital à Paris", "elan-vital-a-paris"),
    ("E\u0301lan q\u0303 ɛ\u0301", "elan-q-ɛ"),
    ("İstanbul", "istanbul"),
    ("Straße & Ærø", "strasse-aero"),
    ("ＡＢＣ 1\ufe0f\u20e3 👍🏽", "abc-1"),
    ("a\xadb\u200bc", "abc"),
    ("_-!!!", ""),
]


@pytest.mark.parametrize(("text", "slug"), SLUGS)
def test_a_slug_keeps_the_vowels_and_marks_of_its_script(text, slug):
    assert slug_of(text) == normalize("NFC", slug)
    assert slug_of(slug_of(text)) == slug_of(text)


@pytest.mark.parametrize("slug", [slug for _text, slug in SLUGS if slug])
def test_such_a_slug_can_be_stored_and_asked_for(slug):
    slug = normalize("NFC", slug)
    in_any_script(slug)
    assert SlugConverter().to_python(slug) == slug


@pytest.mark.parametrize("text", ["", "a b", "a.b", "a/b", "a\n", "E\u0301", "a\u200bb", "ก\ufe0f", "—", "👍", "\x00"])
def test_what_is_no_slug_is_refused(text):
    assert not is_slug(text)
    with pytest.raises(ValidationError):
        in_any_script(text)
    with pytest.raises(ValueError):
        SlugConverter().to_python(text)


def test_a_long_slug_is_cut_without_a_hyphen_at_its_end():
    assert slug_of("abc def", longest=4) == "abc"
