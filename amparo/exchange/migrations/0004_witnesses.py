"""Keep checkpoints and witnesses' answers: written by the node itself, never changed or removed.

Oversight and administrators may look at them; they hold hashes and signed words, nothing of a child.
"""

from django.db import migrations, models

from amparo.access.row_security import NODE, append_only, force

ROLE = "(SELECT current_setting('amparo.role', true))"
LOOKING = f"({NODE} OR {ROLE} IN ('oversight', 'administrator'))"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_no_record_past_the_guide")]
    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.CharField(max_length=64)),
                ("root", models.CharField(max_length=64)),
                ("blocks", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="WitnessAnswer",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("witness", models.CharField(max_length=40)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True, default="")),
                ("refused", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={"indexes": [models.Index(fields=["witness", "-at"], name="answers_of_witness")]},
        ),
        migrations.CreateModel(
            name="Witnessed",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("node", models.CharField(max_length=40)),
                ("number", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("blocks", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("head", models.TextField()),
                ("text", models.TextField(blank=True, default="")),
                ("refused", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={"indexes": [models.Index(fields=["node", "-at"], name="witnessed_of_node")]},
        ),
        *(force(f"exchange_{table}", using=LOOKING, check=NODE) for table in ("checkpoint", "witnessanswer", "witnessed")),
        *(append_only(f"exchange_{table}") for table in ("checkpoint", "witnessanswer", "witnessed")),
    ]
