"""Keep blind words of children's names, seen by whoever sees the case, so that a search needs no clear text."""

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import AGENCY, NODE, PROTECTION, force

# As cases_case: the agency that leads, or that took her in.
OURS = f"({NODE} OR ({PROTECTION} AND (agency_id = {AGENCY} OR taken_in_by_id = {AGENCY})))"


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_gate_view")]
    operations = [
        migrations.AddField("case", "sealed_names", models.BinaryField(default=b"")),
        migrations.AddField("case", "names_edition", models.SmallIntegerField(default=0)),
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("pk", models.CompositePrimaryKey("case_id", "kind", "blind", blank=True, editable=False, primary_key=True, serialize=False)),
                ("kind", models.SmallIntegerField()),
                ("blind", models.IntegerField()),
                ("case", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="name_keys", to="cases.case")),
                ("agency", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
                ("taken_in_by", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "kind", "blind", "case"], include=["taken_in_by"], name="names_of_agency"),
                    models.Index(fields=["taken_in_by", "kind", "blind", "case"], name="names_of_taker"),
                ],
            },
        ),
        force("cases_namekey", using=OURS),
    ]
