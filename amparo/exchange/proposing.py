"""Propose a child's case to an agency of another node: what leaves, what stays and why, and every reason to refuse.

Nothing leaves unless the Guide leaves `send-record` and `hand-over` free for this child at this moment, and basis,
her view, marks, origin and profile allow it. Guide: transfer-data-minimum, non-refoulement. Design 4.4, 4.5.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from amparo.access import audit
from amparo.access.models import Agency
from amparo.access.roles import Purpose
from amparo.access.rules import Actor
from amparo.base.clock import now, today
from amparo.base.ids import random_id, uuid7
from amparo.cases.actions import require_free
from amparo.cases.doors import case_through
from amparo.cases.queries import CaseFile, case_for
from amparo.cases.refused import CaseReleased
from amparo.exchange import models
from amparo.exchange.case_file import determination_of, marks_of, parts_of, withheld_by
from amparo.exchange.outbox import refusal_of, usable_trust, write_message
from amparo.exchange.profiles import TRANSFER, Leaves, what_leaves
from amparo.exchange.record import move_to, seal_proposal
from amparo.exchange.refused import TransferRefused
from amparo.exchange.rules import ENDED, Move, Refusal, Side, Stage, acts, answer_due
from amparo.exchange.sending import Recipient, sending_refusals
from amparo.exchange.trust import PeerUnknown
from amparo.exchange.trust_document import ListedAgency

GUIDED_ACTS = ("send-record", "hand-over")


@dataclass(frozen=True)
class Preview:
    """What a proposal would carry and what speaks against it; nothing is written by looking."""

    recipient: ListedAgency
    leaves: Leaves
    refusals: tuple[Refusal, ...]


def preview_transfer(
    *,
    case_id: UUID,
    to_agency: str,
    basis: Mapping[str, Any] | None,
    view: Mapping[str, Any] | None,
    by: Actor,
    parts: Collection[str] | None = None,
    withhold: Collection[str] = (),
    why_sealed: Mapping[str, str] | None = None,
    may_consent: bool = False,
) -> Preview:
    """Return what would leave, what would stay and why, and why it may not be sent; reads, writes nothing.

    Raises:
        NotAllowed, CaseNotFound.
        TransferRefused: there is no usable trust list or no such agency in it.
    """
    case_through(by, case_id, "transfer.send", purpose=Purpose.TRANSFER)
    file = case_for(by, case_id, purpose="transfer")
    recipient = _recipient(to_agency, case_id)
    leaves = what_leaves(
        TRANSFER, parts_of(file), {*withhold, *withheld_by(file)}, chosen=parts, why_sealed=why_sealed or {}
    )
    on = today(settings.HOME.profile.timezone)
    because = _refusals(file, recipient, basis, view, on=on, may_consent=may_consent)
    because += _sealed_here(leaves)
    return Preview(recipient, leaves, tuple(because))


@transaction.atomic
def propose_transfer(
    *,
    case_id: UUID,
    to_agency: str,
    basis: Mapping[str, Any],
    view: Mapping[str, Any],
    by: Actor,
    urgent: bool = False,
    parts: Collection[str] | None = None,
    withhold: Collection[str] = (),
    why_sealed: Mapping[str, str] | None = None,
    why: str = "",
    may_consent: bool = False,
) -> UUID:
    """Propose that another node's agency takes a child over; return the id of the transfer.

    A transfer about which the other agency asked goes on, on the same thread, with what is proposed now.

    Args:
        case_id: whose case.
        to_agency: id of the agency in the trust list.
        basis: kind, article, decided_by, decided_on, ends, consented_by, guardian; see `exchange.sending`.
        view: what the child said (heard_on, language, said), or not_yet with the reason.
        by: who proposes.
        urgent: an answer is due in 24 h instead of 72 h.
        parts: whole parts that were chosen; None for all that are not sealed.
        withhold: places (part.field) that stay here, beside those the child named at intake.
        why_sealed: for each sealed part (P3) that is to leave, the reason.
        why: words for the other agency.
        may_consent: the law of this country lets her consent at her age.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased.
        ActRefused: the Guide blocks sending her record or handing her over now.
        TransferRefused: with every reason why it may not be sent to this agency.
    """
    for action in GUIDED_ACTS:
        require_free(case_id=case_id, action=action, by=by, act="transfer.send", purpose=Purpose.TRANSFER)
    asked_for = preview_transfer(
        case_id=case_id, to_agency=to_agency, basis=basis, view=view, by=by, parts=parts, withhold=withhold,
        why_sealed=why_sealed, may_consent=may_consent,
    )  # fmt: skip
    file = case_for(by, case_id, purpose="transfer")
    transfer = _under_way(file, asked_for, urgent=urgent, by=by)
    data = _data(file, asked_for.leaves, urgent=urgent, why=why, why_sealed=why_sealed or {})
    _send(transfer, data, basis, view, by=by)
    return transfer.pk


def _send(
    transfer: models.Transfer,
    data: Mapping[str, Any],
    basis: Mapping[str, Any],
    view: Mapping[str, Any],
    *,
    by: Actor,
) -> None:
    former = Stage(transfer.stage) if transfer.stage else None
    stage = acts(Side.SENDER, former, Move.PROPOSE)
    transfer.stage = stage.value
    seal_proposal(transfer, {"basis": dict(basis), "view": dict(view), "data": dict(data)}, evidence="")
    transfer.save()
    envelope = write_message(transfer, Move.PROPOSE, data, by=by, basis=basis, view=view)
    move_to(transfer, stage, Move.PROPOSE, by=by, envelope=envelope, heard=False)


def _under_way(file: CaseFile, asked_for: Preview, *, urgent: bool, by: Actor) -> models.Transfer:
    """Return the transfer to write on: a new one, or the one about which this agency asked."""
    subject = audit.subject_of("case", file.id)
    if file.released_at is not None:
        raise CaseReleased("Another node has taken this case over.", subject=subject)
    rows = models.Transfer.objects.select_for_update().filter(case_id=file.id, side=Side.SENDER.value)
    running = rows.exclude(stage__in=[stage.value for stage in ENDED]).first()
    if running is not None and (running.stage, running.peer_agency) != (Stage.ASKED, asked_for.recipient.id):
        running_already = Refusal("under-way", "A transfer of this child is under way; cancel it first.")
        raise TransferRefused([running_already], subject=subject)
    if asked_for.refusals:
        raise TransferRefused(asked_for.refusals, subject=subject)
    return running or _new_transfer(file, asked_for.recipient, urgent=urgent, by=by)


def _new_transfer(file: CaseFile, recipient: ListedAgency, *, urgent: bool, by: Actor) -> models.Transfer:
    proposed_at = now()
    return models.Transfer(
        id=uuid7(),
        thread=random_id(),
        side=Side.SENDER.value,
        case_id=file.id,
        peer_node=recipient.node,
        peer_agency=recipient.id,
        agency=Agency.objects.get(code=by.agency),
        stage="",
        profile=TRANSFER.name,
        urgent=urgent,
        proposed_at=proposed_at,
        answer_due=answer_due(proposed_at, urgent=urgent),
    )


def _data(
    file: CaseFile, leaves: Leaves, *, urgent: bool, why: str, why_sealed: Mapping[str, str]
) -> dict[str, Any]:
    said = {"reference": file.reference, "why": why}
    reasons = {part: reason for part, reason in why_sealed.items() if part in leaves.leaves}
    data: dict[str, Any] = {name: words for name, words in said.items() if words}
    return data | {"case": dict(leaves.leaves), "urgent": urgent, "why_sealed": reasons}


def _sealed_here(leaves: Leaves) -> list[Refusal]:
    """Refuse to send what is sealed to our agency: the node cannot read it, so it cannot seal it to another."""
    account = leaves.leaves.get("account")
    if not isinstance(account, Mapping) or not account.get("closed"):
        return []
    return [
        Refusal(
            "sealed-here", "What is sealed to your agency does not leave it in a transfer; tell it in person."
        )
    ]


def _recipient(to_agency: str, case_id: UUID) -> ListedAgency:
    try:
        return usable_trust(case_id).agency(to_agency, now())
    except PeerUnknown as unknown:
        raise refusal_of(unknown, case_id) from unknown


def _refusals(
    file: CaseFile,
    recipient: ListedAgency,
    basis: Mapping[str, Any] | None,
    view: Mapping[str, Any] | None,
    *,
    on: date,
    may_consent: bool,
) -> list[Refusal]:
    determination = determination_of(file)
    refusals = sending_refusals(
        profile=TRANSFER,
        basis=basis,
        view=view,
        recipient=Recipient(recipient.id, recipient.sector, recipient.country),
        from_country=settings.HOME.profile.country,
        marks=marks_of(file, view, determination, may_consent=may_consent),
        determination=determination,
        on=on,
    )
    if recipient.node == settings.HOME.profile.id:
        refusals.append(Refusal("same-node", "This agency works in this node; no transfer is needed."))
    if not usable_trust(file.id).may_open_threads(now()):
        refusals.append(
            Refusal("trust-list-old", "The trust list is older than 72 hours; fetch a new one first.")
        )
    return refusals
