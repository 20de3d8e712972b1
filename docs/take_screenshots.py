"""Take the README's pictures from a running demo.

    python -m docs.take_screenshots http://127.0.0.1:8000 --user demo --password demo-magazine

Writes front-page.png, front-page-dark.png and article-form.png beside this file. Needs Chromium, as the tests do.
"""

import argparse
import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import needs

FOLDER = Path(__file__).resolve().parent
WIDTH = 1280
HEIGHT = 1040


def new_page(browser: Browser, *, dark: bool = False) -> Page:
    return browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        reduced_motion="reduce",
    ).new_page()


def shoot(page: Page, name: str) -> Path:
    """What is in the window, once fonts and the pictures in sight are there."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    path = FOLDER / f"{name}.png"
    with Image.open(io.BytesIO(page.screenshot())) as image:
        image.convert("RGB").save(path, optimize=True)
    return path


def front_page(browser: Browser, address: str, name: str, *, dark: bool) -> Path:
    page = new_page(browser, dark=dark)
    page.goto(f"{address}/")
    return shoot(page, name)


def article_form(browser: Browser, address: str, user: str, password: str) -> Path:
    """The form of the article that leads the front page."""
    page = new_page(browser)
    page.goto(f"{address}/admin/login/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{address}/admin/")
    page.goto(f"{address}/")
    page.locator("main h2 a").first.click()
    page.get_by_role("link", name="Edit this article").click()
    page.locator(".ProseMirror").wait_for()
    return shoot(page, "article-form")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="where the demo runs, without a slash at the end")
    parser.add_argument("--user", default="demo")
    parser.add_argument("--password", required=True)
    options = parser.parse_args()
    program = needs.chromium()
    if program is None:
        raise SystemExit(f"Chromium is missing. Install it with: {needs.PROGRAMS['chromium'].install}")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        pictures = [
            front_page(browser, options.address, "front-page", dark=False),
            front_page(browser, options.address, "front-page-dark", dark=True),
            article_form(browser, options.address, options.user, options.password),
        ]
        browser.close()
    for path in pictures:
        print(f"{path.name}  {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
