"""Make overrides short to sign, for whoever tests them; all invented."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from amparo.access.actor import acting_as
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, overriding, queries
from amparo.cases.models import Entry, EntryKind, OverrideStep
from tests.factories import ANA, an_actor

REASONS = "Los hermanos no caben juntos esta noche y uno necesita el hospital."
OTHER_REASONS = "Leí el expediente, hablé con el hospital y estoy de acuerdo."
SIGNS = "El hombre con quien viaja la amenaza y ella tiene golpes en el brazo."
SIBLINGS = {**ANA, "siblings_present": "present", "care_setting": "residential"}
ENDING = {**ANA, "missing": "no", "complaint_open": "no", "appeal_state": "none"}
WITH_FATHER = {**ANA, "adult_with_child": "parent", "accompaniment": "accompanied"}


def propose(case_id: UUID, by: Actor, action: str = "separate-siblings", key: UUID | None = None) -> UUID:
    override_id = key or uuid7()
    with acting_as(by):
        overriding.propose_override(
            case_id=case_id, action=action, reasons=REASONS, by=by, override_id=override_id
        )
    return override_id


def second(case_id: UUID, override_id: UUID, by: Actor, key: UUID | None = None) -> None:
    with acting_as(by):
        overriding.second_override(
            case_id=case_id, override_id=override_id, reasons=OTHER_REASONS, by=by, step_id=key or uuid7()
        )


def part(case_id: UUID, by: Actor, **changed: Any) -> UUID:  # noqa: ANN401
    override_id = uuid7()
    said: dict[str, Any] = {"signs": SIGNS, "reasons": REASONS, "at": now() - timedelta(minutes=5)} | changed
    with acting_as(by):
        overriding.act_in_emergency(
            case_id=case_id, action="separate-from-family", by=by, override_id=override_id, **said
        )
    return override_id


def acts_of(case_id: UUID) -> list[tuple[str, object]]:
    with acting_as(an_actor()):
        rows = Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).order_by("recorded_at")
        return list(rows.values_list("name", "value"))


def breaches_of(case_id: UUID) -> list[str]:
    reader = an_actor()
    with acting_as(reader):
        file = queries.case_for(reader, case_id, purpose="casework")
    return [one.obligation for one in file.evaluation.breaches]


def steps_of(override_id: UUID) -> set[str]:
    with acting_as(an_actor()):
        return set(OverrideStep.objects.filter(override_id=override_id).values_list("kind", flat=True))


def set_fact(case_id: UUID, name: str, value: object) -> None:
    worker = an_actor()
    with acting_as(worker):
        actions.record_fact(case_id=case_id, name=name, value=value, by=worker, at=now(), entry_id=uuid7())
