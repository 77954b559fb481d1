"""Prove that every table with child data shows nothing without an actor, and that the test role cannot walk around."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from amparo.access.actor import acting_as
from amparo.access.models import Agency
from amparo.access.rules import Actor, Role
from amparo.cases import models
from tests.factories import a_case, a_migration_officer, an_actor

pytestmark = pytest.mark.django_db

# Tables that hold no child data, each with the reason. Every other table must force row-level security.
OPEN_TABLES = {
    "access_agency": "bodies of the profile",
    "access_cache": "counts of tries, by hashed key",
    "access_tracelimit": "counts and hashes of strangers",
    "access_auditlink": "hashes",
    "account_emailconfirmation": "unused by Amparo",
    "auth_group": "unused by Amparo",
    "auth_group_permissions": "unused by Amparo",
    "auth_permission": "names of permissions",
    "custody_link": "random ids, times and hashes",
    "django_content_type": "names of models",
    "django_migrations": "names of migrations",
    "django_session": "sign-ins of officers",
    "exchange_trustlistheld": "numbers of public lists",
    "forms_device": "telephones of agencies",
    "forms_instrument": "empty forms",
    "forms_instrumentfile": "lists that come with empty forms",
    "procrastinate_events": "states of jobs",
    "procrastinate_jobs": "ids only (STACK trap 8)",
    "procrastinate_periodic_defers": "times",
    "procrastinate_workers": "heartbeats",
}


def _tables() -> dict[str, tuple[bool, bool, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
            " (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 'protection', 'migration') AND c.relkind IN ('r', 'p', 'm')"
        )
        return {name: (on, forced, policies) for name, on, forced, policies in cursor.fetchall()}


def test_every_table_that_is_not_declared_open_forces_row_security() -> None:
    bare = [name for name, facts in _tables().items() if name not in OPEN_TABLES and not all(facts)]

    assert bare == []


def test_tables_declared_open_exist() -> None:
    assert set(OPEN_TABLES) <= set(_tables())


def test_the_role_of_these_tests_is_the_app_and_cannot_bypass() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
            " FROM pg_roles WHERE rolname = current_user"
        )

        name, *powers = cursor.fetchone()

    assert name.endswith("_app")
    assert powers == [False, False, False, False]


def test_nobody_sees_a_case_without_an_actor() -> None:
    a_case()

    assert models.Case.objects.count() == 0
    assert models.Entry.objects.count() == 0
    assert models.Standing.objects.count() == 0
    assert models.Gate.objects.count() == 0


def test_the_agency_that_leads_sees_the_case_and_another_does_not() -> None:
    a_case()

    with acting_as(an_actor()):
        led = models.Case.objects.count()
    with acting_as(an_actor(code="mx-albergue")):
        taken_in = models.Case.objects.count()
    other = a_case(by=an_actor_of_another_agency())
    with acting_as(an_actor()):
        foreign = models.Case.objects.filter(pk=other).count()

    assert (led, taken_in, foreign) == (1, 1, 0)


def an_actor_of_another_agency() -> Actor:
    Agency.objects.create(code="mx-otra", sector="protection", kind="shelter", telephone="0")
    return an_actor(Role.DEVICE, "mx-otra")


def test_who_calls_herself_of_the_migration_side_under_this_login_finds_and_changes_no_gate() -> None:
    case_id = a_case()

    with acting_as(a_migration_officer()):
        seen = models.Gate.objects.count()
        changed = models.Gate.objects.filter(pk=case_id).update(no_return=False)
    with acting_as(an_actor()):
        ours = models.Gate.objects.count()

    assert (seen, changed, ours) == (0, 0, 1)


def test_entries_are_never_changed_or_removed() -> None:
    case_id = a_case()

    with acting_as(an_actor()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.Entry.objects.filter(case_id=case_id).update(name="other")
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.Entry.objects.filter(case_id=case_id).delete()


def test_the_actor_ends_with_the_transaction(owner_dsn: str) -> None:
    with acting_as(an_actor()):
        pass

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('amparo.agency', true), '')")
        assert cursor.fetchone() == ("",)
    with psycopg.connect(owner_dsn) as owner:
        row = owner.execute("SELECT count(*) FROM cases_case").fetchone()
        assert row == (0,), "row security holds for the owner too"
