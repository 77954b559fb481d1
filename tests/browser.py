"""Debian's Chromium, talking to this machine only."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser without a window.

    Its loop runs in the thread that asks, so a process has one at a time: tests take the fixture `browser`.
    """
    # The tests still use the database from the thread in which that loop runs.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(QUIET))
        yield started
        started.close()
