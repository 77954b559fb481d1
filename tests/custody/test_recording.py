"""Prove what the migration login can write of custody and return, what it cannot, and who sees it at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, Role, Sector
from amparo.base.clock import now
from amparo.base.ids import ReferenceWrong, case_reference, uuid7
from amparo.cases.queries import CaseNotFound
from amparo.custody import models
from amparo.custody.clearance_rules import Because, State
from amparo.custody.clearing import withdraw_clearance
from amparo.custody.queries import clearances_of, custody_at_the_gate, custody_of
from amparo.custody.recording import record_custody_fact, record_return
from amparo.custody.refused import CustodyRefused, ReturnNotCleared
from amparo.custody.rules import FactKind, NewFact, Why
from tests.custody.world import (
    Abroad,
    Login,
    a_clearance,
    a_proposal,
    a_returnable_case,
    held,
    let_out,
    reference_of,
)
from tests.factories import a_case, a_migration_officer, an_actor

pytestmark = pytest.mark.django_db(transaction=True)


def write(reference: str, said: NewFact, *, by: Actor | None = None, fact_id: UUID | None = None) -> UUID:
    """Write a fact as an officer of the migration authority; the caller is its server."""
    officer, row = by or a_migration_officer(), fact_id or uuid7()
    with acting_as(officer):
        record_custody_fact(reference=reference, said=said, by=officer, fact_id=row)
    return row


def give_back(reference: str, **changes: object) -> None:
    officer = a_migration_officer()
    said = {"place": "Garita de prueba", "at": now(), "return_id": uuid7()} | changes
    with acting_as(officer):
        record_return(reference=reference, by=officer, **said)  # type: ignore[arg-type]


def codes(caught: pytest.ExceptionInfo[CustodyRefused]) -> tuple[str, ...]:
    return caught.value.reason_codes


def test_a_fact_written_by_the_migration_side_is_seen_by_protection_at_once(migration_login: Login) -> None:
    case_id = a_case()
    reference, worker = reference_of(case_id), an_actor()

    with migration_login():
        row = write(reference, held())
    with acting_as(worker):
        told = custody_of(worker, case_id)

    assert [one.id for one in told.facts] == [row]
    assert [stay.held.id for stay in told.alerts] == [row]
    assert told.facts[0].late is None


def test_another_agency_and_nobody_see_nothing_and_oversight_sees_it(migration_login: Login) -> None:
    reference = reference_of(a_case())
    with migration_login():
        write(reference, held())
    overseer = Actor(uuid7(), Role.SUPERVISOR, Sector.OVERSIGHT, None, "oversight")
    stranger = Actor(uuid7(), Role.SUPERVISOR, Sector.PROTECTION, uuid7(), "other")

    seen = {}
    for who in (overseer, stranger):
        with acting_as(who):
            seen[who.agency] = models.Fact.objects.count()

    assert seen == {"oversight": 1, "other": 0}
    assert models.Fact.objects.count() == 0


def test_the_moment_is_the_databases_own_and_lateness_is_seen(migration_login: Login) -> None:
    case_id, before = a_case(), now()
    reference, worker = reference_of(case_id), an_actor()

    with migration_login():
        write(reference, held(at=now() - timedelta(days=3)))
    with acting_as(worker):
        (fact,) = custody_of(worker, case_id).facts

    assert before <= fact.recorded_at <= now()
    assert fact.late is not None
    assert fact.late > timedelta(days=2, hours=23)


def test_raw_sql_of_the_migration_login_cannot_set_the_moment(migration_login: Login) -> None:
    reference = reference_of(a_case())

    with migration_login(), acting_as(a_migration_officer()):
        raw_fact(reference, recorded_at=now() - timedelta(days=9))
    with acting_as(SYSTEM):
        row = models.Fact.objects.get()

    assert row.recorded_at is not None
    assert row.recorded_at > now() - timedelta(minutes=5)


def raw_fact(reference: str, **changes: object) -> None:
    """Insert a fact as somebody would who has the login of the migration server and a shell."""
    row: dict[str, Any] = {
        "id": uuid7(), "reference": reference, "kind": "held", "at": now(), "recorded_at": now(), "place": "x",
        "place_kind": "office", "may_leave": "no", "holder": "police", "ends": None, "goes_to": "",
        "document_kind": "", "document_number": "", "document_sha256": "", "corrects": None, "why": "",
        "actor": uuid7(), "role": "migration-officer", "agency": "mx-migracion",
    } | changes  # fmt: skip
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO custody_fact ({names}) VALUES ({marks})", list(row.values()))


@pytest.mark.parametrize(
    "changes",
    [
        {"at": now() + timedelta(days=1)},
        {"agency": "mx-proteccion"},
        {"kind": "freed"},
        {"place": ""},
        {"why": "mistyped"},
        {"corrects": UUID(int=5), "why": "mistyped"},
    ],
    ids=[
        "ahead",
        "in another name",
        "unknown kind",
        "nowhere",
        "no correction",
        "corrects nothing",
    ],
)
def test_the_database_takes_no_fact_that_is_none(migration_login: Login, changes: dict[str, object]) -> None:
    reference = reference_of(a_case())

    with migration_login(), acting_as(a_migration_officer()), pytest.raises(DatabaseError):
        raw_fact(reference, **changes)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody_fact SET place = 'x'",
        "DELETE FROM custody_fact",
        "TRUNCATE custody_fact",
        "ALTER TABLE custody_fact DISABLE TRIGGER ALL",
        "DROP TABLE custody_fact",
        "UPDATE custody_return SET place = 'x'",
        "DELETE FROM custody_return",
        "DELETE FROM protection.custody_link",
        "SELECT * FROM protection.custody_clearance",
        "INSERT INTO protection.custody_clearancestep (id) VALUES (gen_random_uuid())",
    ],
)
@pytest.mark.parametrize("login", ["migration", "app"])
def test_neither_server_can_change_or_remove_what_was_written(
    migration_login: Login, statement: str, login: str
) -> None:
    reference = reference_of(a_case())
    with migration_login():
        write(reference, held())
        if login == "migration":
            refused_by_the_database(statement, reference)
    if login == "app" and not statement.startswith("SELECT"):
        refused_by_the_database(statement, reference)

    with acting_as(SYSTEM):
        assert models.Fact.objects.get().place == "Estación de prueba"


def refused_by_the_database(statement: str, reference: str) -> None:
    with acting_as(a_migration_officer()), pytest.raises(DatabaseError), transaction.atomic():
        lie_and_run(statement, reference)


def lie_and_run(statement: str, reference: str) -> None:
    """Run a statement after telling the database whatever a process can tell it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amparo.gate_reference', %s, true)", [reference])
        cursor.execute("SELECT set_config('amparo.reach', 'node', true)")
        cursor.execute(statement)


def test_no_fact_is_taken_for_a_child_whom_nobody_knows(migration_login: Login) -> None:
    with migration_login(), acting_as(a_migration_officer()), pytest.raises(DatabaseError):
        raw_fact(case_reference("MX"))


def test_the_protection_side_writes_no_custody_fact() -> None:
    reference = reference_of(a_case())

    with acting_as(SYSTEM), pytest.raises(DatabaseError), transaction.atomic():
        raw_fact(reference)


def test_the_migration_login_sees_one_child_at_a_time(migration_login: Login) -> None:
    one, other = reference_of(a_case()), reference_of(a_case(label="Berta"))
    with migration_login():
        write(one, held())
        write(other, held(place="Otra"))
        with acting_as(a_migration_officer()):
            blind = models.Fact.objects.count()
            told = custody_at_the_gate(a_migration_officer(), other)

    assert blind == 0
    assert [fact.said.place for fact in told.facts] == ["Otra"]


def test_a_correction_leaves_both_to_be_seen(migration_login: Login) -> None:
    case_id = a_case()
    reference, worker = reference_of(case_id), an_actor()
    with migration_login():
        wrong = write(reference, held())
        right = write(reference, held(place="Otra", corrects=wrong, why=Why.WRONG_PLACE))
        write(reference, let_out(wrong))

    with acting_as(worker):
        told = custody_of(worker, case_id)

    assert [one.id for one in told.facts][:2] == [wrong, right]
    assert [(stay.held.id, stay.end is not None) for stay in told.stays] == [(right, True)]


def test_a_correction_cannot_point_at_another_child(migration_login: Login) -> None:
    one, other = reference_of(a_case()), reference_of(a_case(label="Berta"))
    with migration_login():
        foreign = write(one, held())
        with pytest.raises(CustodyRefused) as caught:
            write(other, held(corrects=foreign, why=Why.MISTYPED))
        with acting_as(a_migration_officer()), pytest.raises(DatabaseError):
            raw_fact(other, corrects=foreign, why="mistyped")

    assert codes(caught) == ("corrects-unknown",)


def test_the_same_click_is_one_fact_and_another_answer_is_refused(migration_login: Login) -> None:
    reference, said, row = reference_of(a_case()), held(), uuid7()
    with migration_login():
        write(reference, said, fact_id=row)
        write(reference, said, fact_id=row)
        with pytest.raises(CustodyRefused) as caught:
            write(reference, held(place="Otra"), fact_id=row)

    assert codes(caught) == ("id-taken",)
    with acting_as(SYSTEM):
        assert models.Fact.objects.count() == 1


def test_a_reference_that_leads_nowhere_takes_nothing(migration_login: Login) -> None:
    with migration_login():
        with pytest.raises(ReferenceWrong):
            write("MX-1", held())
        with pytest.raises(CaseNotFound):
            write(case_reference("MX"), held())


def test_every_row_is_on_the_audit_trail_whoever_inserted_it(migration_login: Login) -> None:
    reference = reference_of(a_case())
    with migration_login():
        write(reference, NewFact(FactKind.HEARING, now() + timedelta(days=3)))
        with acting_as(a_migration_officer()):
            raw_fact(reference)

    rows = AuditEntry.objects.filter(event="custody.recorded").order_by("at")

    assert [row.reasons[0].split(":")[0] for row in rows] == ["1", "2"]


# Returns


def test_no_return_without_a_clearance(migration_login: Login, there: Abroad) -> None:
    reference = reference_of(a_returnable_case())

    with migration_login(), pytest.raises(ReturnNotCleared) as caught:
        give_back(reference)

    assert codes(caught) == ("no-clearance",)


def test_a_proposal_that_nobody_confirmed_lets_no_child_go(migration_login: Login, there: Abroad) -> None:
    case_id = a_returnable_case()
    reference, _ = reference_of(case_id), a_proposal(case_id, there)

    with migration_login(), pytest.raises(ReturnNotCleared):
        give_back(reference)


def test_a_clearance_is_spent_by_one_return(migration_login: Login, there: Abroad) -> None:
    case_id = a_returnable_case()
    reference, _, worker = reference_of(case_id), a_clearance(case_id, there), an_actor()

    with migration_login():
        give_back(reference)
        with pytest.raises(ReturnNotCleared) as caught:
            give_back(reference)
    with acting_as(worker):
        states = [one.state for one in clearances_of(worker, case_id)]
        returns = custody_of(worker, case_id).returns

    assert codes(caught) == ("no-clearance",)
    assert states == [State.SPENT]
    assert len(returns) == 1


def test_a_return_before_its_clearance_is_refused(migration_login: Login, there: Abroad) -> None:
    case_id = a_returnable_case()
    reference, _ = reference_of(case_id), a_clearance(case_id, there)

    with migration_login(), pytest.raises(ReturnNotCleared) as caught:
        give_back(reference, at=now() - timedelta(hours=1))

    assert codes(caught) == ("before-clearance",)


def test_a_withdrawn_clearance_lets_no_child_go(migration_login: Login, there: Abroad) -> None:
    case_id, worker = a_returnable_case(), an_actor()
    reference, clearance = reference_of(case_id), a_clearance(case_id, there)
    with acting_as(worker):
        withdraw_clearance(
            case_id=case_id,
            clearance_id=clearance,
            because=Because.DANGER,
            by=worker,
            step_id=uuid7(),
        )

    with migration_login(), pytest.raises(ReturnNotCleared):
        give_back(reference)


def test_a_spent_clearance_cannot_be_withdrawn(migration_login: Login, there: Abroad) -> None:
    case_id, worker = a_returnable_case(), an_actor()
    reference, clearance = reference_of(case_id), a_clearance(case_id, there)
    with migration_login():
        give_back(reference)

    with acting_as(worker), pytest.raises(CustodyRefused):
        withdraw_clearance(
            case_id=case_id,
            clearance_id=clearance,
            because=Because.DANGER,
            by=worker,
            step_id=uuid7(),
        )


RAW_RETURN = (
    "INSERT INTO custody_return (id, reference, clearance_id, at, place, actor, role, agency)"
    " VALUES (gen_random_uuid(), %s, %s, now(), 'x', gen_random_uuid(), 'x', 'mx-migracion')"
)


def raw_return(reference: str, clearance: UUID) -> None:
    """Insert a return past every action."""
    with connection.cursor() as cursor:
        cursor.execute(RAW_RETURN, [reference, clearance])


def test_the_database_refuses_an_uncleared_return_whoever_writes_it(
    migration_login: Login, there: Abroad, owner_dsn: str
) -> None:
    case_id, other = a_returnable_case(), a_returnable_case()
    reference, proposed = reference_of(case_id), a_proposal(case_id, there)
    foreign = a_clearance(other, there)

    for clearance in (proposed, foreign, uuid7()):
        with migration_login(), acting_as(a_migration_officer()), pytest.raises(DatabaseError):
            raw_return(reference, clearance)
        with acting_as(SYSTEM), pytest.raises(DatabaseError), transaction.atomic():
            raw_return(reference, clearance)
        with psycopg.connect(owner_dsn) as owner, pytest.raises(psycopg.Error, match=r"clearance|security"):
            owner.execute(RAW_RETURN, [reference, clearance])

    with acting_as(SYSTEM):
        assert models.Return.objects.count() == 0
