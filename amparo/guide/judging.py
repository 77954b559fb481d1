"""Judge the obligations of the Guide at one moment of a case: state, deadline, what each blocks and why.

Pure. Guide evaluation, steps 4 to 6. Conditions were answered before, by `moment.stand`; an error counts as true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from amparo.guide.clocks import REMEMBERED, Found, clock_start, has_passed
from amparo.guide.evaluation import Bar, ObligationStatus, Unanswered
from amparo.guide.facts import Case
from amparo.guide.model import Guide, Obligation
from amparo.guide.moment import Moment, knowing_lateness, waiting_for_others
from amparo.guide.overrides import due_after_emergency
from amparo.guide.ruling import Ruling, Verdict, bits_of, rulings_of, verdict


@dataclass(frozen=True, slots=True)
class Judge:
    """What stays the same while the obligations of one case are judged."""

    guide: Guide
    case: Case
    now: datetime | date
    start: datetime  # the first instant of `now`
    first_due: Mapping[str, datetime]


def judge_all(judge: Judge, moment: Moment) -> tuple[tuple[ObligationStatus, ...], tuple[Unanswered, ...]]:
    """Judge every obligation; those that read the lateness of others come last, but keep their place."""
    guide, forced = judge.guide, due_after_emergency(judge.guide, judge.case)
    rulings, waiting = rulings_of(guide), waiting_for_others(guide)
    standing, found, late = moment.standing, {}, 0
    for key, ruling in rulings.items():
        said = verdict(ruling, standing)
        found[key] = said.status
        if not said.final or key in forced:
            found[key] = _timed(judge, ruling, moment, said, forced.get(key))
            late += found[key].state == "late" and key not in waiting
    unanswered = dict(moment.unanswered)
    for key in waiting:
        wider = knowing_lateness(guide, moment, key, late=late)
        unanswered |= wider.unanswered
        said = verdict(rulings[key], wider.standing)
        found[key] = _timed(judge, rulings[key], wider, said, forced.get(key))
    errors = tuple(Unanswered(text, reason) for text, reason in sorted(unanswered.items()))
    return tuple(found.values()), errors


def bars_at(ruling: Ruling, moment: Moment) -> Mapping[str, Bar]:
    """Return the actions an obligation blocks at a moment, and why. Guide evaluation, step 6."""
    return verdict(ruling, moment.standing).status.bars


# ---- state -------------------------------------------------------------------------------------


def _timed(
    judge: Judge, ruling: Ruling, moment: Moment, found: Verdict, forced: datetime | None
) -> ObligationStatus:
    """Return where an obligation stands: its verdict, and what a deadline or an emergency makes of it."""
    status, obligation = found.status, ruling.obligation
    if status.state == "not-applicable" or not (found.asked or forced is not None):
        return status
    first = _first_due(judge, obligation, forced)
    if obligation.deadline is None and found.asked:  # the usual case, told quickly
        return status if first is None else status.since(first)
    runs_out = _runs_out(judge, obligation, moment, first)
    state, missing = status.state, status.missing
    if obligation.recurring and not missing and runs_out is not None and has_passed(runs_out, judge.now):
        # The round is over: everything is asked again.
        missing = _needed(judge.guide, (*obligation.requires, *found.fallen_due), moment)
    if missing or not found.settled:
        state = "late" if runs_out is not None and has_passed(runs_out, judge.now) else "open"
    on_time = state != "late" and not _met_after(obligation, moment, runs_out)
    return ObligationStatus(
        obligation.id,
        state,
        runs_out,
        missing,
        status.bars,
        status.severity,
        status.duty_bearer,
        status.sources,
        status.ask,
        first,
        on_time,
    )


def _first_due(judge: Judge, obligation: Obligation, forced: datetime | None) -> datetime | None:
    if obligation.clock not in REMEMBERED:
        return None
    return judge.first_due.get(obligation.id) or forced or judge.start


def _runs_out(
    judge: Judge, obligation: Obligation, moment: Moment, first: datetime | None
) -> datetime | None:
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
    return min((moment.counted[key] for key in needed), default=None)


def _met_after(obligation: Obligation, moment: Moment, runs_out: datetime | None) -> bool:
    if runs_out is None or obligation.recurring:
        return False
    return any(moment.counted[key] > runs_out for key in obligation.requires if key in moment.counted)


def _needed(guide: Guide, keys: tuple[str, ...], moment: Moment) -> tuple[str, ...]:
    conditions = bits_of(guide).conditions
    asked = ((key, guide.evidence[key].needed_when) for key in keys)
    return tuple(key for key, when in asked if when is None or moment.standing & conditions[when.text])
