"""Make the world that every address is tried on: children whom the Guide protects, and all that can stand open.

Nothing here passes a door by: transfers were proposed while the Guide left them free, and what came since bars them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import random_id, uuid7
from amparo.cases import actions as cases
from amparo.cases.models import Incident, Standing
from amparo.exchange import actions as exchange
from amparo.exchange.hearing import Heard, hear
from amparo.exchange.models import Transfer
from amparo.exchange.record import move_to
from amparo.exchange.rules import DeclineReason, Move, Stage
from amparo.forms.models import Instrument, InstrumentFile
from amparo.monitor import actions as monitor
from amparo.monitor.rules import Kind
from tests.cases.overrides import SIBLINGS, propose
from tests.exchange.crafted import a_proposal, a_route
from tests.exchange.ready import a_basis, a_ready_case, a_view
from tests.factories import a_case, agency, an_actor
from tests.factories.forms import a_published_intake
from tests.monitor.people import a_delegate

# How a transfer comes to each stage that can be reached: what we hear, and what we do ourselves.
SENDER_ROADS: Mapping[Stage, Sequence[Move]] = {
    Stage.PROPOSED: (),
    Stage.STORED: (Move.RECEIPT,),
    Stage.OPENED: (Move.OPENED,),
    Stage.ASKED: (Move.OPENED, Move.ASK),
    Stage.ACCEPTED: (Move.ACCEPT,),
    Stage.TAKEN_OVER: (Move.ACCEPT, Move.TAKE_OVER),
    Stage.DECLINED: (Move.DECLINE,),
    Stage.CANCELLED: (Move.CANCEL,),
}
RECEIVER_ROADS: Mapping[Stage, Sequence[Move]] = {
    Stage.STORED: (),
    Stage.OPENED: (Move.OPENED,),
    Stage.ASKED: (Move.OPENED, Move.ASK),
    Stage.ACCEPTED: (Move.ACCEPT,),
    Stage.TAKEN_OVER: (Move.ACCEPT, Move.TAKE_OVER),
    Stage.DECLINED: (Move.DECLINE,),
    Stage.CANCELLED: (Move.CANCEL,),
}
WORDS: Mapping[Move, Mapping[str, str]] = {
    Move.ASK: {"note": "¿Quién la cuida?"},
    Move.ACCEPT: {"caseworker": "Marta de prueba"},
    Move.DECLINE: {"reason": DeclineReason.OTHER.value, "note": "No hay lugar."},
    Move.TAKE_OVER: {"caseworker": "Marta de prueba"},
    Move.CANCEL: {"note": "Ya no hace falta."},
}
_OURS: Mapping[Move, Callable[..., Any]] = {
    Move.ASK: exchange.ask,
    Move.ACCEPT: exchange.accept_transfer,
    Move.DECLINE: exchange.decline_transfer,
    Move.TAKE_OVER: exchange.take_over,
    Move.CANCEL: exchange.cancel,
    Move.OPENED: exchange.open_transfer,
}


@dataclass(frozen=True)
class World:
    """Everything an address can name: `ana` is barred from nearly every act, `siblings` has a proposal to override."""

    ana: UUID
    siblings: UUID
    override: UUID
    incident: UUID
    sent: Mapping[Stage, UUID]
    received: Mapping[Stage, UUID]
    sent_cases: Mapping[Stage, UUID]
    proposal: UUID
    comment: UUID
    form: int
    file: str
    blocked: Mapping[UUID, frozenset[str]]

    def thread(self, transfer_id: UUID) -> str:
        """Return the thread of a transfer."""
        with acting_as(SYSTEM):
            return str(Transfer.objects.get(pk=transfer_id).thread)


def a_world() -> World:
    """Return a new world; needs a node that knows Honduras."""
    agency("mx-proteccion")
    worker, ana, siblings = an_actor(), a_case(), a_case(SIBLINGS, label="Berta")
    sent_cases = {stage: a_ready_case() for stage in SENDER_ROADS}
    sent = {stage: _sent(case, stage, worker) for stage, case in sent_cases.items()}
    proposal, comment = _regional()
    form = a_published_intake()
    with acting_as(SYSTEM):
        name = InstrumentFile.objects.filter(instrument=Instrument.objects.get(pk=form)).first()
    return World(
        ana=ana,
        siblings=siblings,
        override=propose(siblings, worker),
        incident=_incident(worker),
        sent=sent,
        received={stage: _received(stage, worker) for stage in RECEIVER_ROADS},
        sent_cases=sent_cases,
        proposal=proposal,
        comment=comment,
        form=form,
        file=name.filename if name else "",
        blocked=_blocked(),
    )


def _sent(case_id: UUID, stage: Stage, worker: Actor) -> UUID:
    with acting_as(worker):
        transfer_id = exchange.propose_transfer(
            case_id=case_id, to_agency="hn-proteccion", basis=a_basis(), view=a_view(), by=worker
        )
    for move in SENDER_ROADS[stage]:
        if move is Move.CANCEL:
            with acting_as(worker):
                exchange.cancel(transfer_id=transfer_id, by=worker, note=WORDS[move]["note"])
        else:
            _hear(transfer_id, move, stage)
    _bar_again(case_id, worker)
    return transfer_id


def _bar_again(case_id: UUID, worker: Actor) -> None:
    """Take the consent back and doubt the risk: now the Guide bars sending her record and handing her over."""
    common: Mapping[str, Any] = {"case_id": case_id, "by": worker, "at": now()}
    with acting_as(worker):
        cases.attest_evidence(**common, evidence="transfer-consent", done=False, entry_id=uuid7())
        cases.record_fact(**common, name="risk_outcome", value="unknown", entry_id=uuid7())


def _hear(transfer_id: UUID, move: Move, stage: Stage) -> None:
    with acting_as(SYSTEM):
        transfer = Transfer.objects.get(pk=transfer_id)
        if move is Move.RECEIPT:
            move_to(transfer, stage, move, by=SYSTEM, envelope=random_id(), heard=True)
            return
        message = a_proposal(
            from_agency="hn-proteccion", to_agency="mx-proteccion", type=move.value, basis=None, view=None,
            data=dict(WORDS.get(move, {})),
        )  # fmt: skip
        hear(Heard(random_id(), transfer.thread, "hn", now(), message, "evidence"))


def _received(stage: Stage, worker: Actor) -> UUID:
    route = a_route(from_node="hn", to_node="mx")
    message = a_proposal(from_agency="hn-proteccion", to_agency="mx-proteccion")
    with acting_as(SYSTEM):
        hear(Heard(route.id, route.thread, "hn", route.made, message, "evidence"))
        transfer_id: UUID = Transfer.objects.get(thread=route.thread).pk
    for move in RECEIVER_ROADS[stage]:
        if move is Move.CANCEL:
            _hear(transfer_id, move, stage)
            continue
        with acting_as(worker):
            said: Mapping[str, Any] = WORDS.get(move, {})
            _OURS[move](transfer_id=transfer_id, by=worker, **said)
    return transfer_id


def _incident(worker: Actor) -> UUID:
    case_id = a_case(label="Clara")
    with acting_as(worker):
        cases.report_found(
            case_id=case_id,
            action="detain",
            by=worker,
            at=now() - timedelta(minutes=1),
            found_by_role="migration-authority",
            entry_id=uuid7(),
        )
    with acting_as(SYSTEM):
        incident_id: UUID = Incident.objects.filter(case_id=case_id).first().pk  # type: ignore[union-attr]
    return incident_id


def _regional() -> tuple[UUID, UUID]:
    delegate, proposal, comment = a_delegate(), uuid7(), uuid7()
    with acting_as(delegate):
        new = monitor.NewProposal(kind=Kind.CHANGE, title="Plazo más corto", text="Dos días bastan.")
        monitor.propose(proposal=new, proposal_id=proposal, by=delegate, at=now())
        monitor.comment(text="De acuerdo.", comment_id=comment, by=delegate, at=now(), proposal_id=proposal)
    return proposal, comment


def _blocked() -> dict[UUID, frozenset[str]]:
    with acting_as(SYSTEM):
        return {row.pk: frozenset(row.blocked) for row in Standing.objects.all()}
