"""Say when the deadline of an obligation runs out, by its clock.

Pure: no clock of its own; the moment is passed in. Vocabulary: clocks.
A deadline nobody has set never runs out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from amparo.guide.durations import Duration
from amparo.guide.facts import Case
from amparo.guide.model import Guide, Obligation

_MAJORITY_IN_MONTHS = 216
REMEMBERED = ("since-due", "coming-of-age")  # clocks that start when the system first found something


@dataclass(frozen=True, slots=True)
class Found:
    """What the system remembers of a case: when it first found each obligation due."""

    first_due: Mapping[str, datetime]
    now: datetime | date

    def first(self, obligation_id: str) -> datetime:
        """Return the remembered moment, or now."""
        return self.first_due.get(obligation_id) or start_of(self.now)


def start_of(moment: datetime | date) -> datetime:
    """Return the instant a moment stands for: itself, or the first instant (UTC) of a whole day."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time.min, tzinfo=UTC)


def has_passed(due: datetime, moment: datetime | date) -> bool:
    """Test whether a deadline has run out; a day is judged at its end, in the deadline's own offset."""
    return due < moment if isinstance(moment, datetime) else due.date() <= moment


def clock_start(guide: Guide, obligation: Obligation, case: Case, found: Found) -> datetime | None:
    """Return when the clock of an obligation that is due started, or None while nobody knows."""
    if obligation.clock == "since-due":
        return found.first(obligation.id)
    if obligation.clock == "coming-of-age":
        return _horizon_reached(guide.coming_of_age_horizon, obligation, case, found)
    return _STARTS[obligation.clock](case)


def _last(case: Case, *actions: str) -> datetime | None:
    return max((event.at for event in case.events if event.action in actions), default=None)


_STARTS: dict[str, Callable[[Case], datetime | None]] = {
    "first-contact": lambda case: case.moments.get("first_contact_at"),
    "uasc-known": lambda case: (
        case.moments.get("accompaniment_known_at") or case.moments.get("first_contact_at")
    ),
    "placement-start": lambda case: case.moments.get("care_since") or _last(case, "place"),
    "missing-since": lambda case: case.moments.get("missing_since"),
    "family-request": lambda case: case.moments.get("reunification_asked_at"),
    "decision-issued": lambda case: _last(
        case, "issue-bid", "decide-migration-status", "decide-adult", "place"
    ),
    "solution-started": lambda case: _last(
        case, "place", "reunify", "return-child", "hand-over", "decide-migration-status"
    ),
}


def _horizon_reached(
    horizon: Duration | None, obligation: Obligation, case: Case, found: Found
) -> datetime | None:
    """Return when the age horizon was first found reached; only the month of birth is known, not the day."""
    age = case.values["facts.age_in_months"]
    if horizon is None or not isinstance(age, int) or age < _MAJORITY_IN_MONTHS - horizon.months:
        return None
    return found.first(obligation.id)
