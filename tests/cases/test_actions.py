"""Show how a case is opened, grows, is judged, and refuses what must not be done to a child."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import NotAllowed, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, queries
from amparo.cases.gate import gate_for
from amparo.cases.models import Case, Entry, EntryKind
from amparo.cases.refused import ActRefused, EntryWrong, MayNotAttest
from tests.factories import ANA, a_case, a_migration_officer, an_actor, let_go

pytestmark = pytest.mark.django_db


def test_open_case_judges_the_child_at_once() -> None:
    case_id = a_case()
    worker = an_actor()

    with acting_as(worker):
        file = queries.case_for(worker, case_id, purpose="casework")

    assert "detain" in file.evaluation.blocked
    assert file.evaluation.status("meet-immediate-needs").state == "open"
    assert file.identity["given_names"] == {"value": "Ana"}


def test_names_are_not_in_the_database_in_clear() -> None:
    case_id = a_case(label="Xochiquetzal")

    with acting_as(an_actor()):
        case = Case.objects.get(pk=case_id)

    assert b"Xochiquetzal" not in bytes(case.sealed_identity)
    assert b"Xochiquetzal" not in bytes(case.sealed_label)


def test_every_read_of_a_case_leaves_a_trace() -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker):
        queries.case_for(worker, case_id, purpose="casework")

    trace = AuditEntry.objects.get(event="case.read")
    assert (trace.actor, trace.subject, trace.purpose) == (worker.id, f"case:{case_id}", "casework")


def test_interview_is_refused_until_immediate_needs_are_checked() -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker), pytest.raises(ActRefused) as refused:
        actions.perform_act(case_id=case_id, action="interview", by=worker, at=now(), entry_id=uuid7())

    assert "meet-immediate-needs" in [one.obligation for one in refused.value.refusals]


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.FIRST_CONTACT])
@pytest.mark.parametrize("action", ["detain", "return-child", "refuse-entry", "penalise"])
def test_what_must_not_be_done_to_a_child_is_refused_to_every_role(role: Role, action: str) -> None:
    case_id, somebody = a_case(), an_actor(role)

    with acting_as(somebody), pytest.raises(ActRefused):
        actions.perform_act(case_id=case_id, action=action, by=somebody, at=now(), entry_id=uuid7())

    with acting_as(somebody):
        assert not Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).exists()


def test_an_act_becomes_free_when_the_evidence_is_there() -> None:
    case_id, officer = a_case(), an_actor(Role.FIRST_CONTACT, "mx-albergue")
    needed = [
        "private-setting",
        "interview-purpose-explained",
        "earlier-accounts-read",
        "needs-checked",
        "needs-met-recorded",
    ]

    with acting_as(officer):
        for evidence in needed:
            actions.attest_evidence(
                case_id=case_id, evidence=evidence, done=True, by=officer, at=now(), entry_id=uuid7()
            )
        _train(case_id)
        _set(case_id, "needs_now", [])
        _set(case_id, "health_needs", "none")
        actions.perform_act(case_id=case_id, action="interview", by=officer, at=now(), entry_id=uuid7())
        done = Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).count()

    assert done == 1


@pytest.mark.parametrize(
    ("role", "agency", "does"),
    [(Role.FIRST_CONTACT, "mx-albergue", False), (Role.CASEWORKER, "mx-proteccion", True)],
)
def test_an_act_the_guide_leaves_free_is_still_not_everybodys(role: Role, agency: str, does: bool) -> None:
    case_id, somebody = a_case(ANA | {"siblings_present": "none"}), an_actor(role, agency)

    with acting_as(somebody):
        with nullcontext() if does else pytest.raises(NotAllowed):
            actions.perform_act(
                case_id=case_id, action="separate-siblings", by=somebody, at=now(), entry_id=uuid7()
            )
        done = Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).count()

    assert done == int(does)


def _train(case_id: UUID) -> None:
    """Let a supervisor attest what only she may: that the interviewer is trained."""
    chief = an_actor(Role.SUPERVISOR)
    with acting_as(chief):
        actions.attest_evidence(
            case_id=case_id, evidence="interviewer-trained", done=True, by=chief, at=now(), entry_id=uuid7()
        )


def _set(case_id: UUID, name: str, value: Any) -> None:  # noqa: ANN401
    worker = an_actor()
    with acting_as(worker):
        actions.record_fact(case_id=case_id, name=name, value=value, by=worker, at=now(), entry_id=uuid7())


def test_found_locked_up_is_a_breach_that_nobody_can_hide() -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker):
        actions.report_found(
            case_id=case_id, action="detain", by=worker, at=now() - timedelta(hours=2),
            found_by_role="migration-authority", entry_id=uuid7(),
        )  # fmt: skip
        file = queries.case_for(worker, case_id, purpose="casework")
        line = queries.open_cases_of(worker).lines[0]

    assert ("detain", "no-detention") in [(one.action, one.obligation) for one in file.evaluation.breaches]
    assert line.breaches >= 1


def test_evidence_may_only_be_attested_by_the_roles_the_guide_names() -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker), pytest.raises(MayNotAttest) as refused:
        actions.attest_evidence(
            case_id=case_id, evidence="access-log-open", done=True, by=worker, at=now(), entry_id=uuid7()
        )

    assert refused.value.roles == ("system",)


def test_a_moment_in_the_future_is_refused() -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker), pytest.raises(EntryWrong):
        actions.attest_evidence(
            case_id=case_id, evidence="contact-recorded", done=True, by=worker,
            at=now() + timedelta(minutes=5), entry_id=uuid7(),
        )  # fmt: skip


def test_the_same_click_twice_is_written_once() -> None:
    case_id, worker, entry_id = a_case(), an_actor(), uuid7()

    with acting_as(worker):
        for _ in range(2):
            actions.record_fact(
                case_id=case_id, name="asylum", value="informed", by=worker, at=now(), entry_id=entry_id
            )
        told = Entry.objects.filter(case_id=case_id, name="asylum", value="informed").count()

    assert told == 1


@pytest.mark.parametrize(
    ("name", "value"), [("asylum", "perhaps"), ("weather", "fine"), ("age_in_months", "ten")]
)
def test_a_fact_outside_the_vocabulary_is_refused_and_nothing_is_written(name: str, value: str) -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker), pytest.raises(EntryWrong):
        actions.record_fact(case_id=case_id, name=name, value=value, by=worker, at=now(), entry_id=uuid7())


def test_a_case_of_another_agency_looks_like_no_case() -> None:
    worker = an_actor()

    with acting_as(worker), pytest.raises(queries.CaseNotFound):
        queries.case_for(worker, uuid4(), purpose="casework")


def test_a_migration_officer_reads_the_gate_and_nothing_else(
    migration_login: Callable[[], AbstractContextManager[None]],
) -> None:
    case_id, officer = a_case(), a_migration_officer()
    with acting_as(an_actor()):
        reference = Case.objects.get(pk=case_id).reference

    with migration_login(), acting_as(officer):
        gate = gate_for(officer, reference.lower())
    with acting_as(officer):
        with pytest.raises(NotAllowed):
            queries.case_for(officer, case_id, purpose="casework")
        with pytest.raises(NotAllowed):
            queries.open_cases_of(officer)

    assert (gate.no_detention, gate.no_return, gate.child_status) == (True, True, "child")


def test_a_released_case_leaves_the_list_and_stays_readable() -> None:
    case_id, other, worker = a_case(), a_case(label="Beto"), an_actor()

    with acting_as(worker):
        let_go(case_id, by=worker)
        listed = [line.id for line in queries.open_cases_of(worker).lines]
        file = queries.case_for(worker, case_id, purpose="casework")

    assert listed == [other]
    assert file.released_at is not None
