"""Read the incidents of cases and what a new version of the Guide changed, and end a breach with a supervisor's words.

Each read is checked and leaves a trace. Nobody ends a block that stays unmet, or a contradiction, by words: it ends
when it is put right. Vocabulary: stuck_rule, conflict_rule, breach_rule. Decision: 0016.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Func, QuerySet

from amparo.access import audit, vault
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.evaluation import this_guide
from amparo.cases.incident_rules import BREACH, version_of
from amparo.cases.labels import labels_of
from amparo.cases.queries import CaseFile, CaseNotFound, case_for

PAGE = 50
# A word such as "done" says nothing to whoever reads it in a year.
SHORTEST = 20
# How long my day leads to what a new version changed.
LATELY = timedelta(days=14)


class StillStands(Refused):
    """This incident ends when what is missing is provided, not by anybody's words; `obligation` says what to do."""

    event = Event.ACT_REFUSED

    def __init__(self, incident: models.Incident) -> None:
        super().__init__(
            "This incident ends when it is put right.",
            subject=audit.subject_of("case", incident.case_id),
            reason_codes=("incident", incident.kind, incident.obligation),
        )
        self.obligation = incident.obligation


class OutcomeMissing(Refused):
    """A breach ends with a supervisor's own words on what was done about it; these were too few."""

    event = Event.ACT_REFUSED


@dataclass(frozen=True)
class IncidentLine:
    """One incident; `ended_at` is None while it is open, `name` the forbidden act or the contradicted evidence."""

    id: UUID
    kind: str
    obligation: str
    name: str
    since: datetime
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class CaseIncidents:
    """The open incidents of one case."""

    case_id: UUID
    reference: str
    label: str
    incidents: tuple[IncidentLine, ...]


@dataclass(frozen=True)
class IncidentPage:
    """One page of the list; `after` is the key of the next page, or empty."""

    cases: tuple[CaseIncidents, ...]
    after: str


@dataclass(frozen=True)
class IncidentFile:
    """One incident with the case it is about; `outcome` are the words that ended it."""

    line: IncidentLine
    file: CaseFile
    outcome: str
    ended_by: str
    guide_version: str


@dataclass(frozen=True)
class ChangeLine:
    """What one version of the Guide changed for one case: obligations, and acts that are or were not allowed."""

    case_id: UUID
    reference: str
    at: datetime
    former: str
    version: str
    opened: tuple[str, ...]
    ended: tuple[str, ...]
    barred: tuple[str, ...]
    freed: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class VersionChanges:
    """What the version of this node changed for the cases of one agency; the counts are by obligation or act."""

    version: str
    cases: int
    changed: int
    counts: dict[str, tuple[tuple[str, int], ...]]
    lines: tuple[ChangeLine, ...]


# ---- incidents -----------------------------------------------------------------------------------


def incidents_of(actor: Actor, *, after: str = "") -> IncidentPage:
    """Return one page of the cases that the actor's agency leads and that have open incidents, harm first.

    Raises:
        NotAllowed: the role may not read incidents.
    """
    audit.require(actor, "incident.read")
    rows = list(_after(_with_incidents(actor), after).order_by("danger", "case_id")[: PAGE + 1])
    audit.record(Event.CASES_LISTED, by=actor, subject="list:incidents", purpose="supervision")
    ids = [row.case_id for row in rows[:PAGE]]
    cases, lines = models.Case.objects.in_bulk(ids), _open_by_case(ids)
    shown = tuple(_of_case(cases[case_id], lines.get(case_id, ())) for case_id in ids)
    return IncidentPage(shown, f"{rows[PAGE - 1].danger}|{ids[-1]}" if len(rows) > PAGE else "")


def count_incidents(actor: Actor) -> int:
    """Count the cases with open incidents; raises NotAllowed as `incidents_of` does."""
    audit.require(actor, "incident.read")
    return _with_incidents(actor).count()


def incident_for(actor: Actor, incident_id: UUID) -> IncidentFile:
    """Open one incident with its case, for supervision; the read is on the audit trail.

    Raises:
        NotAllowed: the role may not read incidents.
        CaseNotFound: there is none for this reader.
    """
    audit.require(actor, "incident.read")
    row = _one(incident_id)
    file = case_for(actor, row.case_id, purpose="supervision")
    end: models.IncidentEnd | None = getattr(row, "end", None)
    return IncidentFile(_line(row), file, _outcome(row, end), end.role if end else "", row.guide_version)


def incidents_in(actor: Actor, case_id: UUID) -> tuple[IncidentLine, ...]:
    """Return the incidents of a case, open ones first, then the newest; whoever may read the case may read them."""
    case_through(actor, case_id, "case.read")
    rows = models.Incident.objects.filter(case_id=case_id).select_related("end").order_by("-opened_at", "id")
    return tuple(sorted(map(_line, rows), key=lambda one: one.ended_at is not None))


@transaction.atomic
def close_incident(*, incident_id: UUID, outcome: str, by: Actor) -> None:
    """End a breach with words on what was done about it; the breach stays on record.

    Raises:
        NotAllowed: the role may not, or another agency leads the case.
        CaseNotFound: there is no such incident for this reader.
        StillStands: it is no breach, and ends when it is put right.
        OutcomeMissing: fewer than SHORTEST letters.
    """
    audit.require(by, "incident.close")
    row = _one(incident_id)
    case = case_through(by, row.case_id, "incident.close", lock=True)
    if case.agency_id != by.agency_id:
        raise NotAllowed("incident.close")
    if row.kind != BREACH:
        raise StillStands(row)
    subject = audit.subject_of("case", case.pk)
    if len(outcome.strip()) < SHORTEST:
        raise OutcomeMissing("Say what was done about it.", subject=subject, reason_codes=("outcome",))
    # Asked again under the lock: the same words sent twice end it once.
    if models.IncidentEnd.objects.filter(pk=row.pk).exists():
        return
    models.IncidentEnd.objects.create(**_ended(case, row, outcome.strip(), by))
    models.Standing.objects.filter(pk=case.pk).update(incident_count=F("incident_count") - 1)
    audit.record(Event.INCIDENT_ENDED, by=by, subject=subject, reasons=(row.kind, row.obligation, row.name))


# ---- what a new version changed ------------------------------------------------------------------


def changes_in(actor: Actor, case_id: UUID) -> tuple[ChangeLine, ...]:
    """Return what new versions of the Guide changed for a case, newest first."""
    case_through(actor, case_id, "case.read")
    rows = models.GuideChange.objects.filter(case_id=case_id, size__gt=0).select_related("case")
    return tuple(map(_change, rows.order_by("-at")))


def version_changes(actor: Actor) -> VersionChanges:
    """Return what the Guide's present version changed for the cases the actor's agency leads.

    Raises:
        NotAllowed: the role may not list cases.
    """
    audit.require(actor, "case.list")
    version = version_of(this_guide())
    rows = models.GuideChange.objects.filter(agency=actor.agency_id, version=version)
    audit.record(Event.CASES_LISTED, by=actor, subject="list:guide-changes", purpose="casework")
    lines = rows.filter(size__gt=0).select_related("case").order_by("-size", "case_id")[:PAGE]
    return VersionChanges(
        version=version,
        cases=rows.count(),
        changed=rows.filter(size__gt=0).count(),
        counts={part: _counted(rows, part) for part in ("opened", "ended", "barred", "freed")},
        lines=tuple(map(_change, lines)),
    )


def changed_lately(actor: Actor) -> bool:
    """Tell whether the present version changed something within LATELY; raises NotAllowed as `version_changes` does."""
    audit.require(actor, "case.list")
    rows = models.GuideChange.objects.filter(agency=actor.agency_id, version=version_of(this_guide()))
    # The first of the index: a version judges all cases of an agency within hours.
    first = rows.filter(size__gt=0).order_by("-size", "case_id").values_list("at", flat=True).first()
    return first is not None and first > now() - LATELY


def _counted(rows: QuerySet[models.GuideChange], part: str) -> tuple[tuple[str, int], ...]:
    """Count in the database how often each obligation or act stands in one part, the most frequent first."""
    each = rows.annotate(one=Func(F(part), function="jsonb_array_elements_text"))
    found = each.values_list("one").annotate(times=Count("pk"))
    return tuple(sorted(((str(one), times) for one, times in found), key=lambda pair: (-pair[1], pair[0])))


def _change(row: models.GuideChange) -> ChangeLine:
    return ChangeLine(
        case_id=row.case_id,
        reference=row.case.reference,
        at=row.at,
        former=row.former,
        version=row.version,
        opened=tuple(row.opened),
        ended=tuple(row.ended),
        barred=tuple(row.barred),
        freed=tuple(row.freed),
        size=row.size,
    )


# ---- rows ----------------------------------------------------------------------------------------


def _with_incidents(actor: Actor) -> QuerySet[models.Standing]:
    return models.Standing.objects.filter(agency=actor.agency_id, incident_count__gt=0)


def _after(rows: QuerySet[models.Standing], key: str) -> QuerySet[models.Standing]:
    """Go on behind the key of a page; a key that nobody made starts at the top."""
    try:
        danger, case_id = key.split("|")
        place = (int(danger), UUID(case_id))
    except ValueError:
        return rows
    if not 0 <= place[0] < 100:
        return rows
    return rows.filter(danger__gte=place[0]).exclude(danger=place[0], case_id__lte=place[1])


def _open_by_case(ids: Sequence[UUID]) -> dict[UUID, tuple[IncidentLine, ...]]:
    rows = models.Incident.objects.filter(case_id__in=ids, end__isnull=True).order_by("kind", "since", "id")
    found: dict[UUID, tuple[IncidentLine, ...]] = {}
    for row in rows:
        found[row.case_id] = (*found.get(row.case_id, ()), _line(row))
    return found


def _of_case(case: models.Case, lines: tuple[IncidentLine, ...]) -> CaseIncidents:
    return CaseIncidents(case.pk, case.reference, labels_of([case])[0] or "", lines)


def _one(incident_id: UUID) -> models.Incident:
    row = models.Incident.objects.select_related("end").filter(pk=incident_id).first()
    if row is None:
        raise CaseNotFound("There is no such incident for you.", subject=f"incident:{incident_id}")
    return row


def _line(row: models.Incident) -> IncidentLine:
    end: models.IncidentEnd | None = getattr(row, "end", None)
    return IncidentLine(
        id=row.pk,
        kind=row.kind,
        obligation=row.obligation,
        name=row.name,
        since=row.since,
        opened_at=row.opened_at,
        ended_at=end.at if end else None,
    )


def _outcome(row: models.Incident, end: models.IncidentEnd | None) -> str:
    if end is None or end.sealed is None:
        return ""
    case = models.Case.objects.get(pk=row.case_id)
    key = vault.data_key(case.pk, case.wrapped_key)
    return str(vault.open_data(key, end.sealed, place=_place_of(row.pk))["outcome"])


def _ended(case: models.Case, row: models.Incident, outcome: str, by: Actor) -> dict[str, Any]:
    key = vault.data_key(case.pk, case.wrapped_key)
    return {
        "incident": row,
        "kind": row.kind,
        "at": now(),
        "actor": by.id,
        "role": Role(by.role),
        "agency": by.agency,
        "sealed": vault.seal_data(key, {"outcome": outcome}, place=_place_of(row.pk)),
    }


def _place_of(incident_id: UUID) -> str:
    return f"incident.outcome:{incident_id}"
