"""Count which children an officer opened on a day, keep who let her open more, and which children were invented.

Forced row security: her own rows, and those of her agency for its supervisor; invented children for the node alone, and
what they tell for oversight alone. Rows are never changed or removed.
"""

from django.db import migrations, models

from amparo.access.row_security import AGENCY, NODE, append_only, force

ACTOR = "(SELECT nullif(current_setting('amparo.actor', true), '')::uuid)"
ROLE = "(SELECT current_setting('amparo.role', true))"
MINE = f"person = {ACTOR}"
OF_MY_AGENCY = f"({ROLE} = 'supervisor' AND agency = {AGENCY})"
SEEN = f"({NODE} OR {MINE} OR {OF_MY_AGENCY})"
OWN = f"({NODE} OR ({MINE} AND agency = {AGENCY}))"
RAISED = f"({OF_MY_AGENCY} AND by = {ACTOR} AND person <> {ACTOR})"


def _row() -> list:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("person", models.UUIDField()),
        ("agency", models.UUIDField()),
        ("day", models.DateField()),
        ("at", models.DateTimeField()),
    ]


class Migration(migrations.Migration):
    dependencies = [("access", "0007_people")]
    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                *_row(),
                ("role", models.CharField(max_length=30)),
                ("subject", models.CharField(max_length=80)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["person", "day", "subject"], name="one_opening_a_day")
                ],
                "indexes": [models.Index(fields=["agency", "day"], name="openings_of_agency")],
            },
        ),
        migrations.CreateModel(
            name="StepUp",
            fields=[*_row(), ("because", models.CharField(max_length=30))],
            options={
                "constraints": [models.UniqueConstraint(fields=["person", "day"], name="one_step_up_a_day")]
            },
        ),
        migrations.CreateModel(
            name="BudgetRaise",
            fields=[*_row(), ("because", models.CharField(max_length=30)), ("by", models.UUIDField())],
            options={
                "indexes": [models.Index(fields=["person", "day"], name="raises_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        name="nobody_raises_her_own", condition=~models.Q(by=models.F("person"))
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Canary",
            fields=[
                ("subject", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CanaryAlarm",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("person", models.UUIDField()),
                ("role", models.CharField(max_length=30)),
                ("agency", models.CharField(max_length=60)),
                ("purpose", models.CharField(max_length=40)),
            ],
        ),
        force("access_opening", using=SEEN, check=OWN),
        force("access_stepup", using=SEEN, check=OWN),
        force("access_budgetraise", using=SEEN, check=RAISED),
        force("access_canary", using=NODE),
        force("access_canaryalarm", using=f"({NODE} OR {ROLE} = 'oversight')", check=NODE),
        *(
            append_only(f"access_{table}")
            for table in ("opening", "stepup", "budgetraise", "canary", "canaryalarm")
        ),
    ]
