"""Prove that what the migration side did reaches the story of the case once, and that the Guide judges it."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from amparo.access.actor import SYSTEM, acting_as
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases.models import Entry, EntryKind, Incident
from amparo.cases.queries import CaseFile, case_for
from amparo.custody.recording import record_custody_fact, record_return
from amparo.custody.rules import FactKind, MayLeave, NewFact, PlaceKind, Why
from amparo.custody.telling import tell_cases
from tests.custody.world import Abroad, Login, a_clearance, a_returnable_case, held, reference_of
from tests.factories import a_case, a_migration_officer, an_actor, let_go

pytestmark = pytest.mark.django_db(transaction=True)


def write(reference: str, *facts: NewFact) -> Sequence[UUID]:
    officer, rows = a_migration_officer(), [uuid7() for _ in facts]
    for row, said in zip(rows, facts, strict=True):
        with acting_as(officer):
            record_custody_fact(reference=reference, said=said, by=officer, fact_id=row)
    return rows


def opened(case_id: UUID) -> CaseFile:
    worker = an_actor()
    with acting_as(worker):
        return case_for(worker, case_id, purpose="casework")


def acts_of(case_id: UUID) -> list[str]:
    with acting_as(SYSTEM):
        rows = Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION)
        return list(rows.values_list("name", flat=True))


def test_being_locked_up_is_a_breach_and_an_incident_for_the_supervisor(migration_login: Login) -> None:
    case_id = a_case()
    reference = reference_of(case_id)
    with migration_login():
        write(reference, held())

    tell_cases(most=10)

    assert "detain" in {breach.action for breach in opened(case_id).evaluation.breaches}
    with acting_as(SYSTEM):
        assert Incident.objects.filter(case_id=case_id, kind="breach", name="detain").exists()


def test_it_is_told_once(migration_login: Login) -> None:
    case_id = a_case()
    reference = reference_of(case_id)
    with migration_login():
        write(reference, held())

    assert (tell_cases(most=10), tell_cases(most=10)) == (1, 0)
    assert acts_of(case_id) == ["detain"]


def test_an_open_place_that_she_may_leave_is_no_detention(migration_login: Login) -> None:
    case_id = a_case()
    reference = reference_of(case_id)
    with migration_login():
        write(reference, held(place_kind=PlaceKind.OFFICE, may_leave=MayLeave.YES))

    tell_cases(most=10)

    assert acts_of(case_id) == []


def test_what_was_about_another_child_is_not_told(migration_login: Login) -> None:
    case_id = a_case()
    reference = reference_of(case_id)
    with migration_login():
        (row,) = write(reference, held())
        write(reference, NewFact(FactKind.VOID, now(), corrects=row, why=Why.WRONG_CHILD))

    tell_cases(most=10)

    assert acts_of(case_id) == []


def test_a_correction_does_not_tell_the_same_detention_twice(migration_login: Login) -> None:
    case_id = a_case()
    reference = reference_of(case_id)
    with migration_login():
        (row,) = write(reference, held())
        write(reference, held(place="Otra", corrects=row, why=Why.WRONG_PLACE))

    tell_cases(most=10)

    assert acts_of(case_id) == ["detain"]


def test_a_cleared_return_is_told_and_is_no_breach(migration_login: Login, there: Abroad) -> None:
    case_id = a_returnable_case()
    reference, _, officer = reference_of(case_id), a_clearance(case_id, there), a_migration_officer()
    with migration_login(), acting_as(officer):
        record_return(reference=reference, place="Garita", at=now(), by=officer, return_id=uuid7())

    tell_cases(most=10)

    assert acts_of(case_id) == ["return-child"]
    assert opened(case_id).evaluation.breaches == ()


def test_a_case_that_was_handed_over_holds_up_no_other(migration_login: Login) -> None:
    gone, here = a_case(), a_case(label="Berta")
    references = [reference_of(gone), reference_of(here)]
    with acting_as(SYSTEM):
        let_go(gone, by=SYSTEM)
    with migration_login():
        for reference in references:
            write(reference, held())

    told = tell_cases(most=10)

    assert (told, tell_cases(most=10)) == (2, 0)
    assert acts_of(here) == ["detain"]
