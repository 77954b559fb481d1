"""Show that two people erase a record by their pages, that each page says what is lost, and who is kept out."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry, Change, Person
from amparo.access.rules import Role
from amparo.cases.erasing import hold_case
from amparo.cases.models import Case, LegalHold
from amparo.cases.sample_rules import About
from amparo.cases.sampling import draw
from tests.access.people import a_supervisor, acting
from tests.desk.people import PASSWORD, a_browser, a_person
from tests.factories import a_case

pytestmark = pytest.mark.django_db
GROUND = {"ground": "time-is-over|retention-period"}


@pytest.fixture(autouse=True)
def ledger() -> Iterator[None]:
    """Leave no ledger behind for the tests that follow."""
    yield
    settings.HOME.erased.unlink(missing_ok=True)


def _browser(person: Person) -> Client:
    """Return the browser of somebody who has just shown once more that it is she."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def _propose(client: Client, case_id: UUID) -> str:
    return client.post(
        reverse("desk:erase", args=[case_id]), GROUND | {"sure": "yes"}, follow=True
    ).content.decode()


def _erase(client: Client, **form: str) -> str:
    address = reverse("desk:erasure-settle", args=[Change.objects.get().pk])
    return client.post(address, form, follow=True).content.decode()


def _is_here(case_id: UUID) -> bool:
    with acting_as(SYSTEM):
        return Case.objects.filter(pk=case_id).exists()


def _holds() -> list[UUID]:
    with acting_as(SYSTEM):
        return [row.pk for row in LegalHold.objects.all()]


def test_two_people_erase_a_record_and_see_what_happened() -> None:
    case_id = a_case()
    first, second = _browser(a_supervisor()), _browser(a_supervisor("Inés Prueba"))

    once_more = first.post(reverse("desk:erase", args=[case_id]), GROUND).content.decode()
    nothing_yet = Change.objects.exists()
    proposed = _propose(first, case_id)
    before = second.get(reverse("desk:erasure", args=[Change.objects.get().pk])).content.decode()
    after = _erase(second, understood="on")

    assert "What is lost, for good" in once_more
    assert not nothing_yet
    assert "Nothing is erased before another person confirms it" in proposed
    assert "Erase it for good" in before
    assert "This record was erased" in after
    assert "Erased by Inés Prueba" in after
    assert not _is_here(case_id)
    reasons = AuditEntry.objects.get(event="case.erased").reasons
    assert reasons == ["time-is-over", "retention-period"]
    assert (
        "This record was erased"
        in first.get(reverse("desk:erasure", args=[Change.objects.get().pk])).content.decode()
    )


def test_without_the_tick_nothing_is_erased() -> None:
    case_id = a_case()
    _propose(_browser(a_supervisor()), case_id)

    said = _erase(_browser(a_supervisor("Inés Prueba")))

    assert "Tick this if you want to erase it for good" in said
    assert _is_here(case_id)


def test_the_proposer_cannot_erase_it_herself_by_either_page() -> None:
    case_id, first = a_case(), _browser(a_supervisor())
    _propose(first, case_id)

    own = first.get(reverse("desk:erasure", args=[Change.objects.get().pk])).content.decode()
    said = _erase(first, understood="on")
    first.post(reverse("desk:change-settle", args=[Change.objects.get().pk, "confirm"]))

    assert "Erase it for good" not in own
    assert "This needs another person" in said
    assert _is_here(case_id)


def test_the_page_of_changes_leads_to_the_page_that_warns_and_erases_nothing() -> None:
    case_id = a_case()
    _propose(_browser(a_supervisor()), case_id)
    second = _browser(a_supervisor("Inés Prueba"))

    answer = second.post(reverse("desk:change-settle", args=[Change.objects.get().pk, "confirm"]))

    assert answer.headers["Location"] == reverse("desk:erasure", args=[Change.objects.get().pk])
    assert _is_here(case_id)


def test_a_hold_stops_it_on_both_pages_until_it_is_ended() -> None:
    case_id, supervisor = a_case(), a_supervisor()
    first, second = _browser(supervisor), _browser(a_supervisor("Inés Prueba"))
    _propose(first, case_id)
    first.post(reverse("desk:hold", args=[case_id]), {"because": "proceedings"})

    waiting = second.get(reverse("desk:erasure", args=[Change.objects.get().pk])).content.decode()
    refused = _erase(second, understood="on")
    first.post(reverse("desk:hold-end", args=[case_id, _holds()[0]]))
    _erase(second, understood="on")

    assert "A legal hold forbids to erase it" in waiting
    assert "Erase it for good" not in waiting
    assert "This record is not erased now" in refused
    assert not _is_here(case_id)


def test_what_is_held_or_proposed_already_is_not_proposed() -> None:
    held, twice, supervisor = a_case(), a_case(label="Berta"), a_supervisor()
    client = _browser(supervisor)
    with acting(supervisor) as actor:
        hold_case(case_id=held, because="complaint", by=actor)
    _propose(client, twice)

    said = [_propose(client, held), _propose(client, twice)]

    assert "A legal hold forbids to erase it" in said[0]
    assert "waits for a second person" in said[1]
    assert Change.objects.count() == 1


@pytest.mark.parametrize("ground", ["", "time-is-over|court-order", "because Ana asked", "time-is-over"])
def test_another_reason_or_a_ground_that_does_not_fit_is_asked_again(ground: str) -> None:
    client = _browser(a_supervisor())

    said = client.post(
        reverse("desk:erase", args=[a_case()]), {"ground": ground, "sure": "yes"}
    ).content.decode()

    assert "Please look at this" in said
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.CASEWORKER, "mx-proteccion"), (Role.ADMINISTRATOR, "mx-proteccion"),
        (Role.DATA_PROTECTION_OFFICER, "mx-proteccion"), (Role.GUARDIAN, "mx-proteccion"),
    ],
)  # fmt: skip
def test_other_roles_neither_propose_nor_hold(role: Role, code: str) -> None:
    case_id, client = a_case(), a_browser(role, code)

    statuses = [
        client.post(reverse("desk:erase", args=[case_id]), GROUND | {"sure": "yes"}).status_code,
        client.post(reverse("desk:hold", args=[case_id]), {"because": "proceedings"}).status_code,
    ]

    assert statuses == [403, 403]
    assert not Change.objects.exists()
    assert _holds() == []


def test_a_supervisor_of_another_agency_finds_no_case_and_no_proposal() -> None:
    case_id = a_case()
    _propose(_browser(a_supervisor()), case_id)
    change, other = Change.objects.get().pk, _browser(a_person(Role.SUPERVISOR, "mx-tutoria"))

    statuses = [
        other.get(reverse("desk:erase", args=[case_id])).status_code,
        other.get(reverse("desk:hold", args=[case_id])).status_code,
        other.get(reverse("desk:erasure", args=[change])).status_code,
        other.post(reverse("desk:erasure-settle", args=[change]), {"understood": "on"}).status_code,
        other.get(reverse("desk:change", args=[change])).status_code,
    ]

    assert statuses == [404] * 5
    assert _is_here(case_id)


def test_the_data_protection_officer_sees_that_something_is_erased_and_nothing_of_whom() -> None:
    case_id = a_case()
    _propose(_browser(a_supervisor()), case_id)
    client = a_browser(Role.DATA_PROTECTION_OFFICER, language="en")

    page = client.get(reverse("desk:erasures")).content.decode()

    assert "The time to keep it is over" in page
    assert str(case_id) not in page
    assert client.get(reverse("desk:erase", args=[case_id])).status_code == 403


def test_oversight_is_the_second_only_in_a_case_that_she_can_read() -> None:
    case_id = a_case()
    _propose(_browser(a_supervisor()), case_id)
    olga = a_person(Role.OVERSIGHT, "mx-supervision", "Olga Prueba")

    _erase(_browser(olga), understood="on")
    blindly = not _is_here(case_id)
    with acting_as(olga.as_actor()):
        draw(size=1, about=About.HEARD, by=olga.as_actor())
    _erase(_browser(olga), understood="on")

    assert not blindly
    assert not _is_here(case_id)
