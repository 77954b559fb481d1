"""Let the migration login read the gate of one child at a time through a view, and nothing else of this schema.

The view runs with the owner's rights, so that the login needs no right on any table of protection. Row security of the
table stands behind it: the policy asks for the login, which a process cannot choose, and for the reference that stands
on the child's paper, so that nobody can list who is protected. Without both there is no row. Decision: 0017.
"""

from django.db import migrations

from amparo.access.row_security import NODE, SECTOR, for_logins

OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
GATE_READERS = f"({NODE} OR {SECTOR} = 'migration' OR {OF_OUR_CASE})"
FIELDS = (
    "reference, responsible_agency, responsible_telephone, child_status, determination, no_detention, no_return,"
    " next_hearing_on"
)

# The policy compares with a name that is filled in here: session_user is the login itself, whatever runs as whom.
PASSAGE = (
    "DROP POLICY cases_gate_who ON cases_gate",
    "CREATE POLICY cases_gate_who ON cases_gate TO {app}, {worker}"
    f" USING ({GATE_READERS}) WITH CHECK ({OF_OUR_CASE})",
    "CREATE POLICY cases_gate_passage ON cases_gate FOR SELECT TO {owner} USING ("
    "session_user = {migration_text}"
    " AND reference = (SELECT nullif(current_setting('amparo.gate_reference', true), '')))",
    f"CREATE VIEW migration.gate WITH (security_barrier) AS SELECT {FIELDS} FROM cases_gate",
    "GRANT SELECT ON migration.gate TO {migration}",
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_no_act_past_the_guide"), ("access", "0005_two_sides")]
    operations = [for_logins(*PASSAGE)]
