import pytest
from django.core.exceptions import ValidationError

from articles import profiles
from articles.profiles import Profile


def test_a_name_may_stand_before_the_address_and_known_networks_need_none():
    text = "Mastodon https://social.example/@us\nhttps://www.instagram.com/us\n\nhttps://unknown.example/us"
    assert profiles.parse(text) == [
        Profile("Mastodon", "https://social.example/@us"),
        Profile("Instagram", "https://www.instagram.com/us"),
        Profile("unknown.example", "https://unknown.example/us"),
    ]


@pytest.mark.parametrize(
    "line", ["javascript:alert(1)", "just words", "X javascript://x.example/%0aalert(1)", "https://"]
)
def test_what_is_no_web_address_is_refused_and_never_linked(line):
    assert profiles.parse(line) == []
    with pytest.raises(ValidationError):
        profiles.validate(f"https://ok.example/us\n{line}")
