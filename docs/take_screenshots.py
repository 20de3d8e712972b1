"""Take the README's pictures from a running demo.

    python -m docs.take_screenshots http://127.0.0.1:8000 --user demo --password demo-magazine

Writes front-page.png and article-form.png, and front-page-dark.png and article-phone.png, beside this file.
Needs Chromium, as the tests do.
"""

import argparse
import os
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import needs

FOLDER = Path(__file__).resolve().parent
DESKTOP = (1280, 900)
PHONE = (390, 844)


def new_page(browser: Browser, size: tuple[int, int], scheme: str = "light") -> Page:
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
        reduced_motion="reduce",
    ).new_page()


def shoot(page: Page, name: str) -> Path:
    """What is in the window, once fonts and the pictures in sight are there."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    return path


def front_page(browser: Browser, address: str, name: str, scheme: str) -> Path:
    page = new_page(browser, DESKTOP, scheme)
    page.goto(f"{address}/")
    return shoot(page, name)


def article_on_a_phone(browser: Browser, address: str) -> Path:
    page = new_page(browser, PHONE)
    page.goto(f"{address}/")
    page.locator("main h2 a").first.click()
    return shoot(page, "article-phone")


def article_form(browser: Browser, address: str, user: str, password: str) -> Path:
    """The form of the article that leads the front page."""
    page = new_page(browser, DESKTOP)
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
            front_page(browser, options.address, "front-page", "light"),
            front_page(browser, options.address, "front-page-dark", "dark"),
            article_on_a_phone(browser, options.address),
            article_form(browser, options.address, options.user, options.password),
        ]
        browser.close()
    for path in pictures:
        print(f"{path.name}  {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
