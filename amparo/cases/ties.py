"""Read who is related to a child's case, from whom it is kept back, and which cases one is related to oneself.

Each read is checked and leaves a trace; reasons are opened for the case that is read and nowhere else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from amparo.access import audit, vault
from amparo.access.deciding import usual_purpose
from amparo.access.events import Event
from amparo.access.models import Agency, Person
from amparo.access.roles import POSTS, Relation, Role, Sector
from amparo.access.rules import Actor
from amparo.cases import models
from amparo.cases.doors import case_through, current_ties
from amparo.cases.queries import PAGE, CaseLine, lines_of
from amparo.cases.tie_rules import GIVEN_BY_HAND, Kind


@dataclass(frozen=True)
class TieTold:
    """One relation that stands: who, as what, since when, and why she was given it."""

    id: UUID
    person: str
    agency: dict[str, str]
    relation: Relation
    since: datetime
    why: str


@dataclass(frozen=True)
class MarkTold:
    """One mark that stands: `name` is a person or the name of a side, `agency` the names of an agency."""

    id: UUID
    kind: Kind
    name: str
    agency: dict[str, str]
    because: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Choice:
    """Somebody who can be related to a case, or excluded from it."""

    id: UUID
    name: str
    agency_id: UUID
    agency: dict[str, str]
    role: Role


def ties_of(actor: Actor, case_id: UUID) -> tuple[str, tuple[TieTold, ...]]:
    """Return the reference of a case and the relations that stand; raises NotAllowed, CaseNotFound, AccessRefused."""
    case = case_through(actor, case_id, "case.assign")
    rows = current_ties().filter(case=case).select_related("person__agency").order_by("since", "id")
    return case.reference, tuple(_tie(case, row) for row in rows)


def marks_of(actor: Actor, case_id: UUID) -> tuple[str, tuple[MarkTold, ...]]:
    """Return the reference of a case and the marks that stand; raises NotAllowed, CaseNotFound, AccessRefused."""
    case = case_through(actor, case_id, "case.withhold")
    rows = models.Mark.objects.filter(case=case, end__isnull=True).order_by("at", "id")
    return case.reference, tuple(_mark(case, row) for row in rows)


def people_for(actor: Actor, relation: Relation) -> tuple[Choice, ...]:
    """Return everybody of the protection side whose role can have a relation; raises NotAllowed."""
    audit.require(actor, "case.assign")
    roles = [role for role in Role if relation in GIVEN_BY_HAND and relation in POSTS[role].relations]
    return _people(roles)


def people_to_exclude(actor: Actor) -> tuple[Choice, ...]:
    """Return everybody who could reach a case of protection; raises NotAllowed."""
    audit.require(actor, "case.withhold")
    return _people([role for role in Role if POSTS[role].relations])


def my_cases(actor: Actor) -> tuple[CaseLine, ...]:
    """Return the cases to which the reader herself is related, what presses first; raises NotAllowed."""
    audit.require(actor, "case.mine")
    mine = current_ties().filter(person=actor.id).values("case")
    rows = models.Standing.objects.filter(case__in=mine).order_by("danger", "next_due_at", "case_id")[:PAGE]
    purpose = usual_purpose(actor.role)
    audit.record(Event.CASES_LISTED, by=actor, subject="list:mine", purpose=purpose)
    return lines_of(list(rows))


def _people(roles: list[Role]) -> tuple[Choice, ...]:
    sides = [Sector.PROTECTION.value, Sector.OVERSIGHT.value]
    rows = Person.objects.filter(is_active=True, role__in=roles, agency__sector__in=sides)
    rows = rows.select_related("agency").order_by("agency__code", "name", "id")
    return tuple(
        Choice(row.pk, row.name, row.agency_id, row.agency.name, Role(row.role)) for row in rows[:500]
    )


def _tie(case: models.Case, row: models.Tie) -> TieTold:
    why = _why(case, row.sealed_why, f"tie.why:{row.pk}")
    relation = Relation(row.relation)
    return TieTold(row.pk, row.person.name, row.person.agency.name, relation, row.since, why)


def _mark(case: models.Case, row: models.Mark) -> MarkTold:
    kind, whom = row.excluded.split(":", 1)
    name, agency = _named(Kind(kind), whom)
    why = _why(case, row.sealed_why, f"mark.why:{row.pk}")
    return MarkTold(row.pk, Kind(kind), name, agency, row.because, row.at, why)


def _named(kind: Kind, whom: str) -> tuple[str, dict[str, str]]:
    if kind is Kind.SECTOR:
        return whom, {}
    if kind is Kind.AGENCY:
        return "", dict(Agency.objects.values_list("name", flat=True).get(pk=UUID(whom)))
    person = Person.objects.select_related("agency").get(pk=UUID(whom))
    return person.name, person.agency.name


def _why(case: models.Case, sealed: Any, place: str) -> str:  # noqa: ANN401 - bytes as the database gives them
    key = vault.data_key(case.pk, case.wrapped_key)
    return str(vault.open_data(key, sealed, place=place)["why"])
