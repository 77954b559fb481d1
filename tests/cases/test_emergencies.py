"""Show that one person may act first in danger, and what is owed to the child afterwards."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, overriding, queries
from amparo.cases.override_refused import (
    NothingToLift,
    NotOwed,
    ReasonsMissing,
    SignerWrong,
    TimeWrong,
)
from amparo.cases.override_rules import NEVER_LIFTED, Step
from amparo.cases.refused import ActRefused
from tests.cases.overrides import (
    OTHER_REASONS,
    REASONS,
    SIBLINGS,
    SIGNS,
    WITH_FATHER,
    acts_of,
    breaches_of,
    part,
    propose,
    second,
    steps_of,
)
from tests.factories import ANA, a_case, an_actor, let_go

pytestmark = pytest.mark.django_db


def test_child_protection_may_part_a_child_from_danger_and_everything_is_due_at_once() -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()

    part(case_id, worker)

    with acting_as(worker):
        evaluation = queries.case_for(worker, case_id, purpose="casework").evaluation
    assert evaluation.breaches == ()
    for duty in ("family-unity", "bid-when-required", "reasoned-decision", "effective-remedy"):
        assert evaluation.status(duty).is_open, duty


@pytest.mark.parametrize(
    ("role", "agency"), [(Role.SUPERVISOR, "mx-proteccion"), (Role.FIRST_CONTACT, "mx-albergue")]
)
def test_only_child_protection_parts_a_child_in_an_emergency(role: Role, agency: str) -> None:
    with pytest.raises((ActRefused, NotAllowed)):
        part(a_case(WITH_FATHER), an_actor(role, agency))


@pytest.mark.parametrize("changed", [{"signs": "peligro"}, {"reasons": ""}])
def test_an_emergency_needs_its_signs_and_reasons(changed: dict[str, str]) -> None:
    with pytest.raises(ReasonsMissing):
        part(a_case(WITH_FATHER), an_actor(), **changed)


@pytest.mark.parametrize("hours", [-1, 25])
def test_an_emergency_is_written_down_at_once(hours: int) -> None:
    with pytest.raises(TimeWrong):
        part(a_case(WITH_FATHER), an_actor(), at=now() - timedelta(hours=hours))


@pytest.mark.parametrize("action", sorted(NEVER_LIFTED))
@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
def test_no_emergency_lifts_what_is_never_lifted(action: str, role: Role) -> None:
    case_id, somebody = a_case(WITH_FATHER), an_actor(role)

    with acting_as(somebody), pytest.raises((ActRefused, NothingToLift)):
        overriding.act_in_emergency(
            case_id=case_id,
            action=action,
            signs=SIGNS,
            reasons=REASONS,
            by=somebody,
            at=now(),
            override_id=uuid7(),
        )

    assert acts_of(case_id) == []


def test_a_first_contact_may_talk_in_an_emergency_once_immediate_needs_are_met() -> None:
    met = {**ANA, "needs_now": [], "health_needs": "none"}
    case_id, officer = a_case(met), an_actor(Role.FIRST_CONTACT, "mx-albergue")
    said: dict[str, Any] = {
        "action": "interview",
        "signs": SIGNS,
        "reasons": REASONS,
        "by": officer,
        "at": now(),
    }

    with acting_as(officer):
        with pytest.raises(ActRefused) as refused:
            overriding.act_in_emergency(case_id=case_id, override_id=uuid7(), **said)
        for evidence in ("needs-checked", "needs-met-recorded"):
            actions.attest_evidence(
                case_id=case_id, evidence=evidence, done=True, by=officer, at=now(), entry_id=uuid7()
            )
        overriding.act_in_emergency(case_id=case_id, override_id=uuid7(), **(said | {"at": now()}))

    assert [one.obligation for one in refused.value.refusals] == ["meet-immediate-needs"]
    assert acts_of(case_id) == [("interview", {"by_role": "first-contact-officer", "override": "emergency"})]
    assert breaches_of(case_id) == []


def _confirm(case_id: UUID, override_id: UUID, by: Actor) -> None:
    with acting_as(by):
        overriding.confirm_joint_emergency(
            case_id=case_id, override_id=override_id, reasons=OTHER_REASONS, by=by, step_id=uuid7()
        )


def test_a_second_person_of_child_protection_confirms_and_nobody_else() -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()
    override_id = part(case_id, worker)

    with pytest.raises(SignerWrong):
        _confirm(case_id, override_id, worker)
    with pytest.raises(NotAllowed):
        _confirm(case_id, override_id, an_actor(Role.SUPERVISOR))
    _confirm(case_id, override_id, an_actor())

    assert steps_of(override_id) == {"confirmed"}


def test_after_a_day_nobody_confirms_and_only_the_child_going_back_settles_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()
    override_id = part(case_id, worker)
    later = now() + timedelta(hours=25)
    monkeypatch.setattr("amparo.cases.overriding.now", lambda: later)

    with pytest.raises(TimeWrong):
        _confirm(case_id, override_id, an_actor())
    with acting_as(worker):
        overriding.note_duty_done(
            case_id=case_id,
            override_id=override_id,
            duty=Step.CHILD_BACK,
            by=worker,
            at=later,
            step_id=uuid7(),
        )

    assert steps_of(override_id) == {"child-back"}


def test_a_child_who_is_confirmed_away_is_not_also_back() -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()
    override_id = part(case_id, worker)
    _confirm(case_id, override_id, an_actor())

    with acting_as(worker), pytest.raises(NotOwed):
        overriding.note_duty_done(
            case_id=case_id,
            override_id=override_id,
            duty=Step.CHILD_BACK,
            by=worker,
            at=now(),
            step_id=uuid7(),
        )


def test_no_duty_that_asks_for_more_is_settled_by_a_tick() -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()
    override_id = part(case_id, worker)

    for duty in (Step.CONFIRMED, Step.REVIEWED, Step.GUARDIAN_TOLD, Step.SECONDED):
        with acting_as(worker), pytest.raises(ValueError, match="asks for more"):
            overriding.note_duty_done(
                case_id=case_id, override_id=override_id, duty=duty, by=worker, at=now(), step_id=uuid7()
            )


def test_the_guardian_is_told_once_the_act_is_done_and_not_before() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    override_id = propose(case_id, worker)
    told: dict[str, Any] = {
        "case_id": case_id,
        "override_id": override_id,
        "told_to": "guardian",
        "how": "telephone",
    }

    with acting_as(worker), pytest.raises(NotOwed):
        overriding.note_guardian_told(**told, by=worker, at=now(), step_id=uuid7())
    before = now()
    second(case_id, override_id, an_actor())
    with acting_as(worker):
        with pytest.raises(TimeWrong):
            overriding.note_guardian_told(**told, by=worker, at=before - timedelta(hours=2), step_id=uuid7())
        overriding.note_guardian_told(**told, by=worker, at=now(), step_id=uuid7())

    assert steps_of(override_id) == {"seconded", "guardian-told"}


def _review(case_id: UUID, override_id: UUID, by: Actor, *, justified: bool = True) -> None:
    with acting_as(by):
        overriding.review_override(
            case_id=case_id,
            override_id=override_id,
            justified=justified,
            words=OTHER_REASONS,
            by=by,
            step_id=uuid7(),
        )


def test_a_supervisor_who_was_none_of_the_two_reviews() -> None:
    case_id, chief = a_case(SIBLINGS), an_actor(Role.SUPERVISOR)
    override_id = propose(case_id, an_actor())
    second(case_id, override_id, chief)

    with pytest.raises(SignerWrong):
        _review(case_id, override_id, chief)
    with pytest.raises(NotAllowed):
        _review(case_id, override_id, an_actor())
    _review(case_id, override_id, an_actor(Role.SUPERVISOR), justified=False)

    assert steps_of(override_id) == {"seconded", "reviewed"}
    assert "not-justified" in AuditEntry.objects.get(event="override.reviewed").reasons


def test_letting_go_of_the_child_escapes_no_review() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())
    second(case_id, override_id, an_actor())
    with acting_as(worker := an_actor()):
        let_go(case_id, by=worker)

    _review(case_id, override_id, an_actor(Role.SUPERVISOR))

    assert "reviewed" in steps_of(override_id)
