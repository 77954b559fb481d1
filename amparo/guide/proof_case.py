"""Make of the solver's answer one small invented case, and ask the real engine whether it shows what it should.

The case holds only what matters, so that a lawyer can read it. Decision: 11.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import z3

from amparo.guide.evaluate import evaluate
from amparo.guide.evaluation import ObligationStatus
from amparo.guide.model import FactKind, Guide
from amparo.guide.proof_terms import Many, Spread, Term, no
from amparo.guide.proof_world import TODAY, World

Loss = Literal["allows", "unblocks", "unholds", "asks-not", "covers-not", "misses-not", "meets"]
_LISTED = 12  # evidence named one by one; beyond that the entries that are not done are named
# How the lines of a case that are no answers begin; other languages tell them (`saying.say`).
DONE, ALL_BUT, OTHER_ROLE, HAPPENED = LABELS = (
    "evidence done:",
    "evidence done, all except:",
    "evidence done by another role:",
    "happened:",
)
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Shown:
    """An invented case on which the country would protect less, as facts and in a few lines."""

    facts: Mapping[str, Any]
    lines: str


def smallest(solver: z3.Solver, world: World, country: Guide, *, much_done: bool) -> z3.ModelRef:
    """Return a model of what the solver holds, with as little told as possible; it must be satisfiable."""
    solver.push()
    try:
        for wanted in _plainest(world, country, much_done=much_done):
            _keep(solver, wanted)
        solver.check()
        return solver.model()
    finally:
        solver.pop()


def _keep(solver: z3.Solver, wanted: list[Term]) -> None:
    """Add as many of the wanted terms as the solver can hold together, halving where they do not fit."""
    if solver.check(*wanted) == z3.sat:
        solver.add(*wanted)
    elif len(wanted) > 1:
        half = len(wanted) // 2
        _keep(solver, wanted[:half])
        _keep(solver, wanted[half:])


def _plainest(world: World, country: Guide, *, much_done: bool) -> Iterator[list[Term]]:
    yield [
        _equals(world.facts["facts.on"], TODAY),
        _equals(world.facts["facts.country"], country.country or "MX"),
    ]
    yield list(world.narrowed.values())
    yield [no(happened) for happened in world.events.values()]
    yield [term for kind in country.facts.values() if not kind.required for term in _untold(world, kind)]
    yield [done if much_done else no(done) for done in world.entries.values()]


def _untold(world: World, kind: FactKind) -> list[Term]:
    value, default = world.facts[f"facts.{kind.name}"], kind.default
    if isinstance(value, Many):
        return [no(there) for there in value.items.values()]
    return [_equals(value, "" if default is None else default)]


def _equals(value: Any, wanted: Any) -> Term:  # noqa: ANN401  # any value of a fact
    if isinstance(value, Spread):
        return value.values[wanted]
    return value == wanted


# ---- the case ----------------------------------------------------------------------------------


def shown(model: z3.ModelRef, world: World, region: Guide, country: Guide) -> Shown:
    """Return the case a model stands for."""
    told = {kind.name: _answer(model, world, kind) for kind in country.facts.values()}
    told = {
        name: value
        for name, value in told.items()
        if country.facts[name].required or value != _default(country.facts[name])
    }
    moment = f"{told['on']}T00:00:00-06:00"
    done = {
        key: _role(model, world, region, country, key) for key, it in world.entries.items() if _is(model, it)
    }
    happened = [action for action, it in world.events.items() if _is(model, it)]
    facts = {
        **told,
        "evidence": {key: {"done": True, "at": moment, "by_role": role} for key, role in done.items()},
        "events": [{"action": action, "at": moment} for action in happened],
    }
    return Shown(facts, "\n".join(_lines(told, done, happened, world, model)))


def _answer(model: z3.ModelRef, world: World, kind: FactKind) -> Any:  # noqa: ANN401  # any value of a fact
    value = world.facts[f"facts.{kind.name}"]
    if isinstance(value, Spread):
        return next(text for text, it in value.values.items() if _is(model, it))
    if isinstance(value, Many):
        return [text for text, it in value.items.items() if _is(model, it)]
    return model.eval(value, model_completion=True).as_long()


def _default(kind: FactKind) -> object:
    if isinstance(kind.default, tuple):
        return list(kind.default)
    return "" if kind.default is None else kind.default


def _role(model: z3.ModelRef, world: World, region: Guide, country: Guide, key: str) -> str:
    """Return a role that attested the entry: one the country accepts, unless the model wants the other."""
    accepted = country.evidence[key].attest
    if key in world.narrowed and not _is(model, world.narrowed[key]):
        return next(role for role in region.evidence[key].attest if role not in accepted)
    return accepted[0]


def _is(model: z3.ModelRef, term: Term) -> bool:
    return bool(z3.is_true(model.eval(term, model_completion=True)))


def _lines(
    told: Mapping[str, Any], done: Mapping[str, str], happened: list[str], world: World, model: z3.ModelRef
) -> Iterator[str]:
    for name in sorted(told, key=lambda name: (name not in ("on", "country"), name)):
        yield f"    {name}: {json.dumps(told[name], ensure_ascii=False)}"
    if len(done) <= _LISTED:
        yield _line(DONE, (f"{key} ({done[key]})" for key in done))
    else:
        yield _line(ALL_BUT, sorted(world.entries.keys() - done.keys()))
        unlike = [key for key, it in world.narrowed.items() if key in done and not _is(model, it)]
        yield from (_line(OTHER_ROLE, [f"{key} ({done[key]})"]) for key in unlike)
    yield _line(HAPPENED, happened)


def _line(label: str, listed: Iterable[str]) -> str:
    """Return one line without a word of any language but its label."""
    return f"    {label} {', '.join(listed) or _NONE}"


# ---- asked of the real engine ------------------------------------------------------------------


def is_so(
    region: Guide, country: Guide, facts: Mapping[str, Any], *, obligation: str, loss: Loss, action: str
) -> bool:
    """Ask the real engine whether the country protects less than the region on these facts, in this way."""
    ours, theirs = evaluate(region, facts), evaluate(country, facts)
    if loss == "allows":
        return action in ours.status(obligation).bars and action not in theirs.blocked
    if loss == "misses-not":
        entries = region.obligations[obligation]
        old, new = (set(each.status(obligation).missing) for each in (ours, theirs))
        return bool(old - new) and not (new - old) & {*entries.requires, *entries.after}
    return _lost(ours.status(obligation), theirs.status(obligation), loss, action)


def _lost(old: ObligationStatus, new: ObligationStatus, loss: Loss, action: str) -> bool:
    before, now = old.bars.get(action), new.bars.get(action)
    return {
        "unblocks": before is not None and now is None,
        "unholds": before is not None and before.held and (now is None or not now.held),
        "asks-not": old.is_open and not new.is_open,
        "covers-not": old.state != "not-applicable" and new.state == "not-applicable",
        "meets": old.state != "met" and new.state == "met",
    }[loss]
