"""axe-core on a page of the browser, and its violations as a text a person can act on."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES = ("light", "dark")
WIDTHS = (320, 1280)
NODES_SHOWN = 5


def violations(page: Page) -> list[dict[str, Any]]:
    """axe's own result objects (https://www.deque.com/axe/core-documentation/api-documentation/), every rule on."""
    return Axe().run(page, options={"preload": False}).response["violations"]


def describe(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    lines = [f"{violation['impact']}: {violation['id']}: {violation['help']} ({violation['helpUrl']})"]
    for node in nodes[:NODES_SHOWN]:
        lines.append(f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}")
        lines += [f"        {line.strip()}" for line in node.get("failureSummary", "").splitlines()[1:]]
    if len(nodes) > NODES_SHOWN:
        lines.append(f"    and {len(nodes) - NODES_SHOWN} more")
    return "\n".join(lines)


def check(page: Page, schemes: tuple[str, ...] = SCHEMES, widths: tuple[int, ...] = WIDTHS) -> None:
    """Fail with every violation found on the page in each colour scheme and at each width in CSS pixels."""
    page.wait_for_load_state()  # a click comes back as soon as the next page begins: half a page has no headings
    found: dict[str, list[str]] = {}
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            for violation in violations(page):
                found.setdefault(describe(violation), []).append(f"{scheme} {width} px")
    assert not found, f"{page.url} is not accessible:\n" + "\n".join(
        f"[{', '.join(where)}] {what}" for what, where in found.items()
    )
