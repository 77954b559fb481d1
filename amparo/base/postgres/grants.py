"""Say what each role of a node may do in its database, and refuse roles that could do more.

Only what holds for every table; a migration narrows it for its own (an audit trail loses UPDATE and
DELETE). Executing functions is granted to app and worker and to nobody else by default, so a migration
that makes a SECURITY DEFINER function must revoke it from whom it is not meant for.
"""

import psycopg
from psycopg import sql

from amparo.base.postgres.errors import RoleTooPowerful

CREATE_ROLE = "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"

# Run by the owner in the node's database. The function default must be revoked without IN SCHEMA:
# PostgreSQL keeps its built-in EXECUTE to PUBLIC whatever is said per schema.
GRANTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "REVOKE ALL ON DATABASE {database} FROM {app}, {worker}",
    "GRANT CONNECT ON DATABASE {database} TO {owner}, {app}, {worker}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "REVOKE ALL ON SCHEMA public FROM {app}, {worker}",
    "GRANT USAGE ON SCHEMA public TO {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}, {worker}",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {app}, {worker}",
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
 WHERE role.rolname IN (%(owner)s, %(app)s, %(worker)s)
 ORDER BY role.rolname
"""


def refuse_powers(admin: psycopg.Connection, prefix: str) -> None:
    """Raise RoleTooPowerful if a role of the node could bypass row-level security or raise itself."""
    names = {part: f"{prefix}_{part}" for part in ("owner", "app", "worker")}
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


def grant_node(owner: psycopg.Connection, prefix: str, database: str) -> None:
    """Grant, as the owner and in one transaction, what every table of the node starts with."""
    names = {part: sql.Identifier(f"{prefix}_{part}") for part in ("owner", "app", "worker")}
    with owner.transaction():
        for grant in GRANTS:
            owner.execute(sql.SQL(grant).format(database=sql.Identifier(database), **names))
