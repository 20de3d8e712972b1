import pytest

from tests.factories import NOON, make_article, make_author, make_picture

pytestmark = pytest.mark.django_db


def test_a_picture_is_served_and_may_be_kept_for_ever(client):
    picture = make_picture(kind="PNG")
    response = client.get(picture.file.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    assert b"".join(response.streaming_content)[:4] == b"\x89PNG"


@pytest.mark.parametrize("name", ["nothing.png", "", "../settings.py", "..%2f..%2fmanage.py", "%00", "pictures/"])
def test_nothing_else_is_served_from_the_folder_or_above_it(client, name):
    make_picture()
    assert client.get(f"/media/{name}").status_code in {400, 404}


def test_robots_are_told_where_the_sitemap_is(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert text.rstrip().endswith("/sitemap.xml")


def test_the_sitemap_lists_what_readers_may_find_and_nothing_else(client):
    make_article(slug="public")
    make_article(slug="hidden", noindex=True)
    make_article(slug="draft", published=False)
    make_article(slug="later", published_at=NOON.replace(year=2999))
    text = client.get("/sitemap-articles.xml").content.decode()
    assert "/public/" in text
    for slug in ("hidden", "draft", "later"):
        assert f"/{slug}/" not in text


def test_sitemaps_name_this_site_whatever_host_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_article()
    for path in ("/sitemap.xml", "/sitemap-articles.xml", "/sitemap-sections.xml"):
        text = client.get(path, headers={"host": "elsewhere.example"}).content.decode()
        assert "elsewhere" not in text
        assert settings.SITE_URL in text
    assert client.get("/sitemap-secrets.xml").status_code == 404


def test_a_tag_or_an_author_of_drafts_alone_is_not_known_to_the_public(client):
    author = make_author(slug="ann")
    make_article(published=False, tags=("secret",), authors=(author,))
    for path in ("/tags/secret/", "/tags/secret/feed/", "/authors/ann/", "/authors/ann/feed/"):
        assert client.get(path).status_code == 404, path
