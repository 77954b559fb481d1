"""Read who people are, and who has read the file of a child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from amparo.access import audit, models
from amparo.access.deciding import Reason
from amparo.access.events import Event
from amparo.access.rights import RIGHTS_OF_ACTS
from amparo.access.roles import Relation
from amparo.access.rules import Actor

_SHOWN = 500
_READS = (
    Event.CASE_READ, Event.READERS_READ, Event.GATE_READ, Event.TRANSFER_READ, Event.SEALED_READ,
    Event.ATTACHMENT_READ,
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One time that somebody opened a child's file: when, in which role, of which agency, and why.

    `in_danger`: she did not work with the child, and opened the file in danger of life. `refused`: she tried and was
    not let in; the codes of `amparo.access.deciding.Reason` say why.
    """

    at: datetime
    role: str
    agency: str
    agency_name: dict[str, str]
    purpose: str
    event: str
    in_danger: bool = False
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alarm:
    """One reading of an invented child: who, in which role, of which agency.

    `name` is empty for a telephone, and for somebody of the migration side, whose people this side does not see.
    """

    at: datetime
    person: UUID
    name: str
    role: str
    agency: str
    agency_name: dict[str, str]
    subject: str


class PersonUnknown(Exception):
    """No open account of this node has this e-mail."""


def actor_of(email: str) -> Actor:
    """Return who somebody is when she acts; raises PersonUnknown."""
    known = models.People.normalize_email(email)
    person = models.Person.objects.select_related("agency").filter(email=known, is_active=True).first()
    if person is None:
        raise PersonUnknown(f"This node has no open account {email}.")
    return person.as_actor()


def agency_names() -> dict[str, dict[str, str]]:
    """Return what each agency of this node is called, by code and language; no secret, and not of a child."""
    return dict(models.Agency.objects.values_list("code", "name"))


def delegations() -> tuple[str, ...]:
    """Return the States that have a delegation on this node, as country codes."""
    found = models.Agency.objects.exclude(country="").values_list("country", flat=True)
    return tuple(sorted(set(found)))


def readings_of(actor: Actor, case_id: UUID, reference: str) -> tuple[Reading, ...]:
    """Return who opened a child's file or tried to, newest first: what she or her guardian may ask for.

    The migration side knows a case by its reference only. The caller has opened the case before, so that nobody asks
    about a child who is not hers.
    """
    audit.require(actor, "case.who-read")
    names = agency_names()
    subjects = (audit.subject_of("case", case_id), f"gate:{reference}")
    known = Q(event__in=_READS, allowed=True) | Q(event=Event.DENIED, allowed=False)
    rows = models.AuditEntry.objects.filter(known, subject__in=subjects).order_by("-at")[:_SHOWN]
    return tuple(_reading(row, names) for row in rows if row.allowed or _was_a_try(row.reasons))


def _was_a_try(reasons: Sequence[str]) -> bool:
    """Test whether a refusal was one of access to this child, and not of a form filled in wrongly."""
    return bool(reasons) and reasons[0] in RIGHTS_OF_ACTS and bool(set(reasons[1:]) & set(Reason))


def _reading(row: models.AuditEntry, names: Mapping[str, dict[str, str]]) -> Reading:
    return Reading(
        at=row.at,
        role=row.role,
        agency=row.agency,
        agency_name=names.get(row.agency, {}),
        purpose=row.purpose,
        event=row.event,
        in_danger=row.allowed and Relation.BREAK_GLASS.value in row.reasons,
        refused=() if row.allowed else tuple(row.reasons[1:]),
    )


def canary_alarms(by: Actor) -> tuple[Alarm, ...]:
    """Return who read an invented child, the newest first; oversight alone."""
    audit.require(by, "reading.alarms")
    rows = models.CanaryAlarm.objects.order_by("-at")[:200]
    people = models.Person.objects.filter(pk__in={row.person for row in rows})
    names, agencies = dict(people.values_list("pk", "name")), agency_names()
    return tuple(
        Alarm(
            at=row.at,
            person=row.person,
            name=names.get(row.person, ""),
            role=row.role,
            agency=row.agency,
            agency_name=agencies.get(row.agency, {}),
            subject=row.subject,
        )
        for row in rows
    )
