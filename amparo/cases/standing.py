"""Judge a case by the Guide: what is open, late, forbidden, and in which order children come in "My day".

Pure: the Guide and the moment are passed in. Guide README: one evaluation. Decision: 0006.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from amparo.cases.rules import Facts, Known, facts_of, known_by
from amparo.guide import Evaluation, Guide, evaluate, tasks_for

NEVER_DUE = datetime(9999, 12, 31, tzinfo=UTC)
# The order of "My day".
HARM, NEEDS, LATE, REST = 0, 1, 2, 3
# The body of the Guide that leads every case here.
LEADING = "child-protection-authority"


@dataclass(frozen=True)
class Stand:
    """The facts of a case and what the Guide makes of them."""

    facts: Facts
    evaluation: Evaluation

    @property
    def danger(self) -> int:
        """The band of the list this case belongs to; smaller comes first."""
        if self.evaluation.breaches:
            return HARM
        if self.facts.get("needs_now"):
            return NEEDS
        return LATE if any(one.state == "late" for one in self.evaluation.obligations) else REST

    def count(self, state: str) -> int:
        """Count the obligations in a state."""
        return sum(one.state == state for one in self.evaluation.obligations)


def stand_of(
    guide: Guide,
    entries: Sequence[Known],
    *,
    first_due: Mapping[str, datetime],
    at: datetime,
    country: str,
    zone: str,
) -> Stand:
    """Judge a case as it is known; each act is judged by what was known when it happened.

    Args:
        guide: the Guide of the node.
        entries: all facts, evidence and actions of the case.
        first_due: since when each obligation has been due, as the last evaluation found.
        at: this moment.
        country: ISO 3166 code of the node.
        zone: IANA name of the node's time zone; the day of the evaluation is a day there.
    """
    on = at.astimezone(ZoneInfo(zone)).date()
    facts = facts_of(entries, on=on, country=country)

    def then(moment: datetime) -> Facts:
        day = moment.astimezone(ZoneInfo(zone)).date()
        return facts_of(known_by(entries, moment), on=day, country=country)

    return Stand(facts, evaluate(guide, facts, at=at, history=then, first_due=first_due))


def next_due(evaluation: Evaluation) -> datetime:
    """Return the next moment at which something of this case is due; NEVER_DUE where no limit is set."""
    return min(
        (one.due for one in evaluation.obligations if one.due and one.state in ("open", "late")),
        default=NEVER_DUE,
    )


def glance_of(guide: Guide, stand: Stand) -> dict[str, Any]:
    """Return what a list line shows without opening the case: closed words and numbers only."""
    return {
        "age_in_months": stand.facts.get("age_in_months", -1),
        "age_status": stand.facts.get("age_status", "unknown"),
        "care_setting": stand.facts.get("care_setting", "unknown"),
        "first_open": _first_open(guide, stand),
    }


def _first_open(guide: Guide, stand: Stand) -> str:
    """Name the duty to act on first: of a forbidden act that was done, else what child protection has to do."""
    tasks = [task.obligation for task in tasks_for(guide, stand.evaluation, LEADING)]
    broken = [one.obligation for one in stand.evaluation.breaches if one.obligation in tasks]
    return next(iter([*broken, *tasks]), "")
