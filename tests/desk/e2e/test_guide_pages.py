"""Look at the public Guide as people see it: on a telephone, at a desk, on paper; in several languages."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.desk.e2e.conftest import DESK, PHONE, Eyes, keep_paper, open_page

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
VIEWS = [(PHONE, "es"), (DESK, "es"), (PHONE, "ht"), (DESK, "en"), (PHONE, "fr")]
PAGES = [
    ("list", reverse("desk:guide")),
    ("found", reverse("desk:guide") + "?q=ninez"),
    ("none", reverse("desk:guide") + "?q=xyzzy"),
    ("narrowed", reverse("desk:guide") + "?act=return-child&country=region"),
    ("duty", reverse("desk:obligation", args=["return-preconditions"])),
    ("duty-never", reverse("desk:obligation", args=["no-detention"])),
    ("duty-after", reverse("desk:obligation", args=["follow-up"])),
    ("duty-needs", reverse("desk:obligation", args=["meet-immediate-needs"])),
    ("sources", reverse("desk:guide-sources")),
    ("source", reverse("desk:guide-source", args=["crc"])),
    ("actions", reverse("desk:guide-actions")),
    ("action", reverse("desk:guide-action", args=["hand-over"])),
    ("action-never", reverse("desk:guide-action", args=["detain"])),
    ("countries", reverse("desk:guide-countries")),
    ("country", reverse("desk:guide-country", args=["MX"])),
    ("versions", reverse("desk:guide-versions")),
    ("version", reverse("desk:guide-version", args=["0.2.0-draft"])),
    ("choices", reverse("desk:guide-choices")),
    ("checklist", reverse("desk:guide-checklist")),
    ("missing", reverse("desk:obligation", args=["no-such-duty"])),
]


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_pages_of_the_guide(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes = Eyes(page)
    for name, address in PAGES:
        page.goto(live_server.url + address)
        eyes.look(f"guide-{name}-{language}-{size[0]}")


def test_a_part_of_a_long_page_is_reached_by_keyboard_and_the_list_is_not_printed(
    browser: Browser, live_server: LiveServer
) -> None:
    page = open_page(browser, size=PHONE, language="en", script=False)
    page.goto(live_server.url + reverse("desk:guide-action", args=["hand-over"]))
    jump = page.get_by_role("navigation", name="On this page")
    last = jump.get_by_role("link", include_hidden=True).last

    jump.locator("summary").focus()
    page.keyboard.press("Enter")
    last.focus()
    page.keyboard.press("Enter")
    anchor = page.url.partition("#")[2]
    seen = page.locator(f"#{anchor}").evaluate("one => one.getBoundingClientRect().top < innerHeight")
    page.emulate_media(media="print")

    assert anchor.startswith("duty-")
    assert seen
    assert not jump.is_visible()


@pytest.mark.parametrize("language", ["es", "en", "fr", "pt", "ht"])
@pytest.mark.parametrize("country", ["MX", "HN", "region"])
def test_the_checklist_is_one_sheet_of_paper(
    browser: Browser, live_server: LiveServer, language: str, country: str
) -> None:
    page = open_page(browser, size=DESK, language=language)
    page.goto(f"{live_server.url}{reverse('desk:guide-checklist')}?country={country}")

    paper = page.pdf(format="A4", prefer_css_page_size=True)

    keep_paper(f"checklist-{country}-{language}.pdf", paper)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_the_guide_is_searched_without_script(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, size=PHONE, language="es", script=False)
    page.goto(live_server.url + reverse("desk:guide"))

    page.locator("#q").fill("interprete")
    with page.expect_navigation():
        page.locator(".guide-search__row button").click()
    page.locator("main a", has_text="idioma").first.click()

    assert page.url.endswith(reverse("desk:obligation", args=["interpreter"]))
