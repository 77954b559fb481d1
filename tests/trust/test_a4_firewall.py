"""Promise S4: as the migration login, try every way into the protection side's data; not one planted mark comes out.

Everything here signs in to the real database with the migration login's own password; nothing is switched or mocked.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.hashers import make_password

from amparo.access.models import Person
from amparo.base import postgres
from amparo.node.doctor_logins import rights_held
from amparo.node.sectors import PASSAGES
from tests.conftest import dsn_of
from tests.factories import a_case, agency
from tests.trust.size import size

pytestmark = [pytest.mark.trust("A4"), pytest.mark.django_db(transaction=True)]
MARK = "xochitlmarca"
MARKS = size(quick=2_000, full=10_000)
LIES = ("sector=protection", "role=supervisor", "reach=node", "gate_reference=%")
RELATIONS = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'S') AND n.nspname NOT LIKE 'pg_toast%' ORDER BY 1
"""
TRICKS = (
    "SET ROLE {owner}", "SET SESSION AUTHORIZATION {owner}", "SET ROLE {app}",
    "SET search_path = protection, public", "SET row_security = off",
    "CREATE TEMP TABLE access_person AS SELECT * FROM public.access_person",
    "CREATE SCHEMA mine", "CREATE FUNCTION public.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "COPY protection.cases_case TO STDOUT", "COPY access_person TO PROGRAM 'cat'", "SELECT lo_import('/etc/passwd')",
    "SELECT pg_read_file('PG_VERSION')", "SELECT * FROM protection.cases_case", "TABLE protection.cases_gate",
    "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM migration.gate",
    "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM access_person",
    "SELECT * FROM migration.gate WHERE 1 / (length(reference) - length(reference)) > 0",
    "SELECT * FROM access_person WHERE name::int > 0", "SELECT * FROM access_person WHERE 1 / length(name) > 5",
    "SELECT query, application_name FROM pg_stat_activity", "SELECT most_common_vals::text FROM pg_stats",
    "SELECT description FROM pg_description", "SELECT prosrc FROM pg_proc", "SELECT * FROM pg_largeobject",
    "INSERT INTO access_agency (id, code, name, sector, kind, telephone, country)"
    " SELECT id, code, name, sector, kind, telephone, country FROM access_agency",
    "UPDATE access_person SET name = name RETURNING *", "DELETE FROM access_auditentry RETURNING *",
    "SELECT query_to_xml('SELECT * FROM protection.cases_case', true, true, '')",
    "SELECT schema_to_xml('protection', true, true, '')", "SELECT database_to_xml(true, true, '')",
    "SELECT ts_stat('SELECT to_tsvector(name) FROM protection.forms_device')",
    "DO $$ BEGIN PERFORM 1 FROM protection.cases_case; END $$", "SELECT nextval('mfa_authenticator_id_seq')",
)  # fmt: skip


@pytest.fixture
def planted() -> int:
    """Write marks where protection keeps names: accounts, and the labels and names of children."""
    body, password = agency("mx-proteccion"), make_password(None)
    people = [
        Person(
            email=f"{MARK}{n}@example.org",
            name=f"{MARK}{n}",
            agency=body,
            role="caseworker",
            password=password,
        )
        for n in range(MARKS)
    ]
    Person.objects.bulk_create(people)
    for _ in range(2):
        a_case(label=MARK)
    return len(people)


@pytest.fixture
def login(planted: int) -> Iterator[psycopg.Connection]:
    """A session of the migration login."""
    with psycopg.connect(dsn_of("migration"), autocommit=True) as connection:
        yield connection


def _said(login: psycopg.Connection, statement: str) -> str:
    """Return everything that the server answers, its refusals and their details too; settings end with the trick."""
    try:
        cursor = login.execute(statement.encode())
        return repr(cursor.fetchall()) if cursor.description else ""
    except psycopg.Error as refused:
        return f"{refused} {refused.diag.message_detail} {refused.diag.context}"
    finally:
        login.execute("RESET row_security; RESET search_path")


def test_every_right_of_the_migration_login_has_a_reason(login: psycopg.Connection) -> None:
    held = rights_held(login)

    assert held == {name: passage.verbs for name, passage in PASSAGES.items()}
    assert login.execute("SELECT has_schema_privilege('protection', 'USAGE')").fetchone() == (False,)


def test_the_marks_are_there_to_be_found(planted: int) -> None:
    found = Person.objects.filter(name__startswith=MARK).count()

    assert found == planted >= 2_000


@pytest.mark.parametrize("lying", [False, True])
def test_no_table_view_or_catalogue_shows_a_mark(login: psycopg.Connection, lying: bool) -> None:
    for lie in LIES if lying else ():
        name, _, value = lie.partition("=")
        login.execute("SELECT set_config(%s, %s, false)", [f"amparo.{name}", value])
    relations = [name for (name,) in login.execute(RELATIONS).fetchall()]

    leaks = [name for name in relations if MARK in _said(login, f"SELECT t::text FROM {name} AS t")]

    assert len(relations) > 150
    assert leaks == []


def test_no_trick_shows_a_mark(login: psycopg.Connection) -> None:
    node = login.info.user.removesuffix("_migration")

    leaks = [trick for trick in TRICKS if MARK in _said(login, _named(trick, node))]
    after = _said(login, "SELECT * FROM public.access_person")
    barred = _said(login, "SELECT * FROM protection.cases_case")

    assert leaks == []
    assert MARK not in after
    assert "permission denied for schema protection" in barred


def _named(trick: str, node: str) -> str:
    return trick.replace("{owner}", f"{node}_owner").replace("{app}", f"{node}_app")


def test_an_account_of_protection_is_no_reason_to_refuse_one(login: psycopg.Connection) -> None:
    insert = (
        "INSERT INTO access_person (id, email, name, role, is_active, password, side, agency_id)"
        f" SELECT gen_random_uuid(), '{MARK}' || n || '@example.org', 'x', 'migration-officer', true, '', '', id"
        " FROM access_agency, generate_series(1, 2) AS n WHERE code = 'mx-migracion' RETURNING side"
    )

    assert login.execute(insert.encode()).fetchall() == [("migration",), ("migration",)]


def test_a_dump_under_the_login_holds_no_mark(planted: int, tmp_path: Path) -> None:
    program = postgres.find_binaries().program("pg_dump")
    file = tmp_path / "dump.sql"

    whole = subprocess.run(
        [program, "-f", str(file), dsn_of("migration")], capture_output=True, text=True, check=False
    )
    own = subprocess.run(
        [
            program, "--enable-row-security", "-t", "public.access_person", "-t", "migration.gate",
            "-f", str(file), dsn_of("migration"),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    written = file.read_text(encoding="utf-8") if file.exists() else ""
    assert whole.returncode != 0
    assert own.returncode == 0, own.stderr
    assert "access_person" in written
    assert not re.search(MARK, whole.stderr + own.stderr + written)
