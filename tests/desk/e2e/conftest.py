"""Look at pages at two widths. AMPARO_SCREENSHOTS names a folder for pictures."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PHONE, DESK = (360, 740), (1280, 900)


class Eyes:
    """A page, seen at a width and in a language; looks for what shuts people out."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def look(self, name: str) -> None:
        """Fail on anything axe finds, on a page wider than its window, and on anything from elsewhere."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name}: {wider} pixels wider than the window"
        assert self.page.locator("h1").count() == 1, f"{name}: must have one h1"
        self._keep(name)

    def _keep(self, name: str) -> None:
        folder = os.environ.get("AMPARO_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def keep_paper(name: str, paper: bytes) -> None:
    """Keep what would be printed beside the pictures, where a folder is named."""
    folder = os.environ.get("AMPARO_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_bytes(paper)


def open_page(browser: Browser, *, size: tuple[int, int], language: str, script: bool = True) -> Page:
    """Open a window of a size, whose reader prefers a language."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=language, java_script_enabled=script
    )
    return context.new_page()
