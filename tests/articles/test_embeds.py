import re

import pytest

from articles import embeds
from articles.embeds import Embed

DID = "did:plc:" + "a" * 24


@pytest.mark.parametrize(
    ("link", "provider", "number"),
    [
        ("https://www.youtube.com/watch?v=a-cdefgh_jk", "youtube", "a-cdefgh_jk"),
        ("https://m.youtube.com/watch?list=x&v=abcdefghijk&t=3s#x", "youtube", "abcdefghijk"),
        ("https://youtu.be/abcdefghijk?si=share", "youtube", "abcdefghijk"),
        ("https://youtube.com/shorts/abcdefghijk", "youtube", "abcdefghijk"),
        ("//www.youtube-nocookie.com/embed/abcdefghijk", "youtube", "abcdefghijk"),
        ("https://vimeo.com/123456789", "vimeo", "123456789"),
        ("https://vimeo.com/123456789/0a1b2c3d4e", "vimeo", "123456789/0a1b2c3d4e"),
        ("https://player.vimeo.com/video/123456789?h=0a1b2c3d4e&x=1", "vimeo", "123456789/0a1b2c3d4e"),
        ("https://x.com/ann/status/1234567890123456789?s=20", "x", "1234567890123456789"),
        ("https://mobile.twitter.com/ann/status/12345", "x", "12345"),
        ("https://bsky.app/profile/ann.example/post/3kabcdefghij2", "bluesky", "ann.example/3kabcdefghij2"),
        (f"https://bsky.app/profile/{DID}/post/3kabcdefghij2", "bluesky", f"{DID}/3kabcdefghij2"),
        ("https://datawrapper.dwcdn.net/aBc12/3/", "datawrapper", "aBc12"),
        ("https://www.datawrapper.de/_/aBc12/", "datawrapper", "aBc12"),
        ("https://soundcloud.com/ann/the-tide?in=x", "soundcloud", "ann/the-tide"),
        ("https://soundcloud.com/ann/sets/tides", "soundcloud", "ann/sets/tides"),
        ("https://mastodon.social/@ann/109876543210987654", "mastodon", "mastodon.social/@ann/109876543210987654"),
        ("https://A.example/@ann@b.example/109876543210", "mastodon", "a.example/@ann@b.example/109876543210"),
        ("https://example.org/anything?x#y", "card", ""),
        ("http://example.org", "card", ""),
        ("https://youtube.com/@ann", "card", ""),
        ("https://evil.example/youtube.com/watch?v=abcdefghijk", "card", ""),
        ("https://youtube.com.evil.example/watch?v=abcdefghijk", "card", ""),
        ("https://youtu.be/abcdefghijkl", "card", ""),
        ("https://youtu.be/abcdefgh%22jk", "card", ""),
    ],
)
def test_a_pasted_link_says_by_itself_what_it_shows(link, provider, number):
    found = embeds.recognise(link)
    assert found == Embed(provider, number)
    frame = embeds.frame_address(found, ["mastodon.social", "a.example"])
    assert (frame is None) == (provider == "card")


@pytest.mark.parametrize(
    "text", ["", "x", "mailto:a@b.example", "javascript:alert(1)", "https://", "https://[", "https://a:x/", "/a/b/"]
)
def test_what_is_no_web_address_shows_nothing(text):
    assert embeds.recognise(text) is None


@pytest.mark.parametrize(
    "disguise", ["https://youtu.be@evil.example/abcdefghijk", "https://youtu.be:99999999/abcdefghijk"]
)
def test_a_disguised_host_is_nobodys(disguise):
    assert embeds.recognise(disguise) is None


@pytest.mark.parametrize("provider", [*embeds.PROVIDERS, "card", "unknown"])
@pytest.mark.parametrize(
    "number", ["", '"><script>', "../../x", "a b", "x" * 3000, "https://evil.example/", "abcdefghijk\n"]
)
def test_no_frame_for_an_id_of_another_form(provider, number):
    assert embeds.frame_address(Embed(provider, number)) is None


def test_every_frame_comes_from_a_host_that_the_policy_names():
    shown = {
        "youtube": "abcdefghijk",
        "vimeo": "123456789",
        "x": "12345",
        "bluesky": "ann.example/3kabcdefghij2",
        "datawrapper": "aBc12",
        "soundcloud": "ann/the-tide",
        "mastodon": "a.example/@ann/109876543210",
    }
    assert set(shown) == set(embeds.PROVIDERS)
    sources = embeds.frame_sources(["a.example"])
    for provider, number in shown.items():
        frame = embeds.frame_address(Embed(provider, number), ["a.example"])
        assert re.match("https://[^/]+", frame)[0] in sources
