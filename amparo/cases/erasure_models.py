"""Keep what was erased as marks without content, and the legal holds that forbid to erase."""

import uuid

from django.db import models


class ErasedMark(models.Model):
    """The mark of one record that was erased: a hash of its id, as in the ledger beside the database."""

    mark = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "cases"

    def __str__(self) -> str:
        return self.mark


class LegalHold(models.Model):
    """A reason in law why a case must be kept for now, such as proceedings; it forbids to erase."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="holds")
    because = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.UUIDField()

    class Meta:
        app_label = "cases"

    def __str__(self) -> str:
        return self.because


class LegalHoldEnd(models.Model):
    """The end of a legal hold."""

    hold = models.OneToOneField(LegalHold, primary_key=True, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField()
    actor = models.UUIDField()

    class Meta:
        app_label = "cases"

    def __str__(self) -> str:
        return str(self.at)
