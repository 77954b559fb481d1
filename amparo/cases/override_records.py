"""Keep the rows of overrides and their steps: lock the case, find what was signed before, add a row.

Decides nothing: `overriding` asks the Guide and the people first. Rows are never changed. Decisions: 0005, 0013.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from amparo.access import audit, vault
from amparo.access.rules import GUIDE_ROLES, Actor, Role
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.override_rules import Kind, Signer, Stage, Step, place_of, stage_of
from amparo.cases.refused import CaseNotFound, CaseReleased, EntryIdTaken


def open_case(by: Actor, case_id: UUID, act: str) -> models.Case:
    """Let somebody through to a case that is ours, locked until the transaction ends: two signatures never cross."""
    case = case_through(by, case_id, act, lock=True)
    if case.released_at is not None:
        subject = audit.subject_of("case", case_id)
        raise CaseReleased("Another node has taken this case over.", subject=subject)
    return case


def override_of(case: models.Case, override_id: UUID) -> models.Override:
    """Return an override of this case; raises CaseNotFound, as for a case that is not there."""
    row = case.overrides.filter(pk=override_id).first()
    if row is None:
        raise CaseNotFound("There is no such override.", subject=audit.subject_of("case", case.pk))
    return row


def kept_before(case: models.Case, override_id: UUID, action: str, by: Actor) -> bool:
    """Tell whether this was signed before: the same click sent twice is one override."""
    row = models.Override.objects.filter(pk=override_id).first()
    if row is None:
        return False
    if (row.case_id, row.action, row.actor) != (case.pk, action, by.id):
        raise _taken(case.pk)
    return True


def followed_before(row: models.Override, step_id: UUID, kind: Step, by: Actor) -> bool:
    """Tell whether this step was signed before; raises EntryIdTaken where the id is of another."""
    step = models.OverrideStep.objects.filter(pk=step_id).first()
    if step is None:
        return False
    if (step.override_id, step.kind, step.actor) != (row.pk, kind, by.id):
        raise _taken(row.case_id)
    return True


def _taken(case_id: UUID) -> EntryIdTaken:
    subject = audit.subject_of("case", case_id)
    return EntryIdTaken("Something else was written down under this id.", subject=subject)


def keep(
    case: models.Case,
    override_id: UUID,
    kind: Kind,
    action: str,
    *,
    lifted: dict[str, list[str]],
    said: dict[str, str],
    by: Actor,
    at: datetime,
    act: UUID | None = None,
) -> None:
    """Add an override; `act` is the entry of an act that follows in the same transaction."""
    models.Override.objects.create(
        id=override_id,
        case=case,
        kind=kind.value,
        action=action,
        lifted=lifted,
        sealed=_sealed(case, said, place=place_of(override_id)),
        at=at,
        act_id=act,
        **_who(by),
    )


def follow(
    row: models.Override,
    step_id: UUID,
    kind: Step,
    *,
    by: Actor,
    at: datetime,
    said: dict[str, str] | None = None,
    value: Mapping[str, Any] | None = None,
    act: UUID | None = None,
) -> None:
    """Add a step; `act` as for `keep`."""
    models.OverrideStep.objects.create(
        id=step_id,
        override=row,
        override_kind=row.kind,
        first_actor=row.actor,
        first_role=row.role,
        kind=kind.value,
        value=value,
        sealed=_sealed(row.case, said, place=place_of(step_id)) if said else None,
        at=at,
        act_id=act,
        **_who(by),
    )


def _who(by: Actor) -> dict[str, Any]:
    return {"recorded_at": now(), "actor": by.id, "role": by.role.value, "agency": by.agency}


def _sealed(case: models.Case, said: dict[str, str], *, place: str) -> bytes:
    return vault.seal_data(vault.data_key(case.pk, case.wrapped_key), said, place=place)


def stage_now(row: models.Override) -> Stage:
    """Return where an override stands at this moment."""
    return stage_of(Kind(row.kind), steps_of(row), since=row.at, at=now())


def steps_of(row: models.Override) -> set[Step]:
    """Return what has followed an override."""
    return {Step(kind) for kind in row.steps.values_list("kind", flat=True)}


def first_signer(row: models.Override) -> Signer:
    """Return who proposed, or acted first."""
    return Signer(row.actor, GUIDE_ROLES[Role(row.role)])


def signers_of(row: models.Override) -> set[UUID]:
    """Return everybody who signed that the act should happen."""
    signed = row.steps.filter(kind__in=[Step.SECONDED, Step.CONFIRMED])
    return {row.actor, *signed.values_list("actor", flat=True)}
