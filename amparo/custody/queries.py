"""Read custody facts and clearances: the protection side by case, the migration side by the child's reference.

Row security stands behind every query here; what the migration side asks goes through the gate first, and leaves a
trace there. Gives back frozen values.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import read_case_reference
from amparo.cases.queries import CaseNotFound, case_for
from amparo.custody import models
from amparo.custody.clearance_rules import Because, State, Step, state_of
from amparo.custody.rules import (
    LATE_AFTER,
    DocumentKind,
    FactKind,
    GoesTo,
    Holder,
    KnownFact,
    MayLeave,
    NewFact,
    Paper,
    PlaceKind,
    Stay,
    Why,
    held_now,
    next_hearing,
    stays_of,
)


@dataclass(frozen=True)
class ClearanceStepTold:
    """One thing that followed a proposal."""

    kind: Step
    because: Because | None
    at: datetime
    actor: UUID
    role: str
    agency: str


@dataclass(frozen=True)
class ClearanceTold:
    """One clearance with all that followed; `token` is empty until a second person has confirmed."""

    id: UUID
    reference: str
    state: State
    determined_on: date
    appeal_over_on: date
    valid_until: datetime
    accepted_by: str
    accepted_node: str
    acceptance: str
    proposed_at: datetime
    actor: UUID
    role: str
    agency: str
    token: str
    steps: tuple[ClearanceStepTold, ...]


@dataclass(frozen=True)
class ReturnTold:
    """One return, and how long after it was done it was told, or None in time."""

    id: UUID
    at: datetime
    recorded_at: datetime
    late: timedelta | None
    place: str
    clearance_id: UUID
    agency: str


@dataclass(frozen=True)
class CustodyFile:
    """Everything the migration side said of one child, in the order it was told, and what was made of it."""

    reference: str
    facts: tuple[KnownFact, ...]
    stays: tuple[Stay, ...]
    returns: tuple[ReturnTold, ...]
    next_hearing: datetime | None

    @property
    def alerts(self) -> tuple[Stay, ...]:
        """The stays that last and deprive her of her liberty: somebody has to get her out."""
        return tuple(stay for stay in held_now(self.stays) if stay.deprived)


@dataclass(frozen=True)
class Standing:
    """The clearance that stands for a child now: unspent, unexpired, confirmed by two, and nothing bars it."""

    id: UUID
    token: str
    valid_until: datetime
    confirmed_at: datetime


def custody_of(actor: Actor, case_id: UUID) -> CustodyFile:
    """Return what the migration side said of the child of a case; the read is on the audit trail.

    Raises:
        NotAllowed: the role may not read cases.
        CaseNotFound: there is no such case for this reader.
    """
    reference = reference_of(actor, case_id)
    audit.record(Event.CUSTODY_READ, by=actor, subject=audit.subject_of("case", case_id), purpose="casework")
    return file_of(reference, linked=True)


def clearances_of(actor: Actor, case_id: UUID) -> tuple[ClearanceTold, ...]:
    """Return the clearances of a case, newest first; raises as `custody_of`."""
    return told_clearances(reference_of(actor, case_id))


def clearance_for(actor: Actor, case_id: UUID, clearance_id: UUID) -> ClearanceTold:
    """Return one clearance of a case; raises as `custody_of`, CaseNotFound where the case has none of this id."""
    for one in clearances_of(actor, case_id):
        if one.id == clearance_id:
            return one
    raise CaseNotFound("There is no such clearance for you.", subject=audit.subject_of("case", case_id))


def custody_at_the_gate(actor: Actor, reference: str) -> CustodyFile:
    """Return, to the migration side, what it said itself of the child with this reference.

    Raises:
        NotAllowed, ReferenceWrong, CaseNotFound: as the gate, which is asked first and leaves its trace.
    """
    audit.require(actor, "custody.record")
    asked = named_at_the_gate(reference)
    audit.record(Event.CUSTODY_READ, by=actor, subject=f"reference:{asked}", purpose="migration")
    return file_of(asked)


def named_at_the_gate(reference: str) -> str:
    """Return the reference as it is kept, and let row security show this child until the transaction ends.

    Raises:
        ReferenceWrong: it was mistyped.
        CaseNotFound: the gate shows no child of this reference.
    """
    asked = read_case_reference(reference)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amparo.gate_reference', %s, true)", [asked])
        cursor.execute("SELECT EXISTS (SELECT FROM migration.gate WHERE reference = %s)", [asked])
        row = cursor.fetchone()
    if row != (True,):
        raise CaseNotFound("No case has this reference here.", subject="gate:unknown")
    return asked


def reference_of(actor: Actor, case_id: UUID) -> str:
    """Return the reference of a case that this reader may open; raises NotAllowed, CaseNotFound."""
    return case_for(actor, case_id).reference


def standing_clearance(reference: str) -> Standing | None:
    """Return the clearance that stands for a child now, as the database itself says; None: no return."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM migration.standing_clearance(%s)", [reference])
        row = cursor.fetchone()
    return Standing(*row) if row else None


def known_facts(reference: str, *, linked: bool = False) -> tuple[KnownFact, ...]:
    """Return every fact of a child in the order it was told, as far as row security shows it.

    `linked`: count from the end of the transaction that told it, which only the protection side sees; what was written
    and kept back is late then.
    """
    rows = list(models.Fact.objects.filter(reference=reference).order_by("recorded_at", "id"))
    ends: dict[UUID, datetime] = {}
    if linked:
        links = models.Link.objects.filter(entry__in=[row.pk for row in rows])
        ends = dict(links.values_list("entry", "at"))
    return tuple(known_fact(row, ends.get(row.pk)) for row in rows)


def file_of(reference: str, *, linked: bool = False) -> CustodyFile:
    """Return everything that was said of a child, as far as row security shows it; `linked` as in `known_facts`."""
    facts = known_facts(reference, linked=linked)
    rows = models.Return.objects.filter(reference=reference).order_by("recorded_at", "id")
    return CustodyFile(
        reference=reference,
        facts=facts,
        stays=stays_of(facts),
        returns=tuple(_returned(row) for row in rows),
        next_hearing=next_hearing(facts, at=now()),
    )


def told_clearances(reference: str) -> tuple[ClearanceTold, ...]:
    """Return the clearances of a child, newest first, as far as row security shows them."""
    rows = models.Clearance.objects.filter(reference=reference).prefetch_related("steps")
    spent = set(models.Return.objects.filter(reference=reference).values_list("clearance_id", flat=True))
    return tuple(told_clearance(row, spent=row.pk in spent) for row in rows.order_by("-recorded_at"))


def told_clearance(row: models.Clearance, *, spent: bool) -> ClearanceTold:
    """Put a clearance and its steps into values."""
    steps = sorted(row.steps.all(), key=_moment)
    taken = [Step(step.kind) for step in steps]
    return ClearanceTold(
        id=row.pk,
        reference=row.reference,
        state=state_of(taken, spent=spent, valid_until=row.valid_until, at=now()),
        determined_on=row.determined_on,
        appeal_over_on=row.appeal_over_on,
        valid_until=row.valid_until,
        accepted_by=row.accepted_by,
        accepted_node=row.accepted_node,
        acceptance=row.acceptance,
        proposed_at=_moment(row),
        actor=row.actor,
        role=row.role,
        agency=row.agency,
        token=next((step.token for step in steps if step.token), ""),
        steps=tuple(_step(step) for step in steps),
    )


def known_fact(row: models.Fact, ended: datetime | None = None) -> KnownFact:
    """Put a row into the values that the rules read; `ended` is when its transaction did, where that is known."""
    paper = None
    if row.document_kind:
        paper = Paper(DocumentKind(row.document_kind), row.document_number, row.document_sha256)
    said = NewFact(
        kind=FactKind(row.kind),
        at=row.at,
        place=row.place,
        place_kind=PlaceKind(row.place_kind) if row.place_kind else None,
        may_leave=MayLeave(row.may_leave) if row.may_leave else None,
        holder=Holder(row.holder) if row.holder else None,
        ends=row.ends,
        goes_to=GoesTo(row.goes_to) if row.goes_to else None,
        paper=paper,
        corrects=row.corrects,
        why=Why(row.why) if row.why else None,
    )
    return KnownFact(row.pk, said, ended or _moment(row), row.agency, row.role)


def _moment(row: models.Fact | models.Clearance | models.ClearanceStep | models.Return) -> datetime:
    """Return when the database took a row; it gives every row its moment."""
    if row.recorded_at is None:
        raise LookupError(
            "A row of custody without its moment: the database is not as migration 0001 made it."
        )
    return row.recorded_at


def _step(row: models.ClearanceStep) -> ClearanceStepTold:
    because = Because(row.because) if row.because else None
    return ClearanceStepTold(Step(row.kind), because, _moment(row), row.actor, row.role, row.agency)


def _returned(row: models.Return) -> ReturnTold:
    late = _moment(row) - row.at
    return ReturnTold(
        id=row.pk,
        at=row.at,
        recorded_at=_moment(row),
        late=late if late > LATE_AFTER else None,
        place=row.place,
        clearance_id=row.clearance_id,
        agency=row.agency,
    )
