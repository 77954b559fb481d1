"""Keep which identity at a ministry's provider signs in which account; each side sees those of its own people."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import for_logins, on_both_sides

_KEPT = "SELECT, INSERT, UPDATE"
_SEEN = "EXISTS (SELECT FROM access_person p WHERE p.id = person_id)"


class Migration(migrations.Migration):
    dependencies = [("access", "0009_own_people")]
    operations = [
        migrations.CreateModel(
            name="MinistryLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ministry", models.CharField(max_length=40)),
                ("identity", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ministry_links",
                        to="access.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("identity",),
                        name="one_account_per_ministry_identity",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "ministry"),
                        name="one_identity_per_ministry",
                    ),
                ],
            },
        ),
        on_both_sides("access_ministrylink", migration=_KEPT, app=_KEPT),
        for_logins(
            "CREATE POLICY of_the_owner ON access_ministrylink TO {owner} USING (true)",
            f"CREATE POLICY of_seen_people ON access_ministrylink TO {{app}}, {{worker}}, {{migration}} USING ({_SEEN})",
        ),
    ]
