"""Show that two people, or one in an emergency, may lift what the Guide lets them lift, and nothing else."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, overriding, queries
from amparo.cases.actions import ActRefused, CaseReleased, EntryIdTaken
from amparo.cases.models import Case, Entry, EntryKind, Override, OverrideStep
from amparo.cases.override_refused import (
    CaseChanged,
    NothingToLift,
    NotOwed,
    ProposalOver,
    ProposalWaits,
    ReasonsMissing,
    SignerWrong,
    TimeWrong,
)
from amparo.cases.override_rules import NEVER_LIFTED, Kind, Step
from amparo.cases.queries import CaseNotFound
from amparo.guide import load
from tests.factories import ANA, a_case, an_actor

pytestmark = pytest.mark.django_db
REASONS = "Los hermanos no caben juntos esta noche y uno necesita el hospital."
OTHER_REASONS = "Leí el expediente, hablé con el hospital y estoy de acuerdo."
SIGNS = "El hombre con quien viaja la amenaza y ella tiene golpes en el brazo."
SIBLINGS = {**ANA, "siblings_present": "present", "care_setting": "residential"}
ENDING = {**ANA, "missing": "no", "complaint_open": "no", "appeal_state": "none"}
WITH_FATHER = {**ANA, "adult_with_child": "parent", "accompaniment": "accompanied"}


def _propose(case_id: UUID, by: Actor, action: str = "separate-siblings", key: UUID | None = None) -> UUID:
    override_id = key or uuid7()
    with acting_as(by):
        overriding.propose_override(
            case_id=case_id, action=action, reasons=REASONS, by=by, override_id=override_id
        )
    return override_id


def _second(case_id: UUID, override_id: UUID, by: Actor, key: UUID | None = None) -> None:
    with acting_as(by):
        overriding.second_override(
            case_id=case_id, override_id=override_id, reasons=OTHER_REASONS, by=by, step_id=key or uuid7()
        )


def _part(case_id: UUID, by: Actor, **changed: Any) -> UUID:  # noqa: ANN401
    override_id = uuid7()
    said: dict[str, Any] = {"signs": SIGNS, "reasons": REASONS, "at": now() - timedelta(minutes=5)} | changed
    with acting_as(by):
        overriding.act_in_emergency(
            case_id=case_id, action="separate-from-family", by=by, override_id=override_id, **said
        )
    return override_id


def _acts(case_id: UUID) -> list[tuple[str, object]]:
    with acting_as(an_actor()):
        rows = Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).order_by("recorded_at")
        return list(rows.values_list("name", "value"))


def _breaches(case_id: UUID) -> list[str]:
    reader = an_actor()
    with acting_as(reader):
        file = queries.case_for(reader, case_id, purpose="casework")
    return [one.obligation for one in file.evaluation.breaches]


def _steps(override_id: UUID) -> set[str]:
    with acting_as(an_actor()):
        return set(OverrideStep.objects.filter(override_id=override_id).values_list("kind", flat=True))


def _fact(case_id: UUID, name: str, value: object) -> None:
    worker = an_actor()
    with acting_as(worker):
        actions.record_fact(case_id=case_id, name=name, value=value, by=worker, at=now(), entry_id=uuid7())


# ---- two people ----------------------------------------------------------------------------------


def test_one_person_alone_is_still_refused_and_told_what_could_lift_it() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker), pytest.raises(ActRefused) as refused:
        actions.perform_act(
            case_id=case_id, action="separate-siblings", by=worker, at=now(), entry_id=uuid7()
        )

    assert [(one.obligation, one.override) for one in refused.value.refusals] == [
        ("sibling-unity", "two-person")
    ]


def test_a_proposal_does_nothing_yet() -> None:
    case_id = a_case(SIBLINGS)

    _propose(case_id, an_actor())

    assert _acts(case_id) == []


def test_with_the_second_signature_the_act_is_done_and_is_no_breach() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())

    _second(case_id, override_id, an_actor())

    assert _acts(case_id) == [
        ("separate-siblings", {"by_role": "child-protection-authority", "override": "two-person"})
    ]
    assert _breaches(case_id) == []


def test_the_same_person_may_not_sign_twice() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    override_id = _propose(case_id, worker)

    with pytest.raises(SignerWrong) as refused:
        _second(case_id, override_id, worker)

    assert refused.value.code == "same-person"
    assert _acts(case_id) == []


@pytest.mark.parametrize(
    ("first", "second"), [(Role.CASEWORKER, Role.SUPERVISOR), (Role.SUPERVISOR, Role.CASEWORKER)]
)
def test_a_supervisor_may_be_one_of_the_two(first: Role, second: Role) -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor(first))

    _second(case_id, override_id, an_actor(second))

    assert _breaches(case_id) == []


def test_two_supervisors_are_not_enough_one_must_be_of_child_protection() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor(Role.SUPERVISOR))

    with pytest.raises(SignerWrong) as refused:
        _second(case_id, override_id, an_actor(Role.SUPERVISOR))

    assert refused.value.code == "no-child-protection"


@pytest.mark.parametrize(
    ("role", "agency"),
    [
        (Role.FIRST_CONTACT, "mx-albergue"),
        (Role.MIGRATION_OFFICER, "mx-migracion"),
        (Role.ADMINISTRATOR, "mx-proteccion"),
        (Role.DEVICE, "mx-albergue"),
    ],
)
def test_other_roles_may_neither_propose_nor_second(role: Role, agency: str) -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())

    with pytest.raises(NotAllowed):
        _propose(case_id, an_actor(role, agency))
    with pytest.raises(NotAllowed):
        _second(case_id, override_id, an_actor(role, agency))


@pytest.mark.parametrize("reasons", ["", "  \n ", "urgente", "ya ya ya ya ya ya ya ya ya ya ya ya ya"])
def test_no_signature_without_written_reasons(reasons: str) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker), pytest.raises(ReasonsMissing):
        overriding.propose_override(
            case_id=case_id, action="separate-siblings", reasons=reasons, by=worker, override_id=uuid7()
        )


def test_reasons_are_sealed() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())

    with acting_as(an_actor()):
        sealed = bytes(Override.objects.get(pk=override_id).sealed)

    assert b"hospital" not in sealed


@pytest.mark.parametrize("action", sorted(NEVER_LIFTED))
def test_what_is_never_lifted_cannot_be_proposed(action: str) -> None:
    case_id = a_case(SIBLINGS)

    with pytest.raises((ActRefused, NothingToLift)):
        _propose(case_id, an_actor(), action)


def test_an_emergency_duty_is_not_lifted_by_two_people() -> None:
    with pytest.raises(ActRefused):
        _propose(a_case(), an_actor(), "interview")


def test_a_hold_is_not_lifted_by_two_people() -> None:
    with pytest.raises(ActRefused) as refused:
        _propose(a_case(ENDING | {"complaint_open": "yes"}), an_actor(), "close-case")

    assert any(one.held for one in refused.value.refusals)


def test_a_hold_that_came_between_the_signatures_refuses_the_second() -> None:
    case_id = a_case(ENDING)
    override_id = _propose(case_id, an_actor(), "close-case")
    _fact(case_id, "complaint_open", "yes")

    with pytest.raises(ActRefused) as refused:
        _second(case_id, override_id, an_actor())

    assert any(one.held for one in refused.value.refusals)
    assert _acts(case_id) == []


def test_two_people_may_close_a_case_whose_criteria_are_not_all_met() -> None:
    case_id = a_case(ENDING)
    override_id = _propose(case_id, an_actor(), "close-case")

    _second(case_id, override_id, an_actor())

    assert _breaches(case_id) == []


def test_where_nothing_stands_against_it_any_more_no_second_signature_is_taken() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())
    _fact(case_id, "siblings_present", "none")

    with pytest.raises(NothingToLift):
        _second(case_id, override_id, an_actor())


def test_more_against_it_than_the_first_signed_for_refuses_the_second() -> None:
    case_id = a_case(SIBLINGS)
    worker = an_actor()
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence="siblings-linked", done=True, by=worker, at=now(), entry_id=uuid7()
        )
    override_id = _propose(case_id, worker)
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence="siblings-linked", done=False, by=worker, at=now(), entry_id=uuid7()
        )

    with pytest.raises(CaseChanged):
        _second(case_id, override_id, an_actor())

    assert _acts(case_id) == []


def test_a_proposal_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())
    later = now() + timedelta(hours=25)
    monkeypatch.setattr("amparo.cases.override_records.now", lambda: later)

    with pytest.raises(ProposalOver) as refused:
        _second(case_id, override_id, an_actor())

    assert refused.value.code == "expired"


def test_the_same_act_is_not_proposed_twice_at_once_but_again_after_the_first_ended() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    override_id = _propose(case_id, worker)

    with pytest.raises(ProposalWaits):
        _propose(case_id, an_actor())
    with acting_as(worker):
        overriding.withdraw_override(case_id=case_id, override_id=override_id, by=worker, step_id=uuid7())

    again = _propose(case_id, an_actor())

    assert again != override_id


def test_only_who_proposed_withdraws_and_only_another_declines() -> None:
    case_id, worker, other = a_case(SIBLINGS), an_actor(), an_actor()
    override_id = _propose(case_id, worker)

    with acting_as(other), pytest.raises(SignerWrong):
        overriding.withdraw_override(case_id=case_id, override_id=override_id, by=other, step_id=uuid7())
    with acting_as(worker), pytest.raises(SignerWrong):
        overriding.decline_override(
            case_id=case_id, override_id=override_id, reasons=REASONS, by=worker, step_id=uuid7()
        )
    with acting_as(other):
        overriding.decline_override(
            case_id=case_id, override_id=override_id, reasons=REASONS, by=other, step_id=uuid7()
        )

    with pytest.raises(ProposalOver):
        _second(case_id, override_id, an_actor())


def test_a_form_sent_again_signs_once() -> None:
    case_id, worker, other = a_case(SIBLINGS), an_actor(), an_actor()
    key, step = uuid7(), uuid7()

    _propose(case_id, worker, key=key)
    _propose(case_id, worker, key=key)
    _second(case_id, key, other, key=step)
    _second(case_id, key, other, key=step)

    assert len(_acts(case_id)) == 1
    assert AuditEntry.objects.filter(event="override.seconded").count() == 1


def test_the_id_of_another_signature_is_refused() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    key = _propose(case_id, worker)

    with pytest.raises(EntryIdTaken):
        _propose(a_case(SIBLINGS), worker, key=key)


def test_nobody_signs_twice_for_the_same_done_act() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())
    _second(case_id, override_id, an_actor())

    with pytest.raises(ProposalOver):
        _second(case_id, override_id, an_actor())


def test_a_released_case_takes_no_override() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())
    with acting_as(an_actor()):
        Case.objects.filter(pk=case_id).update(released_at=now())

    with pytest.raises(CaseReleased):
        _second(case_id, override_id, an_actor())
    with pytest.raises(CaseReleased):
        _propose(case_id, an_actor())


def test_an_override_of_another_case_or_agency_is_not_there() -> None:
    case_id, other = a_case(SIBLINGS), a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())

    with pytest.raises(CaseNotFound):
        _second(other, override_id, an_actor())
    with acting_as(an_actor(Role.MIGRATION_OFFICER, "mx-migracion")):
        assert Override.objects.count() == 0


def test_each_step_is_on_the_audit_trail_without_content() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())
    _second(case_id, override_id, an_actor())

    rows = AuditEntry.objects.filter(subject=f"case:{case_id}", event__startswith="override.")

    assert {row.event for row in rows} == {"override.proposed", "override.seconded"}
    assert "hospital" not in str([row.reasons for row in rows])


# ---- acting first --------------------------------------------------------------------------------


def test_child_protection_may_part_a_child_from_danger_and_everything_is_due_at_once() -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()

    _part(case_id, worker)

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
        _part(a_case(WITH_FATHER), an_actor(role, agency))


@pytest.mark.parametrize("changed", [{"signs": "peligro"}, {"reasons": ""}])
def test_an_emergency_needs_its_signs_and_reasons(changed: dict[str, str]) -> None:
    with pytest.raises(ReasonsMissing):
        _part(a_case(WITH_FATHER), an_actor(), **changed)


@pytest.mark.parametrize("hours", [-1, 25])
def test_an_emergency_is_written_down_at_once(hours: int) -> None:
    with pytest.raises(TimeWrong):
        _part(a_case(WITH_FATHER), an_actor(), at=now() - timedelta(hours=hours))


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

    assert _acts(case_id) == []


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
    assert _acts(case_id) == [("interview", {"by_role": "first-contact-officer", "override": "emergency"})]
    assert _breaches(case_id) == []


# ---- afterwards ----------------------------------------------------------------------------------


def _confirm(case_id: UUID, override_id: UUID, by: Actor) -> None:
    with acting_as(by):
        overriding.confirm_joint_emergency(
            case_id=case_id, override_id=override_id, reasons=OTHER_REASONS, by=by, step_id=uuid7()
        )


def test_a_second_person_of_child_protection_confirms_and_nobody_else() -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()
    override_id = _part(case_id, worker)

    with pytest.raises(SignerWrong):
        _confirm(case_id, override_id, worker)
    with pytest.raises(NotAllowed):
        _confirm(case_id, override_id, an_actor(Role.SUPERVISOR))
    _confirm(case_id, override_id, an_actor())

    assert _steps(override_id) == {"confirmed"}


def test_after_a_day_nobody_confirms_and_only_the_child_going_back_settles_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()
    override_id = _part(case_id, worker)
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

    assert _steps(override_id) == {"child-back"}


def test_a_child_who_is_confirmed_away_is_not_also_back() -> None:
    case_id, worker = a_case(WITH_FATHER), an_actor()
    override_id = _part(case_id, worker)
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
    override_id = _part(case_id, worker)

    for duty in (Step.CONFIRMED, Step.REVIEWED, Step.GUARDIAN_TOLD, Step.SECONDED):
        with acting_as(worker), pytest.raises(ValueError, match="asks for more"):
            overriding.note_duty_done(
                case_id=case_id, override_id=override_id, duty=duty, by=worker, at=now(), step_id=uuid7()
            )


def test_the_guardian_is_told_once_the_act_is_done_and_not_before() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    override_id = _propose(case_id, worker)
    told: dict[str, Any] = {
        "case_id": case_id,
        "override_id": override_id,
        "told_to": "guardian",
        "how": "telephone",
    }

    with acting_as(worker), pytest.raises(NotOwed):
        overriding.note_guardian_told(**told, by=worker, at=now(), step_id=uuid7())
    before = now()
    _second(case_id, override_id, an_actor())
    with acting_as(worker):
        with pytest.raises(TimeWrong):
            overriding.note_guardian_told(**told, by=worker, at=before - timedelta(hours=2), step_id=uuid7())
        overriding.note_guardian_told(**told, by=worker, at=now(), step_id=uuid7())

    assert _steps(override_id) == {"seconded", "guardian-told"}


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
    override_id = _propose(case_id, an_actor())
    _second(case_id, override_id, chief)

    with pytest.raises(SignerWrong):
        _review(case_id, override_id, chief)
    with pytest.raises(NotAllowed):
        _review(case_id, override_id, an_actor())
    _review(case_id, override_id, an_actor(Role.SUPERVISOR), justified=False)

    assert _steps(override_id) == {"seconded", "reviewed"}
    assert "not-justified" in AuditEntry.objects.get(event="override.reviewed").reasons


def test_letting_go_of_the_child_escapes_no_review() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())
    _second(case_id, override_id, an_actor())
    with acting_as(an_actor()):
        Case.objects.filter(pk=case_id).update(released_at=now())

    _review(case_id, override_id, an_actor(Role.SUPERVISOR))

    assert "reviewed" in _steps(override_id)


# ---- what the database never takes ---------------------------------------------------------------


def _row(case_id: UUID, by: Actor, **changed: object) -> Override:
    fields = {
        "id": uuid7(),
        "case_id": case_id,
        "action": "separate-siblings",
        "kind": Kind.TWO_PERSON.value,
        "lifted": {"sibling-unity": ["siblings-linked"]},
        "sealed": b"x" * 80,
        "at": now(),
        "recorded_at": now(),
        "actor": by.id,
        "role": by.role.value,
        "agency": by.agency,
    }
    return Override.objects.create(**{**fields, **changed})


def _step(row: Override, by: Actor, **changed: object) -> OverrideStep:
    fields = {
        "id": uuid7(),
        "override": row,
        "override_kind": row.kind,
        "first_actor": row.actor,
        "first_role": row.role,
        "kind": Step.SECONDED.value,
        "sealed": b"x" * 80,
        "at": now(),
        "recorded_at": now(),
        "actor": by.id,
        "role": by.role.value,
        "agency": by.agency,
        "act_id": uuid7(),
    }
    return OverrideStep.objects.create(**{**fields, **changed})


@pytest.mark.parametrize("action", sorted(NEVER_LIFTED))
@pytest.mark.parametrize("kind", [Kind.TWO_PERSON, Kind.EMERGENCY])
def test_the_database_takes_no_override_of_what_is_never_lifted(action: str, kind: Kind) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    act = None if kind is Kind.TWO_PERSON else uuid7()

    with acting_as(worker), pytest.raises(IntegrityError), transaction.atomic():
        _row(case_id, worker, action=action, kind=kind.value, act_id=act)


def test_the_list_of_the_database_is_that_of_the_guide() -> None:
    assert frozenset(NEVER_LIFTED) == load().vocabulary.never_lifted


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "migration-officer"},
        {"role": "administrator"},
        {"role": "first-contact"},
        {"sealed": b""},
        {"lifted": {}},
        {"action": "separate-from-family"},
        {"kind": "joint-emergency"},
        {"kind": "emergency"},
        {"kind": "none"},
    ],
)
def test_the_database_takes_no_wrong_override(changed: dict[str, object]) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker), pytest.raises(IntegrityError), transaction.atomic():
        _row(case_id, worker, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "first"},
        {"role": "first-contact"},
        {"role": "migration-officer"},
        {"sealed": None},
        {"act_id": None},
        {"kind": "confirmed", "act_id": None},
        {"kind": "reviewed", "act_id": None},
        {"kind": "withdrawn", "act_id": None, "sealed": None},
    ],
)
def test_the_database_takes_no_wrong_second_signature(changed: dict[str, object]) -> None:
    case_id, worker, other = a_case(SIBLINGS), an_actor(), an_actor()

    with acting_as(worker):
        row = _row(case_id, worker)
        wrong = {key: worker.id if value == "first" else value for key, value in changed.items()}
        with pytest.raises(IntegrityError), transaction.atomic():
            _step(row, other, **wrong)


def test_the_database_sees_through_a_step_that_names_another_first_person() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker):
        row = _row(case_id, worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            _step_of_somebody_else(row, worker)


def _step_of_somebody_else(row: Override, by: Actor) -> None:
    """Pretend that another signed first, and ask the database at once what it asks when the transaction ends."""
    _step(row, by, first_actor=uuid4())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS override_step_of_first IMMEDIATE")


def test_the_database_lets_nobody_review_what_she_signed_second() -> None:
    case_id, chief = a_case(SIBLINGS), an_actor(Role.SUPERVISOR)
    override_id = _propose(case_id, an_actor())
    _second(case_id, override_id, chief)

    with acting_as(chief), pytest.raises(IntegrityError), transaction.atomic():
        _step(Override.objects.get(pk=override_id), chief, kind="reviewed", act_id=None)


@pytest.mark.parametrize("override", ["two-person", "emergency", "other"])
def test_no_act_under_an_override_is_written_without_its_signatures(override: str) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker), pytest.raises(ProgrammingError), transaction.atomic():
        actions.write_act(
            case_id=case_id,
            action="separate-siblings",
            by=worker,
            at=now(),
            entry_id=uuid7(),
            override=override,
        )

    assert _acts(case_id) == []


def test_signatures_are_never_changed_or_removed() -> None:
    case_id = a_case(SIBLINGS)
    override_id = _propose(case_id, an_actor())
    _second(case_id, override_id, an_actor())

    with acting_as(an_actor()):
        for table in (Override, OverrideStep):
            with pytest.raises(ProgrammingError), transaction.atomic():
                table.objects.update(agency="other")
            with pytest.raises((ProgrammingError, ProtectedError)), transaction.atomic():
                table.objects.all().delete()
