"""Keep each random sample that oversight drew, with what is needed to draw it again; ids and numbers only.

Written by the node alone, never changed or removed; seen by oversight. Decision: 0028.
"""

from typing import ClassVar

from django.db import models


class Sample(models.Model):
    """One sample: `random` and `digest` (hexadecimal) and `out_of` prove which cases had to be in it."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.UUIDField()
    agency = models.CharField(max_length=60)
    about = models.CharField(max_length=40)
    at = models.DateTimeField()
    ends = models.DateTimeField()
    random = models.CharField(max_length=64)
    out_of = models.IntegerField()
    # Cases that were drawn and left out because the child keeps this person out: how many, never which.
    passed_over = models.IntegerField()
    digest = models.CharField(max_length=64)
    cases = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="samples_of_person")]

    def __str__(self) -> str:
        return f"{self.about} {self.at:%Y-%m-%d}"
