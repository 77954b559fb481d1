"""Keep the random samples of oversight: written by the node alone, seen by oversight, never changed or removed."""

from django.db import migrations, models

from amparo.access.row_security import NODE, append_only, force

ROLE = "(SELECT current_setting('amparo.role', true))"


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_attachments_of_a_case")]
    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("agency", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("random", models.CharField(max_length=64)),
                ("out_of", models.IntegerField()),
                ("passed_over", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("cases", models.JSONField()),
            ],
            options={"indexes": [models.Index(fields=["person", "-at"], name="samples_of_person")]},
        ),
        force("cases_sample", using=f"({NODE} OR {ROLE} = 'oversight')", check=NODE),
        append_only("cases_sample"),
    ]
