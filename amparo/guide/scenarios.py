"""Hold the Guide to the scenarios lawyers wrote: what was expected, what the Guide says, and why it says so.

Pure: no clock, no database. Whatever a scenario names is compared exactly, the rest is left open. Reading files
is in `scenario_files`.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from amparo.guide.errors import Problem
from amparo.guide.evaluate import evaluate
from amparo.guide.evaluation import Bar, Evaluation
from amparo.guide.model import Guide
from amparo.guide.refusals import Refusal, refusals
from amparo.guide.scenario_files import (
    Attempt,
    Expected,
    Scenario,
    guide_of,
    read_scenarios,
    shipped_files,
)

__all__ = ["Difference", "Scenario", "guide_of", "judge_scenario", "read_scenarios", "shipped_files"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the Guide says otherwise than a scenario expects; `because` are the reasons it gives."""

    what: Problem
    because: tuple[Problem, ...] = ()


def judge_scenario(guide: Guide, scenario: Scenario) -> list[Difference]:
    """Return where the Guide says otherwise than the scenario expects; none means it holds."""
    evaluation = judged(guide, scenario)
    return [each for part in _PARTS for each in part(_Judged(guide, evaluation, scenario))]


def judged(guide: Guide, scenario: Scenario) -> Evaluation:
    """Return the evaluation of the case of a scenario."""
    return evaluate(guide, scenario.facts, at=scenario.at, first_due=scenario.due_since)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A scenario beside what the Guide says of it."""

    guide: Guide
    evaluation: Evaluation
    scenario: Scenario

    @property
    def expected(self) -> Expected:
        return self.scenario.expected

    def differs(self, said: str, *because: Problem, **values: object) -> Difference:
        return Difference(Problem(self.scenario.place, said, **values), because)


def _states(case: _Judged) -> Iterator[Difference]:
    for key, wanted in case.expected.states.items():
        status = case.evaluation.status(key)
        if status.state != wanted:
            yield case.differs(
                "{obligation}: expected {wanted_state}, the Guide says {found_state}",
                *_why_state(case, key),
                obligation=key,
                wanted_state=wanted,
                found_state=status.state,
            )


def _why_state(case: _Judged, key: str) -> Iterator[Problem]:
    status, place = case.evaluation.status(key), case.scenario.place
    if status.missing:
        yield Problem(place, "still missing: {entries}", entries=_listed(status.missing))
    elif status.state == "met":
        yield Problem(place, "nothing is missing and nothing holds it")
    if status.due is not None:
        yield Problem(place, "the deadline is {due}", due=status.due.isoformat())
    if status.ask:
        yield Problem(place, "not known: {facts}", facts=_listed(status.ask))


def _missing(case: _Judged) -> Iterator[Difference]:
    for key, wanted in case.expected.missing.items():
        said = "{obligation}: expected missing {wanted}, the Guide says {found}"
        yield from _unlike(case, said, wanted, case.evaluation.status(key).missing, obligation=key)


def _ask(case: _Judged) -> Iterator[Difference]:
    for key, wanted in case.expected.ask.items():
        said = "{obligation}: expected to ask {wanted}, the Guide asks {found}"
        yield from _unlike(case, said, wanted, case.evaluation.status(key).ask, obligation=key)


def _blocks(case: _Judged) -> Iterator[Difference]:
    for key, wanted in case.expected.blocks.items():
        bars = case.evaluation.status(key).bars
        differs = _unlike(
            case,
            "{obligation}: expected to block {wanted}, the Guide blocks {found}",
            wanted,
            tuple(bars),
            *(_why_blocked(case, key, action, bar) for action, bar in bars.items() if action not in wanted),
            obligation=key,
        )
        yield from differs


def _blocked(case: _Judged) -> Iterator[Difference]:
    for action, wanted in case.expected.blocked.items():
        behind = case.evaluation.blocked.get(action, ())
        if wanted is None and not behind:
            yield case.differs("{action}: expected to be blocked, the Guide lets it happen", action=action)
        elif wanted is not None:
            said = "{action}: expected blocked by {wanted}, the Guide says {found}"
            reasons = _reasons(case, action, [key for key in behind if key not in wanted])
            yield from _unlike(case, said, wanted, behind, *reasons, action=action)


def _free(case: _Judged) -> Iterator[Difference]:
    for action in case.expected.free:
        if behind := case.evaluation.blocked.get(action, ()):
            said = "{action}: expected to be free, the Guide blocks it: {found}"
            yield case.differs(said, *_reasons(case, action, behind), action=action, found=_listed(behind))


def _breaches(case: _Judged) -> Iterator[Difference]:
    if case.expected.breaches is None:
        return
    pairs = {f"{action} / {key}" for action, keys in case.expected.breaches.items() for key in keys}
    found = {f"{each.action} / {each.obligation}" for each in case.evaluation.breaches}
    yield from _unlike(case, "breaches: expected {wanted}, the Guide says {found}", pairs, found)


def _not_counted(case: _Judged) -> Iterator[Difference]:
    if case.expected.not_counted is not None:
        said = "not counted: expected {wanted}, the Guide says {found}"
        yield from _unlike(case, said, case.expected.not_counted, case.evaluation.not_counted)


def _guarded(case: _Judged) -> Iterator[Difference]:
    if case.expected.guarded is not None:
        said = "believed only with proof: expected {wanted}, the Guide says {found}"
        yield from _unlike(case, said, case.expected.guarded, case.evaluation.guarded)


def _overrides(case: _Judged) -> Iterator[Difference]:
    for attempt in case.expected.overrides:
        behind = case.evaluation.blocked.get(attempt.action, ())
        still = tuple(each.obligation for each in _after(case, attempt))
        lifted = tuple(key for key in behind if key not in still)
        tried = {"action": attempt.action, "override": attempt.override, "by": attempt.by_role}
        if attempt.still is not None:
            said = "{action}, {override} by {by}: expected still blocked by {wanted}, the Guide says {found}"
            yield from _unlike(case, said, attempt.still, still, **tried)
        if attempt.lifts is not None:
            said = "{action}, {override} by {by}: expected to lift {wanted}, the Guide lifts {found}"
            yield from _unlike(case, said, attempt.lifts, lifted, **tried)


def _after(case: _Judged, attempt: Attempt) -> list[Refusal]:
    return refusals(
        case.guide, case.evaluation, attempt.action, override=attempt.override, by_role=attempt.by_role
    )


def _reasons(case: _Judged, action: str, behind: Collection[str]) -> list[Problem]:
    return [_why_blocked(case, key, action, case.evaluation.status(key).bars[action]) for key in behind]


def _why_blocked(case: _Judged, key: str, action: str, bar: Bar) -> Problem:
    said = "{obligation} blocks {action}: missing {entries}"
    if bar.absolute:
        said = "{obligation} blocks {action}: it is never possible"
    elif bar.held:
        said = "{obligation} blocks {action}: a fact holds it, whatever is attested"
    elif bar.reopened:
        said = "{obligation} blocks {action}: a fact opens it again"
    return Problem(case.scenario.place, said, obligation=key, action=action, entries=_listed(bar.missing))


def _unlike(
    case: _Judged,
    said: str,
    wanted: Collection[str],
    found: Collection[str],
    *because: Problem,
    **values: object,
) -> Iterator[Difference]:
    if set(wanted) != set(found):
        yield case.differs(said, *because, wanted=_listed(wanted), found=_listed(found), **values)


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words)) or "-"


_PARTS: tuple[Callable[[_Judged], Iterator[Difference]], ...] = (
    _states,
    _missing,
    _ask,
    _blocks,
    _blocked,
    _free,
    _breaches,
    _not_counted,
    _guarded,
    _overrides,
)
