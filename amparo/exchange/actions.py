"""Move a child's case between agencies: propose, accept, decline, ask, take over, release, cancel.

Each action is one transaction: permission, rule, change, audit row, outbox row, job. What is refused leaves nothing
behind. The sender is responsible until it releases, the receiver from take-over on (promise S1).
Design: security design 4.4. Guide: transfer-data-minimum, receiving-side-accepts.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases.actions import open_case, perform_act, release_case
from amparo.cases.evaluation import this_guide
from amparo.cases.queries import case_for
from amparo.exchange import models
from amparo.exchange.case_file import entries_from, identity_from, label_of
from amparo.exchange.doors import transfer_through
from amparo.exchange.outbox import write_message
from amparo.exchange.proposing import propose_transfer as propose_transfer
from amparo.exchange.record import move_to, proposal_of
from amparo.exchange.refused import TransferNotFound, TransferRefused
from amparo.exchange.rules import Move, Side, Stage, acts, transfer_refusals

HAND_OVER = "hand-over"


@transaction.atomic
def open_transfer(*, transfer_id: UUID, by: Actor) -> None:
    """Tell the sender that somebody reads what was proposed.

    Raises:
        NotAllowed, TransferNotFound, TransferRefused.
    """
    _answer(transfer_id, Move.OPENED, {}, by=by)


@transaction.atomic
def ask(*, transfer_id: UUID, note: str, by: Actor) -> None:
    """Ask the sender for what is missing; raises as `open_transfer`."""
    _open_first(transfer_id, by)
    _answer(transfer_id, Move.ASK, {"note": note}, by=by)


@transaction.atomic
def accept_transfer(*, transfer_id: UUID, caseworker: str, by: Actor, telephone: str = "") -> None:
    """Say that we will take the child over, and who will answer for her; raises as `open_transfer`."""
    _open_first(transfer_id, by)
    _answer(transfer_id, Move.ACCEPT, {"caseworker": caseworker, "telephone": telephone}, by=by)


@transaction.atomic
def decline_transfer(*, transfer_id: UUID, reason: str, note: str, by: Actor) -> None:
    """Decline with a reason of `DeclineReason` and a note; what was told of the child is destroyed here.

    Raises:
        NotAllowed, TransferNotFound, TransferRefused.
    """
    _answer(transfer_id, Move.DECLINE, {"reason": reason, "note": note}, by=by)


@transaction.atomic
def take_over(*, transfer_id: UUID, caseworker: str, by: Actor, telephone: str = "") -> UUID:
    """Take the child over: open her case here, sign it to the sender; return the id of the case.

    Raises:
        NotAllowed, TransferNotFound, TransferRefused.
        EntryWrong: a fact of the proposal cannot be judged by this node's Guide.
    """
    transfer = transfer_through(by, transfer_id, "transfer.receive", lock=True)
    said = {"caseworker": caseworker, "telephone": telephone}
    _require(transfer, Move.TAKE_OVER, said)
    case_id = _open_case_of(transfer)
    transfer.case_id = case_id
    reference = case_for(by, case_id, purpose="transfer").reference
    _tell(transfer, Move.TAKE_OVER, said | {"reference": reference}, by=by)
    return case_id


@transaction.atomic
def release_transfer(*, transfer_id: UUID, by: Actor, note: str = "") -> None:
    """Let go of a child whom the other agency has taken over; from here on our case is read only.

    Raises:
        NotAllowed, TransferNotFound, TransferRefused.
        ActRefused: the Guide does not allow the hand-over any more; both agencies stay responsible.
    """
    transfer = transfer_through(by, transfer_id, "transfer.send", lock=True)
    _require(transfer, Move.RELEASE, {"note": note})
    if transfer.case_id is None:
        raise TransferNotFound(transfer_id)
    if not _handed_over(transfer, by):
        perform_act(case_id=transfer.case_id, action=HAND_OVER, by=by, at=now(), entry_id=uuid7())
    _tell(transfer, Move.RELEASE, {"note": note} if note else {}, by=by)
    release_case(case_id=transfer.case_id, by=by, at=now(), source=f"transfer:{transfer.pk}")


@transaction.atomic
def cancel(*, transfer_id: UUID, note: str, by: Actor) -> None:
    """Take a proposal back while the other agency has not taken over; raises as `open_transfer`."""
    transfer = transfer_through(by, transfer_id, "transfer.send", lock=True)
    _require(transfer, Move.CANCEL, {"note": note})
    _tell(transfer, Move.CANCEL, {"note": note}, by=by)


def _answer(transfer_id: UUID, move: Move, said: Mapping[str, Any], *, by: Actor) -> None:
    transfer = transfer_through(by, transfer_id, "transfer.receive", lock=True)
    _require(transfer, move, said)
    _tell(transfer, move, said, by=by)


def _open_first(transfer_id: UUID, by: Actor) -> None:
    transfer = transfer_through(by, transfer_id, "transfer.receive", lock=True)
    if transfer.stage == Stage.STORED:
        _answer(transfer_id, Move.OPENED, {}, by=by)


def _tell(transfer: models.Transfer, move: Move, said: Mapping[str, Any], *, by: Actor) -> None:
    """Make our move and tell the other side, together or not at all."""
    stage = acts(Side(transfer.side), Stage(transfer.stage), move)
    data = {name: words for name, words in said.items() if words}
    envelope = write_message(transfer, move, data, by=by)
    move_to(transfer, stage, move, by=by, envelope=envelope, heard=False, said=data)


def _require(transfer: models.Transfer, move: Move, said: Collection[str] | Mapping[str, Any]) -> None:
    words = dict(said) if isinstance(said, Mapping) else {}
    because = transfer_refusals(
        side=Side(transfer.side),
        stage=Stage(transfer.stage),
        move=move,
        reason=words.get("reason", ""),
        note=words.get("note", ""),
        caseworker=words.get("caseworker", ""),
    )
    if because:
        raise TransferRefused(because, subject=audit.subject_of("transfer", transfer.pk))


def _open_case_of(transfer: models.Transfer) -> UUID:
    """Open the case with what the sender told; the node does it, for no person may open one by hand."""
    parts = proposal_of(transfer)["data"]["case"]
    proposed = transfer.steps.filter(move=Move.PROPOSE.value).order_by("-at").first()
    identity = identity_from(parts)
    with acting_as(SYSTEM):
        return open_case(
            identity=identity,
            label=label_of(identity),
            entries=entries_from(parts, this_guide(), now=now()),
            source=f"envelope:{proposed.envelope if proposed else transfer.thread}",
            by=SYSTEM,
            agency=transfer.agency_id,
        )


def _handed_over(transfer: models.Transfer, by: Actor) -> bool:
    """Test whether the hand-over itself stands in the case already, since this transfer was proposed."""
    file = case_for(by, _case_of(transfer), purpose="transfer")
    return any(
        line.kind == "action" and line.name == HAND_OVER and line.at >= transfer.proposed_at
        for line in file.story
    )


def _case_of(transfer: models.Transfer) -> UUID:
    if transfer.case_id is None:
        raise TransferNotFound(transfer.pk)
    case_id: UUID = transfer.case_id
    return case_id
