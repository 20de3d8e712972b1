import pytest

from articles.html.links import with_absolute_links

SITE, PAGE = "https://magazine.example", "https://magazine.example/coast/salt/"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/coast/">x</a>', '<a href="https://magazine.example/coast/">x</a>'),
        ('<a href="#tides">x</a>', '<a href="https://magazine.example/coast/salt/#tides">x</a>'),
        ('<img alt="" src="/media/a.jpg">', '<img alt="" src="https://magazine.example/media/a.jpg">'),
        ('<a href="https://example.org/">x</a>', '<a href="https://example.org/">x</a>'),
        ('<a href="mailto:a@example.org">x</a>', '<a href="mailto:a@example.org">x</a>'),
        ('<a href="//example.org/">x</a>', '<a href="//example.org/">x</a>'),
        ('<p>In text: href="/coast/"</p>', '<p>In text: href="/coast/"</p>'),
    ],
)
def test_links_in_a_feed_lead_where_they_lead_on_the_site(before, after):
    assert with_absolute_links(before, SITE, PAGE) == after
