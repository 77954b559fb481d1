"""Make the common case short: agencies, people, cases. All synthetic."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from amparo.access.actions import keep_agencies
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency
from amparo.access.rules import Actor, Role, Sector
from amparo.base.clock import now
from amparo.cases import actions
from amparo.cases.actions import NewEntry
from amparo.cases.models import EntryKind

# Ana at first contact: facts of the Guide's first example, without dates.
ANA = {
    "origin_country": "HN",
    "met_by": "civil-society",
    "age_status": "child",
    "age_in_months": 125,
    "accompaniment": "unaccompanied",
    "adult_with_child": "none",
    "adult_verification": "not-needed",
    "at_border": "no",
    "arrival_context": "inside-country",
    "language": ["es"],
    "language_shared": "yes",
    "needs_now": ["food", "water", "shelter", "rest", "safety"],
    "fear_or_risk": "indicated",
    "asylum": "not-informed",
    "nationality": "known",
    "siblings_present": "none",
    "family_located": "no",
    "care_setting": "none",
    "bia_state": "none",
    "bid_state": "required",
    "appeal_state": "none",
    "guardian_state": "none",
}


def agency(code: str) -> Agency:
    """Return an agency of the node under test, made from its profile; only the protection side may make it."""
    if not connection.settings_dict["USER"].endswith("_migration"):
        keep_agencies(settings.HOME.profile.agencies)
    return Agency.objects.get(code=code)


def an_actor(role: Role = Role.CASEWORKER, code: str = "mx-proteccion") -> Actor:
    """Return somebody who acts for an agency of the node under test."""
    body = agency(code)
    return Actor(id=uuid4(), role=role, sector=Sector(body.sector), agency_id=body.pk, agency=body.code)


def a_migration_officer() -> Actor:
    """Return an officer of the migration authority."""
    return an_actor(Role.MIGRATION_OFFICER, "mx-migracion")


def a_device() -> Actor:
    """Return a telephone of the shelter."""
    return an_actor(Role.DEVICE, "mx-albergue")


def facts_as_entries(facts: Mapping[str, Any], at: datetime) -> Sequence[NewEntry]:
    """Return facts as the entries a first contact sends."""
    return [NewEntry(EntryKind.FACT, name, at, clear=value) for name, value in facts.items()]


def a_case(facts: Mapping[str, Any] = ANA, *, label: str = "Ana", by: Actor | None = None) -> UUID:
    """Open a case at the shelter, led by child protection; by default Ana's, an hour ago."""
    opener, at = by or a_device(), now() - timedelta(hours=1)
    with acting_as(opener):
        return actions.open_case(
            identity={"given_names": {"value": label}, "family_names": {"value": "de prueba"}},
            label=label,
            entries=facts_as_entries(facts, at),
            source="test",
            by=opener,
        )


def let_go(case_id: UUID, *, by: Actor, source: str = "test") -> None:
    """Release a case, as after a transfer: her hand-over is on record first."""
    actions.report_found(
        case_id=case_id,
        action="hand-over",
        by=by,
        at=now(),
        found_by_role="receiving-state",
        entry_id=uuid4(),
    )
    actions.release_case(case_id=case_id, by=by, at=now(), source=source)


__all__ = [
    "ANA",
    "SYSTEM",
    "a_case",
    "a_device",
    "a_migration_officer",
    "agency",
    "an_actor",
    "facts_as_entries",
    "let_go",
]
