"""Write down where a transfer stands: its stage, the step that led there, the story of the case, what was proposed.

Every function here runs inside the transaction of the action or message it belongs to.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from amparo.access import audit, vault
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases.actions import note_transfer
from amparo.exchange import models
from amparo.exchange.events import transfer_moved
from amparo.exchange.rules import Move, Side, Stage

_CAME_TO_NOTHING = frozenset({Stage.DECLINED, Stage.CANCELLED})


def move_to(
    transfer: models.Transfer,
    stage: Stage,
    move: Move,
    *,
    by: Actor,
    envelope: str,
    heard: bool,
    said: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Bring a transfer to a stage and keep the step for ever; announced once the transaction is kept."""
    transfer.stage = stage.value
    moment = at or now()
    _keep_step(transfer, move, by=by, envelope=envelope, heard=heard, said=said, at=moment)
    if transfer.case_id is not None and move is not Move.RECEIPT:
        note_transfer(
            case_id=transfer.case_id, step=move.value, by=by, at=moment, source=f"envelope:{envelope}"
        )
    if stage in _CAME_TO_NOTHING and transfer.side == Side.RECEIVER:
        _forget(transfer)  # we never took the child over: what was told of her goes
    transfer.save()
    subject = audit.subject_of("transfer", transfer.pk)
    audit.record(Event.TRANSFER_MOVED, by=by, subject=subject, reasons=(move.value, stage.value))
    transaction.on_commit(
        lambda: transfer_moved.send(models.Transfer, transfer_id=transfer.pk, stage=stage.value)
    )


def seal_proposal(transfer: models.Transfer, message: Mapping[str, Any], evidence: str) -> None:
    """Keep what is proposed, and the agency's signature on it, under the transfer's own data key."""
    if transfer.wrapped_key is None:
        _, transfer.wrapped_key = vault.new_data_key(transfer.pk)
    kept = {"message": message, "evidence": evidence}
    transfer.sealed_proposal = vault.seal_data(_key(transfer), kept, place=f"transfer.proposal:{transfer.pk}")


def proposal_of(transfer: models.Transfer) -> dict[str, Any]:
    """Open what was proposed: basis, view, data; empty when it is gone."""
    if transfer.sealed_proposal is None:
        return {}
    opened = vault.open_data(
        _key(transfer), transfer.sealed_proposal, place=f"transfer.proposal:{transfer.pk}"
    )
    return dict(opened["message"])


def said_at(transfer: models.Transfer, step: models.TransferStep) -> dict[str, Any]:
    """Open the words that came with a step; empty when there were none or they are gone."""
    if step.sealed is None or transfer.wrapped_key is None:
        return {}
    return dict(vault.open_data(_key(transfer), step.sealed, place=f"step.sealed:{step.pk}"))


def _keep_step(
    transfer: models.Transfer,
    move: Move,
    *,
    by: Actor,
    envelope: str,
    heard: bool,
    said: Mapping[str, Any] | None,
    at: datetime,
) -> None:
    step_id = uuid7()
    said = said if transfer.wrapped_key is not None else None  # what was told is gone, and so are later words
    sealed = vault.seal_data(_key(transfer), dict(said), place=f"step.sealed:{step_id}") if said else None
    models.TransferStep.objects.create(
        id=step_id,
        transfer=transfer,
        move=move.value,
        heard=heard,
        stage=transfer.stage,
        at=at,
        envelope=envelope,
        actor=by.id,
        role=by.role,
        sealed=sealed,
    )


def _forget(transfer: models.Transfer) -> None:
    """Destroy what was told of the child; the words of the steps go with it, for they share its key."""
    transfer.wrapped_key = None
    transfer.sealed_proposal = None


def _key(transfer: models.Transfer) -> bytes:
    return vault.data_key(transfer.pk, transfer.wrapped_key or b"")
