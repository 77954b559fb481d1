"""Decide who may propose, second, confirm and review an override, how long it waits and what is owed afterwards.

Pure: no database, no clock, no network. Guide vocabulary: override, override_limits, joint_emergency. What the
vocabulary leaves open (the hours, the length of reasons, who reviews) is our choice. Decision: 0013.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from amparo.guide import PROTECTION, Refusal

# A proposal that nobody seconds ends by itself: the facts it was made on grow old.
PROPOSAL_WAITS = timedelta(hours=24)
# Vocabulary, joint_emergency: a second person confirms within this time, or the child goes back.
CONFIRM_WITHIN = timedelta(hours=24)
# An emergency is written down at once; what is found out later is reported, not put under an emergency.
WRITTEN_WITHIN = timedelta(hours=24)
SHORTEST_REASONS, FEWEST_WORDS = 30, 5

# No override of any kind on these acts: the Guide's own list, repeated because the database refuses them too.
NEVER_LIFTED = (
    "adopt",
    "contact-consulate",
    "decide-adult",
    "decide-migration-status",
    "detain",
    "disclose-to-enforcement",
    "issue-bid",
    "penalise",
    "publish-statistics",
    "refuse-entry",
    "return-child",
)
JOINT_ACTION = "separate-from-family"


class Kind(StrEnum):
    """How the bars of an act were lifted."""

    TWO_PERSON = "two-person"
    EMERGENCY = "emergency"
    JOINT = "joint-emergency"

    @property
    def of_the_guide(self) -> str:
        """The word that the event of the act carries."""
        return "two-person" if self is Kind.TWO_PERSON else "emergency"


class Step(StrEnum):
    """What can follow an override; none is ever taken back."""

    SECONDED = "seconded"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    CONFIRMED = "confirmed"
    CHILD_BACK = "child-back"
    COURT_TOLD = "court-told"
    BID_REQUESTED = "bid-requested"
    CHILD_HEARD = "child-heard"
    GUARDIAN_NAMED = "guardian-named"
    REMEDY_EXPLAINED = "remedy-explained"
    GUARDIAN_TOLD = "guardian-told"
    REVIEWED = "reviewed"


class Stage(StrEnum):
    """Where an override stands."""

    WAITING = "waiting"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    DONE = "done"


ENDS = (Step.SECONDED, Step.WITHDRAWN, Step.DECLINED)
# Vocabulary, joint_emergency `then`: told, requested, heard, named and explained at once.
JOINT_DUTIES = (
    Step.COURT_TOLD,
    Step.BID_REQUESTED,
    Step.CHILD_HEARD,
    Step.GUARDIAN_NAMED,
    Step.REMEDY_EXPLAINED,
)
# What one attestation settles; the others ask for words, a person or a second look.
ATTESTED = (*JOINT_DUTIES, Step.CHILD_BACK)
_ALWAYS = (Step.GUARDIAN_TOLD, Step.REVIEWED)
TOLD_TO = ("guardian", "interim-guardian", "legal-representative")
TOLD_HOW = ("in-person", "telephone", "in-writing")

# Obligation -> what stood against the act when somebody signed: missing entries, or that it was held or reopened.
Agreed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Signer:
    """Somebody who signs: the account, and the body of the Guide she acts for."""

    id: UUID
    guide_role: str


def place_of(row_id: UUID) -> str:
    """Return where the sealed words of an override or a step belong."""
    return f"override.sealed:{row_id}"


def words_refusal(text: str) -> str:
    """Say why a text is no reason: `blank`, `short`, or empty when it may stand."""
    words = text.split()
    if not words:
        return "blank"
    too_short = len(" ".join(words)) < SHORTEST_REASONS
    return "short" if too_short or len({word.casefold() for word in words}) < FEWEST_WORDS else ""


def second_refusal(first: Signer, second: Signer) -> str:
    """Say why these two may not decide together: `same-person`, `no-child-protection`, or empty."""
    if first.id == second.id:
        return "same-person"
    return "" if PROTECTION in (first.guide_role, second.guide_role) else "no-child-protection"


def confirm_refusal(first: Signer, second: Signer, *, acted_at: datetime, at: datetime) -> str:
    """Say why somebody may not confirm a joint emergency; `too-late`: then the child goes back."""
    if first.id == second.id:
        return "same-person"
    if second.guide_role != PROTECTION:
        return "no-child-protection"
    return "too-late" if at > acted_at + CONFIRM_WITHIN else ""


def review_refusal(signers: Collection[UUID], reviewer: Signer) -> str:
    """Say why somebody may not review: `one-of-them`, `not-supervisor`, or empty."""
    if reviewer.id in signers:
        return "one-of-them"
    return "" if reviewer.guide_role == "supervisor" else "not-supervisor"


def emergency_refusal(*, acted_at: datetime, at: datetime) -> str:
    """Say why an emergency may not be written down now: `in-future`, `too-old`, or empty."""
    if acted_at > at:
        return "in-future"
    return "too-old" if at - acted_at > WRITTEN_WITHIN else ""


def stage_of(kind: Kind, steps: Collection[Step], *, since: datetime, at: datetime) -> Stage:
    """Return where an override stands; a proposal that nobody answered in time has expired."""
    if kind is not Kind.TWO_PERSON or Step.SECONDED in steps:
        return Stage.DONE
    if Step.WITHDRAWN in steps:
        return Stage.WITHDRAWN
    if Step.DECLINED in steps:
        return Stage.DECLINED
    return Stage.EXPIRED if at > since + PROPOSAL_WAITS else Stage.WAITING


def owed(kind: Kind, steps: Collection[Step], stage: Stage) -> tuple[Step, ...]:
    """Return what is still owed to the child after an override, the most urgent first."""
    if stage is not Stage.DONE:
        return ()
    due = _ALWAYS if kind is not Kind.JOINT else (*_unsettled(steps), *_joint_duties(steps), *_ALWAYS)
    return tuple(step for step in due if step not in steps)


def _unsettled(steps: Collection[Step]) -> tuple[Step, ...]:
    return () if Step.CHILD_BACK in steps else (Step.CONFIRMED,)


def _joint_duties(steps: Collection[Step]) -> tuple[Step, ...]:
    """Once the child is back with her family, the court is told and she is heard; there is nothing to determine."""
    return (Step.COURT_TOLD, Step.CHILD_HEARD) if Step.CHILD_BACK in steps else JOINT_DUTIES


def must_go_back(kind: Kind, steps: Collection[Step], *, acted_at: datetime, at: datetime) -> bool:
    """Test whether a joint emergency was not confirmed in time: the child goes back. It is a harm until then."""
    settled = Step.CONFIRMED in steps or Step.CHILD_BACK in steps
    return kind is Kind.JOINT and not settled and at > acted_at + CONFIRM_WITHIN


def open_to(
    reader: Signer, first: Signer, signers: Collection[UUID], stage: Stage, due: Collection[Step]
) -> tuple[Step, ...]:
    """Return the steps that this person may take next, as far as people are concerned; rights come on top."""
    if stage is Stage.WAITING:
        if reader.id == first.id:
            return (Step.WITHDRAWN,)
        agrees = () if second_refusal(first, reader) else (Step.SECONDED,)
        return (*agrees, Step.DECLINED)
    found = [step for step in due if _is_for(step, reader, first, signers)]
    return (*found, *((Step.CHILD_BACK,) if Step.CONFIRMED in due else ()))


def _is_for(step: Step, reader: Signer, first: Signer, signers: Collection[UUID]) -> bool:
    if step is Step.CONFIRMED:
        return reader.id != first.id and reader.guide_role == PROTECTION
    return step is not Step.REVIEWED or not review_refusal(signers, reader)


def stands_against(reasons: Sequence[Refusal]) -> dict[str, list[str]]:
    """Return what stands against an act, in closed words: the terms to which a signature is given."""
    return {one.obligation: _terms(one) for one in reasons}


def _terms(one: Refusal) -> list[str]:
    more = (("held", one.held), ("reopened", one.reopened))
    return [entry.key for entry in one.missing] + [word for word, true in more if true]


def grown(agreed: Agreed, now_standing: Agreed) -> tuple[str, ...]:
    """Return the obligations of which more stands against the act now than the first person signed for."""
    return tuple(
        duty for duty, terms in now_standing.items() if duty not in agreed or set(terms) - set(agreed[duty])
    )
