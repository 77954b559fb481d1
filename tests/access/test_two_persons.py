"""Show that what needs two people is done by two, is done once, and leaves its trace."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry, Change, Person
from amparo.access.people_changes import propose_role
from amparo.access.people_rules import CHANGE_LASTS
from amparo.access.rules import NotAllowed, Role
from amparo.access.two_persons import (
    ChangeUnknown,
    Kind,
    ReasonMissing,
    TwoNeeded,
    confirm_change,
    decline_change,
    propose_change,
    register,
    withdraw_change,
)
from amparo.base import clock
from tests.access.people import a_supervisor, acting, an_administrator, confirm
from tests.desk.people import a_person

pytestmark = pytest.mark.django_db


def _a_role_change(first: Person, person: Person, role: Role = Role.SUPERVISOR) -> UUID:
    with acting(first) as actor:
        return propose_role(person=person.pk, role=role, by=actor)


def _role(person: Person) -> str:
    return Person.objects.values_list("role", flat=True).get(pk=person.pk)


def test_a_role_changes_when_a_second_person_confirms() -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person()
    change = _a_role_change(first, person)
    before = _role(person)

    confirm(change, second)

    assert (before, _role(person)) == ("caseworker", "supervisor")
    rows = AuditEntry.objects.filter(event__startswith="change.").order_by("at")
    assert [(row.event, row.actor, row.reasons) for row in rows] == [
        ("change.proposed", first.pk, ["person-role"]),
        ("change.confirmed", second.pk, ["person-role"]),
    ]


def test_a_change_that_was_declined_changes_nothing_and_says_why() -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person()
    change = _a_role_change(first, person)

    with acting(second) as actor:
        with pytest.raises(ReasonMissing), transaction.atomic():
            decline_change(change=change, by=actor, reason="  ")
        decline_change(change=change, by=actor, reason="No la conozco")

    row = Change.objects.get(pk=change)
    assert (row.state, row.reason, _role(person)) == ("declined", "No la conozco", "caseworker")


def test_a_change_that_was_withdrawn_is_not_confirmed() -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person()
    change = _a_role_change(first, person)

    with acting(first) as actor:
        withdraw_change(change=change, by=actor)

    with pytest.raises(TwoNeeded, match="settled"):
        confirm(change, second)


def test_only_the_proposer_withdraws() -> None:
    first, second = an_administrator(), an_administrator("Berta Prueba")
    change = _a_role_change(first, a_person())

    with acting(second) as actor, pytest.raises(TwoNeeded, match="another-proposer"):
        withdraw_change(change=change, by=actor)


def test_a_change_runs_out_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person()
    change = _a_role_change(first, person)
    later = clock.now() + CHANGE_LASTS
    monkeypatch.setattr("amparo.access.two_persons.now", lambda: later)

    with pytest.raises(TwoNeeded, match="over"):
        confirm(change, second)

    assert _role(person) == "caseworker"


def test_somebody_of_another_agency_confirms_only_where_nobody_else_could() -> None:
    first, person = an_administrator(), a_person()
    elsewhere = a_supervisor("Olga Prueba", "mx-albergue")
    near = a_supervisor()

    with pytest.raises(TwoNeeded, match="another-agency"):
        confirm(_a_role_change(first, person), elsewhere)
    near.is_active = False
    near.save()
    confirm(_a_role_change(first, person), elsewhere)

    assert _role(person) == "supervisor"


@pytest.mark.django_db(transaction=True)
def test_the_migration_side_does_not_even_see_a_change_of_child_protection(
    migration_login: Callable[[], AbstractContextManager[None]],
) -> None:
    change = _a_role_change(an_administrator(), a_person())

    with migration_login():
        officer = an_administrator("Olga Prueba", "mx-migracion")
        with pytest.raises(ChangeUnknown):
            confirm(change, officer)


def test_neither_the_system_nor_a_caseworker_confirms_or_proposes() -> None:
    first, person = an_administrator(), a_person()
    change = _a_role_change(first, person)

    with acting_as(SYSTEM), pytest.raises(NotAllowed):
        confirm_change(change=change, by=SYSTEM)
    with acting_as(SYSTEM), pytest.raises(NotAllowed):
        propose_role(person=person.pk, role=Role.SUPERVISOR, by=SYSTEM)
    with pytest.raises(NotAllowed):
        confirm(change, a_person())


def test_a_change_that_nobody_proposed_is_unknown() -> None:
    with pytest.raises(ChangeUnknown):
        confirm(uuid4(), a_supervisor())


def test_another_room_registers_a_kind_of_its_own() -> None:
    done: list[str] = []

    def do(proposal: object, _by: object) -> str:
        done.append(proposal.what["key"])  # type: ignore[attr-defined]
        return "told once"

    register(Kind("test-node-key", do, whole_node=True))
    first, second = an_administrator(), an_administrator("Olga Prueba", "mx-albergue")
    with acting(first) as actor:
        change = propose_change(kind="test-node-key", by=actor, what={"key": "next"})

    told = confirm(change, second)

    assert (done, told) == (["next"], "told once")


def test_the_database_keeps_what_was_proposed_and_settled() -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person()
    waiting, settled = _a_role_change(first, person), _a_role_change(first, person, Role.FIRST_CONTACT)
    confirm(settled, second)

    with acting(first), pytest.raises(ProgrammingError), transaction.atomic():
        Change.objects.filter(pk=waiting).update(what={"role": "administrator"})
    with acting(first), pytest.raises(ProgrammingError), transaction.atomic():
        Change.objects.filter(pk=settled).update(state="waiting", settled_by=None, settled_at=None)
    with acting(first), pytest.raises(ProgrammingError), transaction.atomic():
        Change.objects.filter(pk=settled).delete()


def test_the_time_to_confirm_is_a_day() -> None:
    assert timedelta(hours=24) == CHANGE_LASTS
