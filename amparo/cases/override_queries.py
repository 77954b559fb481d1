"""Read overrides: what waits for a second person, what is owed afterwards, and one of them with its reasons.

Reasons are opened for one override at a time, and that read is on the audit trail. Lists open no reasons.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from amparo.access import audit, vault
from amparo.access.events import Event
from amparo.access.rules import GUIDE_ROLES, Actor, Role, may, may_do
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.labels import labels_of
from amparo.cases.override_rules import (
    CONFIRM_WITHIN,
    PROPOSAL_WAITS,
    Kind,
    Signer,
    Stage,
    Step,
    must_go_back,
    open_to,
    owed,
    place_of,
    stage_of,
)
from amparo.cases.refused import CaseNotFound

# More than this at once is no list that anybody works through.
MOST = 200

# The right behind each step; every other step asks for `override.follow-up`.
_RIGHTS = {
    Step.SECONDED: "override.two-person",
    Step.DECLINED: "override.two-person",
    Step.WITHDRAWN: "override.two-person",
    Step.CONFIRMED: "override.confirm",
    Step.REVIEWED: "override.review",
}


@dataclass(frozen=True)
class StepTold:
    """One thing that followed; `words` are opened only where one override is read."""

    kind: Step
    value: dict[str, Any]
    words: str
    at: datetime
    role: str
    agency: str


@dataclass(frozen=True)
class OverrideTold:
    """One override for one reader; `mine` are the steps she may take now.

    `until` is when a waiting proposal ends, or by when a joint emergency must be confirmed; else None.
    `justified` is None until it was reviewed.
    """

    id: UUID
    case_id: UUID
    reference: str
    label: str
    action: str
    kind: Kind
    stage: Stage
    lifted: dict[str, list[str]]
    at: datetime
    until: datetime | None
    role: str
    agency: str
    by_reader: bool
    harm: bool
    owed: tuple[Step, ...]
    mine: tuple[Step, ...]
    justified: bool | None
    steps: tuple[StepTold, ...]
    reasons: str = ""
    signs: str = ""


def open_overrides_of(actor: Actor) -> tuple[OverrideTold, ...]:
    """Return what of the actor's agency waits or is owed, harm first, then by time; at most MOST.

    Raises:
        NotAllowed: the role does not follow overrides up.
    """
    audit.require(actor, "override.follow-up")
    rows = _rows(_unfinished().filter(case__agency=actor.agency_id).order_by("at", "id")[:MOST])
    if rows:
        audit.record(Event.CASES_LISTED, by=actor, subject="list:overrides", purpose="casework")
    told = (_told(row, actor) for row in rows)
    return tuple(sorted((one for one in told if _is_open(one)), key=lambda one: (not one.harm, one.at)))


def overrides_of_case(actor: Actor, case_id: UUID) -> tuple[OverrideTold, ...]:
    """Return the overrides of one case, newest first; the caller has opened the case before.

    Raises:
        NotAllowed, CaseNotFound, AccessRefused: as `case_for`.
    """
    case_through(actor, case_id, "case.read")
    return tuple(
        _told(row, actor) for row in _rows(models.Override.objects.filter(case=case_id).order_by("-at"))
    )


def override_for(actor: Actor, case_id: UUID, override_id: UUID) -> OverrideTold:
    """Open one override with its reasons; the read is on the audit trail.

    Raises:
        NotAllowed: the role may not read cases.
        CaseNotFound: there is none for this reader.
    """
    case_through(actor, case_id, "case.read", event=Event.CASE_READ)
    subject = audit.subject_of("case", case_id)
    row = next(iter(_rows(models.Override.objects.filter(pk=override_id, case=case_id))), None)
    if row is None:
        raise CaseNotFound("There is no such override for you.", subject=subject)
    return _told(row, actor, key=vault.data_key(row.case_id, row.case.wrapped_key))


def _unfinished() -> QuerySet[models.Override]:
    """Leave out what has ended without an act, and what is settled and reviewed."""

    def followed(*kinds: Step) -> Exists:
        steps = models.OverrideStep.objects.filter(override=OuterRef("pk"), kind__in=[*kinds])
        return Exists(steps)

    settled = followed(Step.REVIEWED) & followed(Step.GUARDIAN_TOLD) & ~Q(kind=Kind.JOINT)
    expired = Q(kind=Kind.TWO_PERSON, at__lt=now() - PROPOSAL_WAITS) & ~followed(Step.SECONDED)
    return models.Override.objects.exclude(
        followed(Step.WITHDRAWN, Step.DECLINED) | settled | expired,
    )


def _rows(found: QuerySet[models.Override]) -> list[models.Override]:
    return list(found.select_related("case").prefetch_related("steps"))


def _is_open(one: OverrideTold) -> bool:
    return one.stage is Stage.WAITING or bool(one.owed)


def _told(row: models.Override, actor: Actor, *, key: bytes | None = None) -> OverrideTold:
    kind, at = Kind(row.kind), now()
    steps = sorted(row.steps.all(), key=lambda step: (step.at, step.id))
    taken = {Step(step.kind) for step in steps}
    stage = stage_of(kind, taken, since=row.at, at=at)
    due = _still(owed(kind, taken, stage), row.case)
    said = _opened(row.sealed, row.id, key)
    return OverrideTold(
        id=row.pk,
        case_id=row.case_id,
        reference=row.case.reference,
        label=labels_of([row.case])[0] or "",
        action=row.action,
        kind=kind,
        stage=stage,
        lifted=row.lifted,
        at=row.at,
        until=_until(row, stage, due),
        role=row.role,
        agency=row.agency,
        by_reader=row.actor == actor.id,
        harm=must_go_back(kind, taken, acted_at=row.at, at=at),
        owed=due,
        mine=_mine(row, actor, steps, stage, due),
        justified=_justified(steps),
        steps=tuple(_step(step, key) for step in steps),
        reasons=said.get("reasons", ""),
        signs=said.get("signs", ""),
    )


def _still(due: tuple[Step, ...], case: models.Case) -> tuple[Step, ...]:
    """In a case that was handed over only the review is left to do here."""
    return due if case.released_at is None else tuple(step for step in due if step is Step.REVIEWED)


def _mine(
    row: models.Override,
    actor: Actor,
    steps: Iterable[models.OverrideStep],
    stage: Stage,
    due: tuple[Step, ...],
) -> tuple[Step, ...]:
    first = Signer(row.actor, GUIDE_ROLES[Role(row.role)])
    signed = {step.actor for step in steps if step.kind in (Step.SECONDED, Step.CONFIRMED)}
    reader = Signer(actor.id, actor.guide_role)
    found = open_to(reader, first, {row.actor, *signed}, stage, due)
    if stage is Stage.WAITING and (row.case.released_at or not may_do(actor, row.action)):
        return ()
    late = must_go_back(Kind(row.kind), {Step(step.kind) for step in steps}, acted_at=row.at, at=now())
    return tuple(
        step
        for step in found
        if may(actor, _RIGHTS.get(step, "override.follow-up")) and not (late and step is Step.CONFIRMED)
    )


def _until(row: models.Override, stage: Stage, due: tuple[Step, ...]) -> datetime | None:
    if stage is Stage.WAITING:
        return row.at + PROPOSAL_WAITS
    return row.at + CONFIRM_WITHIN if Step.CONFIRMED in due else None


def _justified(steps: Iterable[models.OverrideStep]) -> bool | None:
    values = [step.value for step in steps if step.kind == Step.REVIEWED]
    return bool(values[0]["justified"]) if values and values[0] else None


def _step(step: models.OverrideStep, key: bytes | None) -> StepTold:
    said = _opened(step.sealed, step.pk, key) if step.sealed is not None else {}
    words = said.get("reasons", "")
    return StepTold(Step(step.kind), step.value or {}, words, step.at, step.role, step.agency)


def _opened(sealed: bytes | memoryview, row_id: UUID, key: bytes | None) -> dict[str, str]:
    if key is None:
        return {}
    opened: dict[str, str] = vault.open_data(key, sealed, place=place_of(row_id))
    return opened
