"""Relate people to a child's case and keep it back from others, through the doors; all invented."""

from uuid import UUID, uuid4

from amparo.access.actor import acting_as
from amparo.access.models import Agency
from amparo.access.roles import Relation, Role
from amparo.access.rules import Actor
from amparo.base.ids import uuid7
from amparo.cases import tying
from amparo.cases.tie_rules import Because, Kind
from tests.factories import an_actor

WHY = "Ella misma lo pidió así."


def a_guardian() -> Actor:
    """Return a guardian with an account in an office of guardians."""
    return _account(Role.GUARDIAN, "mx-tutoria")


def a_lawyer() -> Actor:
    """Return a legal representative with an account."""
    return _account(Role.LEGAL_REPRESENTATIVE, "mx-tutoria")


def a_worker_elsewhere(role: Role = Role.CASEWORKER) -> Actor:
    """Return somebody of a protection agency that has nothing to do with the cases of these tests."""
    fields = {"name": {"es": "Otra"}, "sector": "protection", "kind": "protection", "telephone": "0"}
    Agency.objects.get_or_create(code="mx-otra", defaults=fields)
    return _account(role, "mx-otra")


def tied(case_id: UUID, person: Actor, relation: Relation) -> UUID:
    """Give somebody a relation as a supervisor of the case does; return the id of the tie."""
    supervisor, tie = an_actor(Role.SUPERVISOR), uuid7()
    with acting_as(supervisor):
        tying.assign(case_id=case_id, person=person.id, relation=relation, why=WHY, by=supervisor, tie_id=tie)
    return tie


def withheld(case_id: UUID, kind: Kind, whom: str, *, by: Actor | None = None) -> UUID:
    """Keep a case back from somebody by the child's wish; return the id of the mark."""
    worker, mark = by or an_actor(), uuid7()
    with acting_as(worker):
        tying.withhold(
            case_id=case_id,
            kind=kind,
            whom=whom,
            because=Because.CHILD_WISH,
            why=WHY,
            by=worker,
            mark_id=mark,
        )
    return mark


def _account(role: Role, code: str) -> Actor:
    from tests.desk.people import a_person

    return a_person(role, code, name=f"Prueba {uuid4().hex[:4]}").as_actor()
