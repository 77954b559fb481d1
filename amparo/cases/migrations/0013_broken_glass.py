"""Keep each time that a case was opened in danger of life: written by the node alone, never changed or removed.

Seen by whoever opened it, by the protection agencies of both, and by oversight. A relation of this kind shows the case
through the policies of relations (0010) and ends by itself.
"""

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import AGENCY, NODE, PROTECTION, append_only, force

ACTOR = "(SELECT nullif(current_setting('amparo.actor', true), '')::uuid)"
ROLE = "(SELECT current_setting('amparo.role', true))"
SEEN = (
    f"({NODE} OR person = {ACTOR} OR {ROLE} = 'oversight'"
    f" OR ({PROTECTION} AND {ROLE} = 'supervisor' AND (led_by_id = {AGENCY} OR agency_id = {AGENCY})))"
)
OF_SEEN = "EXISTS (SELECT FROM cases_brokenglass g WHERE g.id = glass_id)"
RELATIONS = [
    (one, one) for one in ("assigned", "guardian", "legal-representative", "oversight-sample", "break-glass")
]


def _to(model: str, related: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related, to=model)


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_erasure"), ("access", "0008_reading_traces")]
    operations = [
        migrations.AlterField("tie", "relation", models.CharField(choices=RELATIONS, max_length=30)),
        migrations.CreateModel(
            name="BrokenGlass",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("role", models.CharField(max_length=30)),
                ("reference", models.CharField(max_length=32)),
                ("danger", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("agency", _to("access.agency", "+")),
                ("led_by", _to("access.agency", "+")),
                ("case", _to("cases.case", "broken_glass")),
                (
                    "tie",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="broken_glass", to="cases.tie"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["-at"], name="newest_broken_glass")]},
        ),
        migrations.CreateModel(
            name="GlassAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owed", models.CharField(max_length=30)),
                ("answer", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("actor", models.UUIDField()),
                ("role", models.CharField(max_length=30)),
                ("agency", models.CharField(max_length=60)),
                ("glass", _to("cases.brokenglass", "answers")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["glass", "owed"], name="one_answer_to_each")
                ]
            },
        ),
        force("cases_brokenglass", using=SEEN, check=NODE),
        append_only("cases_brokenglass"),
        force("cases_glassanswer", using=OF_SEEN, check=NODE),
        append_only("cases_glassanswer"),
    ]
