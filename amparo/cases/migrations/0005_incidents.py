"""Keep incidents, how they ended, and what a new version of the Guide changed for each case.

Incidents are never changed or removed, under forced row-level security as entries are. The oversight side may read
breaches: its role comes later, the door is here.
"""

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import AGENCY, NODE, PROTECTION, SECTOR, append_only, force

OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
OVERSEEN = f"({SECTOR} = 'oversight' AND kind = 'breach')"
OF_SEEN_INCIDENT = "EXISTS (SELECT FROM cases_incident i WHERE i.id = incident_id)"
# The agency is repeated in each row, as in a standing, so that a list reads one index and joins nothing.
LED_BY_US = f"({NODE} OR ({PROTECTION} AND agency_id = {AGENCY}) OR {OF_OUR_CASE})"

# The end of an incident says of which kind it was, and so who may end it how.
TIED = """
ALTER TABLE cases_incidentend ADD CONSTRAINT incident_end_of_kind
    FOREIGN KEY (incident_id, kind) REFERENCES cases_incident (id, kind);
"""

OPEN = models.Q(("closed", False), ("released", False))
KINDS = [("breach", "Breach"), ("stuck", "Stuck"), ("conflict", "Conflict")]


def _to_case(related: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related, to="cases.case"
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0002_audit_chain"), ("cases", "0004_list_without_join")]
    operations = [
        migrations.AlterField("standing", "guide_version", models.CharField(max_length=80)),
        migrations.AddField("standing", "closed", models.BooleanField(default=False)),
        migrations.AddField("standing", "states", models.JSONField(default=dict)),
        migrations.AddField("standing", "unmet_since", models.JSONField(default=dict)),
        migrations.AddField("standing", "next_stuck_at", models.DateTimeField(null=True)),
        migrations.AddField("standing", "incident_count", models.IntegerField(default=0)),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("obligation", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("guide_version", models.CharField(max_length=80)),
                ("case", _to_case("incidents")),
            ],
        ),
        migrations.CreateModel(
            name="IncidentEnd",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="cases.incident",
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("at", models.DateTimeField()),
                ("actor", models.UUIDField()),
                ("role", models.CharField(max_length=30)),
                ("agency", models.CharField(max_length=60)),
                ("sealed", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GuideChange",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("former", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=80)),
                ("opened", models.JSONField(default=list)),
                ("ended", models.JSONField(default=list)),
                ("barred", models.JSONField(default=list)),
                ("freed", models.JSONField(default=list)),
                ("size", models.IntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.agency",
                    ),
                ),
                ("case", _to_case("guide_changes")),
            ],
        ),
        migrations.AddIndex(
            "standing",
            models.Index(
                condition=models.Q(("closed", False), ("next_stuck_at__isnull", False), ("released", False)),
                fields=["next_stuck_at"],
                name="stuck_next",
            ),
        ),
        migrations.AddIndex(
            "standing", models.Index(condition=OPEN, fields=["guide_version", "case"], name="open_by_version")
        ),
        migrations.AddIndex(
            "standing",
            models.Index(
                condition=models.Q(("incident_count__gt", 0)),
                fields=["agency", "danger", "case"],
                name="incidents_of_agency",
            ),
        ),
        migrations.AddIndex(
            "guidechange",
            models.Index(fields=["agency", "version", "-size", "case"], name="changes_of_agency"),
        ),
        migrations.AddConstraint(
            "incident",
            models.UniqueConstraint(
                fields=("case", "kind", "obligation", "name", "since"), name="incident_once"
            ),
        ),
        migrations.AddConstraint(
            "incident", models.UniqueConstraint(fields=("id", "kind"), name="incident_kind")
        ),
        migrations.AddConstraint(
            "incidentend",
            models.CheckConstraint(
                condition=models.Q(("kind", "breach"), ("role", "supervisor"), ("sealed__isnull", False))
                | (~models.Q(("kind", "breach")) & models.Q(("role", "system"), ("sealed__isnull", True))),
                name="only_a_breach_ends_by_words_of_a_supervisor",
            ),
        ),
        migrations.RunSQL(TIED),
        force("cases_incident", using=f"({OF_OUR_CASE} OR {OVERSEEN})", check=OF_OUR_CASE),
        append_only("cases_incident"),
        force("cases_incidentend", using=OF_SEEN_INCIDENT),
        append_only("cases_incidentend"),
        force("cases_guidechange", using=LED_BY_US, check=OF_OUR_CASE),
        append_only("cases_guidechange"),
    ]
