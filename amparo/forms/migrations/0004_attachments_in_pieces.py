"""Keep files in sealed pieces, each file under a key of its own, and no name that a telephone gave it.

A node that has files in the former shape, which no release had, is told so and left as it is. Decision: 0026.
"""

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import NODE, append_only, force


def require_none(apps, editor):
    """Stop where files of the former shape are kept; nothing is thrown away."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amparo.reach', 'node', true)")
        cursor.execute("SELECT count(*) FROM forms_attachment")
        (kept,) = cursor.fetchone()
        cursor.execute("SELECT set_config('amparo.reach', '', true)")
    if kept:
        raise RuntimeError(
            f"This node keeps {kept} attachments in a shape that was never released. Keep its database as it is, make"
            " a new node with: amparo init, and send the forms again from the telephones."
        )


class Migration(migrations.Migration):
    dependencies = [("forms", "0003_sealed_to_agency"), ("access", "0002_audit_chain")]
    operations = [
        migrations.RunPython(require_none, migrations.RunPython.noop),
        migrations.DeleteModel("Attachment"),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("case_id", models.UUIDField(blank=True, db_index=True, null=True)),
                ("mark", models.BinaryField()),
                ("question", models.CharField(max_length=80)),
                ("received_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=20)),
                ("size", models.IntegerField()),
                ("closest", models.BooleanField()),
                ("sealed_key", models.BinaryField()),
                ("sealed_to", models.CharField(blank=True, default="", max_length=22)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency")),
                ("submission", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="forms.submission")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("submission", "mark"), name="one_attachment_per_name")]
            },
        ),
        migrations.CreateModel(
            name="AttachmentPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("attachment", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="forms.attachment")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("attachment", "number"), name="one_piece_per_number")]
            },
        ),
        # Only the node itself writes a file; who may read one follows its case (cases 0016).
        force("forms_attachment", using=NODE),
        force("forms_attachmentpiece", using="EXISTS (SELECT FROM forms_attachment a WHERE a.id = attachment_id)", check=NODE),
        append_only("forms_attachmentpiece"),
    ]
