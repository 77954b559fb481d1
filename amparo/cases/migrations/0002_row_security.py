"""Force row-level security on every table of cases: the agency that leads or took the child in, of the protection side.

The gate is the only table here that the migration side may read; it holds the gate fields and nothing else.
"""

from django.db import migrations

from amparo.access.row_security import AGENCY, NODE, PROTECTION, SECTOR, append_only, force

OURS = f"({NODE} OR ({PROTECTION} AND (agency_id = {AGENCY} OR taken_in_by_id = {AGENCY})))"
OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
GATE_READERS = f"({NODE} OR {SECTOR} = 'migration' OR {OF_OUR_CASE})"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("access", "0002_audit_chain")]
    operations = [
        force("cases_case", using=OURS),
        force("cases_entry", using=OF_OUR_CASE),
        append_only("cases_entry"),
        force("cases_standing", using=OURS),
        force("cases_gate", using=GATE_READERS, check=OF_OUR_CASE),
    ]
