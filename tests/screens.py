"""Take the pictures of docs/screens from a running demonstration: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from amparo.node.demo.town import CHILDREN, Town, bring_up, remove
from amparo.node.demo_commands import receive_ana
from tests.browser import chromium

PORTS = {"region": 8530, "mx": 8531, "hn": 8532}
PICTURES = Path(__file__).parent.parent / "docs" / "screens"
SIZES = {"desk": (1280, 1000), "phone": (360, 740)}
LANGUAGES = ("es", "fr")


def main() -> int:
    """Bring the demonstration up on other ports, look at it, take it down."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="amparo-screens-") as folder:
        town = bring_up(Path(folder), ports=PORTS, children=CHILDREN)
        try:
            receive_ana(town)
            _look(town)
        finally:
            town.stop()
            remove(Path(folder))
    return 0


def _look(town: Town) -> None:
    with chromium() as browser:
        for language in LANGUAGES:
            for name, (width, height) in SIZES.items():
                view = ViewportSize(width=width, height=height)
                page = browser.new_context(viewport=view, locale=language).new_page()
                _walk(page, town, f"{language}-{name}")


def _walk(page: Page, town: Town, view: str) -> None:
    """See what a caseworker sees: her day, Ana, a refusal."""
    page.goto(town.url("mx"))
    page.locator("input[name=login]").fill("lucia@mx.example")
    page.locator("input[name=password]").fill(town.password)
    _press(page, "main button")
    _keep(page, f"day-{view}")
    _press(page, "main a:text-is('Ana')")
    _keep(page, f"case-{view}")
    page.goto(f"{page.url}acts/interview/")
    _press(page, "main form button")
    _keep(page, f"refused-{view}")


def _press(page: Page, what: str) -> None:
    with page.expect_navigation():
        page.locator(what).first.click()


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=str(PICTURES / f"{name}.png"))


if __name__ == "__main__":
    sys.exit(main())
