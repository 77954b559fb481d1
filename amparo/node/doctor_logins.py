"""Look whether the logins of both sides may do in the database what they need and nothing more, for `amparo doctor`.

Signs in as each login and asks the database's own catalogue; changes nothing. What the migration login may is named in
`sectors.py`; the app's may use the tables of protection and never change how they are made or kept. Decision: 0017.
"""

import json
import os

import psycopg

from amparo.base.postgres import PostgresTrouble, RoleTooPowerful
from amparo.base.postgres.grants import refuse_powers
from amparo.node.home import Home
from amparo.node.sectors import PASSAGES

# What the login that asks holds on each table, view, sequence and function of the node.
_HELD = """
SELECT n.nspname || '.' || c.relname, string_agg(v, ', ' ORDER BY i)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
           WITH ORDINALITY AS x (v, i)
 WHERE n.nspname IN ('public', 'protection', 'migration') AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
   AND (has_table_privilege(c.oid, v)
        OR CASE WHEN v IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') THEN has_any_column_privilege(c.oid, v) END)
 GROUP BY 1
UNION ALL
SELECT n.nspname || '.' || p.proname, 'EXECUTE' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname IN ('public', 'protection', 'migration') AND has_function_privilege(p.oid, 'EXECUTE')
UNION ALL
SELECT n.nspname || '.' || c.relname, 'USAGE' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'protection', 'migration') AND c.relkind = 'S'
   AND (has_sequence_privilege(c.oid, 'USAGE') OR has_sequence_privilege(c.oid, 'SELECT'))
"""
# Tables that the login owns or could empty or hang triggers on, and schemas in which it could make things.
_TOO_MUCH = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'protection', 'migration') AND c.relkind IN ('r', 'v', 'm', 'p')
   AND (c.relowner = current_user::regrole OR has_table_privilege(c.oid, 'TRUNCATE')
        OR has_table_privilege(c.oid, 'TRIGGER'))
UNION ALL
SELECT 'schema ' || nspname FROM pg_namespace
 WHERE nspname IN ('public', 'protection', 'migration') AND has_schema_privilege(oid, 'CREATE')
 ORDER BY 1
"""
# Row security that does not hold for the owner holds for nobody who becomes the owner.
_UNFORCED = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'protection', 'migration') AND c.relrowsecurity AND NOT c.relforcerowsecurity
 ORDER BY 1
"""


def rights_held(login: psycopg.Connection) -> dict[str, str]:
    """Return what a login may do with each thing of the node's schemas, as verbs in a fixed order."""
    return dict(login.execute(_HELD).fetchall())


def require_right_rights(home: Home, login: str) -> None:
    """Sign in as a login and compare what it may do with what it must.

    Raises:
        amparo.base.postgres.PostgresTrouble: it is not let in, or may do other things; the message names them.
    """
    with _signed_in(home, login) as connection:
        refuse_powers(connection, str(connection.info.user).removesuffix(f"_{login}"))
        _refuse(connection, _TOO_MUCH, login, "could change how these are made")
        _refuse(connection, _UNFORCED, login, "meets row security that is not forced on these")
        if login == "migration":
            _compare_with_passages(connection)


def is_kept_from_us(home: Home, login: str) -> bool:
    """Test whether how this login signs in is kept from the account that asks, as the other side's may be."""
    return not os.access(home.database_secrets(login), os.R_OK)


def _signed_in(home: Home, login: str) -> psycopg.Connection:
    found = json.loads(home.database_secrets(login).read_text(encoding="utf-8"))
    try:
        return psycopg.connect(
            host=found["HOST"], port=found["PORT"], dbname=found["NAME"], user=found["USER"],
            password=found["PASSWORD"], connect_timeout=5, **found["OPTIONS"],
        )  # fmt: skip
    except psycopg.OperationalError as wrong:
        raise PostgresTrouble(f"The database does not let {found['USER']} in. Run: amparo migrate") from wrong


def _refuse(connection: psycopg.Connection, question: str, login: str, why: str) -> None:
    if found := [name for (name,) in connection.execute(question.encode()).fetchall()]:
        raise RoleTooPowerful(
            f"The {login} login {why}: {_some(found)}. Take that away as the owner, then look again."
        )


def _compare_with_passages(connection: psycopg.Connection) -> None:
    held, named = rights_held(connection), {name: one.verbs for name, one in PASSAGES.items()}
    wrong = sorted(name for name in held.keys() | named.keys() if held.get(name) != named.get(name))
    (reaches,) = connection.execute("SELECT has_schema_privilege('protection', 'USAGE')").fetchone() or (
        True,
    )
    if wrong or reaches:
        names = [*(["schema protection"] if reaches else []), *wrong]
        raise RoleTooPowerful(
            f"The migration login's rights are not those of docs/reference/sectors.md: {_some(names)}."
            " Revoke or grant them as the owner, then look again."
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
