"""Keep which identity at a ministry's provider signs in which account; no name, no e-mail, no token.

The identity is a keyed hash of issuer and subject, with the secret of one side of the node: a copy of the database
tells nobody's number at the ministry, and nobody without the secret can write a row that signs in. Decision: 0029.
"""

import uuid

from django.db import models
from django.db.models import Q


class MinistryLink(models.Model):
    """One identity bound to one account by its holder; ended by her, by a renewal of her way in, or by closing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="ministry_links")
    ministry = models.CharField(max_length=40)
    identity = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(ended_at=None), name="one_account_per_ministry_identity"
            ),
            models.UniqueConstraint(
                fields=["person", "ministry"], condition=Q(ended_at=None), name="one_identity_per_ministry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ministry} {self.pk}"
