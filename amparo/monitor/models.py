"""Keep what States answer, propose and comment: rows are added, never changed or removed.

No child data. Row-level security is forced on every table here (migration 0002): whoever writes, writes in her own
name, and a State's answers come from its own delegation alone. Decision: 0014.
"""

from django.db import models

from amparo.access.models import Agency
from amparo.monitor.rules import Kind, Said, Stance, Status


class AdoptionAnswer(models.Model):
    """One answer of a State on one obligation of one version of the Guide; `number` is its place in the history."""

    id = models.UUIDField(primary_key=True, editable=False)
    country = models.CharField(max_length=2)
    obligation = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    stance = models.CharField(max_length=30, choices=[(one.value, one.value) for one in Stance])
    since = models.DateField(null=True)
    reason = models.TextField()
    # The national norm as the State names it; nobody here has verified it.
    instrument = models.TextField()
    # The answer that its writer had before her eyes; null when there was none.
    seen = models.UUIDField(null=True)
    at = models.DateTimeField()
    actor = models.UUIDField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "version", "obligation", "number"], name="answer_in_its_place"
            ),
            models.CheckConstraint(
                name="reservation_has_a_reason",
                condition=~models.Q(stance=Stance.WITH_RESERVATION.value) | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.obligation} {self.stance}"


class Proposal(models.Model):
    """One proposal to change the Guide; `judged` is what the check said of the file on the day it was handed in."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Kind])
    title = models.CharField(max_length=160)
    text = models.TextField()
    obligations = models.JSONField(default=list)
    version = models.CharField(max_length=40)
    file = models.TextField()
    judged = models.JSONField(null=True)
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["-at"], name="proposal_newest")]

    def __str__(self) -> str:
        return self.title


class ProposalStep(models.Model):
    """One move of a proposal, with its reason; `number` counts from 1."""

    id = models.UUIDField(primary_key=True, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=30, choices=[(one.value, one.value) for one in Status])
    reason = models.TextField()
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="step_in_its_place")]

    def __str__(self) -> str:
        return f"{self.number} {self.status}"


class CommentEntry(models.Model):
    """One entry of a comment on a proposal or on an obligation; the comment is the fold of its entries."""

    id = models.UUIDField(primary_key=True, editable=False)
    comment = models.UUIDField()
    number = models.PositiveIntegerField()
    said = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Said])
    text = models.TextField()
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="comments")
    obligation = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["obligation", "at"], name="comment_of_obligation")]
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="comment_entry_in_its_place"),
            models.CheckConstraint(
                name="comment_is_on_one_thing",
                condition=models.Q(proposal__isnull=False, obligation="")
                | (models.Q(proposal__isnull=True) & ~models.Q(obligation="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment} {self.number} {self.said}"
