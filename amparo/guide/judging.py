"""Judge the obligations of the Guide at one moment of a case: state, deadline, what each blocks and why.

Pure. Guide evaluation, steps 4 to 6. Conditions were answered before, by `moment.stand`; an error counts as true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from amparo.guide.clocks import REMEMBERED, Found, clock_start, has_passed, start_of
from amparo.guide.engine import Answer
from amparo.guide.evaluation import Bar, ObligationStatus, State, Unanswered
from amparo.guide.facts import Case
from amparo.guide.model import Guide, Obligation
from amparo.guide.moment import Moment, conditions_of, reads_results, waiting_for_others
from amparo.guide.overrides import due_after_emergency
from amparo.guide.ruling import Gate, Ruling, rulings_of


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
    rulings, waiting = rulings_of(guide), waiting_for_others(guide)
    found = {
        key: _status(judge, ruling, moment, forced.get(key))
        for key, ruling in rulings.items()
        if key not in waiting
    }
    late = sum(status.state == "late" for status in found.values())
    unanswered = dict(moment.undecided)
    for key in waiting:
        wider = _knowing_lateness(guide, rulings[key].obligation, moment, late)
        unanswered |= wider.undecided
        found[key] = _status(judge, rulings[key], wider, forced.get(key))
    errors = tuple(Unanswered(said, reason) for said, reason in sorted(unanswered.items()))
    return tuple([found[key] for key in rulings]), errors


def bars_at(ruling: Ruling, moment: Moment) -> dict[str, Bar]:
    """Return the actions an obligation blocks at a moment, and why. Guide evaluation, step 6."""
    holding = moment.holding
    found: dict[str, Bar] = {}
    if not ruling.gates or ruling.applies not in holding:
        return found
    absolute, reopened = ruling.obligation.absolute, ruling.reopened in holding
    bar = Bar((), held=False, reopened=reopened, absolute=absolute)
    for gate in ruling.gates:
        if gate.when not in holding:
            continue
        missing = _lacking_before(gate, ruling, moment)
        held = not gate.holds.isdisjoint(holding)
        if missing or held or reopened or absolute:
            if missing != bar.missing or held is not bar.held:  # most actions are blocked by the same bar
                bar = Bar(missing, held, reopened, absolute)
            found[gate.action] = bar
    return found


# ---- state -------------------------------------------------------------------------------------


def _status(judge: Judge, ruling: Ruling, moment: Moment, forced: datetime | None) -> ObligationStatus:
    obligation = ruling.obligation
    state: State = "not-applicable"
    runs_out: datetime | None = None
    first: datetime | None = None
    missing: tuple[str, ...] = ()
    if ruling.applies in moment.holding:
        fallen_due = _fallen_due(ruling, moment)
        asked = bool(fallen_due) or forced is not None or ruling.due in moment.holding
        if asked:
            first = _first_due(judge, obligation, forced)
            runs_out = _runs_out(judge, ruling, moment, first)
        missing = _missing_for_state(judge, ruling, moment, fallen_due, runs_out)
        state = _state(ruling, moment, asked, missing)
        if state == "open" and runs_out is not None and has_passed(runs_out, judge.now):
            state = "late"
    return ObligationStatus(
        id=obligation.id,
        state=state,
        due=runs_out,
        missing=missing,
        bars=bars_at(ruling, moment),
        severity=obligation.severity,
        duty_bearer=obligation.duty_bearer,
        sources=obligation.sources,
        ask=_among(obligation.reads, ruling.reads, judge.unknown),
        first_due=first,
        on_time=state != "late" and not _met_after(obligation, moment, runs_out),
    )


def _state(ruling: Ruling, moment: Moment, asked: bool, missing: tuple[str, ...]) -> State:
    holding = moment.holding
    if not missing and ruling.reopened not in holding:
        return "met" if ruling.holds.isdisjoint(holding) else "guarding"
    return "open" if asked else "guarding"


def _first_due(judge: Judge, obligation: Obligation, forced: datetime | None) -> datetime | None:
    if obligation.clock not in REMEMBERED:
        return None
    return judge.first_due.get(obligation.id) or forced or start_of(judge.now)


def _runs_out(judge: Judge, ruling: Ruling, moment: Moment, first: datetime | None) -> datetime | None:
    obligation = ruling.obligation
    if obligation.deadline is None:
        return None
    known = {} if first is None else {obligation.id: first}
    start = clock_start(judge.guide, obligation, judge.case, Found(known, judge.now))
    if start is None:
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
    if runs_out is None or obligation.recurring:
        return False
    return any(moment.counted[key].at > runs_out for key in obligation.requires if key in moment.counted)


# ---- entries -----------------------------------------------------------------------------------


def _among(names: tuple[str, ...], lookup: frozenset[str], chosen: frozenset[str]) -> tuple[str, ...]:
    """Return the names that are chosen, in order; most often none is, and that is told without a loop."""
    return () if lookup.isdisjoint(chosen) else tuple([name for name in names if name in chosen])


def _needed(guide: Guide, keys: tuple[str, ...], moment: Moment) -> tuple[str, ...]:
    return tuple(key for key in keys if moment.holds(guide.evidence[key].needed_when))


def _missing_for_state(
    judge: Judge, ruling: Ruling, moment: Moment, fallen_due: tuple[str, ...], runs_out: datetime | None
) -> tuple[str, ...]:
    requires = ruling.obligation.requires
    missing = _among(requires, ruling.requires, moment.lacking) + _lacking(fallen_due, moment)
    if missing or not ruling.obligation.recurring or runs_out is None or not has_passed(runs_out, judge.now):
        return missing
    return _needed(judge.guide, (*requires, *fallen_due), moment)  # the round is over: all is asked again


def _fallen_due(ruling: Ruling, moment: Moment) -> tuple[str, ...]:
    return () if ruling.after_on.isdisjoint(moment.happened) else ruling.obligation.after


def _lacking(keys: tuple[str, ...], moment: Moment) -> tuple[str, ...]:
    return tuple([key for key in keys if key in moment.lacking]) if keys else ()


def _lacking_before(gate: Gate, ruling: Ruling, moment: Moment) -> tuple[str, ...]:
    missing = _among(gate.keys, gate.lookup, moment.lacking)
    # What is owed after an act cannot come before it, but it comes before the case is closed.
    return missing + _lacking(_fallen_due(ruling, moment), moment) if gate.action == "close-case" else missing


def _knowing_lateness(guide: Guide, obligation: Obligation, moment: Moment, late: int) -> Moment:
    values = {**moment.values, "result.late_elsewhere": late}
    asked = {each.text for each in conditions_of(guide, obligation) if reads_results(each)}
    answers: dict[str, Answer] = {said: guide.engine.ask(said, values) for said in sorted(asked)}
    answers = {**moment.answers, **answers}
    return moment.answered(guide, answers)
