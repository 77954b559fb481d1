"""Take the effect of a message that came: a proposal becomes a transfer, every other moves the one it belongs to.

Runs inside the transaction that keeps the mark of the envelope; decides nothing about signatures or dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amparo.access.actor import SYSTEM
from amparo.access.models import Agency
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.exchange import models
from amparo.exchange.case_file import is_readable
from amparo.exchange.envelope import Message
from amparo.exchange.profiles import TRANSFER
from amparo.exchange.record import move_to, seal_proposal
from amparo.exchange.rules import Move, MoveRefused, Side, Stage, answer_due, hears


@dataclass(frozen=True)
class Heard:
    """A message that passed every check, with the numbers of its envelope."""

    envelope: str
    thread: str
    from_node: str
    made: datetime
    message: Message
    evidence: str


def hear(heard: Heard) -> None:
    """Take the effect of a message.

    Raises:
        MoveRefused: no honest peer could have sent it now, or this node does not serve its profile yet.
    """
    if heard.message.profile != TRANSFER.name:
        raise MoveRefused(f"This node does not take {heard.message.profile} yet.")
    move = Move(heard.message.type)
    rows = models.Transfer.objects.select_for_update(of=("self",)).select_related("agency")
    transfer = rows.filter(thread=heard.thread).first()
    if transfer is None:
        _begin(heard, move)
        return
    _require_same_parties(transfer, heard)
    stage = hears(Side(transfer.side), Stage(transfer.stage), move)
    if move is Move.PROPOSE and stage is Stage.STORED:
        _keep_proposal(transfer, heard)
    said = {} if move is Move.PROPOSE else dict(heard.message.data)
    move_to(transfer, stage, move, by=SYSTEM, envelope=heard.envelope, heard=True, said=said)


def _begin(heard: Heard, move: Move) -> None:
    stage = hears(Side.RECEIVER, None, move)
    ours = Agency.objects.filter(code=heard.message.to_agency).first()
    if ours is None:
        raise MoveRefused("No such agency works in this node.")
    moment = now()
    urgent = heard.message.data.get("urgent") is True
    transfer = models.Transfer(
        id=uuid7(),
        thread=heard.thread,
        side=Side.RECEIVER.value,
        peer_node=heard.from_node,
        peer_agency=heard.message.from_agency,
        agency=ours,
        stage=stage.value,
        profile=heard.message.profile,
        urgent=urgent,
        proposed_at=moment,
        answer_due=answer_due(moment, urgent=urgent),
    )
    _keep_proposal(transfer, heard)
    transfer.save()
    move_to(transfer, stage, move, by=SYSTEM, envelope=heard.envelope, heard=True)


def _keep_proposal(transfer: models.Transfer, heard: Heard) -> None:
    message = heard.message
    if not is_readable(message.data.get("case", {})):
        raise MoveRefused("The case file of the proposal cannot be read.")
    kept = {"basis": message.basis, "view": message.view, "data": message.data, "more": message.more}
    seal_proposal(transfer, {name: _plain(part) for name, part in kept.items()}, heard.evidence)


def _plain(part: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(part or {})


def _require_same_parties(transfer: models.Transfer, heard: Heard) -> None:
    """Only the two agencies of a thread may speak on it."""
    known = (transfer.peer_node, transfer.peer_agency, transfer.agency.code)
    if known != (heard.from_node, heard.message.from_agency, heard.message.to_agency):
        raise MoveRefused("Another agency speaks on this thread.")
