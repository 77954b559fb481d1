"""Show that two people may lift what the Guide lets two people lift, and nothing else."""

from datetime import timedelta

import pytest

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import NotAllowed, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, overriding
from amparo.cases.models import Override
from amparo.cases.override_refused import (
    CaseChanged,
    NothingToLift,
    ProposalOver,
    ProposalWaits,
    ReasonsMissing,
    SignerWrong,
)
from amparo.cases.override_rules import NEVER_LIFTED
from amparo.cases.queries import CaseNotFound
from amparo.cases.refused import ActRefused, CaseReleased, EntryIdTaken
from tests.cases.overrides import (
    ENDING,
    REASONS,
    SIBLINGS,
    acts_of,
    breaches_of,
    propose,
    second,
    set_fact,
)
from tests.factories import a_case, an_actor, let_go

pytestmark = pytest.mark.django_db


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

    propose(case_id, an_actor())

    assert acts_of(case_id) == []


def test_with_the_second_signature_the_act_is_done_and_is_no_breach() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())

    second(case_id, override_id, an_actor())

    assert acts_of(case_id) == [
        ("separate-siblings", {"by_role": "child-protection-authority", "override": "two-person"})
    ]
    assert breaches_of(case_id) == []


def test_the_same_person_may_not_sign_twice() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    override_id = propose(case_id, worker)

    with pytest.raises(SignerWrong) as refused:
        second(case_id, override_id, worker)

    assert refused.value.code == "same-person"
    assert acts_of(case_id) == []


@pytest.mark.parametrize(
    ("one", "other"), [(Role.CASEWORKER, Role.SUPERVISOR), (Role.SUPERVISOR, Role.CASEWORKER)]
)
def test_a_supervisor_may_be_one_of_the_two(one: Role, other: Role) -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor(one))

    second(case_id, override_id, an_actor(other))

    assert breaches_of(case_id) == []


def test_two_supervisors_are_not_enough_one_must_be_of_child_protection() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor(Role.SUPERVISOR))

    with pytest.raises(SignerWrong) as refused:
        second(case_id, override_id, an_actor(Role.SUPERVISOR))

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
    override_id = propose(case_id, an_actor())

    with pytest.raises(NotAllowed):
        propose(case_id, an_actor(role, agency))
    with pytest.raises(NotAllowed):
        second(case_id, override_id, an_actor(role, agency))


@pytest.mark.parametrize("reasons", ["", "  \n ", "urgente", "ya ya ya ya ya ya ya ya ya ya ya ya ya"])
def test_no_signature_without_written_reasons(reasons: str) -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()

    with acting_as(worker), pytest.raises(ReasonsMissing):
        overriding.propose_override(
            case_id=case_id, action="separate-siblings", reasons=reasons, by=worker, override_id=uuid7()
        )


def test_reasons_are_sealed() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())

    with acting_as(an_actor()):
        sealed = bytes(Override.objects.get(pk=override_id).sealed)

    assert b"hospital" not in sealed


@pytest.mark.parametrize("action", sorted(NEVER_LIFTED))
def test_what_is_never_lifted_cannot_be_proposed(action: str) -> None:
    case_id = a_case(SIBLINGS)

    with pytest.raises((ActRefused, NothingToLift)):
        propose(case_id, an_actor(), action)


def test_an_emergency_duty_is_not_lifted_by_two_people() -> None:
    with pytest.raises(ActRefused):
        propose(a_case(), an_actor(), "interview")


def test_a_hold_is_not_lifted_by_two_people() -> None:
    with pytest.raises(ActRefused) as refused:
        propose(a_case(ENDING | {"complaint_open": "yes"}), an_actor(), "close-case")

    assert any(one.held for one in refused.value.refusals)


def test_a_hold_that_came_between_the_signatures_refuses_the_second() -> None:
    case_id = a_case(ENDING)
    override_id = propose(case_id, an_actor(), "close-case")
    set_fact(case_id, "complaint_open", "yes")

    with pytest.raises(ActRefused) as refused:
        second(case_id, override_id, an_actor())

    assert any(one.held for one in refused.value.refusals)
    assert acts_of(case_id) == []


def test_two_people_may_close_a_case_whose_criteria_are_not_all_met() -> None:
    case_id = a_case(ENDING)
    override_id = propose(case_id, an_actor(), "close-case")

    second(case_id, override_id, an_actor())

    assert breaches_of(case_id) == []


def test_where_nothing_stands_against_it_any_more_no_second_signature_is_taken() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())
    set_fact(case_id, "siblings_present", "none")

    with pytest.raises(NothingToLift):
        second(case_id, override_id, an_actor())


def test_more_against_it_than_the_first_signed_for_refuses_the_second() -> None:
    case_id = a_case(SIBLINGS)
    worker = an_actor()
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence="siblings-linked", done=True, by=worker, at=now(), entry_id=uuid7()
        )
    override_id = propose(case_id, worker)
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence="siblings-linked", done=False, by=worker, at=now(), entry_id=uuid7()
        )

    with pytest.raises(CaseChanged):
        second(case_id, override_id, an_actor())

    assert acts_of(case_id) == []


def test_a_proposal_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())
    later = now() + timedelta(hours=25)
    monkeypatch.setattr("amparo.cases.override_records.now", lambda: later)

    with pytest.raises(ProposalOver) as refused:
        second(case_id, override_id, an_actor())

    assert refused.value.code == "expired"


def test_the_same_act_is_not_proposed_twice_at_once_but_again_after_the_first_ended() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    override_id = propose(case_id, worker)

    with pytest.raises(ProposalWaits):
        propose(case_id, an_actor())
    with acting_as(worker):
        overriding.withdraw_override(case_id=case_id, override_id=override_id, by=worker, step_id=uuid7())

    again = propose(case_id, an_actor())

    assert again != override_id


def test_only_who_proposed_withdraws_and_only_another_declines() -> None:
    case_id, worker, other = a_case(SIBLINGS), an_actor(), an_actor()
    override_id = propose(case_id, worker)

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
        second(case_id, override_id, an_actor())


def test_a_form_sent_again_signs_once() -> None:
    case_id, worker, other = a_case(SIBLINGS), an_actor(), an_actor()
    key, step = uuid7(), uuid7()

    propose(case_id, worker, key=key)
    propose(case_id, worker, key=key)
    second(case_id, key, other, key=step)
    second(case_id, key, other, key=step)

    assert len(acts_of(case_id)) == 1
    assert AuditEntry.objects.filter(event="override.seconded").count() == 1


def test_the_id_of_another_signature_is_refused() -> None:
    case_id, worker = a_case(SIBLINGS), an_actor()
    key = propose(case_id, worker)

    with pytest.raises(EntryIdTaken):
        propose(a_case(SIBLINGS), worker, key=key)


def test_nobody_signs_twice_for_the_same_done_act() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())
    second(case_id, override_id, an_actor())

    with pytest.raises(ProposalOver):
        second(case_id, override_id, an_actor())


def test_a_released_case_takes_no_override() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())
    with acting_as(worker := an_actor()):
        let_go(case_id, by=worker)

    with pytest.raises(CaseReleased):
        second(case_id, override_id, an_actor())
    with pytest.raises(CaseReleased):
        propose(case_id, an_actor())


def test_an_override_of_another_case_or_agency_is_not_there() -> None:
    case_id, other = a_case(SIBLINGS), a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())

    with pytest.raises(CaseNotFound):
        second(other, override_id, an_actor())
    with acting_as(an_actor(Role.MIGRATION_OFFICER, "mx-migracion")):
        assert Override.objects.count() == 0


def test_each_step_is_on_the_audit_trail_without_content() -> None:
    case_id = a_case(SIBLINGS)
    override_id = propose(case_id, an_actor())
    second(case_id, override_id, an_actor())

    rows = AuditEntry.objects.filter(subject=f"case:{case_id}", event__startswith="override.")

    assert {row.event for row in rows} == {"override.proposed", "override.seconded"}
    assert "hospital" not in str([row.reasons for row in rows])
