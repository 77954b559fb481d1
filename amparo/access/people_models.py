"""Keep teams, invitations and the changes that need two people; no child data, and no secret in clear.

Of a link and of its code only hashes are kept. A settled change is never changed again (migration 0007).
"""

import uuid

from django.db import models
from django.db.models import F, Q

from amparo.access.people_rules import ChangeState


class Team(models.Model):
    """People of one agency who work together; a closed team keeps its past."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("access.Agency", on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(closed_at__isnull=True), name="one_open_team_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """Something that needs two people: proposed by one, confirmed by another within a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    # Whose agency it is; empty when it is the whole node's.
    agency = models.ForeignKey("access.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")
    what = models.JSONField(default=dict)
    proposed_by = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=ChangeState.WAITING)
    settled_by = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    # The transaction that settled it, written by the database: a role changes in that one or not at all.
    settled_in = models.BigIntegerField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["state", "ends_at"], name="change_state_ends")]
        constraints = [
            models.CheckConstraint(
                name="settled_change_says_by_whom",
                condition=Q(state=ChangeState.WAITING, settled_by__isnull=True, settled_at__isnull=True)
                | ~Q(state=ChangeState.WAITING) & Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="confirmed_by_another_person",
                condition=~Q(state=ChangeState.CONFIRMED) | ~Q(settled_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="not_confirmed_by_whom_it_concerns",
                condition=~Q(state=ChangeState.CONFIRMED)
                | Q(subject__isnull=True)
                | ~Q(settled_by=F("subject")),
            ),
            models.CheckConstraint(
                name="confirmed_in_time",
                condition=~Q(state=ChangeState.CONFIRMED) | Q(settled_at__lt=F("ends_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Invitation(models.Model):
    """The way in for somebody new, or anew: a link from one colleague and a code from another, both shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    agency = models.ForeignKey("access.Agency", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    # Whose account it opens again; empty until somebody new has come in.
    person = models.ForeignKey("access.Person", null=True, on_delete=models.PROTECT, related_name="+")
    renews = models.BooleanField(default=False)
    change = models.OneToOneField(Change, null=True, on_delete=models.PROTECT, related_name="invitation")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    link_hash = models.CharField(max_length=64, default="", blank=True)
    code_hash = models.CharField(max_length=128)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link_hash"], condition=~Q(link_hash=""), name="one_link_one_invitation"
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_of_an_email",
            ),
            models.CheckConstraint(
                name="used_invitation_has_a_person",
                condition=Q(used_at__isnull=True) | Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TraceLimit(models.Model):
    """What strangers have left on the trail in one span of time; shared by all processes of the node."""

    id = models.BigAutoField(primary_key=True)
    door = models.CharField(max_length=40)
    span = models.BigIntegerField()
    # A keyed hash of who knocked; empty in the row that counts.
    key = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "span", "key"], name="one_trace_of_a_key_in_a_span")
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.span}"
