"""Say what in a case a supervisor has to know at once, when the next block becomes stuck, and what a version changed.

Pure: the Guide, how the case stands and the moment are passed in. Vocabulary: stuck_rule, conflict_rule, breach_rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from amparo.guide import Evaluation, Guide
from amparo.guide.stale import stuck, unmet_since

BREACH, STUCK, CONFLICT = "breach", "stuck", "conflict"
# Changed states: open and late ask the same of people, and lateness comes with time alone.
_OPEN = ("open", "late")
# Before the key of an entry that a fact speaks against; obligations have no such sign in their keys.
_AGAINST = "evidence/"


@dataclass(frozen=True, order=True)
class Found:
    """One incident: `name` is the forbidden act of a breach, or the evidence that a fact speaks against."""

    kind: str
    obligation: str
    name: str
    since: datetime


@dataclass(frozen=True)
class Change:
    """What one version changed against another for one case: obligations and acts, each in the order of the Guide."""

    opened: tuple[str, ...]
    ended: tuple[str, ...]
    barred: tuple[str, ...]
    freed: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many things changed."""
        return sum(map(len, (self.opened, self.ended, self.barred, self.freed)))


def version_of(guide: Guide) -> str:
    """Name the version of the Guide and of the overlay, such as `0.2.0+MX-0.1.0`."""
    return f"{guide.version}+{guide.country}-{guide.overlay}" if guide.overlay else guide.version


def since_when(evaluation: Evaluation, before: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    """Return since when each unmet block and each contradiction stands; what was put right starts anew."""
    against = {key: before.get(key, now) for key in (_AGAINST + one for one in evaluation.contradicted)}
    return unmet_since(evaluation, before, now) | against


def incidents_in(
    guide: Guide,
    evaluation: Evaluation,
    *,
    since: Mapping[str, datetime],
    now: datetime,
) -> Iterator[Found]:
    """Yield every incident that stands at a moment.

    Args:
        guide: says after how long an unmet block is stuck.
        evaluation: how the case stands.
        since: since when each of these stands, from `since_when`.
        now: this moment.
    """
    for breach in evaluation.breaches:
        yield Found(BREACH, breach.obligation, breach.action, breach.at)
    for key in stuck(guide, _unmet(since), now):
        yield Found(STUCK, key, "", since[key])
    for key in evaluation.contradicted:
        yield Found(CONFLICT, _asking_for(guide, key), key, since[_AGAINST + key])


def ended_of(kept: Iterable[Found], standing: Iterable[Found]) -> Iterator[Found]:
    """Yield the incidents that were put right; a breach never is, it happened."""
    still = set(standing)
    return (one for one in kept if one.kind != BREACH and one not in still)


def next_stuck(guide: Guide, since: Mapping[str, datetime], now: datetime) -> datetime | None:
    """Return the next moment at which an unmet block becomes stuck; None when none can."""
    limits = (guide.stuck_after.after(start) for start in _unmet(since).values())
    return min((limit for limit in limits if limit > now), default=None)


def is_closed(evaluation: Evaluation, acts: Iterable[str]) -> bool:
    """Tell whether a case was closed lawfully: a closing that was forbidden closes nothing."""
    return "close-case" in acts and all(one.action != "close-case" for one in evaluation.breaches)


def states_of(evaluation: Evaluation) -> dict[str, list[str]]:
    """Return the obligations by state, without those that do not apply: what a later version is compared with."""
    found: dict[str, list[str]] = {}
    for one in evaluation.obligations:
        if one.state != "not-applicable":
            found.setdefault(one.state, []).append(one.id)
    return found


def change_of(states: Mapping[str, Iterable[str]], blocked: Iterable[str], after: Evaluation) -> Change:
    """Return what is otherwise now than when `states` and `blocked` were written down."""
    was = {key for state in _OPEN for key in states.get(state, ())}
    now_open = [one.id for one in after.obligations if one.is_open]
    former = list(blocked)
    return Change(
        opened=tuple(key for key in now_open if key not in was),
        ended=tuple(sorted(was - set(now_open))),
        barred=tuple(act for act in after.blocked if act not in former),
        freed=tuple(act for act in former if act not in after.blocked),
    )


def _unmet(since: Mapping[str, datetime]) -> dict[str, datetime]:
    return {key: start for key, start in since.items() if not key.startswith(_AGAINST)}


def _asking_for(guide: Guide, evidence: str) -> str:
    """Name the first obligation that asks for an entry; empty when none does."""
    every = guide.obligations.values()
    return next((one.id for one in every if evidence in (*one.requires, *one.after)), "")
