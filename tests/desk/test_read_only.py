"""Show that whoever opened a case in danger of life is offered nothing that she cannot do, and is given no form."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access.actor import acting_as
from amparo.access.models import Person
from amparo.access.roles import Role
from amparo.access.rules import Actor
from amparo.cases.breaking_glass import break_glass
from amparo.cases.glass_rules import Danger
from tests.desk.people import a_browser
from tests.factories import a_case
from tests.factories.ties import a_worker_elsewhere
from tests.trust.test_a6_break_glass import _reference

pytestmark = pytest.mark.django_db
WHY = "La vieron subir a un coche sin placas."
DOORS = {
    "facts": (), "fact": ("family_located",), "words": (), "acts": (), "act": ("place",), "found": (),
    "attest": ("meet-immediate-needs",), "withdraw": ("contact-recorded",), "override-new": ("place",),
    "hand-over": (), "clearance-new": (), "sealed": (), "ties": (), "marks": (), "readers": (),
}  # fmt: skip


def _in_danger(role: Role) -> tuple[UUID, Client]:
    case_id, by = a_case(), a_worker_elsewhere(role)
    with acting_as(by):
        break_glass(reference=_reference(case_id), danger=Danger.VIOLENCE, why=WHY, by=by)
    return case_id, _browser_of(by)


def _browser_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(pk=actor.id))
    return client


def _address(door: str, case_id: UUID) -> str:
    return reverse(f"desk:{door}", args=[case_id, *DOORS[door]])


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
def test_the_case_is_shown_without_a_link_to_any_form(role: Role) -> None:
    case_id, browser = _in_danger(role)

    answer = browser.get(reverse("desk:case", args=[case_id]))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "write nothing in it" in page
    assert "This case was handed over" not in page
    assert [door for door in DOORS if _address(door, case_id) in page] == []


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
@pytest.mark.parametrize("door", sorted(DOORS))
def test_no_form_is_given_and_none_is_taken(door: str, role: Role) -> None:
    case_id, browser = _in_danger(role)
    address = _address(door, case_id)

    asked = browser.get(address)
    sent = browser.post(address, {"form_id": str(uuid4()), "why": WHY})

    assert {asked.status_code, sent.status_code} <= {403, 404, 405}


def test_a_colleague_of_the_case_is_offered_them_as_always() -> None:
    case_id = a_case()

    page = a_browser(language="en").get(reverse("desk:case", args=[case_id])).content.decode()

    for door in ("facts", "words", "acts", "hand-over", "readers", "marks"):
        assert _address(door, case_id) in page
