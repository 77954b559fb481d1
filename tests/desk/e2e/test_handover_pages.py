"""Look at the hand-over pages and at who has read, as people of both sides see them."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from amparo.access.rules import Role
from tests.desk.e2e.conftest import Eyes, open_page
from tests.desk.e2e.test_pages import VIEWS, sign_in
from tests.desk.test_handover import proposed_to_us
from tests.exchange.ready import a_ready_case

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("known_peers"),
]


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_pages_of_a_hand_over(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    sign_in(page, live_server, Role.CASEWORKER, "mx-proteccion")
    page.goto(live_server.url + reverse("desk:transfers"))
    eyes.look(f"transfers-empty-{view}")
    case_id, proposed = a_ready_case(), proposed_to_us()

    for name, address in [
        ("hand-over", reverse("desk:hand-over", args=[case_id])),
        ("readers", reverse("desk:readers", args=[case_id])),
        ("transfers", reverse("desk:transfers")),
        ("transfer", reverse("desk:transfer", args=[proposed])),
        ("take-over", reverse("desk:transfer-move", args=[proposed, "accept"])),
        ("decline", reverse("desk:transfer-move", args=[proposed, "decline"])),
    ]:
        page.goto(live_server.url + address)
        eyes.look(f"{name}-{view}")
