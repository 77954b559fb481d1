"""Say when a return may be cleared, by whom, and for how long.

Pure: no database, no clock, no signatures. Whether the Guide leaves the return free is asked before, at the door; here
stands what a clearance adds: dates, the accepting agency, and two different people.
Guide: return-preconditions. Design: security design 5, promise S9. Decision: 0018.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from amparo.custody.rules import CLOCK_AHEAD, Refusal

# The act of the Guide that a clearance lets happen.
RETURN = "return-child"
# A clearance rests on facts that change: after this it has to be looked at and signed again.
LONGEST = timedelta(days=30)
SUPERVISOR = "supervisor"


class Step(StrEnum):
    """What follows a proposal: a second person confirms or declines it; anybody who may withdraws it."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Because(StrEnum):
    """Why a clearance is declined or withdrawn, in closed words."""

    NEW_FACTS = "new-facts"
    DANGER = "danger"
    NEW_CLAIM = "new-claim"
    CHILD_CHANGED_MIND = "child-changed-mind"
    CARE_NOT_READY = "care-not-ready"
    MISTAKE = "mistake"
    OTHER = "other"


class State(StrEnum):
    """Where a clearance stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SPENT = "spent"


# Nothing follows these.
OVER = frozenset({State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.SPENT})


@dataclass(frozen=True)
class Terms:
    """What a clearance says: the day of the final determination, the day after which no appeal was possible."""

    determined_on: date
    appeal_over_on: date
    valid_until: datetime


@dataclass(frozen=True)
class Accepted:
    """What the receiving agency signed: it takes this child back into care, until a moment."""

    agency: str
    node: str
    reference: str
    made: datetime
    ends: datetime
    sha256: str


def terms_refusals(
    terms: Terms, accepted: Accepted, *, reference: str, node: str, on: date, at: datetime
) -> list[Refusal]:
    """Return every reason why these terms clear no return; none means they may be proposed.

    Args:
        terms: the dates.
        accepted: what the receiving agency signed, its signature checked.
        reference: of the case.
        node: this node; the child is received by another one.
        on: today, where this node is.
        at: this moment.
    """
    return [*_date_refusals(terms, on, at), *_accepted_refusals(accepted, terms, reference, node, at)]


def _date_refusals(terms: Terms, on: date, at: datetime) -> Iterable[Refusal]:
    if terms.determined_on > on:
        yield Refusal("determined-ahead", "The day of the determination has not come yet.")
    if terms.appeal_over_on < terms.determined_on:
        yield Refusal("appeal-before", "The time to appeal cannot be over before the determination.")
    # The last day of an appeal is still one on which it can be lodged.
    if terms.appeal_over_on >= on:
        yield Refusal("appeal-open", "The time to appeal is not over: nobody is returned while it runs.")
    if terms.valid_until <= at:
        yield Refusal("over-already", "The clearance would be over before it began.")
    if terms.valid_until > at + LONGEST:
        yield Refusal("too-long", f"A clearance holds for {LONGEST.days} days at most.")


def _accepted_refusals(
    accepted: Accepted, terms: Terms, reference: str, node: str, at: datetime
) -> Iterable[Refusal]:
    if accepted.reference != reference:
        yield Refusal("accepted-other", "The receiving agency has accepted another child.")
    if accepted.node == node:
        yield Refusal("accepted-here", "An agency of another country has to accept; this one is of ours.")
    if accepted.made > at + CLOCK_AHEAD:
        yield Refusal("accepted-ahead", "The acceptance is dated in the future.")
    if accepted.ends < terms.valid_until:
        yield Refusal("accepted-shorter", "The clearance would hold longer than the acceptance.")


def second_refusal(*, first: UUID, second: UUID, role: str) -> Refusal | None:
    """Say why somebody may not decide on a proposal; one person alone never clears a return."""
    if first == second:
        return Refusal("same-person", "Whoever proposed cannot confirm: another person has to look.")
    if role != SUPERVISOR:
        return Refusal("supervisor-missing", "A supervisor has to confirm.")
    return None


def state_of(steps: Iterable[Step], *, spent: bool, valid_until: datetime, at: datetime) -> State:
    """Return where a clearance stands; spent stays spent whatever came later."""
    taken = set(steps)
    if spent:
        return State.SPENT
    for step, state in ((Step.WITHDRAWN, State.WITHDRAWN), (Step.DECLINED, State.DECLINED)):
        if step in taken:
            return state
    if valid_until <= at:
        return State.EXPIRED
    return State.CONFIRMED if Step.CONFIRMED in taken else State.PROPOSED
