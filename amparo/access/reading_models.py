"""Count which children an officer opened on a day, and keep who let her open more; ids and days, no content.

Rows are never changed or removed. Row-level security is forced: her own rows, those of her agency for its supervisor.
Decision: 0025.
"""

from typing import ClassVar

from django.db import models


class Opening(models.Model):
    """One child that a person opened on a day; opening her again adds nothing."""

    person = models.UUIDField()
    agency = models.UUIDField()
    role = models.CharField(max_length=30)
    day = models.DateField()
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "day", "subject"], name="one_opening_a_day")
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "day"], name="openings_of_agency")]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class StepUp(models.Model):
    """A person proved again who she is, and said why she opens so many children on this day."""

    person = models.UUIDField()
    agency = models.UUIDField()
    day = models.DateField()
    at = models.DateTimeField()
    because = models.CharField(max_length=30)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "day"], name="one_step_up_a_day")]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class BudgetRaise(models.Model):
    """A supervisor let somebody of her agency open more children on one day."""

    person = models.UUIDField()
    agency = models.UUIDField()
    day = models.DateField()
    at = models.DateTimeField()
    because = models.CharField(max_length=30)
    by = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "day"], name="raises_of_person")]
        constraints: ClassVar = [
            models.CheckConstraint(name="nobody_raises_her_own", condition=~models.Q(by=models.F("person")))
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class Canary(models.Model):
    """A child who was invented so that any reading of her shows that somebody reads without a reason."""

    subject = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject


class CanaryAlarm(models.Model):
    """Somebody read an invented child; only oversight sees this row."""

    id = models.UUIDField(primary_key=True, editable=False)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()
    person = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%S} {self.role}"
