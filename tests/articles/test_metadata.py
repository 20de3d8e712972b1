"""What pages say of themselves to machines."""

import json
import re

import pytest
from django.core.files.base import ContentFile

from articles.models import Magazine, Picture
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def large_picture(**fields) -> Picture:
    kept = ContentFile(b"", name="large.jpg")
    known = {"alt": "A field", "credit": "Ann", "sha256": "ab", "width": 3000, "height": 2000}
    return Picture.objects.create(file=kept, **known | fields)


def test_search_engines_are_given_three_shapes_and_social_networks_the_wide_one(client):
    article = make_article(lead_picture=large_picture())
    page = client.get(article.get_absolute_url()).content.decode()
    said = json.loads(re.search(r'ld\+json">(.+?)</script>', page)[1])
    assert [(image["width"], image["height"]) for image in said["image"]] == [(1200, 675), (1200, 900), (1200, 1200)]
    wide = said["image"][0]["url"]
    assert wide.startswith("http")
    assert wide.endswith("/16x9-1200.jpg")
    assert f'<meta property="og:image" content="{wide}">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:height" content="675">' in page


def test_a_small_picture_is_given_as_large_as_it_is(client):
    article = make_article(lead_picture=large_picture(width=900, height=600))
    page = client.get(article.get_absolute_url()).content.decode()
    assert '<meta property="og:image:width" content="900">' in page
    assert '<meta property="og:image:height" content="506">' in page


def test_the_logo_is_given_in_a_format_that_everything_knows(client):
    Magazine.objects.current()
    Magazine.objects.update(logo=large_picture(width=800, height=200, transparent=True))
    page = client.get("/").content.decode()
    assert re.search(r'og:image" content="http[^"]+/whole-800.png"', page)
