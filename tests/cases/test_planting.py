"""Show that an invented child looks like any other, and that opening her tells oversight and nobody else."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access import models as access
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.budgets import invented_cases
from amparo.access.queries import canary_alarms
from amparo.access.roles import Role
from amparo.cases import models
from amparo.cases.planting import PlantingRefused, plant
from amparo.cases.queries import open_cases_of
from amparo.node.case_commands import _plant
from tests.desk.people import a_browser, a_person
from tests.factories import a_case, agency, an_actor

pytestmark = pytest.mark.django_db


def _planted(count: int = 1) -> list[UUID]:
    agency("mx-albergue")
    plant(agency="mx-albergue", count=count)
    with acting_as(SYSTEM):
        return sorted(invented_cases())


def test_she_stands_in_the_list_and_is_found_by_name_like_any_child() -> None:
    (invented,) = _planted()
    real, worker = a_case(), an_actor()

    with acting_as(worker):
        lines = {line.id: line for line in open_cases_of(worker).lines}
        rows = {
            one.pk: (one.names_edition, bool(one.sealed_names), one.reference[:2])
            for one in models.Case.objects.all()
        }
    label = lines[invented].label
    found = a_browser().post(reverse("desk:find"), {"asked": label, "because": "mine"}).content.decode()

    assert set(lines) == {invented, real}
    assert rows[invented] == rows[real]
    assert lines[invented].reference in found


def test_her_entries_come_from_a_telephone_of_the_agency_and_no_row_says_what_she_is() -> None:
    (invented,) = _planted()

    with acting_as(an_actor()):
        entries = models.Entry.objects.filter(case_id=invented).exclude(source="system")
        told = {(one.role, one.agency, one.source.split(":")[0]) for one in entries}
    openings = access.AuditEntry.objects.filter(event="case.opened", subject=f"case:{invented}")

    assert told == {("device", "mx-albergue", "submission")}
    assert [(one.role, one.agency) for one in openings] == [("device", "mx-albergue")]
    assert not access.AuditEntry.objects.filter(
        event="reading.alarms-set", subject__contains=str(invented)
    ).exists()


def test_opening_her_alarms_oversight_and_her_reader_sees_a_page_like_any_other() -> None:
    (invented,) = _planted()
    browser, overseer = a_browser(language="en"), a_person(Role.OVERSIGHT, "mx-supervision").as_actor()

    answer = browser.get(reverse("desk:case", args=[invented]))
    with acting_as(overseer):
        alarms = canary_alarms(overseer)
    own = browser.get(reverse("desk:readers", args=[invented])).content.decode()

    assert answer.status_code == 200
    assert {one.subject for one in alarms} == {f"case:{invented}"}
    for word in ("invented", "canary", "alarm"):
        assert word not in answer.content.decode().lower() + own.lower()


def test_oversight_reads_who_opened_her_by_name_role_and_agency_and_no_number_of_an_account() -> None:
    (invented,) = _planted()
    curious = a_person(Role.CASEWORKER, "mx-proteccion", name="Rosa Curiosa")
    browser, overseer = Client(), Client(headers={"accept-language": "en"})
    browser.force_login(curious)
    overseer.force_login(a_person(Role.OVERSIGHT, "mx-supervision"))

    browser.get(reverse("desk:case", args=[invented]))
    page = overseer.get(reverse("desk:watching")).content.decode()

    assert f"<strong>Rosa Curiosa, caseworker, {agency('mx-proteccion').name['en']}</strong>" in page
    assert str(curious.pk) not in page
    assert str(invented) not in page


def test_no_role_sees_which_children_are_invented() -> None:
    _planted(2)

    for role in (Role.CASEWORKER, Role.SUPERVISOR, Role.ADMINISTRATOR):
        with acting_as(an_actor(role)):
            assert access.Canary.objects.count() == 0
    overseer = Client(headers={"accept-language": "en"})
    overseer.force_login(a_person(Role.OVERSIGHT, "mx-supervision"))
    page = overseer.get(reverse("desk:watching")).content.decode()

    assert "Nobody read one." in page
    with acting_as(SYSTEM):
        assert not [one for one in invented_cases() if str(one) in page]


@pytest.mark.parametrize(
    ("code", "count"), [("mx-nadie", 1), ("mx-migracion", 1), ("mx-albergue", 0), ("mx-albergue", 21)]
)
def test_nothing_is_planted_where_it_makes_no_sense(code: str, count: int) -> None:
    agency("mx-albergue")

    with pytest.raises(PlantingRefused):
        plant(agency=code, count=count)

    with acting_as(SYSTEM):
        assert invented_cases() == frozenset()


def test_the_command_says_how_many_and_never_which(capsys: pytest.CaptureFixture[str]) -> None:
    agency("mx-albergue")

    ended = [_plant("mx-albergue", 3), _plant("mx-nadie", 1)]
    said = capsys.readouterr()
    with acting_as(SYSTEM):
        known = [str(one) for one in invented_cases()]
        labels = [one.reference for one in models.Case.objects.all()]

    assert ended == [0, 1]
    assert "This node has 3 invented children." in said.out
    assert not [one for one in known + labels if one in said.out + said.err]
