"""Keep incidents, how each ended, and what a new version of the Guide changed for each case.

Append-only and under forced row-level security, as entries are (migration 0005). Decision: 0016.
"""

from django.db import models

from amparo.access.models import Agency


class IncidentKind(models.TextChoices):
    """What a supervisor has to know at once."""

    BREACH = "breach"
    STUCK = "stuck"
    CONFLICT = "conflict"


class Incident(models.Model):
    """A breach, a block that stays unmet, or a fact that speaks against a signature; never changed, never removed.

    `name` is the forbidden act or the contradicted evidence; `since` when it happened or began.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=10, choices=IncidentKind.choices)
    obligation = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    guide_version = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "obligation", "name", "since"], name="incident_once"
            ),
            models.UniqueConstraint(fields=["id", "kind"], name="incident_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.obligation}"


class IncidentEnd(models.Model):
    """How an incident ended: a breach with a supervisor's sealed words, all others by being put right."""

    incident = models.OneToOneField(Incident, primary_key=True, on_delete=models.PROTECT, related_name="end")
    kind = models.CharField(max_length=10, choices=IncidentKind.choices)
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_a_breach_ends_by_words_of_a_supervisor",
                condition=models.Q(kind="breach", sealed__isnull=False, role="supervisor")
                | (~models.Q(kind="breach") & models.Q(sealed__isnull=True, role="system")),
            )
        ]

    def __str__(self) -> str:
        return f"end of {self.incident_id}"


class GuideChange(models.Model):
    """What a new version of the Guide changed for one case; never changed, never removed."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="guide_changes")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    former = models.CharField(max_length=80)
    version = models.CharField(max_length=80)
    # Obligations that are open now, and that were; acts that are not allowed now, and that were not.
    opened = models.JSONField(default=list)
    ended = models.JSONField(default=list)
    barred = models.JSONField(default=list)
    freed = models.JSONField(default=list)
    # How many things of the four lists; 0 where the new version changed nothing for this child.
    size = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["agency", "version", "-size", "case"], name="changes_of_agency")]

    def __str__(self) -> str:
        return f"{self.former} to {self.version}"
