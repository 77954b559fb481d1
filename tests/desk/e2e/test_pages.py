"""Show that each page is whole and open to everybody, at a phone's width and a desk's, in several languages."""

import gzip
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Request
from pytest_django.live_server_helper import LiveServer

from amparo.access.actor import acting_as
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, queries
from amparo.cases.models import Entry, EntryKind
from tests.desk.e2e.conftest import DESK, PHONE, Eyes, keep_paper, open_page
from tests.desk.people import PASSWORD, a_person
from tests.desk.stories import a_full_case
from tests.factories import a_case, an_actor

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
VIEWS = [(PHONE, "es"), (DESK, "es"), (PHONE, "ht"), (DESK, "en")]


def sign_in(page: Page, server: LiveServer, role: Role, code: str) -> None:
    person = a_person(role, code)
    page.goto(server.url + reverse("account_login"))
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    _press(page, "main button")
    page.wait_for_url(lambda address: "login" not in address)


def _press(page: Page, button: str) -> None:
    """Press the first such button and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(button).first.click()


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_pages_withoutsign_in(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"

    for name, address in [
        ("login", reverse("account_login")),
        ("guide", reverse("desk:guide")),
        ("obligation", reverse("desk:obligation", args=["no-detention"])),
        ("not-found", "/nothing/"),
    ]:
        page.goto(live_server.url + address)
        eyes.look(f"{name}-{view}")


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_pages_of_child_protection(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    eyes.look(f"day-empty-{view}")
    harmed = a_full_case()
    case_id = a_case(label="Beto")

    for name, address in [
        ("day", reverse("desk:my-day")),
        ("find", reverse("desk:find")),
        ("day-overdue", reverse("desk:my-day") + "?only=harm"),
        ("case", reverse("desk:case", args=[case_id])),
        ("case-harm", reverse("desk:case", args=[harmed])),
        ("done", reverse("desk:attest", args=[case_id, "appoint-guardian"])),
        ("withdraw", reverse("desk:withdraw", args=[case_id, "needs-checked"])),
        ("facts", reverse("desk:facts", args=[case_id])),
        ("fact", reverse("desk:fact", args=[case_id, "needs_now"])),
        ("fact-age", reverse("desk:fact", args=[case_id, "age_in_months"])),
        ("acts", reverse("desk:acts", args=[case_id])),
        ("found", reverse("desk:found", args=[case_id])),
        ("words", reverse("desk:words", args=[case_id])),
        ("conflicts-empty", reverse("desk:conflicts")),
        ("day-none-overdue", reverse("desk:my-day") + "?only=overdue"),
        ("act", reverse("desk:act", args=[case_id, "return-child"])),
    ]:
        page.goto(live_server.url + address)
        eyes.look(f"{name}-{view}")
    _press(page, "main form button")
    eyes.look(f"refused-{view}")
    for action in ("detain", "interview"):
        page.goto(live_server.url + reverse("desk:act", args=[case_id, action]))
        _press(page, "main form button")
        eyes.look(f"refused-{action}-{view}")
    page.goto(live_server.url + reverse("desk:words", args=[case_id]))
    _press(page, "main form button")
    eyes.look(f"words-error-{view}")


@pytest.mark.parametrize("script", [True, False])
def test_asking_what_is_missing_says_it_and_does_nothing(
    browser: Browser, live_server: LiveServer, script: bool
) -> None:
    page, case_id = open_page(browser, size=PHONE, language="en", script=script), a_case()
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    page.goto(live_server.url + reverse("desk:act", args=[case_id, "return-child"]))

    with page.expect_navigation():
        page.get_by_role("button", name="Ask what is missing").press("Enter")
    lines = page.locator("dl.four-lines > div")

    assert lines.locator("> dt").all_inner_texts() == [
        "What is refused", "What is missing", "Who can provide it", "What you can do now",
    ]  # fmt: skip
    assert lines.nth(1).locator("li").count() > 0
    assert page.get_by_text("Nothing was done.").is_visible()
    with acting_as(an_actor()):
        assert not Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).exists()


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_pages_of_an_account(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    sign_in(page, live_server, Role.ADMINISTRATOR, "mx-proteccion")
    eyes.look(f"home-{view}")

    for name, address in [
        ("account", reverse("mfa_index")),
        ("reauthenticate", reverse("account_reauthenticate")),
        ("password", reverse("account_change_password")),
        ("sessions", reverse("usersessions_list")),
        ("logout", reverse("account_logout")),
    ]:
        page.goto(live_server.url + address)
        eyes.look(f"{name}-{view}")
    page.goto(live_server.url + reverse("mfa_activate_totp"))
    page.locator("input[name=password]").fill(PASSWORD)
    _press(page, "main button")
    eyes.look(f"totp-{view}")


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_the_page_of_the_migration_authority(
    browser: Browser,
    live_server: LiveServer,
    size: tuple[int, int],
    language: str,
    migration_login: Callable[[], AbstractContextManager[None]],
) -> None:
    worker, case_id = an_actor(), a_case()
    with acting_as(worker):
        reference = queries.case_for(worker, case_id, purpose="casework").reference
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    with migration_login():
        sign_in(page, live_server, Role.MIGRATION_OFFICER, "mx-migracion")
        eyes.look(f"gate-empty-{view}")

        page.locator("#reference").fill("MX-1")
        _press(page, "main form button")
        eyes.look(f"gate-error-{view}")
        page.locator("#reference").fill(reference.lower())
        _press(page, "main form button")
        eyes.look(f"gate-{view}")

    assert page.locator("dl.gate dt").count() == 5
    assert "Ana" not in page.content()


def test_a_case_is_worked_without_script(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, size=PHONE, language="es", script=False)
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    case_id = a_case()

    page.goto(live_server.url + reverse("desk:case", args=[case_id]))
    _press(page, "a.govuk-button")
    page.locator("main input[type=checkbox]").first.check()
    _press(page, "main form button")

    assert page.url.endswith(reverse("desk:case", args=[case_id]))
    assert page.locator(".said--success").count() == 1


def test_a_case_prints_on_two_pages(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, size=DESK, language="es")
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    page.goto(live_server.url + reverse("desk:case", args=[a_full_case()]))

    paper = page.pdf(format="A4", prefer_css_page_size=True)

    keep_paper("case-es.pdf", paper)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2


def test_the_first_page_weighs_little(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, size=PHONE, language="es")
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(gzip.compress(answer.body()))))

    page.goto(live_server.url + reverse("account_login"), wait_until="networkidle")

    assert len(weights) >= 4
    assert sum(weights) <= 150_000


def test_no_page_asks_anything_of_another_address(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, size=DESK, language="es")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    page.goto(live_server.url + reverse("desk:case", args=[a_case()]))

    assert asked
    assert all(address.startswith((live_server.url, "data:")) for address in asked)


def test_the_content_policy_stops_nothing_of_our_own(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, size=DESK, language="es")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")

    page.goto(live_server.url + reverse("desk:case", args=[a_case()]))

    assert said == []
    assert "js-enabled" in (page.locator("body").get_attribute("class") or "")


def test_a_breach_is_on_top_of_the_case(browser: Browser, live_server: LiveServer) -> None:
    worker, case_id = an_actor(), a_case()
    with acting_as(worker):
        actions.report_found(
            case_id=case_id,
            action="detain",
            by=worker,
            at=now(),
            found_by_role="migration-authority",
            entry_id=uuid7(),
        )
    page = open_page(browser, size=DESK, language="es")
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")

    page.goto(live_server.url + reverse("desk:case", args=[case_id]))

    assert page.locator("main h2").first.get_attribute("id") == "harm"
