"""Show that a passkey opens an account in a real browser, alone and as second step; and look at the pages of people."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Browser, CDPSession, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.access.models import AuditEntry, Person
from amparo.access.rules import Role
from tests.desk.e2e.conftest import DESK, PHONE, Eyes, open_page
from tests.desk.people import PASSWORD, a_person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def _authenticator(page: Page) -> CDPSession:
    """Give the browser an authenticator that keeps passkeys and always finds its owner's finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


def _with_password(page: Page, server: LiveServer, person: Person) -> None:
    page.goto(server.url + reverse("account_login"))
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    _press(page, "main button")


def _out(page: Page) -> None:
    _press(page, ".frame-who form button")


@pytest.mark.parametrize(("size", "language"), [(PHONE, "es"), (DESK, "en")])
def test_a_passkey_is_added_first_and_then_opens_the_account(
    browser: Browser, live_server: LiveServer, settings: Settings, size: tuple[int, int], language: str
) -> None:
    settings.DEMONSTRATION = False
    # The test's own server speaks without TLS, on this machine only.
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    person, page = a_person(Role.CASEWORKER), open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    _authenticator(page)

    _with_password(page, live_server, person)
    eyes.look(f"second-step-first-{view}")
    assert page.url.endswith(reverse("mfa_index"))
    page.goto(live_server.url + reverse("desk:my-day"))
    assert page.url.endswith(reverse("mfa_index"))
    page.goto(live_server.url + reverse("mfa_add_webauthn"))
    page.locator("input[name=password]").fill(PASSWORD)
    _press(page, "main button")
    eyes.look(f"passkey-add-{view}")
    if page.locator("input[name=passwordless]").count():
        page.locator("input[name=passwordless]").check()
    _press(page, "form[data-passkey] button")

    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    page.goto(live_server.url + reverse("mfa_list_webauthn"))
    eyes.look(f"passkeys-{view}")
    page.goto(live_server.url + reverse("desk:my-day"))
    assert page.url.endswith(reverse("desk:my-day"))
    _out(page)

    page.goto(live_server.url + reverse("account_login"))
    eyes.look(f"login-passkey-{view}")
    _press(page, "form[data-passkey] button")
    assert page.url.endswith(reverse("desk:my-day"))
    _out(page)

    _with_password(page, live_server, person)
    eyes.look(f"second-step-passkey-{view}")
    assert page.url.endswith(reverse("mfa_authenticate"))
    _press(page, "form[data-passkey] button")
    assert page.url.endswith(reverse("desk:my-day"))
    assert AuditEntry.objects.filter(event="second-factor.used").count() == 2


@pytest.mark.parametrize(("size", "language"), [(PHONE, "es"), (DESK, "en")])
def test_pages_of_people(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    first, second = (
        a_person(Role.ADMINISTRATOR, name="Alba Prueba"),
        a_person(Role.SUPERVISOR, name="Sara Prueba"),
    )
    page, other = (open_page(browser, size=size, language=language) for _ in range(2))
    eyes, others, view = Eyes(page), Eyes(other), f"{language}-{size[0]}"
    _with_password(page, live_server, first)
    _with_password(other, live_server, second)

    page.goto(live_server.url + reverse("desk:people-invite"))
    eyes.look(f"people-invite-{view}")
    page.locator("input[name=name]").fill("Nueva Prueba")
    page.locator("input[name=email]").fill("nueva@example.org")
    _press(page, "main form button")
    eyes.look(f"changes-{view}")
    other.goto(live_server.url + reverse("desk:changes"))
    _press(other, "main ul.answers a")
    others.look(f"change-{view}")
    _press(other, "main form button")
    other.locator("input[name=password]").fill(PASSWORD)
    _press(other, "main button")
    others.look(f"change-code-{view}")
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", other.locator("main").inner_text())
    assert code
    page.goto(live_server.url + reverse("desk:people"))
    eyes.look(f"people-{view}")
    _press(page, "main form button")
    eyes.look(f"people-link-{view}")
    link = page.locator("main code").inner_text().partition("8501")[2]
    for name, address in [
        ("person", reverse("desk:person", args=[second.pk])),
        ("teams", reverse("desk:teams")),
        ("way-in", link),
    ]:
        page.goto(live_server.url + address)
        eyes.look(f"{name}-{view}")
