"""Judge the obligations of the Guide at one moment of a case: state, deadline, what each blocks and why.

Pure. Guide evaluation, steps 4 to 6. Conditions were answered before, by `moment.stand`; an error counts as true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from amparo.guide.clocks import REMEMBERED, Found, clock_start, has_passed
from amparo.guide.engine import Answer
from amparo.guide.evaluation import Bar, ObligationStatus, State, Unanswered
from amparo.guide.facts import Case
from amparo.guide.model import Guide, Obligation
from amparo.guide.moment import Moment, conditions_of, lacking_evidence, reads_results, waits_for_others
from amparo.guide.overrides import due_after_emergency


@dataclass(frozen=True, slots=True)
class Judge:
    """What stays the same while the obligations of one case are judged."""

    guide: Guide
    case: Case
    now: datetime | date
    first_due: Mapping[str, datetime]
    unknown: frozenset[str]


def judge_all(judge: Judge, moment: Moment) -> tuple[tuple[ObligationStatus, ...], tuple[Unanswered, ...]]:
    """Judge every obligation; those that read the lateness of others come last, but keep their place."""
    guide, forced = judge.guide, due_after_emergency(judge.guide, judge.case)
    found: dict[str, ObligationStatus] = {}
    for each in guide.obligations.values():
        if not waits_for_others(guide, each.id):
            found[each.id] = _status(judge, each, moment, forced.get(each.id))
    late = sum(status.state == "late" for status in found.values())
    unanswered = dict(moment.undecided)
    for each in guide.obligations.values():
        if each.id not in found:
            wider = _knowing_lateness(guide, each, moment, late)
            unanswered |= wider.undecided
            found[each.id] = _status(judge, each, wider, forced.get(each.id))
    errors = tuple(Unanswered(said, reason) for said, reason in sorted(unanswered.items()))
    return tuple(found[key] for key in guide.obligations), errors


def bars_at(obligation: Obligation, moment: Moment) -> dict[str, Bar]:
    """Return the actions an obligation blocks at a moment, and why. Guide evaluation, step 6."""
    if obligation.severity != "hard" or not moment.holds(obligation.applies):
        return {}
    reopened = moment.holds(obligation.reopen_while, absent=False)
    found = {}
    for action in obligation.blocks:
        if not obligation.absolute and not moment.holds(obligation.block_when.get(action)):
            continue
        missing = _missing(_gate(obligation, moment, action), moment)
        bar = Bar(missing, _held(obligation, moment, action), reopened, obligation.absolute)
        if missing or bar.held or reopened or obligation.absolute:
            found[action] = bar
    return found


# ---- state -------------------------------------------------------------------------------------


def _status(
    judge: Judge, obligation: Obligation, moment: Moment, forced: datetime | None
) -> ObligationStatus:
    guide = judge.guide
    applies = moment.holds(obligation.applies)
    asked = applies and (
        moment.holds(obligation.due) or bool(_fallen_due(obligation, moment)) or forced is not None
    )
    first = _first_due(judge, obligation, asked, forced)
    runs_out = _runs_out(judge, obligation, moment, first) if asked else None
    missing = _missing_for_state(guide, obligation, moment, runs_out, judge.now) if applies else ()
    state = _state(obligation, moment, applies, asked, missing)
    if state == "open" and runs_out is not None and has_passed(runs_out, judge.now):
        state = "late"
    return ObligationStatus(
        id=obligation.id,
        state=state,
        due=runs_out,
        missing=missing,
        bars=bars_at(obligation, moment),
        severity=obligation.severity,
        duty_bearer=obligation.duty_bearer,
        sources=obligation.sources,
        ask=tuple([name for name in obligation.reads if name in judge.unknown]),
        first_due=first,
        on_time=state != "late" and not _met_after(obligation, moment, runs_out),
    )


def _state(
    obligation: Obligation, moment: Moment, applies: bool, asked: bool, missing: tuple[str, ...]
) -> State:
    if not applies:
        return "not-applicable"
    if not missing and not moment.holds(obligation.reopen_while, absent=False):
        return "guarding" if any(map(moment.holds, obligation.hold_while.values())) else "met"
    return "open" if asked else "guarding"


def _first_due(judge: Judge, obligation: Obligation, asked: bool, forced: datetime | None) -> datetime | None:
    if obligation.clock not in REMEMBERED or not asked:
        return None
    return judge.first_due.get(obligation.id) or forced or Found({}, judge.now).first(obligation.id)


def _runs_out(
    judge: Judge, obligation: Obligation, moment: Moment, first: datetime | None
) -> datetime | None:
    known = {} if first is None else {obligation.id: first}
    start = clock_start(judge.guide, obligation, judge.case, Found(known, judge.now))
    if start is None or obligation.deadline is None:
        return None
    if obligation.recurring:
        start = max(start, _round_done(judge.guide, obligation, moment) or start)
    return obligation.deadline.after(start)


def _round_done(guide: Guide, obligation: Obligation, moment: Moment) -> datetime | None:
    """Return when the last full round of a recurring obligation was done: the oldest of its entries."""
    needed = _needed(guide, obligation.requires, moment)
    if any(key not in moment.counted for key in needed):
        return None
    return min((moment.counted[key].at for key in needed), default=None)


def _met_after(obligation: Obligation, moment: Moment, runs_out: datetime | None) -> bool:
    done = [moment.counted[key].at for key in obligation.requires if key in moment.counted]
    return runs_out is not None and not obligation.recurring and any(at > runs_out for at in done)


# ---- entries -----------------------------------------------------------------------------------


def _needed(guide: Guide, keys: tuple[str, ...], moment: Moment) -> tuple[str, ...]:
    return tuple(key for key in keys if moment.holds(guide.evidence[key].needed_when))


def _missing(keys: tuple[str, ...], moment: Moment) -> tuple[str, ...]:
    return tuple([key for key in keys if key in moment.lacking])  # a list first: this is the hottest line


def _missing_for_state(
    guide: Guide, obligation: Obligation, moment: Moment, runs_out: datetime | None, now: datetime | date
) -> tuple[str, ...]:
    keys = (*obligation.requires, *_fallen_due(obligation, moment))
    missing = _missing(keys, moment)
    if missing or not obligation.recurring or runs_out is None or not has_passed(runs_out, now):
        return missing
    return _needed(guide, keys, moment)  # the round is over: everything is asked again


def _fallen_due(obligation: Obligation, moment: Moment) -> tuple[str, ...]:
    return obligation.after if moment.happened.intersection(obligation.after_on) else ()


def _gate(obligation: Obligation, moment: Moment, action: str) -> tuple[str, ...]:
    gate = obligation.gate.get(action, obligation.requires)
    # What is owed after an act cannot come before it, but it comes before the case is closed.
    return (*gate, *_fallen_due(obligation, moment)) if action == "close-case" else gate


def _held(obligation: Obligation, moment: Moment, action: str) -> bool:
    holds = obligation.hold_while
    return moment.holds(holds.get("*"), absent=False) or moment.holds(holds.get(action), absent=False)


def _knowing_lateness(guide: Guide, obligation: Obligation, moment: Moment, late: int) -> Moment:
    values = {**moment.values, "result.late_elsewhere": late}
    asked = {each.text for each in conditions_of(guide, obligation) if reads_results(each)}
    answers: dict[str, Answer] = {said: guide.engine.ask(said, values) for said in sorted(asked)}
    answers = {**moment.answers, **answers}
    return replace(moment, answers=answers, lacking=lacking_evidence(guide, moment.counted, answers))
