"""Say how many different children each role may open in a day, and when she first proves again who she is.

Pure: no database, no clock. Opening the same child again is free, and a list opens nobody: it shows a short
label. Design: security design 5, "Budgets". Decision: 0025.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from amparo.access.deciding import UNLIMITED, Budget
from amparo.access.roles import Role


@dataclass(frozen=True)
class Limit:
    """So many different children in a day; from `step_up_at` on she proves again who she is and says why."""

    most: int
    step_up_at: int


_OFFICE, _FEW = Limit(40, 30), Limit(20, 15)
# Whoever reads children with an account. A role that is not here opens none, or is the node itself.
LIMITS: Mapping[Role, Limit] = {
    Role.FIRST_CONTACT: _OFFICE,
    Role.CASEWORKER: _OFFICE,
    Role.SUPERVISOR: _OFFICE,
    Role.OVERSIGHT: _OFFICE,
    Role.PANEL_MEMBER: _FEW,
    Role.GUARDIAN: _FEW,
    Role.LEGAL_REPRESENTATIVE: _FEW,
}
MORE = 20  # by which a supervisor raises a limit, for the day
MOST_RAISES = 2


class Because(StrEnum):
    """Why more children than usual are opened on a day; closed words, so that nothing of a child stands here."""

    MANY_ARRIVED = "many-arrived"
    COLLEAGUE_AWAY = "colleague-away"
    REVIEW = "review-of-files"
    EMERGENCY = "emergency"


def budget(role: Role, *, opened_today: int, raises: int, stepped_up: bool) -> Budget:
    """Return what a role has on a day, for the rule of access.

    Args:
        role: of the reader.
        opened_today: different children opened today, without the one that is asked for.
        raises: how often a supervisor raised the limit today; more than `MOST_RAISES` count no further.
        stepped_up: whether she proved again today who she is.
    """
    limit = LIMITS.get(role)
    if limit is None:
        return UNLIMITED
    most = limit.most + MORE * min(raises, MOST_RAISES)
    return Budget(opened_today, most, limit.step_up_at, stepped_up)


def stands_out(role: Role, opened_today: int) -> bool:
    """Test whether a supervisor is told of how much somebody opened today."""
    limit = LIMITS.get(role)
    return limit is not None and opened_today >= limit.step_up_at
