"""Put what the migration side did into the story of the case, so that the Guide judges it and a supervisor is told.

A row of the migration side changes no case by itself: that login can reach none. The protection side sees the row at
once, by its policy; this gives the Guide what the row tells: being locked up is a forbidden act that was done, and a
return is an act of others. It is told as found, once, and refused to nobody. Where she lives now is a fact that people
write: an old stay told late must not take the place of what they know. Guide: no-detention. Decision: 0018.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from amparo.access.actor import SYSTEM, acting_as
from amparo.base.clock import now
from amparo.cases.actions import report_found
from amparo.cases.queries import case_of_reference
from amparo.cases.refused import CaseReleased, EntryWrong
from amparo.custody import models
from amparo.custody.clearance_rules import RETURN
from amparo.custody.queries import known_fact, known_facts
from amparo.custody.rules import FactKind, tells_detention

DETAIN = "detain"
_BY = "migration-authority"


@dataclass(frozen=True)
class _Found:
    """One thing to tell: the row it comes from, the child, the act of the Guide, and when."""

    entry: UUID
    reference: str
    act: str
    at: datetime


def tell_cases(*, most: int) -> int:
    """Tell the cases of what was not told yet, one transaction each; return how many rows were looked at."""
    with acting_as(SYSTEM):
        waiting = _waiting(most)
    for found in waiting:
        _tell(found)
    return len(waiting)


def _waiting(most: int) -> list[_Found]:
    told = models.Told.objects.filter(entry=OuterRef("pk"))
    facts = models.Fact.objects.filter(~Exists(told), kind=FactKind.HELD).order_by("recorded_at")[:most]
    returns = models.Return.objects.filter(~Exists(told)).order_by("recorded_at")[:most]
    return [
        *(_Found(row.pk, row.reference, _act_of(row), row.at) for row in facts),
        *(_Found(row.pk, row.reference, RETURN, row.at) for row in returns),
    ]


def _act_of(row: models.Fact) -> str:
    return DETAIN if tells_detention(known_fact(row), known_facts(row.reference)) else ""


def _tell(found: _Found) -> None:
    """Tell one, and mark it as told in the same transaction; a case that was handed over is told no more."""
    with acting_as(SYSTEM):
        case_id = case_of_reference(found.reference)
        if found.act:
            _report(case_id, found)
        models.Told.objects.create(entry=found.entry, at=now())


def _report(case_id: UUID, found: _Found) -> None:
    try:
        report_found(
            case_id=case_id,
            action=found.act,
            by=SYSTEM,
            # A clock over there may be a little ahead of ours.
            at=min(found.at, now()),
            found_by_role=_BY,
            entry_id=found.entry,
        )
    except (CaseReleased, EntryWrong):
        # The row stays to be seen on the custody page; the story of this case takes nothing more.
        return
