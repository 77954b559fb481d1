"""Say what each login of a node may do in its database, and refuse logins that could do more.

Three schemas. `protection` holds all that leads to a child; app and worker work there, and it is where a new table
lands. `migration` holds what the migration authority keeps, and the gate. `public` holds what both need: accounts,
agencies, the audit trail. The migration login gets no right by default: each one is given by name in a migration,
and none in `protection`, not even its use. Only what holds for every table is said here. Decision: 0017.
"""

import psycopg
from psycopg import sql

from amparo.base.postgres.errors import RoleTooPowerful

LOGINS = ("owner", "app", "worker", "migration")
CREATE_ROLE = "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"

# A name without a schema is looked up in this order; what the owner makes lands in the first.
SEARCH_PATHS = {
    "owner": ("protection", "migration", "public"),
    "app": ("protection", "migration", "public"),
    "worker": ("protection", "migration", "public"),
    "migration": ("migration", "public"),
}

# Run by the owner in the node's database. The function default must be revoked without IN SCHEMA:
# PostgreSQL keeps its built-in EXECUTE to PUBLIC whatever is said per schema.
GRANTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "REVOKE ALL ON DATABASE {database} FROM {app}, {worker}, {migration}",
    "GRANT CONNECT ON DATABASE {database} TO {owner}, {app}, {worker}, {migration}",
    "CREATE SCHEMA IF NOT EXISTS protection",
    "CREATE SCHEMA IF NOT EXISTS migration",
    "REVOKE ALL ON SCHEMA public, protection, migration FROM PUBLIC",
    "REVOKE ALL ON SCHEMA public, protection, migration FROM {app}, {worker}, {migration}",
    "GRANT USAGE ON SCHEMA public, migration TO {app}, {worker}, {migration}",
    "GRANT USAGE ON SCHEMA protection TO {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA protection"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA protection GRANT USAGE, SELECT ON SEQUENCES TO {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA protection GRANT EXECUTE ON FUNCTIONS TO {app}, {worker}",
    # What an earlier version gave to every new table of `public`.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON FUNCTIONS FROM {app}, {worker}",
)

# The owner may have CREATEDB (test databases need it); it never runs in front of people.
POWERS = """
SELECT role.rolname,
       concat_ws(', ',
           CASE WHEN role.rolsuper THEN 'SUPERUSER' END,
           CASE WHEN role.rolbypassrls THEN 'BYPASSRLS' END,
           CASE WHEN role.rolreplication THEN 'REPLICATION' END,
           CASE WHEN role.rolcreaterole THEN 'CREATEROLE' END,
           CASE WHEN role.rolcreatedb AND role.rolname <> %(owner)s THEN 'CREATEDB' END,
           (SELECT 'membership of ' || string_agg(over.rolname, ', ' ORDER BY over.rolname)
              FROM pg_auth_members AS m JOIN pg_roles AS over ON over.oid = m.roleid
             WHERE m.member = role.oid)) AS powers
  FROM pg_roles AS role
 WHERE role.rolname IN (%(owner)s, %(app)s, %(worker)s, %(migration)s)
 ORDER BY role.rolname
"""


def refuse_powers(admin: psycopg.Connection, prefix: str) -> None:
    """Raise RoleTooPowerful if a role of the node could bypass row-level security or raise itself."""
    names = {part: f"{prefix}_{part}" for part in LOGINS}
    for role, powers in admin.execute(POWERS, names).fetchall():
        if powers:
            raise RoleTooPowerful(
                f"The role {role} has {powers}, with which it could walk around row-level security. "
                "Take that away (ALTER ROLE ... NO..., or REVOKE), then start again."
            )


def become_member(admin: psycopg.Connection, role: str) -> None:
    """Let an administrator who is no superuser hand a database to a role; superusers need nothing."""
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row != (True,):
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def set_search_paths(admin: psycopg.Connection, prefix: str, database: str) -> None:
    """Say in which schemas each login looks up a name, so that no code and no operator has to."""
    change = sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}")
    for part, schemas in SEARCH_PATHS.items():
        path = sql.SQL(", ").join(map(sql.Identifier, schemas))
        admin.execute(change.format(sql.Identifier(f"{prefix}_{part}"), sql.Identifier(database), path))


def grant_node(owner: psycopg.Connection, prefix: str, database: str) -> None:
    """Grant, as the owner and in one transaction, what every table of the node starts with."""
    names = {part: sql.Identifier(f"{prefix}_{part}") for part in LOGINS}
    with owner.transaction():
        for grant in GRANTS:
            owner.execute(sql.SQL(grant).format(database=sql.Identifier(database), **names))
