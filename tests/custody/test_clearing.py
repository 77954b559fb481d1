"""Prove that a return is cleared by two, on what the Guide and the receiving agency say, and can be taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.base.clock import now, today
from amparo.base.ids import uuid7
from amparo.cases.actions import record_fact
from amparo.cases.queries import CaseNotFound
from amparo.cases.refused import ActRefused
from amparo.custody import models
from amparo.custody.clearance_rules import Because, State
from amparo.custody.clearing import (
    confirm_clearance,
    decline_clearance,
    propose_clearance,
    withdraw_clearance,
)
from amparo.custody.queries import clearances_of, standing_clearance
from amparo.custody.refused import ClearanceRefused
from amparo.custody.tokens import read_clearance
from amparo.exchange.held import held_trust_list
from tests.custody.world import Abroad, a_clearance, a_proposal, a_returnable_case, reference_of, terms
from tests.factories import a_case, an_actor

pytestmark = pytest.mark.django_db


def confirm(case_id: UUID, clearance: UUID, by: Actor) -> None:
    with acting_as(by):
        confirm_clearance(case_id=case_id, clearance_id=clearance, by=by, step_id=uuid7())


def withdraw(case_id: UUID, clearance: UUID, by: Actor) -> None:
    with acting_as(by):
        withdraw_clearance(
            case_id=case_id, clearance_id=clearance, because=Because.NEW_FACTS, by=by, step_id=uuid7()
        )


def state_of(case_id: UUID) -> State:
    worker = an_actor()
    with acting_as(worker):
        return clearances_of(worker, case_id)[0].state


def refusal_codes(call: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(ClearanceRefused) as refused, transaction.atomic():
        call()
    return refused.value.reason_codes


def test_two_people_clear_a_return_and_the_agency_signs_it(there: Abroad) -> None:
    case_id = a_returnable_case()

    clearance = a_clearance(case_id, there)

    stands = standing_clearance(reference_of(case_id))
    assert stands is not None
    read = read_clearance(stands.token, trust=held_trust_list(), at=now())
    assert (read.id, read.reference, read.agency) == (clearance, reference_of(case_id), "mx-proteccion")
    assert state_of(case_id) is State.CONFIRMED


def test_a_proposal_alone_clears_nothing(there: Abroad) -> None:
    case_id = a_returnable_case()

    a_proposal(case_id, there)

    assert standing_clearance(reference_of(case_id)) is None
    assert state_of(case_id) is State.PROPOSED


def test_whoever_proposed_cannot_confirm(there: Abroad) -> None:
    case_id, both = a_returnable_case(), an_actor(Role.SUPERVISOR)
    clearance = a_proposal(case_id, there, by=both)

    codes = refusal_codes(lambda: confirm(case_id, clearance, both))

    assert codes == ("same-person",)
    assert standing_clearance(reference_of(case_id)) is None


def test_a_caseworker_cannot_confirm(there: Abroad) -> None:
    case_id = a_returnable_case()
    clearance = a_proposal(case_id, there)

    with pytest.raises(NotAllowed):
        confirm(case_id, clearance, an_actor())


def test_the_guide_is_asked_when_it_is_proposed(there: Abroad) -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker), pytest.raises(ActRefused), transaction.atomic():
        propose_clearance(
            case_id=case_id,
            terms=terms(),
            acceptance=there.accepts(reference_of(case_id)),
            by=worker,
            clearance_id=uuid7(),
        )

    assert standing_clearance(reference_of(case_id)) is None


def test_the_guide_is_asked_again_when_it_is_confirmed(there: Abroad) -> None:
    case_id, worker = a_returnable_case(), an_actor()
    clearance = a_proposal(case_id, there)
    learn(case_id, worker, "fear_or_risk", "stated")
    learn(case_id, worker, "risk_outcome", "unknown")

    with pytest.raises(ActRefused):
        confirm(case_id, clearance, an_actor(Role.SUPERVISOR))


def test_new_facts_that_bar_the_return_end_a_clearance_without_anybody(there: Abroad) -> None:
    case_id = a_returnable_case()
    a_clearance(case_id, there)

    learn(case_id, an_actor(), "risk_outcome", "unknown")

    assert standing_clearance(reference_of(case_id)) is None


def learn(case_id: UUID, by: Actor, name: str, value: str) -> None:
    with acting_as(by):
        record_fact(case_id=case_id, name=name, value=value, by=by, at=now(), entry_id=uuid7())


def test_a_clearance_is_withdrawn_by_one_person_and_stands_no_more(there: Abroad) -> None:
    case_id = a_returnable_case()
    clearance = a_clearance(case_id, there)

    withdraw(case_id, clearance, an_actor())

    assert standing_clearance(reference_of(case_id)) is None
    assert state_of(case_id) is State.WITHDRAWN
    assert refusal_codes(lambda: confirm(case_id, clearance, an_actor(Role.SUPERVISOR))) == ("not-now",)


def test_a_supervisor_may_say_no(there: Abroad) -> None:
    case_id, supervisor = a_returnable_case(), an_actor(Role.SUPERVISOR)
    clearance = a_proposal(case_id, there)

    with acting_as(supervisor):
        decline_clearance(
            case_id=case_id, clearance_id=clearance, because=Because.DANGER, by=supervisor, step_id=uuid7()
        )

    assert state_of(case_id) is State.DECLINED


def test_there_is_one_open_clearance_at_a_time(there: Abroad) -> None:
    case_id = a_returnable_case()
    a_proposal(case_id, there)

    assert refusal_codes(lambda: a_proposal(case_id, there)) == ("open-already",)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (lambda: {"appeal_over_on": today("America/Mexico_City")}, "appeal-open"),
        (lambda: {"valid_until": now() + timedelta(days=31)}, "too-long"),
        (lambda: {"valid_until": now() + timedelta(days=25)}, "accepted-shorter"),
        (lambda: {"determined_on": today("America/Mexico_City")}, "appeal-before"),
    ],
    ids=["appeal-open", "too-long", "accepted-shorter", "appeal-before"],
)
def test_terms_that_clear_nothing_are_refused(
    there: Abroad, changes: Callable[[], dict[str, Any]], code: str
) -> None:
    case_id = a_returnable_case()

    assert code in refusal_codes(lambda: a_proposal(case_id, there, **changes()))


def spoilt(there: Abroad, reference: str) -> dict[str, str]:
    """Return acceptances that prove nothing, by name."""
    good = there.accepts(reference)
    ours = there.keys.agency_sign_key("hn-proteccion", now())
    other = there.keys.node_sign_key(now())
    return {
        "empty": "",
        "no token": "acepto",
        "changed": good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        "of another child": there.accepts("MX-7Q2K-4F9P"),
        "to another agency": there.accepts(reference, to_agency="mx-albergue"),
        "in another name": there.accepts(reference, agency="hn-albergue", key=ours),
        "by no agency": there.accepts(reference, key=other),
        "over": there.accepts(reference, made=now() - timedelta(days=9), ends=now() - timedelta(days=1)),
    }


KINDS = [
    "empty", "no token", "changed", "of another child", "to another agency", "in another name", "by no agency", "over",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_acceptance_that_proves_nothing_is_refused(there: Abroad, kind: str) -> None:
    case_id, worker = a_returnable_case(), an_actor()
    text = spoilt(there, reference_of(case_id))[kind]

    with acting_as(worker):
        codes = refusal_codes(
            lambda: propose_clearance(
                case_id=case_id, terms=terms(), acceptance=text, by=worker, clearance_id=uuid7()
            )
        )

    assert codes
    assert not [one for one in codes if one == "open-already"]


def test_another_agency_sees_no_case_and_clears_nothing(there: Abroad) -> None:
    case_id = a_returnable_case()
    clearance = a_proposal(case_id, there)
    stranger = an_actor(Role.SUPERVISOR, "mx-albergue")

    with pytest.raises(CaseNotFound):
        confirm(case_id, clearance, stranger)


def test_the_same_click_sent_twice_is_one_step(there: Abroad) -> None:
    case_id, supervisor = a_returnable_case(), an_actor(Role.SUPERVISOR)
    clearance = a_proposal(case_id, there)

    confirm(case_id, clearance, supervisor)
    confirm(case_id, clearance, supervisor)

    with acting_as(SYSTEM):
        assert models.ClearanceStep.objects.count() == 1


@pytest.mark.parametrize("who", ["proposer", "caseworker"])
def test_the_database_itself_takes_no_confirmation_by_one_alone(there: Abroad, who: str) -> None:
    case_id, first = a_returnable_case(), an_actor(Role.SUPERVISOR)
    clearance = a_proposal(case_id, there, by=first)
    by = first if who == "proposer" else an_actor()

    with acting_as(by), pytest.raises(DatabaseError), transaction.atomic():
        models.ClearanceStep.objects.create(
            id=uuid7(),
            clearance_id=clearance,
            first_actor=first.id,
            kind="confirmed",
            token="x",
            actor=by.id,
            role=by.role,
            agency=by.agency,
        )


def test_the_database_knows_who_proposed(there: Abroad) -> None:
    case_id, first = a_returnable_case(), an_actor(Role.SUPERVISOR)
    clearance = a_proposal(case_id, there, by=first)

    with acting_as(first), pytest.raises(DatabaseError), transaction.atomic():
        models.ClearanceStep.objects.create(
            id=uuid7(),
            clearance_id=clearance,
            first_actor=uuid7(),
            kind="confirmed",
            token="x",
            actor=first.id,
            role=first.role,
            agency=first.agency,
        )


def test_what_is_written_of_a_clearance_is_never_changed_or_removed(there: Abroad) -> None:
    case_id = a_returnable_case()
    clearance = a_clearance(case_id, there)

    for rows in (models.Clearance.objects.filter(pk=clearance), models.ClearanceStep.objects.all()):
        with acting_as(an_actor()), pytest.raises(DatabaseError), transaction.atomic():
            rows.update(agency="x")
        with acting_as(an_actor()), pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


@pytest.mark.django_db(transaction=True)
def test_each_step_is_on_the_audit_trail_by_the_database(there: Abroad) -> None:
    case_id = a_returnable_case()
    withdraw(case_id, a_clearance(case_id, there), an_actor())

    events = AuditEntry.objects.filter(subject__startswith="custody:").order_by("at")

    assert list(events.values_list("event", flat=True)) == [
        "clearance.proposed",
        "clearance.confirmed",
        "clearance.withdrawn",
    ]
