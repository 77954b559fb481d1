"""Judge one case by the whole Guide: what is open, late or met, what is blocked, what was breached.

Pure: no clock, no database; the same facts give the same answer in whatever order they come. Guide evaluation,
steps 1 to 7. Unknown takes the protective side, and the answer says what to ask.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from amparo.guide.clocks import start_of
from amparo.guide.evaluation import Breach, Evaluation, ObligationStatus
from amparo.guide.facts import Case, Event, read_case
from amparo.guide.judging import Judge, bars_at, judge_all
from amparo.guide.model import Guide
from amparo.guide.moment import stand
from amparo.guide.overrides import lifts
from amparo.guide.ruling import rulings_on

# Given a moment, the facts as they were known then; None where no earlier facts are kept.
History = Callable[[datetime], Mapping[str, Any] | None]


def evaluate(
    guide: Guide,
    facts: Mapping[str, Any],
    *,
    at: datetime | None = None,
    history: History | None = None,
    first_due: Mapping[str, datetime] | None = None,
) -> Evaluation:
    """Return the case judged on the whole day `facts["on"]`, or at the instant `at`.

    `facts` fit the facts schema (FactsRefused otherwise). `history` gives the facts as known at an earlier
    moment, so that a breach is judged by what was known then. `first_due` is what an earlier evaluation
    returned.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("`at` must carry its offset")
    case, remembered = read_case(guide, facts), dict(first_due or {})
    moment = stand(guide, case, at=at or case.on)
    judge = Judge(guide, case, moment.at, start_of(moment.at), remembered)
    statuses, errors = judge_all(judge, moment)
    return Evaluation(
        on=case.on,
        obligations=statuses,
        blocked=_blocked(guide, statuses),
        breaches=tuple(_breaches(guide, case, history)),
        errors=errors,
        first_due=remembered | {each.id: each.first_due for each in statuses if each.first_due is not None},
        not_counted=moment.not_counted,
        guarded=moment.guarded,
        contradicted=moment.contradicted,
    )


def snapshots(kept: Iterable[tuple[datetime, Mapping[str, Any]]]) -> History:
    """Return a history over facts, each kept with the moment since when they were known."""
    ordered = sorted(kept, key=lambda pair: pair[0])

    def known(at: datetime) -> Mapping[str, Any] | None:
        before = [facts for since, facts in ordered if since <= at]
        return before[-1] if before else None

    return known


def _blocked(guide: Guide, statuses: tuple[ObligationStatus, ...]) -> dict[str, tuple[str, ...]]:
    by_action: dict[str, list[str]] = {action: [] for action in guide.vocabulary.actions}
    for status in statuses:
        key = status.id
        for action in status.bars:
            by_action[action].append(key)
    return {action: tuple(ids) for action, ids in by_action.items() if ids}


def _breaches(guide: Guide, case: Case, history: History | None) -> Iterator[Breach]:
    for event in case.events:
        earlier = history(event.at) if history is not None else None
        known = case if earlier is None else read_case(guide, earlier)
        for obligation_id in _broken_by(guide, known, event):
            yield Breach(event.action, obligation_id, event.at)


def _broken_by(guide: Guide, known: Case, event: Event) -> Iterator[str]:
    moment = stand(guide, known, at=event.at, action=event.action)
    for ruling in rulings_on(guide)[event.action]:
        bar = bars_at(ruling, moment).get(event.action)
        if bar is not None and not lifts(
            guide,
            ruling.obligation,
            bar,
            action=event.action,
            override=event.override,
            by_role=event.by_role,
        ):
            yield ruling.obligation.id
