"""Prove that whoever owns the database cannot change, remove, hide or make up a custody row without being seen."""

import psycopg
import pytest

from amparo.access.actor import acting_as
from amparo.access.chain_head import Head
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.custody.chain import verify
from amparo.custody.recording import record_custody_fact, record_return
from tests.custody.world import Abroad, Login, a_clearance, a_returnable_case, held, reference_of
from tests.factories import a_case, a_migration_officer

pytestmark = pytest.mark.django_db(transaction=True)

# What somebody with the owner's login, or a superuser, would try.
ATTACKS = {
    "a fact changed": ["UPDATE custody_fact SET place = 'x'"],
    "a fact backdated": [
        "UPDATE custody_fact SET recorded_at = recorded_at - interval '1 day', at = at - interval '1 day'"
    ],
    "a fact removed": ["DELETE FROM custody_fact WHERE place = 'uno'"],
    "a fact and its link removed": [
        "DELETE FROM custody_link WHERE entry = (SELECT id FROM custody_fact WHERE place = 'uno')",
        "DELETE FROM custody_fact WHERE place = 'uno'",
    ],
    "the last fact and its link cut": [
        "DELETE FROM custody_link WHERE number = (SELECT max(number) FROM custody_link)",
        "DELETE FROM custody_return",
    ],
    "two facts swapped": [
        "UPDATE custody_link SET number = number + 100 WHERE number IN (1, 2)",
        "UPDATE custody_link SET number = CASE number WHEN 101 THEN 2 ELSE 1 END WHERE number > 100",
    ],
    "a fact made up": [
        "INSERT INTO custody_fact SELECT gen_random_uuid(), reference, kind, at, recorded_at, place, place_kind,"
        " may_leave, holder, ends, goes_to, document_kind, document_number, document_sha256, corrects, why, actor,"
        " role, agency FROM custody_fact LIMIT 1"
    ],
    "a confirmation removed": ["DELETE FROM custody_clearancestep"],
    "all emptied": [
        "DELETE FROM custody_link", "DELETE FROM custody_return", "DELETE FROM custody_fact",
        "DELETE FROM custody_clearancestep", "DELETE FROM custody_clearance",
    ],
}  # fmt: skip
TABLES = ("custody_fact", "custody_clearance", "custody_clearancestep", "custody_return", "custody_link")


@pytest.fixture
def history(migration_login: Login, there: Abroad) -> None:
    """Two facts and a cleared return."""
    case_id = a_returnable_case()
    reference, _, officer = reference_of(case_id), a_clearance(case_id, there), a_migration_officer()
    with migration_login():
        for place in ("uno", "dos"):
            with acting_as(officer):
                record_custody_fact(reference=reference, said=held(place=place), by=officer, fact_id=uuid7())
        with acting_as(officer):
            record_return(reference=reference, place="Garita", at=now(), by=officer, return_id=uuid7())


def attack(owner_dsn: str, statements: list[str]) -> None:
    """Act as the owner, with every lock of the tables off."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        _locks(owner, "DISABLE")
        try:
            for statement in statements:
                owner.execute(statement)
        finally:
            _locks(owner, "ENABLE")


def _locks(owner: psycopg.Connection, how: str) -> None:
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} {how} TRIGGER USER".encode())
        if table != "custody_link":
            owner.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY".encode())


def test_an_honest_history_holds(history: None) -> None:
    verdict = verify()

    assert verdict.breaks == ()
    assert verdict.head.number == 5


@pytest.mark.parametrize("what", sorted(ATTACKS))
def test_each_attack_of_the_owner_is_found(history: None, owner_dsn: str, what: str) -> None:
    attack(owner_dsn, ATTACKS[what])

    assert verify().breaks


def test_a_head_noted_earlier_must_still_be_there(history: None) -> None:
    noted = verify().head

    assert verify(noted).breaks == ()
    assert verify(Head(noted.number, "0" * 64)).breaks


def test_an_empty_chain_holds_but_knows_no_head(migration_login: Login) -> None:
    a_case()

    assert verify().breaks == ()
    assert verify(Head(1, "0" * 64)).breaks
