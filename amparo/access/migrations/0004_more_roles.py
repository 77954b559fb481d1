"""Name the roles that stand up for a child, serve her, or watch over how she is served."""

from django.db import migrations, models

ROLES = (
    "first-contact", "caseworker", "supervisor", "panel-member", "guardian", "legal-representative",
    "migration-officer", "consulate", "service-provider", "data-protection-officer", "oversight", "secretariat",
    "country-delegate", "administrator", "device", "system", "nobody",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("access", "0003_country_delegates")]
    operations = [
        migrations.AlterField(
            "person",
            "role",
            models.CharField(choices=[(role, role) for role in ROLES], max_length=30),
        ),
    ]
