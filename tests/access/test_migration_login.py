"""Prove what the migration login sees: the gate of the child it can name, its own people, and nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency, AuditEntry, Person
from amparo.access.rules import Role
from amparo.cases.models import Gate
from tests.desk.people import a_person
from tests.factories import a_case, a_migration_officer

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[], AbstractContextManager[None]]
LIES = ("amparo.sector", "amparo.role", "amparo.reach", "amparo.agency", "amparo.actor")


def _rows(query: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _reference() -> str:
    case_id = a_case()
    with acting_as(SYSTEM):
        return Gate.objects.get(pk=case_id).reference


def test_no_gate_is_seen_without_its_reference(migration_login: Login) -> None:
    _reference()

    with migration_login():
        seen = _rows("SELECT * FROM migration.gate")

    assert seen == []


def test_the_gate_of_the_child_whose_reference_is_given_is_seen_alone(migration_login: Login) -> None:
    reference = _reference()
    _reference()

    with migration_login(), transaction.atomic():
        _rows("SELECT set_config('amparo.gate_reference', %s, true)", reference)
        seen = _rows("SELECT reference, no_detention, no_return FROM migration.gate")

    assert seen == [(reference, True, True)]


@pytest.mark.parametrize("table", ["cases_case", "cases_gate", "forms_submission", "django_migrations"])
@pytest.mark.parametrize("schema", ["protection.", ""])
def test_a_table_of_protection_cannot_even_be_named(migration_login: Login, table: str, schema: str) -> None:
    with migration_login(), pytest.raises(DatabaseError, match=r"permission denied|does not exist"):
        _rows(f"SELECT * FROM {schema}{table}")


def test_a_process_that_lies_about_who_acts_still_sees_nobody_of_protection(migration_login: Login) -> None:
    a_person()

    with migration_login(), transaction.atomic():
        a_person(Role.MIGRATION_OFFICER, "mx-migracion")
        for name in LIES:
            _rows("SELECT set_config(%s, %s, true)", name, "node" if name.endswith("reach") else "protection")
        seen = [person.role for person in Person.objects.all()]

    assert seen == ["migration-officer"]


def test_an_account_is_made_on_its_own_side_only(migration_login: Login) -> None:
    with migration_login(), pytest.raises(DatabaseError, match="row-level security"):
        a_person(Role.CASEWORKER, "mx-proteccion")


def test_an_address_in_use_on_the_other_side_is_not_told(migration_login: Login) -> None:
    taken = a_person().email

    with migration_login():
        officer = Person.objects.create_user(
            taken,
            "una frase larga de prueba",
            agency=Agency.objects.get(code="mx-migracion"),
            role=Role.MIGRATION_OFFICER,
            name="Iván",
        )

    assert officer.email == taken


def test_the_migration_side_writes_on_the_trail_in_its_own_name_and_reads_none_of_it(
    migration_login: Login,
) -> None:
    officer = a_migration_officer()
    entry = {
        "at": "2026-01-01T00:00:00Z", "event": "gate.read", "allowed": True, "actor": officer.id,
        "role": officer.role, "subject": "gate:x", "purpose": "", "reasons": [],
    }  # fmt: skip

    with migration_login():
        AuditEntry.objects.create(id=uuid4(), agency="mx-migracion", **entry)
        with pytest.raises(DatabaseError, match="row-level security"):
            AuditEntry.objects.create(id=uuid4(), agency="mx-proteccion", **entry)
        with pytest.raises(DatabaseError, match="permission denied"):
            AuditEntry.objects.count()

    assert AuditEntry.objects.filter(agency="mx-migracion").count() == 1


def test_protection_does_not_read_the_sign_ins_of_the_other_side(migration_login: Login) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        _rows("SELECT * FROM migration.django_session")
