"""Write overrides: two people decide, one acts first in an emergency, and what is owed afterwards is seen to.

Each action is one transaction: permission, the Guide as the case stands at this moment, people, reasons, rows, audit.
Nothing here is ever changed or taken back. Two accounts of one person cannot be told apart here: accounts are
invited one by one. Guide vocabulary: override, override_limits, joint_emergency. Decisions: 0005, 0013.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.rules import Actor, NotAllowed, may_do
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import models
from amparo.cases.actions import write_act
from amparo.cases.doors import case_through
from amparo.cases.evaluation import judge, this_guide
from amparo.cases.override_records import (
    first_signer,
    follow,
    followed_before,
    keep,
    kept_before,
    open_case,
    override_of,
    signers_of,
    stage_now,
    steps_of,
)
from amparo.cases.override_refused import (
    CaseChanged,
    NothingToLift,
    NotOwed,
    ProposalOver,
    ProposalWaits,
    ReasonsMissing,
    SignerWrong,
    TimeWrong,
)
from amparo.cases.override_rules import (
    ATTESTED,
    TOLD_HOW,
    TOLD_TO,
    Kind,
    Signer,
    Stage,
    Step,
    confirm_refusal,
    emergency_refusal,
    grown,
    owed,
    review_refusal,
    second_refusal,
    stands_against,
    words_refusal,
)
from amparo.cases.refused import ActRefused
from amparo.guide import PROTECTION, joint_emergency_of, refusals


@transaction.atomic
def propose_override(*, case_id: UUID, action: str, reasons: str, by: Actor, override_id: UUID) -> None:
    """Sign first that two people should let an act happen; nothing is done until another person signs too.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, NothingToLift, ReasonsMissing, ProposalWaits.
        ActRefused: something stands against the act that two people cannot lift.
    """
    case = open_case(by, case_id, "override.two-person")
    if kept_before(case, override_id, action, by):
        return
    lifted = _to_be_lifted(case, action, override="two-person", by_role=PROTECTION)
    _require_act(by, action)
    _require_words(case, action, reasons=reasons)
    _require_none_waiting(case, action)
    said = {"reasons": reasons}
    keep(case, override_id, Kind.TWO_PERSON, action, lifted=lifted, said=said, by=by, at=now())
    _trace(Event.OVERRIDE_PROPOSED, case, by, action, *lifted)


@transaction.atomic
def second_override(*, case_id: UUID, override_id: UUID, reasons: str, by: Actor, step_id: UUID) -> None:
    """Sign as the second person, against the case as it stands now; with this signature the act is done.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, ReasonsMissing, NothingToLift.
        ProposalOver: ended, done or expired.
        SignerWrong: the same person, or neither of the two is of child protection.
        ActRefused, CaseChanged: something new stands against the act.
    """
    case = open_case(by, case_id, "override.two-person")
    row = override_of(case, override_id)
    if followed_before(row, step_id, Step.SECONDED, by):
        return
    _require_waiting(row)
    _require_signer(row, second_refusal(first_signer(row), _signer(by)))
    lifted = _to_be_lifted(case, row.action, override="two-person", by_role=PROTECTION)
    if grown(row.lifted, lifted):
        raise CaseChanged("case-changed", action=row.action, case_id=case.pk)
    _require_act(by, row.action)
    _require_words(case, row.action, reasons=reasons)
    at, act = now(), uuid7()
    follow(row, step_id, Step.SECONDED, by=by, at=at, said={"reasons": reasons}, act=act)
    # The event names one role, and two people count only with child protection among them: they are, see above.
    write_act(
        case_id=case.pk,
        action=row.action,
        by=by,
        at=at,
        entry_id=act,
        override="two-person",
        by_role=PROTECTION,
    )
    _trace(Event.OVERRIDE_SECONDED, case, by, row.action, *lifted)


@transaction.atomic
def withdraw_override(*, case_id: UUID, override_id: UUID, by: Actor, step_id: UUID) -> None:
    """Take back one's own proposal while it waits.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, ProposalOver.
        SignerWrong: somebody else proposed it.
    """
    case = open_case(by, case_id, "override.two-person")
    row = override_of(case, override_id)
    if followed_before(row, step_id, Step.WITHDRAWN, by):
        return
    _require_waiting(row)
    _require_signer(row, "" if by.id == row.actor else "not-first")
    follow(row, step_id, Step.WITHDRAWN, by=by, at=now())
    _trace(Event.OVERRIDE_ENDED, case, by, row.action, Step.WITHDRAWN)


@transaction.atomic
def decline_override(*, case_id: UUID, override_id: UUID, reasons: str, by: Actor, step_id: UUID) -> None:
    """Refuse to be the second person, with reasons; the proposal ends and the bars stand.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, ProposalOver, ReasonsMissing.
        SignerWrong: the one who proposed withdraws instead.
    """
    case = open_case(by, case_id, "override.two-person")
    row = override_of(case, override_id)
    if followed_before(row, step_id, Step.DECLINED, by):
        return
    _require_waiting(row)
    _require_signer(row, "same-person" if by.id == row.actor else "")
    _require_words(case, row.action, reasons=reasons)
    follow(row, step_id, Step.DECLINED, by=by, at=now(), said={"reasons": reasons})
    _trace(Event.OVERRIDE_ENDED, case, by, row.action, Step.DECLINED)


@transaction.atomic
def act_in_emergency(
    *, case_id: UUID, action: str, signs: str, reasons: str, by: Actor, at: datetime, override_id: UUID
) -> None:
    """Act first to avert danger to life or safety; what was lifted becomes due at once.

    Args:
        case_id: whose.
        action: what is done.
        signs: the signs of danger, as seen or heard.
        reasons: why this act, and why nothing milder would do.
        by: who acts.
        at: when; not more than a day ago.
        override_id: chosen by the page, so that the same click sent twice is one.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, NothingToLift, ReasonsMissing, TimeWrong.
        ActRefused: something stands against the act that an emergency does not lift for this role.
    """
    case = open_case(by, case_id, "override.emergency")
    if kept_before(case, override_id, action, by):
        return
    lifted = _to_be_lifted(case, action, override="emergency", by_role=by.guide_role)
    _require_act(by, action)
    if code := emergency_refusal(acted_at=at, at=now()):
        raise TimeWrong(code, action=action, case_id=case.pk)
    _require_words(case, action, signs=signs, reasons=reasons)
    act, said = uuid7(), {"signs": signs, "reasons": reasons}
    kind = Kind.JOINT if joint_emergency_of(this_guide(), action) else Kind.EMERGENCY
    keep(case, override_id, kind, action, lifted=lifted, said=said, by=by, at=at, act=act)
    write_act(case_id=case.pk, action=action, by=by, at=at, entry_id=act, override="emergency")
    _trace(Event.EMERGENCY_ACTED, case, by, action, *lifted)


@transaction.atomic
def confirm_joint_emergency(
    *, case_id: UUID, override_id: UUID, reasons: str, by: Actor, step_id: UUID
) -> None:
    """Confirm, as a second person of child protection, that a child was rightly parted from a dangerous person.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, ReasonsMissing, NotOwed.
        SignerWrong: the same person, or not of child protection.
        TimeWrong: a day has passed; the child goes back.
    """
    case = open_case(by, case_id, "override.confirm")
    row = override_of(case, override_id)
    if followed_before(row, step_id, Step.CONFIRMED, by):
        return
    _require_owed(row, Step.CONFIRMED)
    code = confirm_refusal(first_signer(row), _signer(by), acted_at=row.at, at=now())
    if code == "too-late":
        raise TimeWrong(code, action=row.action, case_id=case.pk)
    _require_signer(row, code)
    _require_words(case, row.action, reasons=reasons)
    follow(row, step_id, Step.CONFIRMED, by=by, at=now(), said={"reasons": reasons})
    _trace(Event.OVERRIDE_CONFIRMED, case, by, row.action)


@transaction.atomic
def note_guardian_told(
    *, case_id: UUID, override_id: UUID, told_to: str, how: str, by: Actor, at: datetime, step_id: UUID
) -> None:
    """Attest that the guardian, or whoever stands up for the child, was told of the override.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, NotOwed, TimeWrong.
        ValueError: a word outside TOLD_TO or TOLD_HOW.
    """
    if told_to not in TOLD_TO or how not in TOLD_HOW:
        raise ValueError("Say who was told, and how, in the words of TOLD_TO and TOLD_HOW.")
    value = {"told_to": told_to, "how": how}
    _see_to(case_id, override_id, Step.GUARDIAN_TOLD, by=by, at=at, step_id=step_id, value=value)


@transaction.atomic
def note_duty_done(
    *, case_id: UUID, override_id: UUID, duty: Step, by: Actor, at: datetime, step_id: UUID
) -> None:
    """Attest one of the duties after a joint emergency, or that the child is back.

    Raises:
        NotAllowed, CaseNotFound, CaseReleased, NotOwed, TimeWrong.
        ValueError: a duty that asks for more, see ATTESTED.
    """
    if duty not in ATTESTED:
        raise ValueError(f"{duty} asks for more than an attestation.")
    _see_to(case_id, override_id, duty, by=by, at=at, step_id=step_id)


@transaction.atomic
def review_override(
    *, case_id: UUID, override_id: UUID, justified: bool, words: str, by: Actor, step_id: UUID
) -> None:
    """Review an override as a supervisor who was not one of the two; what was not justified goes to oversight.

    A case that was handed over is reviewed all the same: nobody escapes a review by letting go of the child.

    Raises:
        NotAllowed, CaseNotFound, ReasonsMissing, NotOwed.
        SignerWrong: one of those who signed.
    """
    case = case_through(by, case_id, "override.review", lock=True)
    row = override_of(case, override_id)
    if followed_before(row, step_id, Step.REVIEWED, by):
        return
    _require_owed(row, Step.REVIEWED)
    _require_signer(row, review_refusal(signers_of(row), _signer(by)))
    _require_words(case, row.action, reasons=words)
    value = {"justified": justified}
    follow(row, step_id, Step.REVIEWED, by=by, at=now(), said={"reasons": words}, value=value)
    outcome = "justified" if justified else "not-justified"
    _trace(Event.OVERRIDE_REVIEWED, case, by, row.action, outcome)


# ---- what must be so -----------------------------------------------------------------------------


def _see_to(
    case_id: UUID,
    override_id: UUID,
    duty: Step,
    *,
    by: Actor,
    at: datetime,
    step_id: UUID,
    value: Mapping[str, Any] | None = None,
) -> None:
    case = open_case(by, case_id, "override.follow-up")
    row = override_of(case, override_id)
    if followed_before(row, step_id, duty, by):
        return
    _require_owed(row, duty)
    if not row.at <= at <= now():
        raise TimeWrong("in-future" if at > now() else "before-act", action=row.action, case_id=case.pk)
    follow(row, step_id, duty, by=by, at=at, value=value)
    _trace(Event.OVERRIDE_FOLLOWED_UP, case, by, row.action, duty)


def _to_be_lifted(case: models.Case, action: str, *, override: str, by_role: str) -> dict[str, list[str]]:
    """Return what an override lifts for this act now; refuse where anything would stay in its way."""
    evaluation, guide = judge(case).evaluation, this_guide()
    reasons = refusals(guide, evaluation, action)
    if not reasons:
        raise NothingToLift("nothing-to-lift", action=action, case_id=case.pk)
    left = refusals(guide, evaluation, action, override=override, by_role=by_role)
    if left:
        raise ActRefused(action, left, subject=audit.subject_of("case", case.pk))
    return stands_against(reasons)


def _require_act(by: Actor, action: str) -> None:
    if not may_do(by, action):
        raise NotAllowed(f"act:{action}")


def _require_words(case: models.Case, action: str, **written: str) -> None:
    for field, text in written.items():
        if code := words_refusal(text):
            raise ReasonsMissing(f"{field}-{code}", action=action, case_id=case.pk)


def _require_none_waiting(case: models.Case, action: str) -> None:
    proposals = case.overrides.filter(action=action, kind=Kind.TWO_PERSON)
    if any(stage_now(row) is Stage.WAITING for row in proposals):
        raise ProposalWaits("waits", action=action, case_id=case.pk)


def _require_waiting(row: models.Override) -> None:
    stage = stage_now(row)
    if row.kind != Kind.TWO_PERSON or stage is not Stage.WAITING:
        raise ProposalOver(stage, action=row.action, case_id=row.case_id)


def _require_signer(row: models.Override, code: str) -> None:
    if code:
        raise SignerWrong(code, action=row.action, case_id=row.case_id)


def _require_owed(row: models.Override, step: Step) -> None:
    steps = steps_of(row)
    due = owed(Kind(row.kind), steps, stage_now(row))
    # A child may come back as long as nobody has confirmed that she had to be parted.
    if step not in due and not (step is Step.CHILD_BACK and Step.CONFIRMED in due):
        raise NotOwed(step, action=row.action, case_id=row.case_id)


def _signer(by: Actor) -> Signer:
    return Signer(by.id, by.guide_role)


def _trace(event: Event, case: models.Case, by: Actor, *reasons: str) -> None:
    audit.record(event, by=by, subject=audit.subject_of("case", case.pk), reasons=reasons)
