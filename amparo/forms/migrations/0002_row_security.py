"""Force row-level security on what came in: the agency whose device sent it, of the protection side."""

from django.db import migrations

from amparo.access.row_security import AGENCY, NODE, PROTECTION, force

OURS = f"({NODE} OR ({PROTECTION} AND agency_id = {AGENCY}))"
OF_OUR_SUBMISSION = "EXISTS (SELECT FROM forms_submission s WHERE s.id = submission_id)"


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial"), ("access", "0002_audit_chain")]
    operations = [
        force("forms_submission", using=OURS),
        force("forms_attachment", using=OF_OUR_SUBMISSION),
    ]
