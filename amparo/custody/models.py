"""Keep custody facts, clearances of return, what followed them, and the returns that spent them.

Nothing here is ever changed or removed. Facts and returns lie in the schema of the migration side, which may insert and
read them; clearances lie in that of the protection side. The moment of recording is the database's own, every row is
chained, and a return is taken only on a clearance that stands (migration 0001). A child is named by the reference of
her case, the only name both sides know. Decision: 0018.
"""

from django.db import models
from django.db.models import F, Q

from amparo.access.rules import Role
from amparo.custody.clearance_rules import Step
from amparo.custody.rules import CLOCK_AHEAD, FactKind

_NOT_AHEAD = Q(at__lte=F("recorded_at") + CLOCK_AHEAD)


class Fact(models.Model):
    """One thing that the migration side says of a child's liberty, hearings or decisions."""

    id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(max_length=32)
    kind = models.CharField(max_length=20)
    # When it was so, or when she is to be heard. `recorded_at` is set by the database, whatever is said here.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, editable=False)
    place = models.CharField(max_length=120, default="")
    place_kind = models.CharField(max_length=20, default="")
    may_leave = models.CharField(max_length=10, default="")
    holder = models.CharField(max_length=20, default="")
    ends = models.UUIDField(null=True)
    goes_to = models.CharField(max_length=20, default="")
    document_kind = models.CharField(max_length=20, default="")
    document_number = models.CharField(max_length=60, default="")
    document_sha256 = models.CharField(max_length=64, default="")
    corrects = models.UUIDField(null=True)
    why = models.CharField(max_length=20, default="")
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["reference", "recorded_at"], name="custody_fact_of_child")]
        constraints = [
            models.UniqueConstraint(fields=["id", "reference"], name="custody_fact_and_child"),
            models.UniqueConstraint(fields=["corrects"], name="custody_corrected_once"),
            models.CheckConstraint(
                name="custody_not_ahead", condition=Q(kind=FactKind.HEARING.value) | _NOT_AHEAD
            ),
            models.CheckConstraint(name="custody_recorded", condition=Q(recorded_at__isnull=False)),
            models.CheckConstraint(
                name="custody_kind", condition=Q(kind__in=[kind.value for kind in FactKind])
            ),
            models.CheckConstraint(
                name="custody_held_somewhere",
                condition=~Q(kind=FactKind.HELD.value)
                | ~Q(place="") & ~Q(place_kind="") & ~Q(may_leave="") & ~Q(holder=""),
            ),
            models.CheckConstraint(
                name="custody_end_of_something",
                condition=Q(kind=FactKind.LET_OUT.value, ends__isnull=False)
                | ~Q(kind=FactKind.LET_OUT.value) & Q(ends__isnull=True),
            ),
            models.CheckConstraint(
                name="custody_decision_on_paper",
                condition=~Q(kind=FactKind.DECISION.value) | ~Q(document_kind="") & ~Q(document_number=""),
            ),
            models.CheckConstraint(
                name="custody_correction_says_why",
                condition=Q(corrects__isnull=True, why="") & ~Q(kind=FactKind.VOID.value)
                | Q(corrects__isnull=False) & ~Q(why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.reference}"


class Clearance(models.Model):
    """A proposal that a return may happen: the dates, and what the receiving agency signed."""

    id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(max_length=32)
    recorded_at = models.DateTimeField(null=True, editable=False)
    determined_on = models.DateField()
    appeal_over_on = models.DateField()
    valid_until = models.DateTimeField()
    accepted_by = models.CharField(max_length=60)
    accepted_node = models.CharField(max_length=60)
    # The acceptance as it was signed, and its SHA-256.
    acceptance = models.TextField()
    acceptance_sha256 = models.CharField(max_length=64)
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["reference", "recorded_at"], name="clearance_of_child")]
        constraints = [
            models.UniqueConstraint(fields=["id", "reference"], name="clearance_and_child"),
            models.UniqueConstraint(fields=["id", "actor"], name="clearance_and_first"),
            models.CheckConstraint(
                name="clearance_appeal_after", condition=Q(appeal_over_on__gte=F("determined_on"))
            ),
            models.CheckConstraint(
                name="clearance_of_protection",
                condition=Q(role__in=[Role.CASEWORKER.value, Role.SUPERVISOR.value]),
            ),
        ]

    def __str__(self) -> str:
        return f"clearance of {self.reference}"


class ClearanceStep(models.Model):
    """What followed a proposal; with the confirmation of another person comes the signed token.

    Who proposed is repeated here, tied by a foreign key, so that a constraint can say that the second is another.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    clearance = models.ForeignKey(Clearance, on_delete=models.PROTECT, related_name="steps")
    first_actor = models.UUIDField()
    kind = models.CharField(max_length=20)
    because = models.CharField(max_length=30, default="")
    token = models.TextField(default="")
    recorded_at = models.DateTimeField(null=True, editable=False)
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clearance", "kind"], name="clearance_step_once"),
            models.UniqueConstraint(
                fields=["clearance"],
                condition=Q(kind__in=[Step.CONFIRMED.value, Step.DECLINED.value]),
                name="clearance_decided_once",
            ),
            models.CheckConstraint(
                name="clearance_second_is_another",
                condition=Q(kind=Step.WITHDRAWN.value)
                | ~Q(actor=F("first_actor")) & Q(role=Role.SUPERVISOR.value),
            ),
            models.CheckConstraint(
                name="clearance_token_of_second",
                condition=Q(kind=Step.CONFIRMED.value, because="") & ~Q(token="")
                | ~Q(kind=Step.CONFIRMED.value) & Q(token="") & ~Q(because=""),
            ),
            models.CheckConstraint(
                name="clearance_step_kind", condition=Q(kind__in=[step.value for step in Step])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.clearance_id}"


class Return(models.Model):
    """A child was returned: it spends the clearance it names, once and for all."""

    id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(max_length=32)
    clearance_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, editable=False)
    # The post where she was handed to the receiving agency.
    place = models.CharField(max_length=120)
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(name="return_not_ahead", condition=_NOT_AHEAD),
            models.CheckConstraint(name="return_recorded", condition=Q(recorded_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"return of {self.reference}"


class Link(models.Model):
    """The chain over all of the above: place, moment and hash of each row; written by the database alone.

    `at` is when the transaction of the row ended: what was inserted early and kept back is seen to be late.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=30)
    entry = models.UUIDField(unique=True)
    at = models.DateTimeField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return str(self.number)


class Told(models.Model):
    """A fact or return that was put into the story of its case, so that the Guide judges it; once."""

    entry = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.entry)
