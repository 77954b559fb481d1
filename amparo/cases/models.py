"""Keep the case, its append-only entries, how it stands before the Guide, and its gate.

Row-level security is forced on every table here (migration 0002). Personal data (class P2) is sealed with the
data key of its case; only the key process of the node can open it. Decisions: 0003, 0005.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from amparo.access.models import Agency
from amparo.cases.erasure_models import ErasedMark as ErasedMark
from amparo.cases.erasure_models import LegalHold as LegalHold
from amparo.cases.erasure_models import LegalHoldEnd as LegalHoldEnd
from amparo.cases.glass_models import BrokenGlass as BrokenGlass
from amparo.cases.glass_models import GlassAnswer as GlassAnswer
from amparo.cases.incident_models import GuideChange as GuideChange
from amparo.cases.incident_models import Incident as Incident
from amparo.cases.incident_models import IncidentEnd as IncidentEnd
from amparo.cases.incident_models import IncidentKind as IncidentKind
from amparo.cases.override_models import Override as Override
from amparo.cases.override_models import OverrideStep as OverrideStep
from amparo.cases.sample_models import Sample as Sample
from amparo.cases.sealed_models import SealedPart as SealedPart
from amparo.cases.tie_models import Mark as Mark
from amparo.cases.tie_models import MarkEnd as MarkEnd
from amparo.cases.tie_models import Tie as Tie
from amparo.cases.tie_models import TieEnd as TieEnd


class Case(models.Model):
    """One node's record of its care for one child; `agency` leads it."""

    id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(max_length=32, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="cases_led")
    taken_in_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="cases_taken_in")
    opened_at = models.DateTimeField()
    # The data key of this case, wrapped by the node key; destroying it destroys what it sealed.
    wrapped_key = models.BinaryField()
    # First name or nickname under the list key, so that a list opens no case.
    sealed_label = models.BinaryField()
    sealed_identity = models.BinaryField()
    # Her names alone, sealed like the label: a search puts its candidates in order and opens no case. Decision: 0023.
    sealed_names = models.BinaryField(default=b"")
    # Under which edition of the rules of sound her names stand in the index; 0 is not yet.
    names_edition = models.SmallIntegerField(default=0)
    # Set when another node has taken the case over and this one has released it.
    released_at = models.DateTimeField(null=True, blank=True)

    # The child's own number on the telephones of the agency that took her in; a second form with it is the same child.
    entity = models.UUIDField(null=True, blank=True, editable=False)
    # Whom current marks exclude, as kind:id; row security hides the case from them.
    withheld_from = ArrayField(models.CharField(max_length=60), default=list, db_default=[], blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "-opened_at"], name="case_agency_opened")]
        constraints = [models.UniqueConstraint(fields=["taken_in_by", "entity"], name="case_entity_once")]

    def __str__(self) -> str:
        return self.reference


class EntryKind(models.TextChoices):
    """What one entry tells."""

    FACT = "fact"
    EVIDENCE = "evidence"
    ACTION = "action"
    IDENTITY = "identity"
    WORDS = "words"
    CONSENT = "consent"
    NOTE = "note"
    TRANSFER = "transfer"


class Entry(models.Model):
    """One thing that became known or was done; never changed, never removed. The case is the fold of its entries.

    `at` is when it was so, `recorded_at` when this node learned it. What the child said is in `sealed`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    name = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)
    # Who told it and how sure it is, in closed words; and the protection class of what is sealed.
    told = models.JSONField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    # Where it comes from: submission:ID, envelope:ID, or desk.
    source = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["case", "recorded_at"], name="entry_case_recorded")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Standing(models.Model):
    """How a case stands before the Guide, as last evaluated; written in the transaction that changed the facts.

    `danger` and `next_due_at` are the order of "My day": harm, unmet needs, lateness, then the next moment due.
    The two agencies and the release are repeated here so that a list reads one index and joins nothing: behind row
    security the planner cannot tell how many rows a policy leaves, and a join then reads the whole table.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="standing")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_in_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Region and overlay; a case that is not open keeps the version under which it was judged last.
    guide_version = models.CharField(max_length=80)
    evaluated_at = models.DateTimeField()
    released = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    # Repeated from the case, for lists.
    withheld_from = ArrayField(models.CharField(max_length=60), default=list, db_default=[], blank=True)
    danger = models.SmallIntegerField()
    next_due_at = models.DateTimeField()
    breach_count = models.IntegerField()
    late_count = models.IntegerField()
    open_count = models.IntegerField()
    needs_now = models.IntegerField()
    # For a list line without opening the case: age, age_status, care_setting, first_open.
    glance = models.JSONField(default=dict)
    # obligation -> moment at which the system first found it due (the clock since-due)
    first_due = models.JSONField(default=dict)
    blocked = models.JSONField(default=dict)
    breaches = models.JSONField(default=list)
    # state -> obligations, as last evaluated; what a new version of the Guide changed is told against it
    states = models.JSONField(default=dict)
    # obligation -> since when it is open with a block that stands; evidence/KEY -> since when a fact speaks against it
    unmet_since = models.JSONField(default=dict)
    # The next moment at which an unmet block becomes an incident; a sweep looks for those that have passed.
    next_stuck_at = models.DateTimeField(null=True)
    incident_count = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_stuck_at"],
                name="stuck_next",
                condition=models.Q(released=False, closed=False, next_stuck_at__isnull=False),
            ),
            models.Index(
                fields=["guide_version", "case"],
                name="open_by_version",
                condition=models.Q(released=False, closed=False),
            ),
            models.Index(
                fields=["agency", "danger", "case"],
                name="incidents_of_agency",
                condition=models.Q(incident_count__gt=0),
            ),
            models.Index(
                fields=["agency", "danger", "next_due_at", "case"],
                name="open_of_agency",
                condition=models.Q(released=False),
            ),
            models.Index(
                fields=["taken_in_by", "danger", "next_due_at", "case"],
                name="open_of_taker",
                condition=models.Q(released=False),
            ),
        ]

    def __str__(self) -> str:
        return f"standing of {self.case_id}"


class NameKey(models.Model):
    """One blind word under which a child's name is found; it holds no name and cannot be turned back without a key.

    The two agencies are repeated here for the same reason as in Standing. Decision: 0023.
    """

    pk = models.CompositePrimaryKey("case_id", "kind", "blind")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="name_keys", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_in_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    # amparo.names.Index
    kind = models.SmallIntegerField()
    blind = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "kind", "blind", "case"], include=["taken_in_by"], name="names_of_agency"
            ),
            models.Index(fields=["taken_in_by", "kind", "blind", "case"], name="names_of_taker"),
        ]

    def __str__(self) -> str:
        return f"name key of {self.case_id}"


class Gate(models.Model):
    """The only passage to the migration side: five facts about a case, and nothing else."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="gate")
    reference = models.CharField(max_length=32, unique=True)
    responsible_agency = models.JSONField(default=dict)
    responsible_telephone = models.CharField(max_length=40)
    child_status = models.CharField(max_length=20)
    determination = models.CharField(max_length=20)
    no_detention = models.BooleanField(default=True)
    no_return = models.BooleanField(default=True)
    next_hearing_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.reference
