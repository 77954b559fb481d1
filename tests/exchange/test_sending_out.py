"""Show what keeps a child's record from leaving, and that nothing is lost between a node and its peer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import NotAllowed, Role
from amparo.base.clock import now
from amparo.cases.actions import add_words
from amparo.cases.refused import ActRefused
from amparo.desk.protection.handover_words import refusals_in_words
from amparo.exchange import actions, delivery, proposing, queries
from amparo.exchange.models import Outgoing, Transfer
from amparo.exchange.refused import TransferRefused
from amparo.exchange.rules import DeclineReason, Side, Stage
from tests.exchange.crafted import a_proposal, a_route, crafted
from tests.exchange.nodes import TwoNodes, post
from tests.exchange.ready import a_basis, a_ready_case, a_view
from tests.exchange.test_transfer import HN, deliver, propose, stage, transfer_id, who
from tests.factories import a_migration_officer, an_actor
from tests.factories.sealed import a_ceremony, an_officer


def _nothing_left() -> bool:
    with acting_as(SYSTEM):
        return not Outgoing.objects.exists() and not Transfer.objects.exists()


def _codes(refused: pytest.ExceptionInfo[TransferRefused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


@pytest.mark.parametrize("missing", ["transfer-consent", "acceptance-written", "sharing-basis-and-assent"])
def test_nothing_leaves_while_the_guide_blocks_it(nodes: TwoNodes, missing: str) -> None:
    case_id = a_ready_case(without=missing)

    with pytest.raises(ActRefused):
        propose(case_id)

    assert _nothing_left()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to_agency": "hn-migracion"}, "sector"),
        ({"to_agency": "gt-proteccion"}, "peer-unknown"),
        ({"to_agency": "mx-albergue"}, "same-node"),
        ({"basis": {}}, "basis-missing"),
        ({"view": {}}, "view-missing"),
        ({"basis": a_basis(ends="2020-01-01")}, "basis-ended"),
    ],
)
def test_a_proposal_that_may_not_be_sent_leaves_nothing_behind(
    nodes: TwoNodes, changes: dict[str, object], code: str
) -> None:
    case_id = a_ready_case()

    with pytest.raises(TransferRefused) as refused:
        propose(case_id, **changes)

    assert code in _codes(refused)
    assert _nothing_left()


def test_the_country_she_may_have_fled_gets_nothing_unless_a_determination_names_it(nodes: TwoNodes) -> None:
    case_id = a_ready_case(destination_country="GT", fear_or_risk="none-stated")

    with pytest.raises(TransferRefused) as refused:
        propose(case_id)

    assert _codes(refused) == {"country-of-origin"}
    assert _nothing_left()


def test_a_wish_that_her_country_knows_nothing_stands_until_she_is_heard_again(nodes: TwoNodes) -> None:
    wish = {"withhold_from": ["origin-consulate"]}
    case_id = a_ready_case(consent=wish)
    before = (now() - timedelta(days=9)).date().isoformat()

    with pytest.raises(TransferRefused) as refused:
        propose(case_id, view=a_view(heard_on=before))
    thread = propose(case_id, view=a_view())

    assert _codes(refused) == {"withheld-from"}
    assert stage(thread) is Stage.PROPOSED


def test_what_the_child_withholds_stays_here_with_the_reason(nodes: TwoNodes) -> None:
    case_id, worker = a_ready_case(consent={"withhold_what": ["health"]}), an_actor()

    with acting_as(worker):
        seen = proposing.preview_transfer(
            case_id=case_id,
            to_agency=HN,
            basis=a_basis(),
            view=a_view(),
            by=worker,
            withhold=["identity.family_names"],
        )

    stays = {stay.place: stay.why.value for stay in seen.leaves.stays}
    assert stays["facts.health_needs"] == stays["identity.family_names"] == "withheld-by-the-child"
    assert "family_names" not in seen.leaves.leaves["identity"]
    assert seen.refusals == ()
    assert _nothing_left()


@pytest.mark.parametrize("somebody", [a_migration_officer, lambda: an_actor(Role.FIRST_CONTACT)])
def test_only_child_protection_may_propose(nodes: TwoNodes, somebody: Callable[[], object]) -> None:
    case_id = a_ready_case()

    with pytest.raises(NotAllowed):
        propose(case_id, by=somebody())

    assert _nothing_left()


def test_with_an_expired_trust_list_nothing_leaves(nodes: TwoNodes) -> None:
    thread = propose(a_ready_case())
    long_ago = now() - timedelta(days=30)
    nodes.mx.trust_list.write_text(nodes.trust_list(number=6, at=long_ago), "ascii")

    answered = deliver(thread)
    with pytest.raises(TransferRefused) as refused:
        propose(a_ready_case())

    assert answered == [False]
    assert stage(thread) is Stage.PROPOSED
    assert nodes.hand("stage", thread=thread) == ""
    assert _codes(refused) == {"trust-list-expired"}


def test_with_a_list_older_than_72_hours_no_new_thread_begins(nodes: TwoNodes) -> None:
    keys_from = nodes.trust_list(number=6, at=now() - timedelta(hours=80))
    nodes.mx.trust_list.write_text(keys_from, "ascii")

    with pytest.raises(TransferRefused) as refused:
        propose(a_ready_case())

    assert "trust-list-old" in _codes(refused)


def test_an_older_trust_list_put_in_place_by_hand_stops_everything(nodes: TwoNodes) -> None:
    propose(a_ready_case())
    nodes.mx.trust_list.write_text(nodes.trust_list(number=4), "ascii")

    with pytest.raises(TransferRefused) as refused:
        propose(a_ready_case())

    assert _codes(refused) == {"trust-list-old"}


def test_a_crash_between_sending_and_the_receipt_applies_the_message_once(nodes: TwoNodes) -> None:
    thread = propose(a_ready_case())
    with acting_as(SYSTEM):
        content = bytes(Outgoing.objects.get(thread=thread).content or b"")
    post(nodes.hn_url, content)  # it arrived, and we died before the answer was written down

    answered = deliver(thread)

    assert answered == [True]
    assert stage(thread) is Stage.STORED
    assert nodes.hand("count", thread=thread)["steps"] == 1


def test_an_answered_envelope_is_never_sent_again_and_its_bytes_are_gone(nodes: TwoNodes) -> None:
    thread = propose(a_ready_case())
    deliver(thread)

    with acting_as(SYSTEM):
        row = Outgoing.objects.get(thread=thread)
        again = delivery.send_envelope(row.pk)

    assert (again, row.content, row.tries) == (False, None, 1)
    assert row.receipt.count(".") == 2


def test_an_unreachable_peer_is_tried_later_and_becomes_a_task_for_a_person(nodes: TwoNodes) -> None:
    worker = an_actor()
    nodes.mx.trust_list.write_text(replace(nodes, hn_url="http://127.0.0.1:9").trust_list(number=6), "ascii")
    thread = propose(a_ready_case(), urgent=True)

    answered = deliver(thread)
    with acting_as(SYSTEM):
        row = Outgoing.objects.get(thread=thread)
        Outgoing.objects.filter(pk=row.pk).update(made=now() - timedelta(hours=2))
    with acting_as(worker):
        tasks = queries.undelivered(worker)

    assert (answered, row.tries, row.answered_at) == ([False], 1, None)
    assert row.next_try_at > row.made
    assert [(one.envelope, one.peer.telephone) for one in tasks] == [(row.pk, "+504 0000 0001")]


def test_a_refusal_signed_by_the_peer_is_final_and_told_to_a_person(nodes: TwoNodes) -> None:
    worker, thread = an_actor(), propose(a_ready_case())
    with acting_as(SYSTEM):
        row = Outgoing.objects.get(thread=thread)
        squatter = crafted(nodes, a_proposal(), a_route(id=row.pk))
    post(nodes.hn_url, squatter)

    answered = deliver(thread)

    with acting_as(worker):
        tasks = queries.undelivered(worker)
    assert answered == [True]
    assert [(one.envelope, one.refused) for one in tasks] == [(row.pk, "id-reused")]
    assert stage(thread) is Stage.PROPOSED


def test_declining_needs_a_reason_and_brings_the_child_back_to_the_sender(nodes: TwoNodes) -> None:
    thread = propose(a_ready_case())
    deliver(thread)

    nodes.hand("act", name="open_transfer", thread=thread)
    nodes.hand(
        "act",
        name="decline_transfer",
        thread=thread,
        reason=DeclineReason.NO_PLACE.value,
        note="No hay lugar hoy.",
    )
    nodes.hand("deliver", thread=thread)

    assert stage(thread) is Stage.DECLINED
    assert who(nodes, thread) == frozenset({Side.SENDER})
    assert nodes.hand("view", thread=thread)["parts"] == {}, (
        "what was told of her is gone where she never came"
    )
    worker = an_actor()
    with acting_as(worker):
        steps = queries.transfer_for(worker, transfer_id(thread)).steps
    assert steps[-1].said == {"reason": "no-suitable-place", "note": "No hay lugar hoy."}


def test_a_cancel_that_crosses_the_take_over_leaves_the_child_with_the_receiver(nodes: TwoNodes) -> None:
    worker = an_actor()
    thread = propose(a_ready_case())
    deliver(thread)
    nodes.hand("act", name="accept_transfer", thread=thread, caseworker="Marta de prueba")
    nodes.hand("deliver", thread=thread)
    nodes.hand("act", name="take_over", thread=thread, caseworker="Marta de prueba")
    with acting_as(worker):
        actions.cancel(transfer_id=transfer_id(thread), note="Cambió el plan.", by=worker)
    crossing = who(nodes, thread)

    deliver(thread)
    nodes.hand("deliver", thread=thread)

    assert (stage(thread), nodes.hand("stage", thread=thread)) == (Stage.TAKEN_OVER, "taken-over")
    assert crossing == who(nodes, thread) == frozenset(Side)


def test_a_question_is_answered_on_the_same_thread(nodes: TwoNodes) -> None:
    case_id = a_ready_case()
    thread = propose(case_id)
    deliver(thread)
    nodes.hand("act", name="ask", thread=thread, note="¿Tiene hermanos allí?")
    nodes.hand("deliver", thread=thread)

    again = propose(case_id, why="No tiene hermanos.")
    deliver(again)

    assert again == thread
    assert (stage(thread), nodes.hand("stage", thread=thread)) == (Stage.STORED, "stored")


def test_a_second_proposal_of_the_same_child_is_refused(nodes: TwoNodes) -> None:
    case_id = a_ready_case()
    propose(case_id)

    with pytest.raises(TransferRefused) as refused:
        propose(case_id)

    assert _codes(refused) == {"under-way"}


def test_an_action_that_fails_leaves_neither_envelope_nor_stage(nodes: TwoNodes) -> None:
    thread, worker = propose(a_ready_case()), an_actor()
    deliver(thread)
    nodes.mx.trust_list.write_text(nodes.trust_list(number=6, only="mx"), "ascii")

    with acting_as(worker), pytest.raises(TransferRefused):
        actions.cancel(transfer_id=transfer_id(thread), note="Cambió el plan.", by=worker)

    with acting_as(SYSTEM):
        assert Outgoing.objects.filter(thread=thread).count() == 1
    assert stage(thread) is Stage.STORED


def test_every_move_is_on_the_audit_trail_without_a_word_of_the_child(nodes: TwoNodes) -> None:
    thread = propose(a_ready_case())
    deliver(thread)

    rows = AuditEntry.objects.filter(event__in=["transfer.moved", "envelope.sent"]).order_by("at")

    assert [row.reasons for row in rows] == [["propose"], ["propose", "proposed"], ["receipt", "stored"]]
    assert all("Ana" not in str(row.reasons) for row in rows)


def test_what_is_sealed_to_our_agency_does_not_leave_and_the_rest_does(nodes: TwoNodes) -> None:
    case_id, worker = a_ready_case(), an_actor()
    a_ceremony(an_officer())
    with acting_as(worker):
        add_words(
            case_id=case_id, kind="words", words="Lo que nadie debe leer.", by=worker, at=now(),
            entry_id=uuid4(), closest=True,
        )  # fmt: skip

    with pytest.raises(TransferRefused) as refused:
        propose(case_id, parts=["account"], why_sealed={"account": "Para que no lo cuente otra vez."})
    nothing_left = _nothing_left()
    propose(case_id)
    with translation.override("en"):
        words = refusals_in_words(refused.value.refusals)

    assert _codes(refused) == {"sealed-here"}
    assert "does not leave it in a transfer" in words[0]
    assert nothing_left
    assert not _nothing_left()
