"""Look at the pages of overrides as the first person, the second and the supervisor see them."""

from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from amparo.access.rules import Role
from tests.cases.overrides import REASONS, SIBLINGS, SIGNS, WITH_FATHER
from tests.desk.e2e.conftest import Eyes, open_page
from tests.desk.e2e.test_pages import VIEWS, sign_in
from tests.desk.test_override_pages import parted_child, proposed_override
from tests.factories import a_case

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_pages_of_overrides(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    page.goto(live_server.url + reverse("desk:overrides"))
    eyes.look(f"overrides-empty-{view}")
    siblings, parted = a_case(SIBLINGS, label="Beto"), a_case(WITH_FATHER, label="Ana")
    waiting, acted = proposed_override(siblings), parted_child(parted)

    for name, address in [
        ("override-new-two", reverse("desk:override-new", args=[siblings, "separate-siblings"])),
        ("override-new-first", reverse("desk:override-new", args=[parted, "separate-from-family"])),
        ("override-closed", reverse("desk:override-new", args=[siblings, "interview"])),
        ("override-waiting", reverse("desk:override", args=[siblings, waiting])),
        ("override-second", reverse("desk:override-step", args=[siblings, waiting, "seconded"])),
        ("override-done", reverse("desk:override", args=[parted, acted])),
        ("override-told", reverse("desk:override-step", args=[parted, acted, "guardian-told"])),
        ("overrides", reverse("desk:overrides")),
        ("override-day", reverse("desk:my-day")),
        ("override-case", reverse("desk:case", args=[parted])),
        ("override-acts", reverse("desk:acts", args=[siblings])),
    ]:
        page.goto(live_server.url + address)
        eyes.look(f"{name}-{view}")


@pytest.mark.parametrize(("size", "language"), VIEWS[:2])
def test_an_emergency_signed_without_script(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language, script=False)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    case_id = a_case(WITH_FATHER, label=f"Ana {uuid4().hex[:4]}")
    page.goto(live_server.url + reverse("desk:act", args=[case_id, "separate-from-family"]))
    _press(page, "main form button")
    _keep_if_asked(eyes, f"override-refused-{view}")

    page.goto(live_server.url + reverse("desk:override-new", args=[case_id, "separate-from-family"]))
    _press(page, "main form button")
    errors = page.locator(".govuk-error-message").count()
    _keep_if_asked(eyes, f"override-errors-{view}")
    page.locator("textarea[name=signs]").fill(SIGNS)
    page.locator("textarea[name=reasons]").fill(REASONS)
    _press(page, "main form button")
    _keep_if_asked(eyes, f"override-sure-{view}")
    _press(page, "button[name=sure]")

    assert errors == 2
    assert "/overrides/" in page.url
    assert SIGNS in page.inner_text("main")


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


def _keep_if_asked(eyes: Eyes, name: str) -> None:
    """Keep a picture; axe needs script, which is off here."""
    eyes._keep(name)
