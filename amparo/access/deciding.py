"""Decide whether somebody may do an act on a child's case, and give every reason why not.

Pure, and the only place that decides: role permits the act, sector permits what it shows, relation to the case,
purpose, no withhold mark, budget. The matrix in docs/reference/rights.md is printed by running it.
Design: security design 5. Decision: 0019.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from amparo.access.rights import RIGHTS_OF_ACTS, Right
from amparo.access.roles import POSTS, REACHES, Purpose, Reach, Relation, Role, Sector


class Reason(StrEnum):
    """Why an act was refused; the words for people stand in `amparo.desk.access_refused`."""

    NO_SUCH_ACT = "no-such-act"
    ROLE = "role"
    SECTOR = "sector"
    RELATION = "relation"
    PURPOSE = "purpose"
    WITHHELD = "withheld"
    BUDGET = "budget"
    STEP_UP = "step-up"


@dataclass(frozen=True)
class Budget:
    """How many other children this reader has opened today, and how many she may; None is no limit.

    At `step_up_at` she proves again who she is before she opens one more; `stepped_up` says that she has.
    """

    opened_today: int = 0
    limit: int | None = None
    step_up_at: int | None = None
    stepped_up: bool = False


UNLIMITED = Budget()


@dataclass(frozen=True)
class Ask:
    """One question: may this role of this side, so related to the case, do this act for this purpose?

    `withheld`: a mark of the child, or of the danger she is in, excludes this reader. For an act that touches no
    single case `relation` and `withheld` are not looked at, and for one that shows nothing of a child `purpose` is not.
    """

    role: Role
    sector: Sector
    relation: Relation
    act: str
    purpose: str
    withheld: bool = False
    budget: Budget = UNLIMITED


@dataclass(frozen=True)
class Decision:
    """What was decided; `reasons` holds every code of `Reason` that stands against it, none where it is allowed."""

    allowed: bool
    reasons: tuple[str, ...] = ()


def decide(ask: Ask) -> Decision:
    """Decide; the same question has the same answer, always. Source: security design 5, "Deciding access"."""
    right = RIGHTS_OF_ACTS.get(ask.act)
    if right is None:
        return Decision(False, (Reason.NO_SUCH_ACT,))
    reasons = tuple(_against(ask, right))
    return Decision(not reasons, reasons)


def may_as(role: Role, act: str, relation: Relation) -> bool:
    """Test whether somebody of a role, so related to a case, could do an act: what a page may offer."""
    right = RIGHTS_OF_ACTS[act]
    return role in right.roles and relation in right.relations & POSTS[role].relations


def usual_purpose(role: Role) -> str:
    """Return what a role reads for where nothing else is said; empty for a role that reads nothing."""
    purposes = POSTS[role].purposes
    return purposes[0] if purposes else ""


def _against(ask: Ask, right: Right) -> Iterator[Reason]:
    if ask.role not in right.roles:
        yield Reason.ROLE
    if ask.sector not in POSTS[ask.role].sectors or not right.shows <= REACHES[ask.sector]:
        yield Reason.SECTOR
    if not _is_related(ask, right):
        yield Reason.RELATION
    if not _has_purpose(ask, right):
        yield Reason.PURPOSE
    if ask.withheld and right.relations:
        yield Reason.WITHHELD
    if Reach.P2 in right.shows or Reach.P3 in right.shows:
        yield from _over(ask.budget)


def _is_related(ask: Ask, right: Right) -> bool:
    # The node's own work (judging again, what comes in an envelope) is nobody's reading.
    if not right.relations or ask.role is Role.SYSTEM:
        return True
    return ask.relation in right.relations & POSTS[ask.role].relations


def _has_purpose(ask: Ask, right: Right) -> bool:
    if not (right.shows or right.relations):
        return True
    known = ask.purpose in set(Purpose) and Purpose(ask.purpose) in POSTS[ask.role].purposes
    return known and (not right.purposes or ask.purpose in right.purposes)


def _over(budget: Budget) -> Iterator[Reason]:
    if budget.limit is not None and budget.opened_today >= budget.limit:
        yield Reason.BUDGET
    elif budget.step_up_at is not None and budget.opened_today >= budget.step_up_at and not budget.stepped_up:
        yield Reason.STEP_UP
