"""Show a gate under protection's logins to the agencies of the case and the node only.

The migration side has its own login and the view `migration.gate` (0008). Until now whoever called herself of that
sector under protection's login could list every gate; no code of ours did. Decision: 0017.
"""

from django.db import migrations

from amparo.access.row_security import NODE, SECTOR, for_logins

OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
OURS = f"({NODE} OR {OF_OUR_CASE})"
AS_BEFORE = f"({NODE} OR {SECTOR} = 'migration' OR {OF_OUR_CASE})"


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_entries_may_be_erased")]
    operations = [
        for_logins(
            f"ALTER POLICY cases_gate_who ON cases_gate USING ({OURS})",
            undo=(f"ALTER POLICY cases_gate_who ON cases_gate USING ({AS_BEFORE})",),
        )
    ]
