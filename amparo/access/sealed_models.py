"""Keep the sealing keys of agencies (class P3), the officers' own keys, who may open, and what is open now.

No private half stands here in clear: an agency's is sealed to each officer's key, an officer's is wrapped by her
passphrase, and for a session by a key that only her cookie carries. Row security: migration 0006. Decision: 0022.
"""

from django.db import models

from amparo.access.sealed_rules import How


class AgencySeal(models.Model):
    """One pair of an agency; things are sealed to the one that is not retired, old things still open with theirs."""

    id = models.UUIDField(primary_key=True, editable=False)
    agency = models.ForeignKey("access.Agency", on_delete=models.PROTECT, related_name="seals")
    key_id = models.CharField(max_length=22, unique=True)
    public = models.BinaryField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    # Somebody who could open it no longer may: a new pair has to be made.
    rotate_since = models.DateTimeField(null=True)
    # The number that stands in each share on paper, and who keeps them; the shares themselves are nowhere here.
    share_number = models.PositiveIntegerField()
    keepers = models.JSONField(default=list)
    # A value sealed for the drill and its digest: two shares that open it would open everything.
    drill = models.BinaryField()
    drill_sha256 = models.CharField(max_length=64)
    drilled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(retired_at=None), name="one_seal_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.key_id


class OfficerKey(models.Model):
    """The pair of one officer: the private half wrapped by a key stretched from her passphrase."""

    person = models.OneToOneField(
        "access.Person", primary_key=True, on_delete=models.PROTECT, related_name="officer_key"
    )
    agency = models.ForeignKey("access.Agency", on_delete=models.PROTECT, related_name="+")
    public = models.BinaryField()
    salt = models.BinaryField()
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"officer key of {self.person_id}"


class SealGrant(models.Model):
    """That one officer may open what is sealed to one pair; `wrapped` is the private half, sealed to her key."""

    id = models.UUIDField(primary_key=True, editable=False)
    seal = models.ForeignKey(AgencySeal, on_delete=models.PROTECT, related_name="grants")
    agency = models.ForeignKey("access.Agency", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="seal_grants")
    how = models.CharField(max_length=12, choices=[(how.value, how.value) for how in How])
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True)
    granted_at = models.DateTimeField(null=True)
    wrapped = models.BinaryField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seal", "person"], condition=models.Q(ended_at=None), name="one_grant_per_officer"
            ),
            models.CheckConstraint(
                name="grant_opens_only_while_it_lasts",
                condition=models.Q(wrapped=None) | models.Q(granted_by__isnull=False, ended_at=None),
            ),
            # Whoever gets it, whoever asked and whoever holds the key and gives it are three people.
            models.CheckConstraint(
                name="grant_by_two_others",
                condition=~models.Q(how=How.TWO_PEOPLE)
                | ~models.Q(asked_by=models.F("person_id"))
                & (
                    models.Q(granted_by=None)
                    | ~models.Q(granted_by=models.F("asked_by")) & ~models.Q(granted_by=models.F("person_id"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.pk}"


class OpenSeal(models.Model):
    """That an officer's key is open in one session: her private half, encrypted under a key only her cookie has."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+")
    # SHA-256 of the name of the sign-in session; another session cannot use it.
    session = models.CharField(max_length=64)
    sealed = models.BinaryField()
    opened_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "session"], name="open_once_per_session")]

    def __str__(self) -> str:
        return f"open for {self.person_id}"
