"""Prove that child protection sees custody on the case, and clears a return page by page with two people."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.rules import Role
from amparo.base.ids import uuid7
from amparo.custody import models
from amparo.custody.queries import standing_clearance
from amparo.custody.recording import record_custody_fact
from tests.custody.world import Abroad, Login, a_proposal, a_returnable_case, held, reference_of
from tests.desk.people import a_browser
from tests.factories import a_case, a_migration_officer

pytestmark = pytest.mark.django_db(transaction=True)


def proposal(there: Abroad, case_id: UUID, **changes: str) -> dict[str, str]:
    """What a caseworker types."""
    today = timezone.localdate()
    return {
        "form_id": str(uuid4()),
        "determined_on": (today - timedelta(days=30)).isoformat(),
        "appeal_over_on": (today - timedelta(days=7)).isoformat(),
        "valid_until": (today + timedelta(days=9)).isoformat(),
        "acceptance": there.accepts(reference_of(case_id)),
    } | changes


def clearance_of(case_id: UUID) -> UUID:
    with acting_as(SYSTEM):
        return models.Clearance.objects.get().pk


def press(browser: Client, case_id: UUID, clearance: UUID, kind: str, **said: str) -> int:
    address = reverse("desk:clearance-step", args=[case_id, clearance, kind])
    return browser.post(address, {"form_id": str(uuid4()), **said}).status_code


def test_a_child_in_a_closed_place_is_on_top_of_her_case(migration_login: Login) -> None:
    case_id = a_case()
    reference, officer = reference_of(case_id), a_migration_officer()
    with migration_login(), acting_as(officer):
        said = held(at=held().at - timedelta(hours=5))
        record_custody_fact(reference=reference, said=said, by=officer, fact_id=uuid7())
    browser = a_browser(language="en")

    case = browser.get(reverse("desk:case", args=[case_id])).content.decode()
    page = browser.get(reverse("desk:custody", args=[case_id])).content.decode()

    assert "held in a closed place" in case
    assert "Estación de prueba" in case
    assert "Told 5 hours late" in page
    assert "deprived of liberty" in page


def test_two_people_clear_a_return_page_by_page(there: Abroad) -> None:
    case_id = a_returnable_case()
    reference = reference_of(case_id)
    worker, supervisor = a_browser(language="en"), a_browser(Role.SUPERVISOR, language="en")
    address, said = reverse("desk:clearance-new", args=[case_id]), proposal(there, case_id)

    looked = worker.post(address, said).content.decode()
    before = standing_clearance(reference)
    proposed = worker.post(address, said | {"sure": "yes"})
    confirmed = press(supervisor, case_id, clearance_of(case_id), "confirmed")

    assert "Look at it once more" in looked
    assert (before, proposed.status_code, confirmed) == (None, 302, 302)
    assert standing_clearance(reference) is not None


def test_whoever_proposed_finds_no_button_and_is_refused(there: Abroad) -> None:
    case_id, both = a_returnable_case(), a_browser(Role.SUPERVISOR, language="en")
    both.post(reverse("desk:clearance-new", args=[case_id]), proposal(there, case_id) | {"sure": "yes"})

    page = both.get(reverse("desk:custody", args=[case_id])).content.decode()
    status = press(both, case_id, clearance_of(case_id), "confirmed")

    assert "/confirmed/" not in page
    assert "/withdrawn/" in page
    assert status == 403
    assert standing_clearance(reference_of(case_id)) is None


def test_a_clearance_is_withdrawn_on_a_page(there: Abroad) -> None:
    case_id = a_returnable_case()
    clearance = a_proposal(case_id, there)

    status = press(a_browser(), case_id, clearance, "withdrawn", because="danger")

    assert status == 302
    with acting_as(SYSTEM):
        assert models.ClearanceStep.objects.get().kind == "withdrawn"


def test_a_refusal_says_what_is_missing_and_who_can_provide_it(there: Abroad) -> None:
    case_id, worker = a_returnable_case(), a_browser(language="en")
    said = proposal(there, case_id, acceptance=there.accepts("MX-7Q2K-4F9P")) | {"sure": "yes"}

    answer = worker.post(reverse("desk:clearance-new", args=[case_id]), said)

    assert answer.status_code == 403
    assert "This return cannot be cleared now" in answer.content.decode()
    assert "this one names another reference" in answer.content.decode()


def test_where_the_guide_bars_the_return_no_form_is_shown() -> None:
    case_id, worker = a_case(), a_browser(language="en")

    answer = worker.get(reverse("desk:clearance-new", args=[case_id]))

    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["confirmed", "declined", "withdrawn"])
def test_a_clearance_of_nobody_is_not_found(kind: str) -> None:
    case_id, browser = a_case(), a_browser(Role.SUPERVISOR)

    assert press(browser, case_id, uuid4(), kind, because="danger") == 404
