"""Write cases: open one from what a first contact sent, add what became known, attest, act, or be refused.

Each action is one transaction: permission, rule, change, the Guide again, audit row. A refused act leaves only its
row on the audit trail. Decisions: 0005, 0006.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from amparo.access import audit, vault
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.access.models import Agency
from amparo.access.roles import Purpose
from amparo.access.rules import Actor, NotAllowed, may_do
from amparo.access.sealed_rules import SEALED_CLASS
from amparo.base.clock import now
from amparo.base.ids import case_reference, uuid7
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.evaluation import judge_for, settle, this_guide
from amparo.cases.models import EntryKind
from amparo.cases.naming import keep_names
from amparo.cases.refused import (
    ActRefused,
    CaseNotFound,
    CaseReleased,
    EntryIdTaken,
    EntryWrong,
    MayNotAttest,
)
from amparo.cases.rules import earliest, has_come
from amparo.cases.sealing import closed_part, is_same, merged, place_of
from amparo.cases.withdrawing import require_newer, withdraw_stale
from amparo.guide import FactsRefused, refusals


@dataclass(frozen=True)
class NewEntry:
    """One thing to add; `clear` holds closed words and numbers only, `sealed` anything personal.

    `closed` is what only an officer of the agency may open (class P3); the node cannot read it afterwards.
    `told`: who said it and how sure it is, or the protection class of what is sealed.
    """

    kind: EntryKind
    name: str
    at: datetime
    clear: Any = None
    sealed: Any = None
    told: Any = None
    id: UUID | None = None
    closed: Any = None


# Without a savepoint of its own: where no case can be opened, nothing of its envelope or form stays.
@transaction.atomic(savepoint=False)
def open_case(
    *,
    identity: Mapping[str, Any],
    label: str,
    entries: Sequence[NewEntry],
    source: str,
    by: Actor,
    agency: UUID | None = None,
    entity: UUID | None = None,
) -> UUID:
    """Open a case for a child and return its id.

    Args:
        identity: names, kin, documents and the like (class P2); sealed.
        label: first name or nickname for lists.
        entries: facts, evidence, words and consent as taken down.
        source: where they come from, such as submission:ID or envelope:ID.
        by: who opens it.
        agency: which takes the child in, by default that of `by`; the case is led by it or by its lead.
        entity: the child's number on the telephones of that agency; it opens one case only.

    Raises:
        NotAllowed: the role may not open cases.
        EntryWrong: an entry is not in the vocabulary of the Guide.
    """
    audit.require(by, "case.open")
    taken_in_by = Agency.objects.select_related("lead").get(pk=agency or by.body)
    case = _new_case(taken_in_by, identity, label, entity)
    keep_names(case, identity)
    audit.record(Event.CASE_OPENED, by=by, subject=audit.subject_of("case", case.pk), reasons=(source,))
    _append(case, _kept_by_the_system(case.opened_at), source="system", by=SYSTEM)
    _append(case, entries, source=source, by=by)
    _judge_again(case)
    return case.pk


@transaction.atomic
def record_fact(*, case_id: UUID, name: str, value: Any, by: Actor, at: datetime, entry_id: UUID) -> None:  # noqa: ANN401
    """Add what is now known of one fact; the former value stays in the story.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased.
        EntryWrong: the Guide knows no such fact or value, or the moment lies in the future.
    """
    case = case_through(by, case_id, "case.record", lock=True)
    entry = NewEntry(EntryKind.FACT, name, at, clear=value, id=entry_id)
    _write(case, entry, event=Event.CASE_RECORDED, by=by)


@transaction.atomic
def add_words(
    *, case_id: UUID, kind: str, words: str, by: Actor, at: datetime, entry_id: UUID, closest: bool = False
) -> None:
    """Add what the child said (kind `words`) or a note of the worker (kind `note`); both are sealed.

    `closest`: an account of violence, a ground for asylum, therapy or a threatened whereabouts: sealed to the agency.
    """
    case = case_through(by, case_id, "case.record", lock=True)
    said = {"text": words}
    entry = NewEntry(EntryKind(kind), kind, at, sealed=said, id=entry_id)
    if closest:
        entry = replace(entry, sealed=None, closed=said, told={"protection": SEALED_CLASS})
    _write(case, entry, event=Event.CASE_RECORDED, by=by)


@transaction.atomic
def attest_evidence(
    *, case_id: UUID, evidence: str, done: bool, by: Actor, at: datetime, entry_id: UUID
) -> None:
    """Attest that something the Guide asks for was done; `done=False` withdraws an earlier entry.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, DoneBeforeTheNews.
        MayNotAttest: the Guide lets other roles attest this.
        EntryWrong: the Guide knows no such evidence, or the moment lies in the future.
    """
    case = case_through(by, case_id, "case.attest", lock=True)
    subject = audit.subject_of("case", case_id)
    known = this_guide().evidence.get(evidence)
    if known is None:
        raise EntryWrong(f"The Guide asks for no evidence called {evidence}.", subject=subject)
    if by.guide_role not in known.attest:
        raise MayNotAttest(evidence, known.attest, subject=subject)
    require_newer(case_id, evidence, at if done else None, subject=subject)
    clear = {"done": done, "by_role": by.guide_role}
    entry = NewEntry(EntryKind.EVIDENCE, evidence, at, clear=clear, id=entry_id)
    _write(case, entry, event=Event.EVIDENCE_ATTESTED, by=by)


@transaction.atomic
def perform_act(*, case_id: UUID, action: str, by: Actor, at: datetime, entry_id: UUID) -> None:
    """Do something to or with the child, if the Guide allows it at this moment.

    Raises:
        CaseNotFound, CaseReleased, ActionUnknown.
        NotAllowed: the Guide leaves it free, but it is not this role's to do.
        ActRefused: the Guide blocks it; nothing was done, the attempt is on the audit trail.
    """
    # The Guide first: whoever asks for what it forbids is told the norm, not only that it is not her task.
    require_free(case_id=case_id, action=action, by=by)
    if not may_do(by, action):
        raise NotAllowed(f"act:{action}")
    write_act(case_id=case_id, action=action, by=by, at=at, entry_id=entry_id)


def write_act(
    *,
    case_id: UUID,
    action: str,
    by: Actor,
    at: datetime,
    entry_id: UUID,
    override: str = "none",
    by_role: str = "",
) -> None:
    """Write an act down that was judged just before, here or in `overriding`, in the same transaction.

    With an `override` the database takes it only together with the override itself (migration 0006).
    """
    case = case_through(by, case_id, "case.act", lock=True)
    clear = {"by_role": by_role or by.guide_role, "override": override}
    entry = NewEntry(EntryKind.ACTION, action, at, clear=clear, id=entry_id)
    _write(case, entry, event=Event.ACT_DONE, by=by)


@transaction.atomic
def report_found(
    *, case_id: UUID, action: str, by: Actor, at: datetime, found_by_role: str, entry_id: UUID
) -> None:
    """Write down what others are found to have done, above all what was forbidden: it is never hidden.

    Unlike `perform_act` this is not refused: the Guide judges it, and a breach goes to the top of the case.
    """
    case = case_through(by, case_id, "case.report-found", lock=True)
    clear = {"by_role": found_by_role, "override": "none", "found": True}
    entry = NewEntry(EntryKind.ACTION, action, at, clear=clear, id=entry_id)
    _write(case, entry, event=Event.ACT_FOUND, by=by)


def require_free(*, case_id: UUID, action: str, by: Actor, act: str = "case.act", purpose: str = "") -> None:
    """Raise ActRefused if the Guide blocks an action for this case now; lock the case until the transaction ends.

    `act` and `purpose` are what the rule of access is asked for.

    Raises:
        NotAllowed, CaseNotFound, AccessRefused, ActionUnknown.
    """
    case = case_through(by, case_id, act, purpose=purpose, lock=True)
    because = refusals(this_guide(), judge_for(case, action).evaluation, action)
    if because:
        raise ActRefused(action, because, subject=audit.subject_of("case", case_id))


@transaction.atomic
def release_case(*, case_id: UUID, by: Actor, at: datetime, source: str) -> None:
    """Close the case here for writing: another node has taken it over and this one lets go."""
    case = case_through(by, case_id, "transfer.receive", purpose=Purpose.TRANSFER, lock=True)
    case.released_at = at
    case.save(update_fields=["released_at"])
    models.Standing.objects.filter(pk=case.pk).update(released=True)
    _append(case, [NewEntry(EntryKind.TRANSFER, "released", at)], source=source, by=by)


@transaction.atomic
def note_transfer(*, case_id: UUID, step: str, by: Actor, at: datetime, source: str) -> None:
    """Put a step of a transfer into the story of the case."""
    case = case_through(by, case_id, "transfer.receive", purpose=Purpose.TRANSFER, lock=True)
    _append(case, [NewEntry(EntryKind.TRANSFER, step, at)], source=source, by=by)


@transaction.atomic
def note_came_again(*, case_id: UUID, by: Actor, at: datetime, source: str) -> None:
    """Put into the story that another form came for the same child, so that a person compares the two.

    Raises:
        NotAllowed: the role may not open cases.
        CaseNotFound.
    """
    audit.require(by, "case.open")
    case = _locked(case_id)
    _append(case, [NewEntry(EntryKind.NOTE, "came-again", at)], source=source, by=by)
    audit.record(
        Event.CASE_RECORDED, by=by, subject=audit.subject_of("case", case_id), reasons=("came-again", source)
    )


def _write(case: models.Case, entry: NewEntry, *, event: Event, by: Actor) -> None:
    """Add one entry to a case to which somebody was let through, judge it again, leave the trace."""
    subject = audit.subject_of("case", case.pk)
    if case.released_at is not None:
        raise CaseReleased("Another node has taken this case over.", subject=subject)
    _require_possible(entry, at=now(), subject=subject)
    if _is_repeat(case, entry):
        return
    _append(case, [entry], source="desk", by=by)
    withdraw_stale(case)
    _judge_again(case)
    audit.record(event, by=by, subject=subject, reasons=(entry.name,))


def _require_possible(entry: NewEntry, *, at: datetime, subject: str) -> None:
    """Raise EntryWrong for a moment that has not come, or is longer ago than anybody honestly writes down."""
    if entry.at > at:
        raise EntryWrong("This moment lies in the future.", subject=subject)
    if entry.at < earliest(at):
        raise EntryWrong("This moment lies too long ago.", subject=subject)
    kind = this_guide().facts.get(entry.name) if entry.kind == EntryKind.FACT else None
    if kind is not None and kind.type == "date-time" and not has_come(entry.clear, at=at):
        raise EntryWrong(f"The moment of {entry.name} has not come, or is none.", subject=subject)


def _is_repeat(case: models.Case, entry: NewEntry) -> bool:
    """Tell whether this was written down before: the same click sent twice is one entry and one audit row.

    Raises:
        EntryIdTaken: something else has this id. Nothing that a person wrote is dropped without a word.
    """
    row = models.Entry.objects.filter(pk=entry.id).first() if entry.id else None
    if row is None:
        return False
    same = (row.case_id, row.kind, row.name, row.value) == (case.pk, entry.kind, entry.name, entry.clear)
    if not same or not is_same(case, row, open_part=entry.sealed, closed=entry.closed):
        raise _taken(case)
    return True


def _taken(case: models.Case) -> EntryIdTaken:
    return EntryIdTaken(
        "Something else was written down under this id.", subject=audit.subject_of("case", case.pk)
    )


def _judge_again(case: models.Case) -> None:
    """Settle a case; what the Guide cannot read must not stay, so the whole transaction is refused."""
    try:
        settle(case)
    except FactsRefused as wrong:
        raise EntryWrong(str(wrong), subject=audit.subject_of("case", case.pk)) from wrong


def _locked(case_id: UUID) -> models.Case:
    case = models.Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound("There is no such case for you.", subject=audit.subject_of("case", case_id))
    return case


def _new_case(
    taken_in_by: Agency, identity: Mapping[str, Any], label: str, entity: UUID | None
) -> models.Case:
    case_id = uuid7()
    key, wrapped = vault.new_data_key(case_id)
    return models.Case.objects.create(
        id=case_id,
        reference=case_reference(settings.HOME.profile.country),
        agency=taken_in_by.lead or taken_in_by,
        taken_in_by=taken_in_by,
        opened_at=now(),
        entity=entity,
        wrapped_key=wrapped,
        sealed_label=vault.seal_label(case_id, label),
        sealed_identity=vault.seal_data(key, dict(identity), place=f"case.identity:{case_id}"),
    )


def _kept_by_the_system(at: datetime) -> list[NewEntry]:
    """What this software itself keeps true for every case, attested as the system."""
    clear = {"done": True, "by_role": "system"}
    return [
        NewEntry(EntryKind.EVIDENCE, key, at, clear=clear)
        for key in ("need-to-know-access", "access-log-open", "transfer-sealed")
    ]


def _append(case: models.Case, entries: Sequence[NewEntry], *, source: str, by: Actor) -> None:
    """Write entries; raise EntryIdTaken where one has the id of an entry that this actor cannot see."""
    key, moment = vault.data_key(case.pk, case.wrapped_key), now()
    rows = [_row(case, entry, key, source=source, by=by, recorded_at=moment) for entry in entries]
    try:
        with transaction.atomic():
            models.Entry.objects.bulk_create(row for row, _ in rows)
            models.SealedPart.objects.bulk_create(part for _, part in rows if part)
    except IntegrityError as clash:
        raise _taken(case) from clash


def _row(
    case: models.Case, entry: NewEntry, key: bytes, *, source: str, by: Actor, recorded_at: datetime
) -> tuple[models.Entry, models.SealedPart | None]:
    """Return an entry with what of it is sealed to the agency."""
    row = models.Entry(
        id=entry.id or uuid7(),
        case=case,
        kind=entry.kind,
        name=entry.name,
        value=entry.clear,
        told=entry.told,
        at=entry.at,
        recorded_at=recorded_at,
        actor=by.id,
        role=by.role,
        agency=by.agency,
        source=source,
    )
    part = None if entry.closed is None else closed_part(case, row, entry.closed, key)
    said = entry.sealed if part else merged(entry.sealed, entry.closed)
    row.sealed = None if said is None else vault.seal_data(key, said, place=place_of(row.pk))
    return row, part
