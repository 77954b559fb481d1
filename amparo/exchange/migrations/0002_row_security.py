"""Force row-level security on transfers, their steps and the envelopes: our agency of the protection side, or the node.

What came in is for the node alone: people see the transfer that it led to.
"""

from django.db import migrations

from amparo.access.row_security import AGENCY, NODE, PROTECTION, append_only, force

OURS = f"({NODE} OR ({PROTECTION} AND agency_id = {AGENCY}))"
OF_OUR_TRANSFER = "EXISTS (SELECT FROM exchange_transfer t WHERE t.id = transfer_id)"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("access", "0002_audit_chain")]
    operations = [
        force("exchange_transfer", using=OURS),
        force("exchange_transferstep", using=OF_OUR_TRANSFER),
        append_only("exchange_transferstep"),
        force("exchange_outgoing", using=OF_OUR_TRANSFER),
        force("exchange_incoming", using=NODE),
    ]
