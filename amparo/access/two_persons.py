"""Let two people do together what nobody may do alone: one proposes, another confirms within a day.

A room registers its kinds once, when it starts; what a kind does is done in the transaction that confirms it.
The proposer, the person concerned and whoever may be one of them under another account never confirm.
Neither the system nor a command line can propose or confirm. Norm: ASVS 2.3.5. Decision: 0020.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from amparo.access import audit, models
from amparo.access.events import Event
from amparo.access.people_rules import CHANGE_LASTS, ChangeState, Party, settle_refusal
from amparo.access.refusal import Refused
from amparo.access.rules import Actor, NotAllowed, Sector, may
from amparo.base.clock import now


class PersonNotHere(Exception):
    """No open account of this agency is the one that is meant."""


@dataclass(frozen=True)
class Proposal:
    """What is proposed: `what` holds short texts by name, `subject_id` the account it concerns, if any."""

    id: UUID
    kind: str
    agency_id: UUID | None
    subject_id: UUID | None
    what: Mapping[str, str]
    proposed_by: UUID

    @property
    def agency(self) -> UUID:
        """The agency whose change it is; raises PersonNotHere for one of the whole node."""
        if self.agency_id is None:
            raise PersonNotHere
        return self.agency_id

    @property
    def subject(self) -> UUID:
        """The account it concerns; raises PersonNotHere where it concerns none."""
        if self.subject_id is None:
            raise PersonNotHere
        return self.subject_id


def _nothing_against(_proposal: Proposal) -> None:
    """Find nothing against a proposal."""


def _of_everybody(_what: Mapping[str, str], _by: Actor) -> bool:
    """Let everybody of the node see a change."""
    return True


@dataclass(frozen=True)
class Kind:
    """One kind of change.

    `do` makes it and returns what the confirmer alone is told, once; `fits` raises what stands against it, before it is
    proposed and again before it is done. A kind of the whole node is confirmed by anybody of the node with the right
    and whom `near` lets see it: it looks at what the change holds.
    """

    name: str
    do: Callable[[Proposal, Actor], str]
    fits: Callable[[Proposal], None] = _nothing_against
    whole_node: bool = False
    near: Callable[[Mapping[str, str], Actor], bool] = _of_everybody


class ChangeUnknown(Exception):
    """No such change for this reader."""


class ReasonMissing(Exception):
    """A change is declined with a reason."""


class TwoNeeded(Refused):
    """This person may not settle this change; `why` is settled, over, proposer, concerned or another-agency."""

    event = Event.CHANGE_REFUSED

    def __init__(self, why: str, change: UUID) -> None:
        super().__init__(why, subject=audit.subject_of("change", change), reason_codes=(why,))
        self.why = why


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of change known; called once, when a room starts."""
    _kinds[kind.name] = kind


@transaction.atomic
def propose_change(*, kind: str, by: Actor, what: Mapping[str, str], subject: UUID | None = None) -> UUID:
    """Propose a change and return its id; nothing changes before another person confirms.

    Raises:
        KeyError: nobody registered this kind.
        NotAllowed: this actor may not propose, or is nobody's open account.
        whatever `fits` of the kind raises.
    """
    known = _kinds[kind]
    _require_person(by, "change.propose")
    row = models.Change(
        kind=kind,
        agency_id=None if known.whole_node else by.body,
        subject_id=subject,
        what=dict(what),
        proposed_by_id=by.id,
        proposed_at=now(),
        ends_at=now() + CHANGE_LASTS,
    )
    known.fits(_proposal(row))
    row.save()
    _write_down(Event.CHANGE_PROPOSED, row, by)
    return row.pk


@transaction.atomic
def confirm_change(*, change: UUID, by: Actor) -> str:
    """Do what another person proposed; return what the confirmer alone is told, once (often nothing).

    Raises:
        ChangeUnknown, NotAllowed: there is none, or this actor may confirm none.
        TwoNeeded: it is settled or over, of another agency, or she may be the proposer or who is concerned.
        whatever `fits` of the kind raises: something has changed since.
    """
    person = _require_person(by, "change.confirm")
    row = _locked(change)
    if refusal := _confirm_refusal(row, by, person):
        raise TwoNeeded(refusal, row.pk)
    kind, proposal = _kinds[row.kind], _proposal(row)
    kind.fits(proposal)
    _settle(row, ChangeState.CONFIRMED, by)
    told = kind.do(proposal, by)
    _write_down(Event.CHANGE_CONFIRMED, row, by)
    return told


@transaction.atomic
def decline_change(*, change: UUID, by: Actor, reason: str) -> None:
    """Refuse what another person proposed, and say why.

    Raises:
        ChangeUnknown, NotAllowed, TwoNeeded: as `confirm_change`.
        ReasonMissing: no reason is given.
    """
    person = _require_person(by, "change.confirm")
    if not reason.strip():
        raise ReasonMissing
    row = _locked(change)
    if refusal := _confirm_refusal(row, by, person):
        raise TwoNeeded(refusal, row.pk)
    row.reason = reason.strip()[:300]
    _settle(row, ChangeState.DECLINED, by)
    _write_down(Event.CHANGE_DECLINED, row, by)


@transaction.atomic
def withdraw_change(*, change: UUID, by: Actor) -> None:
    """Take back what one proposed oneself.

    Raises:
        ChangeUnknown, NotAllowed: there is none, or this actor proposes none.
        TwoNeeded: it is settled or over, or somebody else proposed it.
    """
    _require_person(by, "change.propose")
    row = _locked(change)
    if row.proposed_by_id != by.id:
        raise TwoNeeded("another-proposer", row.pk)
    if row.state != ChangeState.WAITING or now() >= row.ends_at:
        raise TwoNeeded("settled", row.pk)
    _settle(row, ChangeState.WITHDRAWN, by)
    _write_down(Event.CHANGE_WITHDRAWN, row, by)


def party(person: models.Person) -> Party:
    """Return what is known of an account for telling people apart."""
    return Party(person.pk, person.email, person.name, person.agency_id)


def may_second(by: Actor, agency: UUID | None, proposer: UUID) -> bool:
    """Test whether somebody is near enough to confirm for an agency: of it, or of oversight.

    Where an agency has nobody else who could, somebody of another agency on the same side of the node may.
    """
    if agency is None or by.agency_id == agency or by.sector is Sector.OVERSIGHT:
        return True
    sector = models.Agency.objects.values_list("sector", flat=True).get(pk=agency)
    return by.sector == sector and not _others_of(agency, proposer)


def is_near(kind: str, what: Mapping[str, str], by: Actor) -> bool:
    """Test whether a change may be seen and settled by this person, as far as its kind says."""
    return kind in _kinds and _kinds[kind].near(what, by)


def waiting_change(kind: str, name: str, value: str) -> UUID | None:
    """Return the change of a kind that still waits and holds this value under this name, if there is one."""
    rows = models.Change.objects.filter(kind=kind, state=ChangeState.WAITING, ends_at__gt=now())
    return rows.filter(**{f"what__{name}": value}).values_list("pk", flat=True).first()


def _others_of(agency: UUID, proposer: UUID) -> bool:
    """Test whether an agency has somebody besides the proposer who may confirm."""
    people = models.Person.objects.filter(agency_id=agency, is_active=True).exclude(pk=proposer)
    return any(may(one.as_actor(), "change.confirm") for one in people.select_related("agency"))


def _confirm_refusal(row: models.Change, by: Actor, person: models.Person) -> str:
    if not may_second(by, row.agency_id, row.proposed_by_id) or not is_near(row.kind, row.what, by):
        return "another-agency"
    return settle_refusal(
        state=ChangeState(row.state),
        ends_at=row.ends_at,
        proposer=party(row.proposed_by),
        concerned=party(row.subject) if row.subject else None,
        by=party(person),
        at=now(),
    )


def _require_person(by: Actor, act: str) -> models.Person:
    """Return the open account that acts; who only says to be somebody, in this role and agency, is nobody."""
    audit.require(by, act)
    person = models.Person.objects.select_related("agency").filter(pk=by.id, is_active=True).first()
    if person is None or (person.role, person.agency_id) != (by.role, by.agency_id):
        raise NotAllowed(act)
    return person


def _locked(change: UUID) -> models.Change:
    row = models.Change.objects.select_for_update(of=("self",)).filter(pk=change).first()
    if row is None or row.kind not in _kinds:
        raise ChangeUnknown
    return row


def _settle(row: models.Change, state: ChangeState, by: Actor) -> None:
    row.state, row.settled_by_id, row.settled_at = state, by.id, now()
    row.save(update_fields=["state", "settled_by", "settled_at", "reason"])


def _proposal(row: models.Change) -> Proposal:
    return Proposal(row.pk, row.kind, row.agency_id, row.subject_id, dict(row.what), row.proposed_by_id)


def _write_down(event: Event, row: models.Change, by: Actor) -> None:
    audit.record(event, by=by, subject=audit.subject_of("change", row.pk), reasons=(row.kind,))
