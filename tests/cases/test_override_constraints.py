"""Show which overrides the database refuses, also to code that walks around the actions."""

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from amparo.access.actor import acting_as
from amparo.access.rules import Actor, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions
from amparo.cases.models import Override, OverrideStep
from amparo.cases.override_rules import NEVER_LIFTED, Kind, Step
from amparo.guide import load
from tests.cases.overrides import (
    SIBLINGS,
    acts_of,
    propose,
    second,
)
from tests.factories import a_case, an_actor

pytestmark = pytest.mark.django_db


def _row(case_id: UUID, by: Actor, **changed: object) -> Override:
    fields = {
        "id": uuid7(),
        "case_id": case_id,
        "action": "separate-siblings",
        "kind": Kind.TWO_PERSON.value,
        "lifted": {"sibling-unity": ["siblings-linked"]},
        "sealed": b"x" * 80,
        "at": now(),
        "recorded_at": now(),
        "actor": by.id,
        "role": by.role.value,
        "agency": by.agency,
    }
    return Override.objects.create(**{**fields, **changed})


def _step(row: Override, by: Actor, **changed: object) -> OverrideStep:
    fields = {
        "id": uuid7(),
        "override": row,
        "override_kind": row.kind,
        "first_actor": row.actor,
        "first_role": row.role,
        "kind": Step.SECONDED.value,
        "sealed": b"x" * 80,
        "at": now(),
        "recorded_at": now(),
        "actor": by.id,
        "role": by.role.value,
        "agency": by.agency,
        "act_id": uuid7(),
    }
    return OverrideStep.objects.create(**{**fields, **changed})


@pytest.mark.parametrize("action", sorted(NEVER_LIFTED))
@pytest.mark.parametrize("kind", [Kind.TWO_PERSON, Kind.EMERGENCY])
def test_the_database_takes_no_override_of_what_is_never_lifted(action: str, kind: Kind) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    act = None if kind is Kind.TWO_PERSON else uuid7()

    with acting_as(worker), pytest.raises(IntegrityError), transaction.atomic():
        _row(case_id, worker, action=action, kind=kind.value, act_id=act)


def test_the_list_of_the_database_is_that_of_the_guide() -> None:
    assert frozenset(NEVER_LIFTED) == load().vocabulary.never_lifted


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "migration-officer"},
        {"role": "administrator"},
        {"role": "first-contact"},
        {"sealed": b""},
        {"lifted": {}},
        {"action": "separate-from-family"},
        {"kind": "joint-emergency"},
        {"kind": "emergency"},
        {"kind": "none"},
    ],
)
def test_the_database_takes_no_wrong_override(changed: dict[str, object]) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker), pytest.raises(IntegrityError), transaction.atomic():
        _row(case_id, worker, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "first"},
        {"role": "first-contact"},
        {"role": "migration-officer"},
        {"sealed": None},
        {"act_id": None},
        {"kind": "confirmed", "act_id": None},
        {"kind": "reviewed", "act_id": None},
        {"kind": "withdrawn", "act_id": None, "sealed": None},
    ],
)
def test_the_database_takes_no_wrong_second_signature(changed: dict[str, object]) -> None:
    case_id, worker, other = a_case(SIBLINGS), an_actor(), an_actor()

    with acting_as(worker):
        row = _row(case_id, worker)
        wrong = {key: worker.id if value == "first" else value for key, value in changed.items()}
        with pytest.raises(IntegrityError), transaction.atomic():
            _step(row, other, **wrong)


def test_the_database_sees_through_a_step_that_names_another_first_person() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker):
        row = _row(case_id, worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            _step_of_somebody_else(row, worker)


def _step_of_somebody_else(row: Override, by: Actor) -> None:
    """Pretend that another signed first, and ask the database at once what it asks when the transaction ends."""
    _step(row, by, first_actor=uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS override_step_of_first IMMEDIATE")


def test_the_database_lets_nobody_review_what_she_signed_second() -> None:
    case_id, chief = a_case(SIBLINGS), an_actor(Role.SUPERVISOR)
    override_id = propose(case_id, an_actor())
    second(case_id, override_id, chief)

    with acting_as(chief), pytest.raises(IntegrityError), transaction.atomic():
        _step(Override.objects.get(pk=override_id), chief, kind="reviewed", act_id=None)


@pytest.mark.parametrize("override", ["two-person", "emergency", "other"])
def test_no_act_under_an_override_is_written_without_its_signatures(override: str) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker), pytest.raises(ProgrammingError), transaction.atomic():
        actions.write_act(
            case_id=case_id,
            action="separate-siblings",
            by=worker,
            at=now(),
            entry_id=uuid7(),
            override=override,
        )

    assert acts_of(case_id) == []


def test_signatures_are_never_changed_or_removed() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())
    second(case_id, override_id, an_actor())

    with acting_as(an_actor()):
        for table in (Override, OverrideStep):
            with pytest.raises(ProgrammingError), transaction.atomic():
                table.objects.update(agency="other")
            with pytest.raises((ProgrammingError, ProtectedError)), transaction.atomic():
                table.objects.all().delete()
