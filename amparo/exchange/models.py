"""Keep transfers with their steps, the envelopes that leave, those that came, and the number of the trust list.

Row-level security is forced on every table that can lead to a child (migration 0002). What a proposal says of a
child is sealed under a data key of its own until the receiver takes her over. Decisions: 0002, 0003.
"""

from django.db import models

from amparo.access.models import Agency
from amparo.cases.models import Case
from amparo.exchange.rules import Side, Stage
from amparo.exchange.witness_models import Checkpoint as Checkpoint
from amparo.exchange.witness_models import WitnessAnswer as WitnessAnswer
from amparo.exchange.witness_models import Witnessed as Witnessed


class Transfer(models.Model):
    """One child's way from an agency to another, as this node knows it."""

    id = models.UUIDField(primary_key=True, editable=False)
    thread = models.CharField(max_length=32, unique=True)
    side = models.CharField(max_length=10, choices=[(side.value, side.value) for side in Side])
    # At the receiver there is no case until it takes over.
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="transfers")
    peer_node = models.CharField(max_length=40)
    peer_agency = models.CharField(max_length=40)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=[(stage.value, stage.value) for stage in Stage])
    profile = models.CharField(max_length=20)
    urgent = models.BooleanField()
    # What was proposed, and the agency's signature on it: {message, evidence}. Destroyed with its key when the
    # transfer comes to nothing.
    wrapped_key = models.BinaryField(null=True)
    sealed_proposal = models.BinaryField(null=True)
    proposed_at = models.DateTimeField()
    answer_due = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["agency", "side", "proposed_at"], name="transfer_of_agency")]
        constraints = [
            models.CheckConstraint(
                name="sender_has_case", condition=~models.Q(side="sender") | models.Q(case__isnull=False)
            ),
            models.CheckConstraint(
                name="taker_has_case",
                condition=~models.Q(side="receiver", stage__in=["taken-over", "closed"])
                | models.Q(case__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.thread}"


class TransferStep(models.Model):
    """One move on a transfer, ours or heard; never changed or removed. `sealed` holds the words that came with it."""

    id = models.UUIDField(primary_key=True, editable=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=12)
    heard = models.BooleanField()
    stage = models.CharField(max_length=12)
    at = models.DateTimeField()
    envelope = models.CharField(max_length=32)
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["transfer", "at"], name="step_of_transfer")]

    def __str__(self) -> str:
        return f"{self.move} -> {self.stage}"


class Outgoing(models.Model):
    """An envelope that leaves: written in the transaction that it tells of, posted until a signed receipt comes."""

    id = models.CharField(max_length=32, primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="outgoing")
    thread = models.CharField(max_length=32)
    n = models.PositiveIntegerField()
    move = models.CharField(max_length=12)
    to_node = models.CharField(max_length=40)
    # Sealed to the other agency: this node cannot open it any more. Emptied once it was answered.
    content = models.BinaryField(null=True)
    made = models.DateTimeField()
    ends = models.DateTimeField()
    urgent = models.BooleanField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    receipt = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="outgoing_due", condition=models.Q(answered_at__isnull=True)
            )
        ]
        constraints = [models.UniqueConstraint(fields=["thread", "n"], name="one_outgoing_per_number")]

    def __str__(self) -> str:
        return self.id


class Incoming(models.Model):
    """An envelope that came: its id and hash are kept for ever, with the receipt that a repeat gets again."""

    id = models.CharField(max_length=32, primary_key=True)
    from_node = models.CharField(max_length=40)
    thread = models.CharField(max_length=32)
    n = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    receipt = models.TextField()
    # The message with its signature, sealed under a key of its own, while message n-1 has not come.
    wrapped_key = models.BinaryField(null=True)
    waiting = models.BinaryField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_node", "thread", "n"], name="one_incoming_per_number")
        ]

    def __str__(self) -> str:
        return self.id


class TrustListHeld(models.Model):
    """The newest trust list this node has worked with, so that an older file cannot come back."""

    number = models.PositiveBigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)
