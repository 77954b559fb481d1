"""Give migrations one way to say who sees which row and on which side a table stands, for an auditor to read.

A new table lands in the schema `protection` and takes row security from `force`; app and worker may use it, the
migration login cannot even name it. Three other cases:

- the migration authority's own table: `on_the_migration_side("custody_fact", migration="SELECT, INSERT", app="SELECT",
  worker="SELECT")` right after its CreateModel, then `for_logins` with one CREATE POLICY per login;
- a column of protection that crosses: a view in `migration`, owned by the owner, as in cases 0008, never a grant;
- a table of accounts: `on_both_sides("access_invitation", migration="SELECT, INSERT")`, then `for_logins` with the
  policies OF_PROTECTION_PEOPLE and OF_MIGRATION_PEOPLE of its column `user_id`.

Give each new right of the migration login a reason in `amparo/node/sectors.py`: a right without one fails a test.

Settings are read through a sub-select: once per query, not once per row (STACK section 5). They say who acts, and a
process can say anything; which side it stands on is therefore told by its login (`TO {migration}`), never by a setting.
Decisions: 0002, 0017.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython, RunSQL

SECTOR = "(SELECT current_setting('amparo.sector', true))"
AGENCY = "(SELECT nullif(current_setting('amparo.agency', true), '')::uuid)"
# The node itself (opening submissions, judging again, exchange); never a person.
NODE = "(SELECT current_setting('amparo.reach', true)) = 'node'"
PROTECTION = f"{SECTOR} = 'protection'"

LOGINS = ("owner", "app", "worker", "migration")


def force(table: str, *, using: str, check: str | None = None) -> RunSQL:
    """Force row-level security on a table with one policy; without an actor it shows and takes no row."""
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {table}_who ON {table} USING ({using}) WITH CHECK ({check or using})",
        ]
    )


def append_only(table: str) -> RunSQL:
    """Refuse every change and removal of rows, whoever asks (the function is made in access 0002)."""
    return RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION access_append_only()"
    )


def for_logins(*statements: str, undo: tuple[str, ...] = ()) -> RunPython:
    """Run statements in which {owner}, {app}, {worker} and {migration} stand for this node's logins.

    With _text behind it ({migration_text}) a name comes as a text to compare session_user with. A brace that is none
    of these is written twice. They run as the owner; its name tells the others'.
    """
    return RunPython(_running(statements), _running(undo) if undo else RunPython.noop)


def on_the_migration_side(table: str, *, migration: str, app: str = "", worker: str = "") -> RunPython:
    """Move a table to the schema `migration` and give each login the verbs named here and no other, all rows hidden.

    Verbs are a list as GRANT takes it ("SELECT, INSERT"); add policies with `for_logins` afterwards.
    """
    return for_logins(*_placed(table, "migration", {"migration": migration, "app": app, "worker": worker}))


def on_both_sides(
    table: str, *, migration: str, app: str = "SELECT, INSERT, UPDATE, DELETE", worker: str = ""
) -> RunPython:
    """Move a table of accounts to `public` and give each login the verbs named here and no other, all rows hidden."""
    rights = {"migration": migration, "app": app, "worker": worker or app}
    return for_logins(*_placed(table, "public", rights))


# Whose rows of a table with a column `user_id` each side sees: those of accounts that it sees.
OF_SEEN_PEOPLE = "EXISTS (SELECT FROM access_person p WHERE p.id = user_id)"


def _placed(table: str, schema: str, rights: dict[str, str]) -> list[str]:
    grants = [f"GRANT {verbs} ON {table} TO {{{login}}}" for login, verbs in rights.items() if verbs]
    return [
        f"ALTER TABLE {table} SET SCHEMA {schema}",
        f"REVOKE ALL ON {table} FROM PUBLIC, {{app}}, {{worker}}, {{migration}}",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *grants,
    ]


def _running(statements: tuple[str, ...]) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    def run(_: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ANN401 - Django's registry of models
        names = _names(editor)
        for statement in statements:
            editor.execute(statement.format(**names))

    return run


def _names(editor: BaseDatabaseSchemaEditor) -> dict[str, str]:
    """Return the quoted names of this node's logins, from the owner's, which runs the migration."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    node = str(owner).removesuffix("_owner")
    names = {login: f"{node}_{login}" for login in LOGINS}
    quoted = {login: editor.quote_name(name) for login, name in names.items()}
    return quoted | {f"{login}_text": f"'{name}'" for login, name in names.items()}
