"""Read transfers: what was proposed to us, where ours stand, what could not be delivered. Checked, traced, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.roles import Purpose
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.cases.doors import case_through
from amparo.exchange import models
from amparo.exchange.doors import not_kept_back, transfer_through
from amparo.exchange.held import TrustListMissing, held_text, held_trust_list
from amparo.exchange.profiles import Sector
from amparo.exchange.record import proposal_of, said_at
from amparo.exchange.rules import ENDED, Move, Side, Stage, may_act
from amparo.exchange.trust import TrustList
from amparo.exchange.trust_document import ListedAgency, TrustListWrong

# Undelivered for longer than this, an envelope becomes a task for a person; by urgency.
UNDELIVERED_AFTER = {True: timedelta(hours=1), False: timedelta(hours=24)}


@dataclass(frozen=True)
class Peer:
    """The agency at the other end, as the trust list says; only its id when the list says nothing now."""

    agency: str
    names: Mapping[str, str]
    country: str
    telephone: str

    def name_in(self, language: str) -> str:
        """Return the name in a language, or in Spanish, or the id."""
        return self.names.get(language) or self.names.get("es") or self.agency


@dataclass(frozen=True)
class TransferLine:
    """One transfer in a list; no word of the child."""

    id: UUID
    thread: str
    side: Side
    stage: Stage
    peer: Peer
    case_id: UUID | None
    urgent: bool
    proposed_at: datetime
    answer_due: datetime
    overdue: bool
    responsible_here: bool


@dataclass(frozen=True)
class StepLine:
    """One step of a transfer; `said` are the words that came with it."""

    move: Move
    heard: bool
    stage: Stage
    at: datetime
    role: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class TransferView:
    """One transfer, opened for one reader: what was proposed, on what basis, what the child said, each step."""

    line: TransferLine
    basis: Mapping[str, Any]
    view: Mapping[str, Any]
    parts: Mapping[str, Any]
    why: str
    reference: str
    why_sealed: Mapping[str, str]
    steps: tuple[StepLine, ...]
    moves: frozenset[Move]

    def when(self, stage: Stage) -> datetime | None:
        """Return when the transfer first stood at a stage, as this node knows it."""
        return next((step.at for step in self.steps if step.stage is stage), None)


@dataclass(frozen=True)
class Undelivered:
    """An envelope that does not arrive, and whom to call; `refused` is the public code if the peer refused it."""

    envelope: str
    transfer_id: UUID
    move: Move
    peer: Peer
    made: datetime
    tries: int
    refused: str


def incoming_transfers(actor: Actor) -> tuple[TransferLine, ...]:
    """Return what was proposed to the actor's agency and is not ended, the first due first; raises NotAllowed."""
    audit.require(actor, "transfer.read")
    rows = models.Transfer.objects.filter(agency_id=_agency_of(actor), side=Side.RECEIVER.value)
    rows = not_kept_back(rows.exclude(stage__in=[stage.value for stage in ENDED])).order_by(
        "answer_due", "id"
    )
    audit.record(Event.TRANSFER_READ, by=actor, subject="list:incoming", purpose="transfer")
    return tuple(_line(row) for row in rows[:200])


def transfers_of(actor: Actor, case_id: UUID) -> tuple[TransferLine, ...]:
    """Return the transfers of one case, the newest first; raises NotAllowed, CaseNotFound, AccessRefused."""
    case_through(actor, case_id, "transfer.read", purpose=Purpose.TRANSFER, event=Event.TRANSFER_READ)
    rows = models.Transfer.objects.filter(case_id=case_id).order_by("-proposed_at", "-id")
    return tuple(_line(row) for row in rows)


def transfer_for(actor: Actor, transfer_id: UUID) -> TransferView:
    """Open one transfer; what the receiver sees before it takes over.

    Raises:
        NotAllowed: the role may not read transfers.
        TransferNotFound: there is no such transfer for this reader.
    """
    return _view(transfer_through(actor, transfer_id, "transfer.read", event=Event.TRANSFER_READ))


def undelivered(actor: Actor) -> tuple[Undelivered, ...]:
    """Return the envelopes of our agency that a person must see to: too long on the way, ended, or refused."""
    audit.require(actor, "transfer.read")
    moment = now()
    late = Q(urgent=True, made__lt=moment - UNDELIVERED_AFTER[True])
    late |= Q(urgent=False, made__lt=moment - UNDELIVERED_AFTER[False])
    wanted = Q(answered_at__isnull=True) & late | ~Q(refused="")
    rows = models.Outgoing.objects.filter(wanted, transfer__agency_id=_agency_of(actor))
    trust = _trust_or_none()
    return tuple(_undelivered(row, trust) for row in rows.select_related("transfer").order_by("made")[:200])


def possible_recipients(actor: Actor) -> tuple[ListedAgency, ...]:
    """Return the protection agencies of other nodes that may receive a transfer; empty without a trust list."""
    audit.require(actor, "transfer.read")
    trust = _trust_or_none()
    ours = {one.id for one in settings.HOME.profile.agencies}
    listed = trust.agencies.values() if trust else ()
    fit = [one for one in listed if one.sector is Sector.PROTECTION and "transfer" in one.receives]
    return tuple(sorted((one for one in fit if one.id not in ours), key=lambda one: (one.country, one.id)))


def public_trust_list() -> str:
    """Return the signed trust list that this node holds; raises `TrustListMissing`, `TrustListWrong`."""
    return held_text()


def _agency_of(actor: Actor) -> UUID:
    """Return the agency of a reader; whoever has none matches nothing."""
    return actor.agency_id or UUID(int=0)


def _line(row: models.Transfer) -> TransferLine:
    side, stage = Side(row.side), Stage(row.stage)
    waiting = stage in (Stage.PROPOSED, Stage.STORED, Stage.OPENED)
    return TransferLine(
        id=row.pk,
        thread=row.thread,
        side=side,
        stage=stage,
        peer=_peer(row.peer_agency, _trust_or_none()),
        case_id=row.case_id,
        urgent=row.urgent,
        proposed_at=row.proposed_at,
        answer_due=row.answer_due,
        overdue=waiting and row.answer_due < now(),
        responsible_here=_responsible_here(side, stage),
    )


def _responsible_here(side: Side, stage: Stage) -> bool:
    if side is Side.SENDER:
        return stage not in (Stage.RELEASED, Stage.CLOSED)
    return stage in (Stage.TAKEN_OVER, Stage.CLOSED)


def _view(row: models.Transfer) -> TransferView:
    message = proposal_of(row)
    data = message.get("data", {})
    return TransferView(
        line=_line(row),
        basis=message.get("basis", {}),
        view=message.get("view", {}),
        parts=data.get("case", {}),
        why=str(data.get("why", "")),
        reference=str(data.get("reference", "")),
        why_sealed=data.get("why_sealed", {}),
        steps=tuple(_step(row, step) for step in row.steps.order_by("at", "id")),
        moves=may_act(Side(row.side), Stage(row.stage)),
    )


def _step(row: models.Transfer, step: models.TransferStep) -> StepLine:
    return StepLine(
        move=Move(step.move),
        heard=step.heard,
        stage=Stage(step.stage),
        at=step.at,
        role=step.role,
        said=said_at(row, step),
    )


def _undelivered(row: models.Outgoing, trust: TrustList | None) -> Undelivered:
    return Undelivered(
        envelope=row.pk,
        transfer_id=row.transfer_id,
        move=Move(row.move),
        peer=_peer(row.transfer.peer_agency, trust),
        made=row.made,
        tries=row.tries,
        refused=row.refused,
    )


def _peer(agency: str, trust: TrustList | None) -> Peer:
    listed = trust.agencies.get(agency) if trust else None
    if listed is None:
        return Peer(agency, {}, "", "")
    return Peer(agency, listed.names, listed.country, listed.duty_telephone)


def _trust_or_none() -> TrustList | None:
    try:
        return held_trust_list()
    except (TrustListMissing, TrustListWrong):
        return None
