"""Count one case into the indicators of the Guide: in the denominator, in the numerator, or not countable.

Pure. Guide evaluation, step 8: a numerator counts only inside its denominator; what has no condition, or cannot
be answered, is None and is counted from the events by the words. "In time" needs a deadline that is set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amparo.guide.engine import Condition, Values
from amparo.guide.evaluate import evaluate
from amparo.guide.evaluation import ObligationStatus
from amparo.guide.facts import read_case
from amparo.guide.model import Guide
from amparo.guide.moment import stand


@dataclass(frozen=True, slots=True)
class Counted:
    """How one case counts for one indicator; None: not countable from the case alone."""

    obligation: str
    denominator: bool | None
    numerator: bool | None
    has_limit: bool  # false: show "no limit set" where the indicator speaks of time


def count_case(
    guide: Guide,
    facts: Mapping[str, Any],
    *,
    at: datetime | None = None,
    first_due: Mapping[str, datetime] | None = None,
) -> list[Counted]:
    """Return how a case counts for the indicator of each obligation, in the order of the Guide."""
    evaluation = evaluate(guide, facts, at=at, first_due=first_due)
    case = read_case(guide, facts)
    values = stand(guide, case, at=at or case.on).values
    late = sum(status.state == "late" for status in evaluation.obligations)
    return [_count(guide, status, values, late) for status in evaluation.obligations]


def _count(guide: Guide, status: ObligationStatus, values: Values, late: int) -> Counted:
    indicator = guide.obligations[status.id].indicator
    known: Values = {
        **values,
        "result.state": status.state,
        "result.on_time": status.on_time,
        "result.late_elsewhere": late - (status.state == "late"),
    }
    below = _ask(guide, indicator.denominator, known)
    above = _ask(guide, indicator.numerator, known)
    has_limit = guide.obligations[status.id].deadline is not None
    return Counted(status.id, below, above and below if below is not None else None, has_limit)


def _ask(guide: Guide, asked: Condition | None, values: Values) -> bool | None:
    if asked is None:
        return None
    answer = guide.engine.ask(asked.text, values)
    return answer if isinstance(answer, bool) else None
