"""Make the database of a node and the four logins that reach it, none of which can bypass its policies.

The owner changes the schema, the app serves the protection side, the worker does its background work, the
migration login serves the migration authority. Works on our own cluster and on any PostgreSQL 15 to 18 that
DATABASE_URL names. Passwords reach the server only as SCRAM verifiers, so that no server log can hold them.
May be run at every start. Decision: 0017.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from amparo.base.postgres import grants
from amparo.base.postgres.binaries import OLDEST_MAJOR
from amparo.base.postgres.errors import (
    AdminPowersMissing,
    DatabaseNotOurs,
    DatabaseUnreachable,
    PostgresTooOld,
    PrefixRefused,
)
from amparo.base.postgres.files import new_password, read_private, write_private

PARTS = grants.LOGINS
PREFIX = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Any fixed number does: two starts of a node take turns to make its roles.
TURN = 7_260_511


@dataclass(frozen=True)
class RoleAccess:
    """How one role reaches the database; `options` are further libpq parameters, such as sslmode."""

    host: str
    port: str
    name: str
    user: str
    password: str = field(repr=False)
    options: dict[str, str] = field(default_factory=dict)

    def dsn(self, dbname: str | None = None) -> str:
        """Return a libpq connection string with the password, for this database or another one."""
        return conninfo.make_conninfo(
            host=self.host or None,
            port=self.port or None,
            dbname=dbname or self.name,
            user=self.user,
            password=self.password,
            **self.options,
        )

    def django(self) -> dict[str, object]:
        """Return an entry for Django's DATABASES: ENGINE, HOST, PORT, NAME, USER, PASSWORD, OPTIONS."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": self.host,
            "PORT": self.port,
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "OPTIONS": dict(self.options),
        }


@dataclass(frozen=True)
class NodeRoles:
    """The logins of a node: owner (schema), app (protection), worker (background), migration (the other side)."""

    owner: RoleAccess
    app: RoleAccess
    worker: RoleAccess
    migration: RoleAccess


def ensure_roles(
    admin_dsn: str, *, prefix: str, secrets_path: Path, database: str | None = None
) -> NodeRoles:
    """Make what is missing of a node's roles, database and grants, and return how to reach them.

    `admin_dsn` is a URL or connection string of a superuser, or of a login with CREATEROLE and CREATEDB.
    Roles are `{prefix}_owner`, `_app`, `_worker`, `_migration`; the database is called `database`, or
    else `prefix`. Passwords are kept in `secrets_path` (JSON, mode 0600); without that file the roles
    get new ones. Raises PrefixRefused, DatabaseUnreachable, PostgresTooOld, AdminPowersMissing,
    DatabaseNotOurs, RoleTooPowerful.
    """
    name = database or prefix
    _refuse_odd_names(prefix, name)
    with _sign_in(admin_dsn, who="the administrator") as admin:
        _refuse_unfit_server(admin)
        admin.execute("SELECT pg_advisory_lock(%s)", [TURN])
        passwords = _passwords(secrets_path)
        _make_roles(admin, prefix, passwords)
        grants.refuse_powers(admin, prefix)
        _make_database(admin, name, owner=f"{prefix}_owner")
        grants.set_search_paths(admin, prefix, name)
        roles = _access(admin, prefix, name, passwords, admin_dsn)
        with _sign_in(roles.owner.dsn(), who=roles.owner.user) as owner:
            grants.grant_node(owner, prefix, name)
    return roles


def _refuse_odd_names(*names: str) -> None:
    for name in names:
        if not PREFIX.fullmatch(name):
            raise PrefixRefused(
                f"{name!r} cannot name roles or a database: use a lower-case letter, then up to 39 letters, "
                "digits or underscores."
            )


def _sign_in(dsn: str, *, who: str) -> psycopg.Connection:
    try:
        # Waits at most ten seconds: a wrong address must not look like a slow start.
        return psycopg.connect(dsn, autocommit=True, connect_timeout=10)
    except psycopg.ProgrammingError:
        # Its message would repeat the address, and with it a password.
        raise DatabaseUnreachable(
            f"The address of the database for {who} is not a valid PostgreSQL URL."
        ) from None
    except psycopg.OperationalError as trouble:
        raise DatabaseUnreachable(f"The database does not let {who} in: {trouble}") from None


def _refuse_unfit_server(admin: psycopg.Connection) -> None:
    major = admin.info.server_version // 10_000
    if major < OLDEST_MAJOR:
        raise PostgresTooOld(f"The server is PostgreSQL {major}; Amparo needs {OLDEST_MAJOR} or later.")
    may = admin.execute(
        "SELECT rolsuper OR (rolcreaterole AND rolcreatedb) FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if may != (True,):
        raise AdminPowersMissing(
            f"{admin.info.user} may not create roles and databases. Give it CREATEROLE and CREATEDB, "
            "or name another login."
        )


def _passwords(path: Path) -> dict[str, str]:
    """Return the kept passwords; those missing are made and kept before any role uses them."""
    kept = read_private(path)
    passwords = {part: kept.get(part) or new_password() for part in PARTS}
    if passwords != kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, passwords)
    path.chmod(0o600)
    return passwords


def _make_roles(admin: psycopg.Connection, prefix: str, passwords: dict[str, str]) -> None:
    for part, password in passwords.items():
        role = f"{prefix}_{part}"
        known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if known is None:
            admin.execute(sql.SQL(grants.CREATE_ROLE).format(sql.Identifier(role)))
        verifier = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        change = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
        admin.execute(change.format(sql.Identifier(role), sql.Literal(verifier.decode())))


def _make_database(admin: psycopg.Connection, name: str, *, owner: str) -> None:
    known = admin.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    if known is not None and known != (owner,):
        raise DatabaseNotOurs(
            f"A database named {name} exists and belongs to {known[0]}, not to {owner}. "
            "Choose another prefix, or change its owner."
        )
    if known is None:
        grants.become_member(admin, owner)
        create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(owner)))


def _access(
    admin: psycopg.Connection,
    prefix: str,
    name: str,
    passwords: dict[str, str],
    admin_dsn: str,
) -> NodeRoles:
    """Return the roles' addresses: the administrator's own, with other user, password and database."""
    replaced = {"host", "port", "dbname", "user", "password"}
    given = conninfo.conninfo_to_dict(admin_dsn)
    options = {key: str(value) for key, value in given.items() if key not in replaced and value is not None}
    host, port = str(given.get("host") or admin.info.host), str(given.get("port") or admin.info.port)
    return NodeRoles(
        **{part: RoleAccess(host, port, name, f"{prefix}_{part}", passwords[part], options) for part in PARTS}
    )
