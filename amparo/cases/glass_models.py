"""Keep each time that a case was opened in danger of life, and how what was owed for it was answered.

Rows are written by the node for the person who acted, and never changed or removed. Row-level security: whoever opened
it, the supervisors of both agencies, oversight. Decision: 0025.
"""

from django.db import models

from amparo.access.models import Agency


class BrokenGlass(models.Model):
    """A case that somebody opened without working with the child; the relation it gives ends by itself."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="broken_glass")
    tie = models.OneToOneField("cases.Tie", on_delete=models.PROTECT, related_name="broken_glass")
    led_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=32)
    danger = models.CharField(max_length=30)
    at = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="newest_broken_glass")]

    def __str__(self) -> str:
        return f"{self.danger} {self.case_id}"


class GlassAnswer(models.Model):
    """How one thing that was owed was answered, and by whom."""

    id = models.BigAutoField(primary_key=True)
    glass = models.ForeignKey(BrokenGlass, on_delete=models.PROTECT, related_name="answers")
    owed = models.CharField(max_length=30)
    answer = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["glass", "owed"], name="one_answer_to_each")]

    def __str__(self) -> str:
        return f"{self.owed}: {self.answer}"
