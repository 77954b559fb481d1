"""Hide the migration authority's people from the protection side's logins: each side keeps its own accounts.

The owner still sees both, so that a schema change can rewrite them; it never runs in front of people.
"""

from django.db import migrations

from amparo.access.row_security import for_logins


_OURS = "NOT EXISTS (SELECT FROM access_agency a WHERE a.id = agency_id AND a.sector = 'migration')"
OF_AGENCIES = tuple(
    statement
    for table in ("access_team", "access_change", "access_invitation")
    for statement in (
        f"DROP POLICY of_protection ON {table}",
        f"CREATE POLICY of_the_owner ON {table} TO {{owner}} USING (true)",
        f"CREATE POLICY of_protection ON {table} TO {{app}}, {{worker}} USING ({_OURS})",
    )
)


class Migration(migrations.Migration):
    dependencies = [("access", "0008_reading_traces")]
    operations = [
        for_logins(
            *OF_AGENCIES,
            "DROP POLICY of_protection ON access_person",
            "CREATE POLICY of_the_owner ON access_person TO {owner} USING (true)",
            "CREATE POLICY of_protection ON access_person TO {app}, {worker} USING (side <> 'migration')",
        )
    ]
