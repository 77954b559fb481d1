"""Keep the checkpoints of our audit trail, what witnesses said of them, and what we said of others' trails.

Hashes, numbers and signed words alone; nothing of a child. Rows are never changed or removed. Decision: 0024.
"""

from django.db import models


class Checkpoint(models.Model):
    """The head of our trail as signed at a moment; `blocks` are the hashes from which the next one goes on."""

    number = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    blocks = models.JSONField(default=list)
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.number)


class WitnessAnswer(models.Model):
    """What a witness said of one of our checkpoints: its cosignature, or the code with which it refused."""

    id = models.UUIDField(primary_key=True, editable=False)
    witness = models.CharField(max_length=40)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    text = models.TextField(default="", blank=True)
    refused = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["witness", "-at"], name="answers_of_witness")]

    def __str__(self) -> str:
        return f"{self.witness} {self.number}"


class Witnessed(models.Model):
    """What another node showed us of its trail, and our answer; a head that we refused is kept as evidence."""

    id = models.UUIDField(primary_key=True, editable=False)
    node = models.CharField(max_length=40)
    number = models.BigIntegerField()
    root = models.CharField(max_length=64)
    blocks = models.JSONField(default=list)
    at = models.DateTimeField()
    head = models.TextField()
    text = models.TextField(default="", blank=True)
    refused = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["node", "-at"], name="witnessed_of_node")]

    def __str__(self) -> str:
        return f"{self.node} {self.number}"
