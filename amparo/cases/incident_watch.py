"""Write incidents down as they are found, and their end when they were put right, while a case is being settled.

Called with the case locked, in the transaction that changed it; nothing is judged here. Decision: 0016.
"""

from collections.abc import Collection
from datetime import datetime

from amparo.access import audit
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.base.ids import uuid7
from amparo.cases import models
from amparo.cases.incident_rules import Change, Found, ended_of


def watch(case: models.Case, standing: Collection[Found], *, version: str, at: datetime, known: bool) -> int:
    """Keep the incidents of a case in step with what stands; return how many are open.

    `known`: whether the case has had any; without, nothing is looked up where nothing is found.
    """
    if not standing and not known:
        return 0
    kept = {_found(row): row for row in models.Incident.objects.filter(case=case).select_related("end")}
    new = [_opened(case, one, version, at) for one in standing if one not in kept]
    waiting = {one: row for one, row in kept.items() if not hasattr(row, "end")}
    over = [waiting[one] for one in ended_of(waiting, standing)]
    models.Incident.objects.bulk_create(new)
    models.IncidentEnd.objects.bulk_create([_put_right(row, at) for row in over])
    for row in new:
        _trace(Event.INCIDENT_OPENED, row)
    for row in over:
        _trace(Event.INCIDENT_ENDED, row)
    return len(waiting) - len(over) + len(new)


def note_change(case: models.Case, former: str, version: str, change: Change, at: datetime) -> None:
    """Write down what a new version of the Guide changed for a case."""
    models.GuideChange.objects.create(
        id=uuid7(),
        case=case,
        agency_id=case.agency_id,
        at=at,
        former=former,
        version=version,
        opened=list(change.opened),
        ended=list(change.ended),
        barred=list(change.barred),
        freed=list(change.freed),
        size=change.size,
    )
    audit.record(
        Event.CASE_REEVALUATED,
        by=SYSTEM,
        subject=audit.subject_of("case", case.pk),
        reasons=(former, version),
    )


def _found(row: models.Incident) -> Found:
    return Found(row.kind, row.obligation, row.name, row.since)


def _opened(case: models.Case, one: Found, version: str, at: datetime) -> models.Incident:
    return models.Incident(
        id=uuid7(),
        case=case,
        kind=one.kind,
        obligation=one.obligation,
        name=one.name,
        since=one.since,
        opened_at=at,
        guide_version=version,
    )


def _put_right(row: models.Incident, at: datetime) -> models.IncidentEnd:
    return models.IncidentEnd(
        incident=row, kind=row.kind, at=at, actor=SYSTEM.id, role=SYSTEM.role, agency=SYSTEM.agency
    )


def _trace(event: Event, row: models.Incident) -> None:
    reasons = (row.kind, row.obligation, row.name) if row.name else (row.kind, row.obligation)
    audit.record(event, by=SYSTEM, subject=audit.subject_of("case", row.case_id), reasons=reasons)
