"""Show the files of a case to whom row security shows the case, and let its erasure take them. Decision: 0026."""

from django.db import migrations

from amparo.access.row_security import NODE

OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_gate_for_protection_only"), ("forms", "0004_attachments_in_pieces")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE forms_attachment ADD CONSTRAINT attachment_of_a_case FOREIGN KEY (case_id)"
                " REFERENCES cases_case (id) DEFERRABLE INITIALLY DEFERRED",
                # Written by the node alone, also where an officer has a key sealed anew.
                f"ALTER POLICY forms_attachment_who ON forms_attachment USING ({NODE} OR {OF_OUR_CASE})"
                f" WITH CHECK ({NODE})",
            ]
        )
    ]
