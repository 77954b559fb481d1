"""Show that the pages of the regional work are whole and open to everybody, on a phone and on a desk."""

from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from amparo.access.actor import acting_as
from amparo.access.models import Agency, Person
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.monitor import actions
from amparo.monitor.rules import Kind, Stance, Status
from tests.desk.e2e.conftest import DESK, PHONE, Eyes, keep_paper, open_page
from tests.desk.people import PASSWORD
from tests.monitor.people import DUTY, a_delegate, a_delegation, a_secretary, the_secretariat

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
VIEWS = [(PHONE, "es"), (DESK, "en")]
WEAK = "overlay: {country: MX, version: 0.1.0, status: draft}\nobligations:\n  - id: no-detention\n    severity: soft\n"


def _sign_in(page: Page, server: LiveServer, role: Role, agency: Agency) -> None:
    email = f"{uuid4().hex[:8]}@example.org"
    Person.objects.create_user(email, PASSWORD, agency=agency, role=role, name="Carmen Prueba")
    page.goto(server.url + reverse("account_login"))
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    _press(page, "main button")


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


def _say(country: str, duty: str, stance: Stance, reason: str = "") -> None:
    delegate = a_delegate(country)
    with acting_as(delegate):
        actions.answer_obligation(
            country=country, obligation=duty, answer=actions.NewAnswer(stance, None, reason, "Ley inventada, art. 7"),
            answer_id=uuid4(), by=delegate, at=now(), on=now().date(),
        )  # fmt: skip


def _a_region_at_work() -> str:
    """Let three States answer, one propose and two speak; return the address of the proposal."""
    for country in ("GT", "HN", "MX"):
        _say(country, DUTY, Stance.ADOPTED)
    _say(
        "MX",
        "appoint-guardian",
        Stance.WITH_RESERVATION,
        "Falta personal en tres regiones. Respuesta inventada.",
    )
    _say("HN", "data-firewall", Stance.UNDER_STUDY)
    _say("GT", "sibling-unity", Stance.NOT_ADOPTED)
    proposal, mexican, secretary = uuid4(), a_delegate(), a_secretary()
    written = actions.NewProposal(Kind.OVERLAY, "Dos días para la tutela", "Un plazo corto.", (DUTY,), WEAK)
    with acting_as(mexican):
        actions.propose(proposal=written, proposal_id=proposal, by=mexican, at=now())
        actions.comment(text="¿Y de noche?", comment_id=uuid4(), by=mexican, at=now(), obligation=DUTY)
    with acting_as(secretary):
        actions.comment(
            text="Falta la fuente.", comment_id=uuid4(), by=secretary, at=now(), proposal_id=proposal
        )
        actions.move_proposal(
            proposal_id=proposal, to=Status.DISCUSSED, reason="Se discute.", seen=0, by=secretary, at=now()
        )
    return reverse("desk:proposal", args=[proposal])


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_pages_of_a_delegate(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    _sign_in(page, live_server, Role.COUNTRY_DELEGATE, a_delegation("MX"))
    eyes.look(f"state-empty-{view}")
    page.goto(live_server.url + reverse("desk:proposals"))
    eyes.look(f"proposals-empty-{view}")
    proposal = _a_region_at_work()

    for name, address in [
        ("adoption", reverse("desk:adoption")),
        ("state", reverse("desk:adoption-state", args=["MX"])),
        ("answer", reverse("desk:adoption-answer", args=["MX", "appoint-guardian"])),
        ("duty", reverse("desk:adoption-duty", args=[DUTY])),
        ("proposals", reverse("desk:proposals")),
        ("proposal", proposal),
        ("proposal-new", reverse("desk:proposal-new")),
        ("try", reverse("desk:try-file")),
    ]:
        page.goto(live_server.url + address)
        eyes.look(f"{name}-{view}")


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_an_answer_is_given_without_script(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language, script=False)
    _sign_in(page, live_server, Role.COUNTRY_DELEGATE, a_delegation("MX"))

    _press(page, "main a.govuk-button")
    page.locator("main input[type=radio]").first.check()
    _press(page, "main form button")
    page.goto(live_server.url + reverse("desk:adoption-state", args=["MX"]))

    assert page.locator("progress").get_attribute("value") == "1"


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_a_reservation_without_reason_and_a_refused_file(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], language: str
) -> None:
    page = open_page(browser, size=size, language=language)
    eyes, view = Eyes(page), f"{language}-{size[0]}"
    _sign_in(page, live_server, Role.COUNTRY_DELEGATE, a_delegation("MX"))

    page.goto(live_server.url + reverse("desk:adoption-answer", args=["MX", DUTY]))
    page.locator("main input[type=radio]").nth(1).check()
    _press(page, "main form button")
    eyes.look(f"answer-error-{view}")
    page.goto(live_server.url + reverse("desk:try-file"))
    page.locator("#text").fill(WEAK)
    _press(page, "main form button")
    eyes.look(f"try-refused-{view}")

    assert page.locator(".problems > li").count() == 1


def test_the_secretariat_asks_once_more_before_it_decides(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, size=PHONE, language="es")
    eyes = Eyes(page)
    _sign_in(page, live_server, Role.SECRETARIAT, the_secretariat())
    page.goto(live_server.url + _a_region_at_work())

    _press(page, "main .actions a.govuk-button")
    eyes.look("proposal-move-es-360")
    _press(page, "main form button")
    eyes.look("proposal-moved-es-360")

    assert page.locator(".said--success").count() == 1


def test_the_overview_prints_with_every_state_beside_every_duty(
    browser: Browser, live_server: LiveServer
) -> None:
    _a_region_at_work()
    page = open_page(browser, size=DESK, language="es")
    page.goto(live_server.url + reverse("desk:adoption"))

    paper = page.pdf(format="A4", prefer_css_page_size=True)

    keep_paper("adoption-es.pdf", paper)
    assert page.locator("td.matrix__wide").count() > 100
    assert paper.startswith(b"%PDF")
