"""Clear a return, or take the clearance back: one person proposes, a supervisor confirms, and the agency signs.

Each action is one transaction: permission, the Guide as the case stands at this moment, the rules, one row that is
never changed. The database lets nobody confirm her own proposal, confirms nothing that the Guide bars, and lets a
clearance be spent once (migration 0001). Guide: return-preconditions. Decision: 0018.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, ProgrammingError, transaction

from amparo.access import audit
from amparo.access.keys import node_keyring
from amparo.access.rules import Actor
from amparo.base.clock import now, today
from amparo.base.keyring import KeyMissing
from amparo.cases.actions import require_free
from amparo.cases.doors import case_through
from amparo.cases.queries import CaseFile, case_for
from amparo.custody import models
from amparo.custody.clearance_rules import (
    OVER,
    RETURN,
    Accepted,
    Because,
    State,
    Step,
    Terms,
    second_refusal,
    terms_refusals,
)
from amparo.custody.queries import ClearanceTold, clearance_for, told_clearances
from amparo.custody.refused import ClearanceRefused
from amparo.custody.rules import Refusal
from amparo.custody.tokens import SignedTextWrong, make_clearance, read_acceptance
from amparo.exchange.held import TrustListMissing, trust_now
from amparo.exchange.trust import TrustListRolledBack
from amparo.exchange.trust_document import TrustListWrong

_LEADS = Refusal("not-leading", "The agency that leads the case clears a return; yours took the child in.")
_WAITS = Refusal("open-already", "A clearance of this child is open already. Withdraw it first.")
_TAKEN = Refusal("id-taken", "Something else was written down from this page before. Load it again.")
_NO_TRUST = Refusal("trust-list", "This node has no trust list it can use: nobody abroad can be believed.")
_NO_KEY = Refusal("key-missing", "Our agency has no signing key that is good now.")
_NOT_NOW = Refusal("not-now", "This cannot be written down now: the clearance or the case has changed.")


@transaction.atomic
def propose_clearance(*, case_id: UUID, terms: Terms, acceptance: str, by: Actor, clearance_id: UUID) -> None:
    """Propose that a return may happen; nothing is cleared until a supervisor, another person, confirms.

    Raises:
        NotAllowed, CaseNotFound.
        ActRefused: the Guide bars the return of this child.
        ClearanceRefused: the dates, the acceptance, or another clearance that is open.
    """
    audit.require(by, "clearance.propose")
    file = case_for(by, case_id, purpose="casework")
    subject = audit.subject_of("case", case_id)
    require_free(case_id=case_id, action=RETURN, by=by, act="clearance.propose")
    told = told_clearances(file.reference)
    if any(one.id == clearance_id and one.actor == by.id for one in told):
        return
    _require_leading(file, by, subject)
    if any(one.state not in OVER for one in told):
        raise ClearanceRefused([_WAITS], subject=subject)
    accepted = _accepted(acceptance, by.agency, subject)
    _require_terms(terms, accepted, file.reference, subject)
    row = models.Clearance(
        id=clearance_id,
        reference=file.reference,
        determined_on=terms.determined_on,
        appeal_over_on=terms.appeal_over_on,
        valid_until=terms.valid_until,
        accepted_by=accepted.agency,
        accepted_node=accepted.node,
        acceptance=acceptance.strip(),
        acceptance_sha256=accepted.sha256,
        actor=by.id,
        role=by.role,
        agency=by.agency,
    )
    _insert(row, [_TAKEN], subject)


@transaction.atomic
def confirm_clearance(*, case_id: UUID, clearance_id: UUID, by: Actor, step_id: UUID) -> None:
    """Confirm, as another person who supervises; with this the agency signs, and the return may happen once.

    Raises:
        NotAllowed, CaseNotFound.
        ActRefused: the Guide bars the return as the case stands now.
        ClearanceRefused: the same person, no supervisor, over, or what it rests on holds no more.
    """
    audit.require(by, "clearance.confirm")
    file = case_for(by, case_id, purpose="supervision")
    told = clearance_for(by, case_id, clearance_id)
    if _repeated(told, Step.CONFIRMED, by):
        return
    subject = audit.subject_of("case", case_id)
    _require_leading(file, by, subject)
    _require_second(told, by, subject)
    require_free(case_id=case_id, action=RETURN, by=by, act="clearance.confirm")
    # Once more, as of now: the key behind the acceptance may have been revoked since.
    terms = Terms(told.determined_on, told.appeal_over_on, told.valid_until)
    _require_terms(terms, _accepted(told.acceptance, told.agency, subject), file.reference, subject)
    token = sign_clearance(told, terms, by=by, at=now())
    _follow(told, Step.CONFIRMED, by=by, step_id=step_id, token=token, subject=subject)


@transaction.atomic
def decline_clearance(
    *, case_id: UUID, clearance_id: UUID, because: Because, by: Actor, step_id: UUID
) -> None:
    """Say no to a proposal, as another person who supervises; raises as `confirm_clearance`."""
    audit.require(by, "clearance.confirm")
    case_through(by, case_id, "clearance.confirm", lock=True)
    told = clearance_for(by, case_id, clearance_id)
    if _repeated(told, Step.DECLINED, by):
        return
    subject = audit.subject_of("case", case_id)
    _require_second(told, by, subject)
    _follow(told, Step.DECLINED, by=by, step_id=step_id, because=because, subject=subject)


@transaction.atomic
def withdraw_clearance(
    *, case_id: UUID, clearance_id: UUID, because: Because, by: Actor, step_id: UUID
) -> None:
    """Take a clearance back before it is spent: one person is enough, because this protects the child.

    Raises:
        NotAllowed, CaseNotFound.
        ClearanceRefused: it is over already; a return that was done cannot be taken back.
    """
    audit.require(by, "clearance.withdraw")
    case_through(by, case_id, "clearance.withdraw", lock=True)
    told = clearance_for(by, case_id, clearance_id)
    if _repeated(told, Step.WITHDRAWN, by):
        return
    subject = audit.subject_of("case", case_id)
    if told.state in OVER:
        raise ClearanceRefused([_NOT_NOW], subject=subject)
    _follow(told, Step.WITHDRAWN, by=by, step_id=step_id, because=because, subject=subject)


def sign_clearance(told: ClearanceTold, terms: Terms, *, by: Actor, at: datetime) -> str:
    """Sign the token of a clearance with the key of the agency that proposed it; raises ClearanceRefused."""
    subject = f"reference:{told.reference}"
    try:
        key = node_keyring().agency_sign_key(told.agency, at)
    except KeyMissing as missing:
        raise ClearanceRefused([_NO_KEY], subject=subject) from missing
    accepted = _accepted(told.acceptance, told.agency, subject)
    return make_clearance(
        clearance_id=told.id,
        reference=told.reference,
        agency=told.agency,
        node=settings.HOME.profile.id,
        terms=terms,
        accepted_by=accepted.agency,
        acceptance_sha256=accepted.sha256,
        proposed_by=told.actor,
        confirmed_by=by.id,
        made=at,
        key=key,
    )


def _require_leading(file: CaseFile, by: Actor, subject: str) -> None:
    if file.agency != by.agency:
        raise ClearanceRefused([_LEADS], subject=subject)


def _require_second(told: ClearanceTold, by: Actor, subject: str) -> None:
    if told.state is not State.PROPOSED:
        raise ClearanceRefused([_NOT_NOW], subject=subject)
    refusal = second_refusal(first=told.actor, second=by.id, role=by.role)
    if refusal is not None:
        raise ClearanceRefused([refusal], subject=subject)


def _accepted(acceptance: str, agency: str, subject: str) -> Accepted:
    """Read what the receiving agency signed, against the trust list of this moment."""
    try:
        return read_acceptance(acceptance.strip(), trust=trust_now(), to_agency=agency, at=now())
    except SignedTextWrong as wrong:
        raise ClearanceRefused([Refusal("acceptance-wrong", str(wrong))], subject=subject) from wrong
    except (TrustListMissing, TrustListWrong, TrustListRolledBack) as wrong:
        raise ClearanceRefused([_NO_TRUST], subject=subject) from wrong


def _require_terms(terms: Terms, accepted: Accepted, reference: str, subject: str) -> None:
    profile = settings.HOME.profile
    because = terms_refusals(
        terms, accepted, reference=reference, node=profile.id, on=today(profile.timezone), at=now()
    )
    if because:
        raise ClearanceRefused(because, subject=subject)


def _repeated(told: ClearanceTold, step: Step, by: Actor) -> bool:
    """Tell whether this person has taken this step before: the same click sent twice is one step."""
    return any(one.kind is step and one.actor == by.id for one in told.steps)


def _follow(
    told: ClearanceTold,
    step: Step,
    *,
    by: Actor,
    step_id: UUID,
    subject: str,
    because: Because | None = None,
    token: str = "",
) -> None:
    row = models.ClearanceStep(
        id=step_id,
        clearance_id=told.id,
        first_actor=told.actor,
        kind=step,
        because=because or "",
        token=token,
        actor=by.id,
        role=by.role,
        agency=by.agency,
    )
    _insert(row, [_NOT_NOW], subject)


def _insert(row: models.Clearance | models.ClearanceStep, because: Sequence[Refusal], subject: str) -> None:
    """Insert a row; refuse where the database does not take it, as when somebody else was faster."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except (IntegrityError, ProgrammingError) as wrong:
        raise ClearanceRefused(because, subject=subject) from wrong
