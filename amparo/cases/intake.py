"""Turn what a first contact sent into a case: facts to judge, identity and words sealed, evidence as attested.

The case opens with the first part that arrives: a child does not wait for her photograph. Decisions: 0004, 0005, 0026.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from amparo.access import audit
from amparo.access.actor import acting_as
from amparo.access.events import Event
from amparo.access.models import Agency
from amparo.access.rules import Actor
from amparo.access.sealed_rules import SEALED_CLASS
from amparo.base.clock import now
from amparo.base.spool import SealedSpool
from amparo.cases import models
from amparo.cases.actions import NewEntry, note_came_again, open_case
from amparo.cases.erasing import was_erased
from amparo.cases.evaluation import this_guide
from amparo.cases.models import EntryKind
from amparo.cases.rules import has_come
from amparo.forms.actions import Received, keep_submission
from amparo.forms.attaching import keep_files
from amparo.forms.models import lock_number
from amparo.forms.record import EvidenceClaim, IntakeRecord, Told, answers_to_record
from amparo.forms.submission import Outcome

CHILDREN = "children"
# For which bodies of the Guide a telephone of an agency may speak; a shelter cannot attest as child protection.
SPEAKS_FOR = {
    "shelter": {"first-contact-officer", "care-provider"},
    "child-protection-authority": {"first-contact-officer", "child-protection-authority"},
    "migration-authority": {"first-contact-officer", "migration-authority"},
    "health": {"first-contact-officer", "health-worker"},
}
_FIRST_CONTACT = {"first-contact-officer"}
# What a list may show, the shortest first.
_LABELS = ("nickname", "given_names", "name_as_told")


@dataclass(frozen=True)
class Receipt:
    """What a device is told: how its submission arrived, and the reference of the child's case if it has one."""

    outcome: Outcome
    complete: bool
    missing: frozenset[str]
    reference: str


@transaction.atomic
def receive_submission(
    *, xml: bytes, attachments: Mapping[str, SealedSpool], incomplete: bool, by: Actor
) -> Receipt:
    """Keep a submission and, where it receives a child, open her case in the same transaction, once for each child.

    Raises:
        NotAllowed: `by` is no device.
        SubmissionRefused: the submission cannot be taken; nothing was kept.
    """
    # The door only takes in: a telephone of the migration side hands a child over to protection, and neither it nor
    # its agency can read anything back. So it writes with the reach of the node, for this one transaction.
    with acting_as(replace(by, reach="node")):
        return _receive(xml, attachments, incomplete, by)


def _receive(xml: bytes, attachments: Mapping[str, SealedSpool], incomplete: bool, by: Actor) -> Receipt:
    with transaction.atomic():
        received = keep_submission(xml=xml, files=attachments.keys(), incomplete=incomplete, by=by)
        erased = was_erased(by.body, received.parsed.instance_id)
        transaction.set_rollback(erased)
    arrival = received.arrival
    if erased:
        # Told as received, so that the telephone forgets it too; nothing of it is kept.
        subject = audit.subject_of("device", by.id)
        audit.record(Event.SUBMISSION_REFUSED, by=by, subject=subject, allowed=False, reasons=("erased",))
        return Receipt(Outcome.REPEAT, complete=True, missing=frozenset(), reference="")
    if arrival.outcome is Outcome.NEW and _receives_a_child(received):
        _take_in(received, by=by)
    case, reference = _case_of(received.id)
    # After the case: a file is bound to the child it belongs to.
    keep_files(
        submission=received.id, parsed=received.parsed, bindings=received.bindings, files=attachments,
        case=case, by=by,
    )  # fmt: skip
    return Receipt(arrival.outcome, arrival.complete, arrival.missing, reference)


def entries_of(record: IntakeRecord, *, received_at: datetime, may_speak_for: set[str]) -> Iterator[NewEntry]:
    """Yield what a record adds to a case.

    Args:
        record: what the form said.
        received_at: no entry is later than this; the clock of a telephone may be ahead.
        may_speak_for: the roles under which this device may attest; other claims become a note.
    """
    at = _not_after(record.ended_at or record.started_at, received_at)
    for name, value in record.facts.items():
        told_by = _told(record.fact_sources.get(name))
        yield NewEntry(EntryKind.FACT, name, at, clear=_come(name, value, received_at), told=told_by)
    for part, kind in (
        ("words", EntryKind.WORDS),
        ("consent", EntryKind.CONSENT),
        ("interview", EntryKind.NOTE),
    ):
        told: dict[str, Told] = getattr(record, part)
        if told:
            ours = {name: one for name, one in told.items() if one.protection != SEALED_CLASS}
            closed = {name: one for name, one in told.items() if name not in ours}
            yield NewEntry(
                kind, part, at, sealed=_plain(ours) or None, closed=_plain(closed) or None,
                told={"protection": _closest(told)},
            )  # fmt: skip
    for claim in record.evidence:
        yield _claimed(claim, received_at, may_speak_for)
    if record.dropped:
        yield NewEntry(EntryKind.NOTE, "not-taken-over", at, clear=[asdict(one) for one in record.dropped])


def identity_of(record: IntakeRecord) -> dict[str, Any]:
    """Return who the child is, as told, each value with who said it and how sure it is."""
    identity: dict[str, Any] = _plain(record.identity | record.origin | record.care)
    return identity | {"siblings": record.siblings, "family": record.family}


def label_of(record: IntakeRecord) -> str:
    """Return the short name for lists: a nickname, else the first given name, else nothing."""
    for name in _LABELS:
        if name in record.identity:
            words = str(record.identity[name].value).split()
            return words[0][:40] if words else ""
    return ""


def _receives_a_child(received: Received) -> bool:
    return any(act.dataset == CHILDREN and act.create for act in received.parsed.entities)


def _take_in(received: Received, *, by: Actor) -> None:
    """Open the case of a child, or note in the one she has that another form came for her."""
    entity = _entity_of(received)
    # Two forms of one child sent at once take turns.
    lock_number(f"{by.agency_id}:{entity}")
    known = models.Case.objects.filter(taken_in_by=by.body, entity=entity).first() if entity else None
    if known is None:
        _open(received, entity, by=by)
    else:
        note_came_again(case_id=known.pk, by=by, at=now(), source=f"submission:{received.id}")


def _entity_of(received: Received) -> UUID | None:
    """Return the number that the telephone gave the child; what is no UUID is turned into one of its own."""
    acts = (act for act in received.parsed.entities if act.dataset == CHILDREN and act.create)
    said = next((act.id.strip() for act in acts if act.id.strip()), "")
    try:
        return UUID(said) if said else None
    except ValueError:
        return uuid5(NAMESPACE_OID, said)


def _open(received: Received, entity: UUID | None, *, by: Actor) -> UUID:
    record = answers_to_record(received.bindings, received.parsed)
    body = Agency.objects.get(pk=by.body)
    entries = entries_of(record, received_at=now(), may_speak_for=SPEAKS_FOR.get(body.kind, _FIRST_CONTACT))
    return open_case(
        identity=identity_of(record),
        label=label_of(record),
        entries=list(entries),
        source=f"submission:{received.id}",
        by=by,
        entity=entity,
    )


def _case_of(submission: UUID) -> tuple[UUID | None, str]:
    """Return the case that a form opened or came for, with its reference; nothing where there is none."""
    rows = models.Entry.objects.filter(source=f"submission:{submission}")
    return rows.values_list("case_id", "case__reference").first() or (None, "")


def _claimed(claim: EvidenceClaim, received_at: datetime, may_speak_for: set[str]) -> NewEntry:
    at = _not_after(claim.at, received_at)
    if claim.role in may_speak_for:
        clear = {"done": True, "by_role": claim.role}
        return NewEntry(EntryKind.EVIDENCE, claim.key, at, clear=clear)
    return NewEntry(
        EntryKind.NOTE, "claim-not-counted", at, clear={"evidence": claim.key, "role": claim.role}
    )


def _not_after(said: str, limit: datetime) -> datetime:
    moment = datetime.fromisoformat(said) if said else limit
    return min(moment, limit)


def _come(name: str, value: Any, received_at: datetime) -> Any:  # noqa: ANN401
    """Return a fact; a moment no later than it was received, or each deadline for the child would begin late."""
    if this_guide().facts[name].type != "date-time":
        return value
    return value if has_come(value, at=received_at) else received_at.isoformat()


def _plain(told: Mapping[str, Told]) -> dict[str, Any]:
    return {name: {"value": one.value, **(_told(one) or {})} for name, one in told.items()}


def _told(one: Told | None) -> dict[str, Any] | None:
    """Keep who said it and how sure it is; nothing where neither is known."""
    said = {"source": list(one.source), "certainty": one.certainty} if one else {}
    return {name: value for name, value in said.items() if value} or None


def _closest(told: Mapping[str, Told]) -> str:
    """Return the strictest protection class of a part: P3 above P2 above P1."""
    return max(one.protection for one in told.values())
