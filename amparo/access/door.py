"""Let somebody through to a child's case, or refuse and say why: the one place where the rule is asked.

Every read and write of a case passes here. What was decided goes on the trail: what is allowed is written at once where
it is a read, and by the action's own row where it is a write; a refusal is written by the door of the request after the
rollback. Design: security design 5. Decision: 0019.
"""

from collections.abc import Callable
from dataclasses import dataclass

from amparo.access import audit
from amparo.access.budgets import budget_of, note_opening
from amparo.access.deciding import Ask, Decision, Reason, decide
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.roles import Relation
from amparo.access.rules import Actor, NotAllowed

# Told to a reader, these would say that the child exists and is known here.
_UNSEEN = frozenset({Reason.RELATION, Reason.WITHHELD})
_NOT_HERS = frozenset({Reason.NO_SUCH_ACT, Reason.ROLE, Reason.SECTOR})


class AccessRefused(Refused):
    """The rule of access stands against this act; `reasons` are codes of `amparo.access.deciding.Reason`."""

    def __init__(self, act: str, reasons: tuple[str, ...], *, subject: str) -> None:
        super().__init__(
            f"Not now: {act} ({', '.join(reasons)}).", subject=subject, reason_codes=(act, *reasons)
        )
        self.act = act
        self.reasons = reasons


@dataclass(frozen=True)
class Bond:
    """How a reader stands to one case: her relation, and whether a mark keeps the child back from her."""

    relation: Relation
    withheld: bool = False


UNRELATED = Bond(Relation.NONE)


def let_through(
    by: Actor,
    act: str,
    *,
    subject: str,
    purpose: str,
    bond: Bond,
    unseen: Callable[[tuple[str, ...]], Refused],
    event: Event | None = None,
) -> Decision:
    """Decide, and raise what refuses; an allowed read is written on the trail as `event` with its purpose.

    Args:
        by: who asks.
        act: a name of the table of rights.
        subject: kind:id of what is asked for.
        purpose: one of `Purpose`; outside of it is a refusal.
        bond: how she stands to the case.
        unseen: makes what is raised where a refusal would say that the child is here; takes codes for the trail.
        event: the read to write down; None where the act writes its own row.

    Raises:
        NotAllowed: the act is not of this role or side.
        AccessRefused: purpose, budget or step-up stand against it.
    """
    ask = Ask(by.role, by.sector, bond.relation, act, purpose, bond.withheld, budget_of(by, subject))
    decision = decide(ask)
    if not decision.allowed:
        raise _refusal(act, decision, subject, unseen)
    note_opening(by, act, subject, purpose=purpose)
    if event is not None:
        audit.record(event, by=by, subject=subject, purpose=purpose, reasons=(bond.relation.value,))
    return decision


def _refusal(
    act: str, decision: Decision, subject: str, unseen: Callable[[tuple[str, ...]], Refused]
) -> Exception:
    reasons = set(decision.reasons)
    if reasons & _NOT_HERS:
        return NotAllowed(act, decision.reasons, subject=subject)
    if reasons & _UNSEEN:
        return unseen((act, *decision.reasons))
    return AccessRefused(act, decision.reasons, subject=subject)
