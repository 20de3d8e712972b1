"""What readers' screens load of the pictures on a page: enough, and not much more than they show."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import Browser, Page

from articles import making
from articles.models import Magazine, Picture
from tests.factories import NOON, make_article, make_author, make_section

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PAGES = ["/", "/coast/", "/coast/piece-0/", "/authors/", "/authors/ann/"]
OTHERS = ["/coast/?page=2", "/tags/tides/", "/latest/", "/search/?q=piece"]
MOST, LEAST = 1.6, 0.65
"""Pixels loaded to pixels shown, across. Chromium takes the smaller of two where it is the nearer one."""
LARGEST = 1920
# Width and height in CSS pixels, pixels to one of those.
SCREENS = {
    (390, 844, 1): PAGES,
    (390, 844, 2): [*PAGES, *OTHERS],
    (820, 1180, 2): PAGES,
    (1280, 800, 1): PAGES,
    (1280, 800, 2): [*PAGES, *OTHERS],
    (1680, 1050, 1): PAGES,
}

LOOK = """async () => {
  const images = [...document.images];
  for (const image of images) image.loading = "eager";
  await Promise.all(images.map((image) => image.decode().catch(() => {})));
  return images.map((image) => [image.currentSrc, image.getBoundingClientRect().width * devicePixelRatio]);
}"""


@pytest.fixture
def plain_renditions(monkeypatch):
    """Renditions of the right size with nothing on them: what is looked at here is which of them are loaded."""

    def plain(picture, rendition):
        target = io.BytesIO()
        Image.new("1", (rendition.width, rendition.height)).save(target, "PNG")
        return target.getvalue()

    monkeypatch.setattr(making, "content_of", plain)


def large_picture(width: int = 3000, height: int = 2000) -> Picture:
    kept = ContentFile(b"", name="large.jpg")
    return Picture.objects.create(alt="A field", credit="Ann", file=kept, width=width, height=height, sha256=str(width))


@pytest.fixture
def pictured_magazine(plain_renditions):
    """A magazine in which every place has a picture."""
    ann = make_author(name="Ann", slug="ann")
    ann.portrait = large_picture()
    ann.save()
    Magazine.objects.current()
    Magazine.objects.filter(pk=1).update(logo=large_picture(1600, 400))
    sections = [make_section(name=name) for name in ("Coast", "Work")]
    for n in range(28):
        shape = {"width": 1600, "height": 2400} if n % 5 == 4 else {}
        make_article(
            headline=f"A piece about ships {n}",
            slug=f"piece-{n}",
            section=sections[n % 2],
            authors=(ann,),
            tags=("tides",),
            lead_picture=large_picture(**shape),
            published_at=NOON - timedelta(minutes=n),
        )


def faults(page: Page, address: str) -> list[str]:
    page.goto(address)
    found, loaded = [], page.evaluate(LOOK)
    assert loaded
    for source, shown in loaded:
        name = re.search(r"/([a-z0-9]+-(\d+)\.\w+)$", source)
        assert name, source
        assert name[1].endswith(".avif")
        ratio = int(name[2]) / shown
        if ratio > MOST or (ratio < LEAST and int(name[2]) < LARGEST):
            found.append(f"{address}: {name[1]} is shown {shown:.0f} px wide ({ratio:.2f})")
    return found


def test_no_page_loads_much_more_of_a_picture_than_it_shows(browser: Browser, live_server, pictured_magazine):
    found = []
    for (width, height, density), addresses in SCREENS.items():
        for address in addresses:
            # A browser of its own for each page: Chromium takes a larger one that it has already.
            viewport = {"width": width, "height": height}
            with browser.new_context(device_scale_factor=density, viewport=viewport) as context:
                found += faults(context.new_page(), live_server.url + address)
    assert not found, "\n".join(sorted(set(found)))
