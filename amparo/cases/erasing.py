"""Erase a case: two people decide, its keys are destroyed, its rows go, and its mark stays so that nothing comes back.

The mark stands in the ledger of the home, with the key process where there is one, and in the database. After a restore
`erase_again` removes what came back; until then nothing is served. The audit trail stays, without content.
Design: security design 3. Decision: 0021.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from amparo.access import audit, vault
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.access.two_persons import Kind, Proposal, propose_change, register, waiting_change
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.erasing_rules import HOLDS, reason_refusal
from amparo.cases.queries import CaseNotFound
from amparo.keys.ledger import add_marks, erased_marks, mark_of, mark_of_text

ERASE = "case-erase"


class ErasureRefused(Refused):
    """This case is not erased now.

    `why` is legal-hold, transfer-open, letter-on-its-way, no-such-case, unknown-reason, ground-does-not-fit or
    proposed-already.
    """

    event = Event.ERASURE_REFUSED

    def __init__(self, why: str, case_id: UUID) -> None:
        super().__init__(why, subject=audit.subject_of("case", case_id), reason_codes=(why,))
        self.why = why


@transaction.atomic
def propose_erasure(*, case_id: UUID, because: str, basis: str, by: Actor) -> UUID:
    """Propose to erase a case of one's own agency; return the change that another person confirms within a day.

    Args:
        case_id: which case.
        because: a key of GROUNDS.
        basis: the ground in law, one of those that fit the reason.
        by: who proposes; a supervisor of the agency that leads the case.

    Raises:
        NotAllowed, AccessRefused: the role may not.
        CaseNotFound: there is no such case for this actor, or another agency leads it.
        ErasureRefused: something stands against it, the reason is none of the list, or it is proposed already.
    """
    case = case_through(by, case_id, "case.erase", lock=True)
    if case.agency_id != by.body:
        raise CaseNotFound("There is no such case for you.", subject=audit.subject_of("case", case_id))
    if wrong := reason_refusal(because, basis):
        raise ErasureRefused(wrong, case_id)
    if waiting_erasure(case_id) is not None:
        raise ErasureRefused("proposed-already", case_id)
    what = {"case": str(case_id), "agency": str(case.agency_id), "because": because, "basis": basis}
    return propose_change(kind=ERASE, by=by, what=what)


def waiting_erasure(case_id: UUID) -> UUID | None:
    """Return the proposal to erase this case that waits for a second person, if there is one."""
    return waiting_change(ERASE, "case", str(case_id))


@transaction.atomic
def hold_case(*, case_id: UUID, because: str, by: Actor) -> UUID:
    """Forbid to erase a case, for a reason in law; return the hold.

    Raises NotAllowed, AccessRefused, CaseNotFound, ErasureRefused.
    """
    case_through(by, case_id, "case.hold")
    subject = audit.subject_of("case", case_id)
    if because not in HOLDS:
        raise ErasureRefused("unknown-reason", case_id)
    hold = models.LegalHold.objects.create(case_id=case_id, because=because, at=now(), actor=by.id)
    audit.record(Event.CASE_HELD, by=by, subject=subject, reasons=(because,))
    return hold.pk


@transaction.atomic
def end_hold(*, hold: UUID, by: Actor) -> None:
    """End a legal hold; raises NotAllowed, AccessRefused, CaseNotFound."""
    audit.require(by, "case.hold")
    row = models.LegalHold.objects.filter(pk=hold).first()
    if row is None:
        raise CaseNotFound("There is no such hold for you.", subject=f"hold:{hold}")
    case_through(by, row.case_id, "case.hold")
    models.LegalHoldEnd.objects.get_or_create(hold=row, defaults={"at": now(), "actor": by.id})
    audit.record(Event.CASE_HOLD_ENDED, by=by, subject=audit.subject_of("case", row.case_id))


def register_kind() -> None:
    """Make erasing known as a change that needs two people; called once, when the room starts."""
    register(Kind(ERASE, _erase, _fits, whole_node=True, near=is_near))


def is_near(what: Mapping[str, str], by: Actor) -> bool:
    """Test whether a proposal to erase is this person's to see: of her agency, or she is of oversight."""
    return by.role is Role.OVERSIGHT or str(by.agency_id) == what.get("agency")


def came_back() -> list[UUID]:
    """Return the cases of the database whose mark stands in a ledger: somebody restored an older copy.

    Raises LedgerWrong: the ledger of the home was touched.
    """
    marks = _ledger()
    if not marks:
        return []
    rows = models.Case.objects.values_list("pk", flat=True).iterator(chunk_size=5_000)
    return [case_id for case_id in rows if mark_of(case_id) in marks]


@transaction.atomic
def erase_again() -> int:
    """Remove whatever came back, and bring the ledger of the database up to that of the home; as the owner only."""
    found = came_back()
    for case_id in found:
        _remove(case_id, sorted(_marks_of(case_id)))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_erasedmark (mark, at) SELECT m, now() FROM unnest(%s::text[]) m ON CONFLICT DO NOTHING",
            [sorted(_ledger())],
        )
    return len(found)


def was_erased(agency: UUID, instance_id: str) -> bool:
    """Test whether a form with this number told of a child who was erased since: it does not open her case again."""
    return models.ErasedMark.objects.filter(mark=_mark_of_form(f"{agency}/{instance_id}")).exists()


def stands_against(case_id: UUID) -> str:
    """Return what forbids to erase this case now, as a code; empty where nothing does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_stands_against_erasing(%s)", [case_id])
        row = cursor.fetchone()
    return str(row[0]) if row else "no-such-case"


def _fits(proposal: Proposal) -> None:
    case_id = UUID(proposal.what["case"])
    if why := stands_against(case_id):
        raise ErasureRefused(why, case_id)


def _erase(proposal: Proposal, by: Actor) -> str:
    """Destroy the keys, then the rows; the marks are on the disk before either. Two people have decided by now."""
    case_id = UUID(proposal.what["case"])
    same_agency = by.role is Role.SUPERVISOR and str(by.agency_id) == proposal.what["agency"]
    if not (same_agency or by.role is Role.OVERSIGHT):
        raise NotAllowed("case.erase")
    if not same_agency:
        case_through(
            by, case_id, "case.hold"
        )  # oversight decides on a case that chance let her read, never blindly
    owners, marks, at = _owners_of(case_id), sorted(_marks_of(case_id)), now()
    add_marks(settings.HOME.erased, marks, at)
    vault.erase_keys(owners)
    _remove(case_id, marks)
    subject = audit.subject_of("case", case_id)
    audit.record(
        Event.CASE_ERASED,
        by=by,
        subject=subject,
        reasons=tuple(proposal.what[name] for name in ("because", "basis")),
    )
    return ""


def _remove(case_id: UUID, marks: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_erase(%s, %s)", [case_id, list(marks)])


def _owners_of(case_id: UUID) -> list[UUID]:
    """Return under which ids keys and labels of the case, its forms and its transfers are held."""
    parts = [UUID(name) for kind, name in _parts_of(case_id) if kind != "instance"]
    return [*vault.owners_of(case_id), *parts]


def _marks_of(case_id: UUID) -> set[str]:
    forms = {_mark_of_form(name) for kind, name in _parts_of(case_id) if kind == "instance"}
    return {mark_of(owner) for owner in _owners_of(case_id)} | forms


def _mark_of_form(name: str) -> str:
    return mark_of_text(f"form/{name}")


def _parts_of(case_id: UUID) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, name FROM cases_erased_parts(%s)", [case_id])
        return [(str(kind), str(name)) for kind, name in cursor.fetchall()]


def _ledger() -> frozenset[str]:
    kept = models.ErasedMark.objects.values_list("mark", flat=True)
    return erased_marks(settings.HOME.erased) | frozenset(kept)
