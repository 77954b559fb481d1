"""Keep who is related to a child's case beyond its agencies, and from whom a child is kept back.

Nothing is ever changed: each of the four tables is append-only, and what ends is ended by a second row.
Reasons are sealed with the key of the case, and row-level security is forced. Design: security design 5.
Decision: 0019.
"""

from django.db import models

from amparo.access.models import Agency, Person
from amparo.access.roles import Relation

# What one may be given; the other relations follow from the agency one works for.
GIVEN = (
    Relation.ASSIGNED,
    Relation.GUARDIAN,
    Relation.LEGAL_REPRESENTATIVE,
    Relation.OVERSIGHT_SAMPLE,
    Relation.BREAK_GLASS,
)


class Tie(models.Model):
    """One person who is related to one case since a moment; `until` is when it ends by itself, if it does.

    The two agencies of the case are repeated, so that the policy of this table asks no other: the policy of the case
    asks this one, and two policies may not ask each other.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="ties")
    led_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_in_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    relation = models.CharField(max_length=30, choices=[(one.value, one.value) for one in GIVEN])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    sealed_why = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["person", "case"], name="tie_of_person")]
        constraints = [
            models.CheckConstraint(
                name="tie_ends_after_it_begins",
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.relation} of {self.case_id}"


class TieEnd(models.Model):
    """The end of a relation to a case, with who ended it and why."""

    tie = models.OneToOneField(Tie, primary_key=True, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    sealed_why = models.BinaryField()

    def __str__(self) -> str:
        return f"end of {self.tie_id}"


class Mark(models.Model):
    """One wish of the child, or one danger, that keeps her case back from a person, an agency or a whole side.

    `excluded` is kind:id, as in person:UUID, agency:UUID or sector:health. What marks exclude is repeated in the case
    and its standing (`withheld_from`), so that no list, search or page can forget to ask.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="marks")
    excluded = models.CharField(max_length=60)
    because = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    sealed_why = models.BinaryField()

    def __str__(self) -> str:
        return f"mark of {self.case_id}"


class MarkEnd(models.Model):
    """The end of a mark, with who ended it and why."""

    mark = models.OneToOneField(Mark, primary_key=True, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    sealed_why = models.BinaryField()

    def __str__(self) -> str:
        return f"end of {self.mark_id}"
