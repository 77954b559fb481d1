"""Keep agencies, people and the audit trail; devices stand with the forms they carry.

No child data here. Audit rows are insert-only and chained inside the database (migration 0002).
"""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models

from amparo.access.ministry_models import MinistryLink as MinistryLink
from amparo.access.people_models import Change as Change
from amparo.access.people_models import Invitation as Invitation
from amparo.access.people_models import Team as Team
from amparo.access.people_models import TraceLimit as TraceLimit
from amparo.access.reading_models import BudgetRaise as BudgetRaise
from amparo.access.reading_models import Canary as Canary
from amparo.access.reading_models import CanaryAlarm as CanaryAlarm
from amparo.access.reading_models import Opening as Opening
from amparo.access.reading_models import StepUp as StepUp
from amparo.access.rules import Actor, Role, Sector
from amparo.access.sealed_models import AgencySeal as AgencySeal
from amparo.access.sealed_models import OfficerKey as OfficerKey
from amparo.access.sealed_models import OpenSeal as OpenSeal
from amparo.access.sealed_models import SealGrant as SealGrant


class Agency(models.Model):
    """One body of this node; `lead` is who leads the cases that it takes in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(unique=True)
    name = models.JSONField(default=dict)
    sector = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    telephone = models.CharField(max_length=40)
    # The State whose delegation this is in the regional work; empty for every other body.
    country = models.CharField(max_length=2, default="", blank=True)
    lead = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.code

    def name_in(self, language: str) -> str:
        """Return the name in a language, else in Spanish, else the code."""
        return str(self.name.get(language) or self.name.get("es") or self.code)


class People(BaseUserManager["Person"]):
    """Make accounts; there is no sign-up, people are invited."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Write an e-mail the one way it is kept and looked up: in small letters, without blanks around it."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str, *, agency: Agency, role: Role, name: str) -> "Person":
        """Make the account of one person in one agency with one role."""
        person = self.model(email=self.normalize_email(email), agency=agency, role=role, name=name)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """One account: a person, in one agency, with one role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    is_active = models.BooleanField(default=True)
    # The side of the agency, protection or migration; kept by the database (migration 0005) for its row security.
    side = models.CharField(max_length=10, default="", editable=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    # What was signed in before this moment is over, on every process of the node.
    sessions_from = models.DateTimeField(null=True, blank=True)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        # Were an address refused because the other side uses it, the refusal would tell who has an account there.
        constraints = [
            models.UniqueConstraint(fields=["email", "side"], name="one_account_per_email_and_side")
        ]

    def __str__(self) -> str:
        return self.email

    def as_actor(self) -> Actor:
        """Return who this person is when she acts."""
        return Actor(
            id=self.id,
            role=Role(self.role),
            sector=Sector(self.agency.sector),
            agency_id=self.agency_id,
            agency=self.agency.code,
            country=self.agency.country,
        )


class AuditEntry(models.Model):
    """One decision to read or write, allowed or not, without content."""

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    allowed = models.BooleanField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    purpose = models.CharField(max_length=40)
    reasons = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="audit_subject_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%S} {self.event}"


class AuditLink(models.Model):
    """The chain: each audit row's place and hash; written by the database alone."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.UUIDField(unique=True)
    hash = models.BinaryField()

    def __str__(self) -> str:
        return str(self.number)


def lock_agency(agency: uuid.UUID) -> None:
    """Let only one transaction at a time make accounts of an agency."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(724004, hashtext(%s))", [str(agency)])
