"""Take single lines out of a built Guide, and see whether any shipped scenario notices.

`removals` names every line of an obligation that decides something; `noticed` says which scenario tells the
difference first: in a state, a block, a refusal, an override, a breach, a task or an indicator.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from amparo.guide import Evaluation, Guide, Obligation, count_case, evaluate, refusals, tasks_for
from amparo.guide.scenarios import Scenario, judged
from tests.guide.scenario_coverage import Tried, tried

Change = Callable[[Guide], Guide]
Look = Callable[[Guide, Scenario], object]
_LISTS = ("requires", "after", "after_on", "blocks", "duty_bearer", "sources")
_EMPTY: dict[str, object] = {
    "due": None,
    "reopen_while": None,
    "deadline": None,
    "override": "none",
    "absolute": False,
    "recurring": False,
}


def removals(obligation: Obligation) -> Iterator[tuple[str, Obligation]]:
    """Give every line that may be taken out, with the obligation that is left."""
    for name, empty in _EMPTY.items():
        if getattr(obligation, name) != empty:
            yield name, changed(obligation, **{name: empty})
    for name in _LISTS:
        items = getattr(obligation, name)
        for at in range(len(items)):
            yield f"{name}[{at}]", changed(obligation, **{name: items[:at] + items[at + 1 :]})
    yield from _conditions(obligation)
    yield from _gates(obligation)


def _conditions(obligation: Obligation) -> Iterator[tuple[str, Obligation]]:
    for name in ("block_when", "hold_while"):
        found = getattr(obligation, name)
        for action in found:
            yield f"{name}.{action}", changed(obligation, **{name: without(found, action)})
    for part in ("numerator", "denominator"):
        if getattr(obligation.indicator, part) is not None:
            left = changed(obligation.indicator, **{part: None})
            yield f"indicator.{part}", replace(obligation, indicator=left)


def _gates(obligation: Obligation) -> Iterator[tuple[str, Obligation]]:
    for action, gate in obligation.gate.items():
        yield f"gate.{action}", replace(obligation, gate=without(obligation.gate, action))
        for entry in gate:
            left = {**obligation.gate, action: tuple(key for key in gate if key != entry)}
            yield f"gate.{action}.{entry}", replace(obligation, gate=left)


def changed(one: Any, **fields: object) -> Any:  # noqa: ANN401  # any frozen shape of the Guide, and the same
    """Return a shape of the Guide with some fields changed, whichever they are."""
    return replace(one, **fields)


def without(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != key}


def with_obligation(left: Obligation, name: str) -> Change:
    """Change one field of an obligation in whatever Guide a scenario is about."""

    def change(guide: Guide) -> Guide:
        field = name.split("[")[0].split(".")[0]
        own = guide.obligations[left.id]
        one = changed(own, **{field: getattr(left, field)})
        return replace(guide, obligations={**guide.obligations, left.id: one})

    return change


def noticed(change: Change, key: str | None = None, *, look: Look | None = None) -> str | None:
    """Return the title of the first scenario that comes out otherwise; None where none does.

    `key` names the obligation it is about: scenarios that name it are tried first. `look` is what is compared.
    """
    seen, guides = look or outcome, dict[int, Guide]()
    for case in sorted(tried(), key=lambda case: key is not None and not _is_about(case, key)):
        if id(case.guide) not in guides:
            guides[id(case.guide)] = change(case.guide)
        if seen(guides[id(case.guide)], case.scenario) != _before(case, seen):
            return case.scenario.title["en"]
    return None


def _is_about(case: Tried, key: str) -> bool:
    return key in _names(case.scenario.place)


@cache
def _names(place: str) -> frozenset[str]:
    (case,) = (each for each in tried() if each.scenario.place == place)
    return frozenset(obligation.id for obligation, _ in case.named())


_SEEN: dict[tuple[str, Look], object] = {}


def _before(case: Tried, look: Look) -> object:
    if (case.scenario.place, look) not in _SEEN:
        _SEEN[case.scenario.place, look] = look(case.guide, case.scenario)
    return _SEEN[case.scenario.place, look]


def outcome(guide: Guide, scenario: Scenario) -> object:
    """Return how a case stands, and what each override that is tried leaves."""
    found = judged(guide, scenario)
    return replace(found, errors=()), tuple(_attempts(guide, found, scenario))


def tasks(guide: Guide, scenario: Scenario) -> object:
    """Return what each role is shown to do."""
    found, roles = judged(guide, scenario), guide.vocabulary.roles
    return [[(task.obligation, task.mine) for task in tasks_for(guide, found, role)] for role in roles]


def counts(guide: Guide, scenario: Scenario) -> object:
    """Return how a case counts in the indicators."""
    return count_case(guide, scenario.facts, at=scenario.at, first_due=scenario.due_since)


def look_for(name: str) -> Look:
    """Return where the removal of this line has to show."""
    return {"duty_bearer": tasks, "indicator": counts}.get(name.split("[")[0].split(".")[0], outcome)


def _attempts(guide: Guide, found: Evaluation, scenario: Scenario) -> Iterator[object]:
    for each in scenario.expected.overrides:
        still = refusals(guide, found, each.action, override=each.override, by_role=each.by_role)
        yield each.action, tuple(one.obligation for one in still)


def by_role(guide: Guide, at: int) -> tuple[dict[str, str], frozenset[str]]:
    """Let every entry be attested by the role at one place of its `attest`; return the roles and what counts."""
    roles = {key: one.attest[at] for key, one in guide.evidence.items() if at < len(one.attest)}
    entries = {
        key: {"done": True, "at": "2026-03-02T08:00:00Z", "by_role": role} for key, role in roles.items()
    }
    found = evaluate(guide, {"on": "2026-03-02", "country": "MX", "evidence": entries})
    return roles, frozenset(roles) - frozenset(found.not_counted)
