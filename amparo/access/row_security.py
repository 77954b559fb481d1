"""Give migrations one way to force row-level security, so that an auditor reads one policy per table.

Settings are read through a sub-select: once per query, not once per row (STACK section 5).
"""

from django.db.migrations.operations import RunSQL

SECTOR = "(SELECT current_setting('amparo.sector', true))"
AGENCY = "(SELECT nullif(current_setting('amparo.agency', true), '')::uuid)"
# The node itself (opening submissions, judging again, exchange); never a person.
NODE = "(SELECT current_setting('amparo.reach', true)) = 'node'"
PROTECTION = f"{SECTOR} = 'protection'"


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
