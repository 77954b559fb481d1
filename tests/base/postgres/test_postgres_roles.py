"""Show that a node's logins can do their work and nothing beyond it, on every PostgreSQL of this machine."""

import stat
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from amparo.base import postgres
from amparo.base.postgres.places import find_places

NUMBERS = count(1)
BEYOND_THEIR_WORK = (
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "TRUNCATE told",
    "DROP TABLE told",
    "ALTER TABLE told DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE told DISABLE TRIGGER ALL",
    "CREATE TRIGGER mine BEFORE INSERT ON told EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "SELECT setval('told_id_seq', 99)",
    "CREATE ROLE another",
    "CREATE DATABASE another",
    "COPY told TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
)
POWERS = ("SUPERUSER", "BYPASSRLS", "CREATEDB", "CREATEROLE", "REPLICATION")


@pytest.fixture
def prefix() -> str:
    """A new name for each test, since roles belong to the whole server."""
    return f"node{next(NUMBERS)}"


@pytest.fixture
def admin(cluster: postgres.Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def roles(cluster: postgres.Cluster, prefix: str, tmp_path: Path) -> postgres.NodeRoles:
    return postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")


@pytest.fixture
def owner(roles: postgres.NodeRoles) -> Iterator[psycopg.Connection]:
    """The owner's session, after a first migration made a table with a serial number."""
    with psycopg.connect(roles.owner.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE told (id serial PRIMARY KEY, name text)")
        yield connection


def run_as(access: postgres.RoleAccess, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(access.dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def may(access: postgres.RoleAccess, statement: str) -> bool:
    try:
        run_as(access, statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def alter(admin: psycopg.Connection, statement: str, *names: str) -> None:
    admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def test_the_roles_have_no_power_to_walk_around_policies(
    admin: psycopg.Connection, roles: postgres.NodeRoles
) -> None:
    users = [roles.owner.user, roles.app.user, roles.worker.user, roles.migration.user]

    powers = admin.execute(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
        " FROM pg_roles WHERE rolname = ANY(%s)",
        [users],
    ).fetchall()

    assert powers == [(True, False, False, False, False, False)] * 4


@pytest.mark.parametrize("part", ["app", "worker"])
def test_app_and_worker_read_and_write_rows_of_the_owners_tables(
    roles: postgres.NodeRoles, owner: psycopg.Connection, part: str
) -> None:
    access = getattr(roles, part)

    run_as(access, "INSERT INTO told (name) VALUES ('Nube')")
    run_as(access, "UPDATE told SET name = 'Lluvia'")
    read = run_as(access, "SELECT id, name FROM told")
    run_as(access, "DELETE FROM told")

    assert read == [(1, "Lluvia")]
    assert run_as(access, "SELECT count(*) FROM told") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM told",
        "SELECT name FROM protection.told",
        "INSERT INTO protection.told DEFAULT VALUES",
    ],
)
def test_a_new_table_of_the_owner_is_none_of_the_migration_logins(
    roles: postgres.NodeRoles, owner: psycopg.Connection, statement: str
) -> None:
    owner.execute("CREATE VIEW public.told_too AS SELECT name FROM told")

    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)):
        run_as(roles.migration, statement)
    assert not may(roles.migration, "SELECT * FROM public.told_too")


def test_the_migration_login_changes_no_schema(roles: postgres.NodeRoles, owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE public.told (id serial PRIMARY KEY, name text)")

    done = [statement for statement in BEYOND_THEIR_WORK if may(roles.migration, statement)]

    assert done == []


@pytest.mark.parametrize("part", ["app", "worker"])
def test_app_and_worker_cannot_change_the_schema(
    roles: postgres.NodeRoles, owner: psycopg.Connection, part: str
) -> None:
    done = [statement for statement in BEYOND_THEIR_WORK if may(getattr(roles, part), statement)]

    assert done == []


def test_row_level_security_holds_for_app_worker_and_forced_for_the_owner(
    roles: postgres.NodeRoles, owner: psycopg.Connection
) -> None:
    owner.execute("INSERT INTO told (name) VALUES ('Nube')")

    owner.execute("ALTER TABLE told ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")

    for access in (roles.owner, roles.app, roles.worker):
        assert run_as(access, "SELECT count(*) FROM told") == [(0,)]


def test_functions_of_the_owner_run_for_app_and_worker_and_nobody_else(
    cluster: postgres.Cluster,
    admin: psycopg.Connection,
    roles: postgres.NodeRoles,
    owner: psycopg.Connection,
    prefix: str,
) -> None:
    alter(admin, "CREATE ROLE {}", f"{prefix}_stranger")

    owner.execute("CREATE FUNCTION told_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM told'")

    assert run_as(roles.app, "SELECT told_count()") == [(0,)]
    stranger = owner.execute(
        "SELECT has_function_privilege(%s, 'told_count()', 'EXECUTE')", [f"{prefix}_stranger"]
    ).fetchone()
    assert stranger == (False,)


def test_other_logins_of_the_server_cannot_enter_the_database(
    cluster: postgres.Cluster, admin: psycopg.Connection, roles: postgres.NodeRoles, prefix: str
) -> None:
    alter(admin, "CREATE ROLE {} LOGIN PASSWORD 'known'", f"{prefix}_stranger")

    with pytest.raises(psycopg.OperationalError, match="CONNECT privilege"):
        psycopg.connect(cluster.dsn(roles.app.name, f"{prefix}_stranger", "known"))


def test_two_nodes_of_one_server_do_not_enter_each_others_database(
    cluster: postgres.Cluster, roles: postgres.NodeRoles, prefix: str, tmp_path: Path
) -> None:
    other = postgres.ensure_roles(
        cluster.dsn(), prefix=f"{prefix}_hn", secrets_path=tmp_path / "other" / "roles.json"
    )

    for access in (other.owner, other.app, other.worker, other.migration):
        with pytest.raises(psycopg.OperationalError, match="CONNECT privilege"):
            psycopg.connect(access.dsn(roles.app.name))


def test_ensure_roles_again_changes_nothing(
    cluster: postgres.Cluster,
    roles: postgres.NodeRoles,
    owner: psycopg.Connection,
    prefix: str,
    tmp_path: Path,
) -> None:
    owner.execute("INSERT INTO told (name) VALUES ('Nube')")

    again = postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")

    assert again == roles
    assert run_as(again.app, "SELECT name FROM told") == [("Nube",)]


def test_a_migrations_narrower_grant_survives_the_next_start(
    cluster: postgres.Cluster,
    roles: postgres.NodeRoles,
    owner: psycopg.Connection,
    prefix: str,
    tmp_path: Path,
) -> None:
    alter(owner, "REVOKE UPDATE, DELETE ON told FROM {}, {}", roles.app.user, roles.worker.user)

    postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run_as(roles.app, "DELETE FROM told")


def test_two_starts_at_once_agree(cluster: postgres.Cluster, prefix: str, tmp_path: Path) -> None:
    made: list[postgres.NodeRoles] = []

    def make() -> None:
        made.append(postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json"))

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 3
    assert made[0] == made[1] == made[2]
    assert run_as(made[0].app, "SELECT 1") == [(1,)]


def test_passwords_are_private_and_distinct_and_not_shown(roles: postgres.NodeRoles, tmp_path: Path) -> None:
    passwords = {one.password for one in (roles.owner, roles.app, roles.worker, roles.migration)}

    assert len(passwords) == 4
    assert stat.S_IMODE((tmp_path / "roles.json").stat().st_mode) == 0o600
    assert not any(password in repr(roles) for password in passwords)


def test_a_file_of_passwords_left_open_to_others_is_closed(
    cluster: postgres.Cluster, roles: postgres.NodeRoles, prefix: str, tmp_path: Path
) -> None:
    (tmp_path / "roles.json").chmod(0o644)

    postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")

    assert stat.S_IMODE((tmp_path / "roles.json").stat().st_mode) == 0o600


def test_lost_passwords_are_replaced(
    cluster: postgres.Cluster, roles: postgres.NodeRoles, prefix: str, tmp_path: Path
) -> None:
    (tmp_path / "roles.json").unlink()

    renewed = postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")

    assert run_as(renewed.app, "SELECT 1") == [(1,)]
    assert renewed.app.password != roles.app.password
    with pytest.raises(psycopg.OperationalError, match="password"):
        run_as(roles.app, "SELECT 1")


def test_passwords_stay_out_of_a_log_that_keeps_every_statement(
    cluster: postgres.Cluster, admin: psycopg.Connection, prefix: str, tmp_path: Path
) -> None:
    alter(admin, "ALTER ROLE {} SET log_statement = 'all'", cluster.superuser)
    roles = postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")
    alter(admin, "ALTER ROLE {} RESET log_statement", cluster.superuser)

    places = find_places(cluster.socket_dir.parents[1])

    assert places is not None
    written = places.log_file.read_text()
    assert roles.app.user in written
    assert roles.app.password not in written


@pytest.mark.parametrize("part", ["app", "worker", "migration"])
def test_a_role_that_was_given_powers_is_refused(
    cluster: postgres.Cluster,
    admin: psycopg.Connection,
    roles: postgres.NodeRoles,
    prefix: str,
    tmp_path: Path,
    part: str,
) -> None:
    for power in POWERS:
        alter(admin, "ALTER ROLE {} " + power, f"{prefix}_{part}")

        with pytest.raises(postgres.RoleTooPowerful, match=f"{prefix}_{part} has {power}"):
            postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")
        alter(admin, "ALTER ROLE {} NO" + power, f"{prefix}_{part}")


def test_a_role_that_may_become_the_owner_is_refused(
    cluster: postgres.Cluster,
    admin: psycopg.Connection,
    roles: postgres.NodeRoles,
    prefix: str,
    tmp_path: Path,
) -> None:
    alter(admin, "GRANT {} TO {}", roles.owner.user, roles.app.user)

    with pytest.raises(postgres.RoleTooPowerful, match=f"membership of {prefix}_owner"):
        postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")


def test_the_owner_may_make_test_databases(
    cluster: postgres.Cluster,
    admin: psycopg.Connection,
    roles: postgres.NodeRoles,
    prefix: str,
    tmp_path: Path,
) -> None:
    alter(admin, "ALTER ROLE {} CREATEDB", roles.owner.user)

    again = postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")

    assert again == roles


def test_a_second_database_of_the_same_roles_gets_the_same_grants(
    cluster: postgres.Cluster, roles: postgres.NodeRoles, prefix: str, tmp_path: Path
) -> None:
    second = postgres.ensure_roles(
        cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json", database=f"{prefix}_test"
    )

    run_as(second.owner, "CREATE TABLE told (id int)")

    assert second.app.name == f"{prefix}_test"
    assert run_as(second.app, "SELECT count(*) FROM told") == [(0,)]


def test_an_administrator_who_is_no_superuser_is_enough_and_may_come_as_a_url(
    cluster: postgres.Cluster, admin: psycopg.Connection, prefix: str, tmp_path: Path
) -> None:
    alter(admin, "CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD 'known'", f"{prefix}_admin")
    url = (
        f"postgresql://{prefix}_admin:known@/postgres?host={quote(str(cluster.socket_dir))}"
        f"&port={cluster.port}&application_name=amparo"
    )

    first = postgres.ensure_roles(url, prefix=prefix, secrets_path=tmp_path / "roles.json")
    second = postgres.ensure_roles(url, prefix=prefix, secrets_path=tmp_path / "roles.json")

    assert first == second
    assert first.app.django()["OPTIONS"] == {"application_name": "amparo"}
    assert run_as(first.app, "SHOW application_name") == [("amparo",)]


def test_an_administrator_without_powers_is_refused_in_words(
    cluster: postgres.Cluster, admin: psycopg.Connection, prefix: str, tmp_path: Path
) -> None:
    alter(admin, "CREATE ROLE {} LOGIN PASSWORD 'known'", f"{prefix}_weak")

    with pytest.raises(postgres.AdminPowersMissing, match="CREATEROLE and CREATEDB"):
        postgres.ensure_roles(
            cluster.dsn(user=f"{prefix}_weak", password="known"),
            prefix=prefix,
            secrets_path=tmp_path / "roles.json",
        )
    assert not (tmp_path / "roles.json").exists()


def test_a_database_of_somebody_else_is_not_taken_over(
    cluster: postgres.Cluster, admin: psycopg.Connection, prefix: str, tmp_path: Path
) -> None:
    alter(admin, "CREATE DATABASE {}", prefix)

    with pytest.raises(postgres.DatabaseNotOurs, match=f"belongs to {cluster.superuser}"):
        postgres.ensure_roles(cluster.dsn(), prefix=prefix, secrets_path=tmp_path / "roles.json")


def test_djangos_settings_hold_what_the_role_needs(roles: postgres.NodeRoles) -> None:
    settings = roles.worker.django()

    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["NAME"], settings["USER"]) == (roles.worker.name, roles.worker.user)
    assert (settings["HOST"], settings["PORT"]) == (roles.worker.host, roles.worker.port)
    assert settings["PASSWORD"] == roles.worker.password
