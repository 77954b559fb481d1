"""Show a child go from Mexico to Honduras over two real nodes, with somebody responsible at each step."""

from uuid import UUID

import pytest

from amparo.access.actor import SYSTEM, acting_as
from amparo.cases.models import Case, Entry
from amparo.exchange import actions, delivery, queries
from amparo.exchange.models import Outgoing, Transfer
from amparo.exchange.refused import TransferRefused
from amparo.exchange.rules import Side, Stage, responsible
from tests.exchange.nodes import TwoNodes
from tests.exchange.ready import HER_WORDS, a_basis, a_ready_case, a_view, blocked
from tests.factories import an_actor

HN = "hn-proteccion"


def propose(case_id: UUID, **changes: object) -> str:
    """Propose a case to Honduras; return the thread."""
    worker = an_actor()
    said: dict[str, object] = {"to_agency": HN, "basis": a_basis(), "view": a_view(), "by": worker} | changes
    with acting_as(worker):
        transfer_id = actions.propose_transfer(case_id=case_id, **said)  # type: ignore[arg-type]
        return str(Transfer.objects.get(pk=transfer_id).thread)


def deliver(thread: str) -> list[bool]:
    """Post what Mexico has to say on a thread."""
    with acting_as(SYSTEM):
        rows = Outgoing.objects.filter(thread=thread, answered_at__isnull=True).order_by("n")
        waiting = list(rows.values_list("pk", flat=True))
    return [delivery.send_envelope(envelope_id) for envelope_id in waiting]


def stage(thread: str) -> Stage:
    """Where Mexico's record stands."""
    with acting_as(SYSTEM):
        return Stage(Transfer.objects.get(thread=thread).stage)


def who(nodes: TwoNodes, thread: str) -> frozenset[Side]:
    """Who is responsible now, from both nodes' records."""
    there = nodes.hand("stage", thread=thread)
    return responsible(stage(thread), Stage(there) if there else None)


def transfer_id(thread: str) -> UUID:
    with acting_as(SYSTEM):
        return Transfer.objects.get(thread=thread).pk


def test_the_ready_case_is_free_to_go(nodes: TwoNodes) -> None:
    case_id = a_ready_case()

    assert blocked(case_id).isdisjoint({"send-record", "hand-over"})


def test_a_case_goes_from_proposed_to_released_and_somebody_is_always_responsible(nodes: TwoNodes) -> None:
    case_id, worker, seen = a_ready_case(), an_actor(), []

    thread = propose(case_id)
    seen.append(who(nodes, thread))
    assert deliver(thread) == [True]
    seen.append(who(nodes, thread))
    assert (stage(thread), nodes.hand("stage", thread=thread)) == (Stage.STORED, "stored")
    nodes.hand(
        "act", name="accept_transfer", thread=thread, caseworker="Marta de prueba", telephone="+504 0000 0009"
    )
    assert nodes.hand("deliver", thread=thread) == [True, True]
    seen.append(who(nodes, thread))
    assert stage(thread) is Stage.ACCEPTED
    taken = nodes.hand("act", name="take_over", thread=thread, caseworker="Marta de prueba")
    seen.append(who(nodes, thread))
    assert nodes.hand("deliver", thread=thread) == [True]
    seen.append(who(nodes, thread))
    assert stage(thread) is Stage.TAKEN_OVER
    with acting_as(worker):
        actions.release_transfer(transfer_id=transfer_id(thread), by=worker)
    seen.append(who(nodes, thread))
    assert deliver(thread) == [True]
    seen.append(who(nodes, thread))

    both, sender, receiver = frozenset(Side), frozenset({Side.SENDER}), frozenset({Side.RECEIVER})
    assert seen == [sender, sender, sender, both, both, receiver, receiver]
    assert (stage(thread), nodes.hand("stage", thread=thread)) == (Stage.CLOSED, "closed")
    _look_at_both_cases(nodes, case_id, taken)


def _look_at_both_cases(nodes: TwoNodes, case_id: UUID, taken: str) -> None:
    there = nodes.hand("case", case_id=taken)
    with acting_as(SYSTEM):
        case = Case.objects.get(pk=case_id)
        acts = list(Entry.objects.filter(case_id=case_id, kind="action").values_list("name", flat=True))
    assert case.released_at is not None
    assert acts == ["hand-over"]
    assert there["identity"]["given_names"] == {"value": "Ana"}
    assert there["facts"]["origin_country"] == "HN"
    assert there["evidence"]["lawyer-met-privately"]["by_role"] == "legal-representative"
    assert {"text": HER_WORDS} in there["words"]
    assert any(source.startswith("envelope:") for source in there["sources"])


def test_the_receiver_sees_what_was_proposed_before_it_takes_over(nodes: TwoNodes) -> None:
    thread = propose(a_ready_case(), parts=["identity", "facts"], why="Su abuela vive allí.")
    deliver(thread)

    seen = nodes.hand("view", thread=thread)

    assert set(seen["parts"]) == {"identity", "facts"}
    assert seen["view"]["said"] == HER_WORDS
    assert thread in seen["incoming"]


def test_a_released_case_can_only_be_read(nodes: TwoNodes) -> None:
    case_id, worker = a_ready_case(), an_actor()
    thread = _up_to_taken_over(nodes, case_id)
    with acting_as(worker):
        actions.release_transfer(transfer_id=transfer_id(thread), by=worker)

    with acting_as(worker), pytest.raises(TransferRefused) as refused:
        actions.release_transfer(transfer_id=transfer_id(thread), by=worker)

    assert [one.code for one in refused.value.refusals] == ["wrong-stage"]
    with acting_as(worker):
        assert [line.stage for line in queries.transfers_of(worker, case_id)] == [Stage.RELEASED]


def _up_to_taken_over(nodes: TwoNodes, case_id: UUID) -> str:
    thread = propose(case_id)
    deliver(thread)
    nodes.hand("act", name="accept_transfer", thread=thread, caseworker="Marta de prueba")
    nodes.hand("act", name="take_over", thread=thread, caseworker="Marta de prueba")
    nodes.hand("deliver", thread=thread)
    return thread
