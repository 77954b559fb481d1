"""Read what an erasure would take, what holds a case, and which erasures wait or were done; opens no child's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from amparo.access import audit
from amparo.access.colleagues import ChangeLine, changes_of_kind
from amparo.access.rules import Actor, may
from amparo.access.two_persons import ChangeUnknown
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.erasing import ERASE, stands_against, waiting_erasure
from amparo.cases.refused import CaseNotFound


@dataclass(frozen=True)
class Hold:
    """One legal hold that stands: since when and why, as a code of HOLDS."""

    id: UUID
    because: str
    at: datetime


@dataclass(frozen=True)
class Taken:
    """How much an erasure takes with it: entries of the story, forms, transfers."""

    entries: int
    forms: int
    transfers: int


@dataclass(frozen=True)
class CaseToErase:
    """One case before its erasure: `against` is a code, empty where nothing forbids it; `waiting` its proposal."""

    id: UUID
    reference: str
    leads: bool
    taken: Taken
    against: str
    holds: tuple[Hold, ...]
    waiting: UUID | None


@dataclass(frozen=True)
class Erasure:
    """One proposal to erase: its change, and the reference of the case as long as the reader can see that case."""

    line: ChangeLine
    case_id: UUID
    reference: str
    against: str

    @property
    def what(self) -> Mapping[str, str]:
        """The codes of reason and ground."""
        return self.line.what


def case_to_erase(actor: Actor, case_id: UUID, *, act: str = "case.erase") -> CaseToErase:
    """Return what stands before an erasure or a hold; raises NotAllowed, AccessRefused, CaseNotFound."""
    case = case_through(actor, case_id, act)
    held = models.LegalHold.objects.filter(case=case, end__isnull=True).order_by("at")
    return CaseToErase(
        id=case.pk,
        reference=case.reference,
        leads=case.agency_id == actor.agency_id,
        taken=_taken(case_id),
        against=stands_against(case_id),
        holds=tuple(Hold(row.pk, row.because, row.at) for row in held),
        waiting=waiting_erasure(case_id),
    )


def erasures(actor: Actor) -> tuple[Erasure, ...]:
    """Return the erasures proposed in one's own agency, for oversight in all, newest first; raises NotAllowed."""
    audit.require(actor, "erasure.read")
    lines = changes_of_kind(actor, ERASE)
    ids = [UUID(line.what["case"]) for line in lines]
    # Row-level security says whose references she sees; of what was erased none is left, and a data protection
    # officer sees that a record was erased, not whose.
    rows = models.Case.objects.filter(pk__in=ids) if may(actor, "case.hold") else models.Case.objects.none()
    seen = dict(rows.values_list("pk", "reference"))
    return tuple(
        Erasure(line, case_id, seen.get(case_id, ""), _against(line, case_id))
        for line, case_id in zip(lines, ids, strict=True)
    )


def erasure(actor: Actor, change_id: UUID) -> Erasure:
    """Return one of them; raises NotAllowed, ChangeUnknown."""
    found = next((one for one in erasures(actor) if one.line.id == change_id), None)
    if found is None:
        raise ChangeUnknown
    return found


def held_case(actor: Actor, case_id: UUID, hold: UUID) -> None:
    """Raise CaseNotFound unless this hold is one of this case and stands."""
    if hold not in {one.id for one in case_to_erase(actor, case_id, act="case.hold").holds}:
        raise CaseNotFound("There is no such hold for you.", subject=f"hold:{hold}")


def _against(line: ChangeLine, case_id: UUID) -> str:
    return stands_against(case_id) if line.state == "waiting" else ""


def _taken(case_id: UUID) -> Taken:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM cases_erased_parts(%s) GROUP BY kind", [case_id])
        parts = {str(kind): int(count) for kind, count in cursor.fetchall()}
    entries = models.Entry.objects.filter(case_id=case_id).count()
    return Taken(entries, parts.get("submission", 0), parts.get("transfer", 0))
