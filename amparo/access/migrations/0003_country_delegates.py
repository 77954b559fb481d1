"""Let an agency be the delegation of a State in the regional work, and its people delegates."""

from django.db import migrations, models

ROLES = (
    "first-contact", "caseworker", "supervisor", "migration-officer", "secretariat", "country-delegate",
    "administrator", "device", "system", "nobody",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("access", "0002_audit_chain")]
    operations = [
        migrations.AddField("agency", "country", models.CharField(blank=True, default="", max_length=2)),
        migrations.AlterField(
            "person",
            "role",
            models.CharField(choices=[(role, role) for role in ROLES], max_length=30),
        ),
    ]
