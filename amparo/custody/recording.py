"""Write down, for the migration authority, where a child is held, when she is heard, what was decided, her return.

Each action is one transaction: permission, the gate, the rules, one row that is never changed. The database adds its
own moment, links the row into the chain and writes the audit row, whoever inserts (migration 0001). No return is
recorded unless a clearance stands; the database refuses it as well.
Guide: no-detention, return-preconditions. Decision: 0018.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, ProgrammingError, transaction

from amparo.access import audit
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.custody import models
from amparo.custody.queries import Standing, known_facts, named_at_the_gate, standing_clearance
from amparo.custody.refused import CustodyRefused, ReturnNotCleared
from amparo.custody.rules import CLOCK_AHEAD, NewFact, Refusal, fact_refusals
from amparo.custody.tokens import SignedTextWrong, read_clearance
from amparo.exchange.held import TrustListMissing, held_trust_list
from amparo.exchange.trust_document import TrustListWrong

_TAKEN = Refusal("id-taken", "Something else was written down from this page before. Load it again.")
_MISSING = Refusal("no-clearance", "No clearance of the child protection authority stands for this child.")
_UNPROVEN = Refusal(
    "clearance-unproven", "The clearance is not signed by an agency that the trust list names."
)
_EARLIER = Refusal("before-clearance", "This lies before the return was cleared.")
_AHEAD = Refusal("ahead", "This time has not come yet. Write when it really was.")
_NO_PLACE = Refusal("place-missing", "Say at which post she was handed to the receiving agency.")


@transaction.atomic
def record_custody_fact(*, reference: str, said: NewFact, by: Actor, fact_id: UUID) -> None:
    """Write down one custody fact; the same click sent twice is one fact.

    Raises:
        NotAllowed, ReferenceWrong, CaseNotFound.
        CustodyRefused: with every reason.
    """
    audit.require(by, "custody.record")
    asked = named_at_the_gate(reference)
    known = known_facts(asked)
    row = _fact_row(fact_id, asked, said, by)
    before = next((one for one in known if one.id == fact_id), None)
    if before is not None and before.said == said:
        return
    because = [_TAKEN] if before else fact_refusals(said, at=now(), known=known)
    if because:
        raise CustodyRefused(because, subject=subject_at_the_gate(asked))
    _insert(row, CustodyRefused([_TAKEN], subject=subject_at_the_gate(asked)))


@transaction.atomic
def record_return(*, reference: str, place: str, at: datetime, by: Actor, return_id: UUID) -> None:
    """Write down that a child was returned; this spends the clearance, once and for all.

    Raises:
        NotAllowed, ReferenceWrong, CaseNotFound.
        ReturnNotCleared: no clearance stands, it is not signed as it must be, or the moment lies before it.
        CustodyRefused: the time or the place is missing or impossible.
    """
    audit.require(by, "return.record")
    asked = named_at_the_gate(reference)
    if models.Return.objects.filter(pk=return_id, reference=asked, place=place.strip(), at=at).exists():
        return
    stands = require_clearance(asked)
    _require_possible(asked, stands, place=place, at=at)
    _write_return(asked, stands, place=place.strip(), at=at, by=by, return_id=return_id)


def require_clearance(reference: str) -> Standing:
    """Return the clearance that stands for a child, its signature checked.

    Raises:
        ReturnNotCleared: none stands, or its signature proves nothing now.
    """
    stands, subject = standing_clearance(reference), subject_at_the_gate(reference)
    if stands is None:
        raise ReturnNotCleared([_MISSING], subject=subject)
    try:
        cleared = read_clearance(stands.token, trust=held_trust_list(), at=now())
    except (SignedTextWrong, TrustListMissing, TrustListWrong) as wrong:
        raise ReturnNotCleared([_UNPROVEN], subject=subject) from wrong
    if (cleared.id, cleared.reference) != (stands.id, reference):
        raise ReturnNotCleared([_UNPROVEN], subject=subject)
    return stands


def subject_at_the_gate(reference: str) -> str:
    """Return how the trail names a child to whom the migration side has only the reference."""
    return f"reference:{reference}"


def _require_possible(reference: str, stands: Standing, *, place: str, at: datetime) -> None:
    subject = subject_at_the_gate(reference)
    # People write moments to the minute.
    if at < stands.confirmed_at.replace(second=0, microsecond=0):
        raise ReturnNotCleared([_EARLIER], subject=subject)
    because = [
        refusal
        for refusal, wrong in ((_AHEAD, at > now() + CLOCK_AHEAD), (_NO_PLACE, not place.strip()))
        if wrong
    ]
    if because:
        raise CustodyRefused(because, subject=subject)


def _write_return(
    reference: str, stands: Standing, *, place: str, at: datetime, by: Actor, return_id: UUID
) -> None:
    row = models.Return(
        id=return_id,
        reference=reference,
        clearance_id=stands.id,
        at=at,
        place=place,
        actor=by.id,
        role=by.role,
        agency=by.agency,
    )
    # Withdrawn or spent between the look and the row: the database has the last word.
    _insert(row, ReturnNotCleared([_MISSING], subject=subject_at_the_gate(reference)))


def _insert(row: models.Fact | models.Return, refusal: CustodyRefused) -> None:
    """Insert a row; raise the refusal where the database does not take it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except (IntegrityError, ProgrammingError) as wrong:
        raise refusal from wrong


def _fact_row(fact_id: UUID, reference: str, said: NewFact, by: Actor) -> models.Fact:
    return models.Fact(
        id=fact_id,
        reference=reference,
        kind=said.kind,
        at=said.at,
        place=said.place.strip(),
        place_kind=said.place_kind or "",
        may_leave=said.may_leave or "",
        holder=said.holder or "",
        ends=said.ends,
        goes_to=said.goes_to or "",
        document_kind=said.paper.kind if said.paper else "",
        document_number=said.paper.number.strip() if said.paper else "",
        document_sha256=said.paper.sha256 if said.paper else "",
        corrects=said.corrects,
        why=said.why or "",
        actor=by.id,
        role=by.role,
        agency=by.agency,
    )
