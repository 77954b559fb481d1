"""Hold the proof's picture of a case against what the engine judges: the same blocks, duties and holds."""

from typing import Any

import z3

from amparo.guide import Guide, evaluate, load
from amparo.guide.model import Obligation
from amparo.guide.proof_terms import Many, Spread, Term
from amparo.guide.proof_world import View, World, world_of
from tests.guide.guide_documents import some_facts
from tests.guide.test_proof import country


def _fixed(world: World, facts: dict[str, Any], guide: Guide) -> list[Any]:
    """Return the terms that make every case of a world this one case."""
    fixed = []
    for name, kind in guide.facts.items():
        value, told = world.facts[f"facts.{name}"], facts.get(name, kind.default)
        if isinstance(value, Spread):
            fixed.append(value.values["" if told is None else told])
        elif isinstance(value, Many):
            fixed += [term == (text in (told or ())) for text, term in value.items.items()]
        else:
            fixed.append(value == told)
    done, happened = facts["evidence"], {event["action"] for event in facts["events"]}
    fixed += [term == (key in done) for key, term in world.entries.items()]
    accepted = {key for key, entry in done.items() if entry["by_role"] in guide.evidence[key].attest}
    fixed += [term == (key in accepted) for key, term in world.narrowed.items()]
    return fixed + [term == (action in happened) for action, term in world.events.items()]


def test_proof_sees_each_case_as_the_engine_judges_it() -> None:
    guard = {
        "fact": "health_needs",
        "value": "none",
        "unless": "'health-check-done' in evidence.done",
        "becomes": "unknown",
    }
    narrowed = {
        "age-settled": {"attest": ["court"]},
        "needs-screened": {"attest": ["child-protection-authority"]},
    }
    theirs = country(evidence=narrowed, guards=[guard])
    world = world_of(load(), theirs)
    for facts in some_facts(5, seed=7):
        solver = z3.Solver(ctx=world.context)
        solver.add(*world.rules, *_fixed(world, facts, theirs))
        assert solver.check() == z3.sat
        for guide, is_country in ((load(), False), (theirs, True)):
            view, judged = View(guide, world, country=is_country), evaluate(guide, facts)
            for one in guide.obligations.values():
                status, seen = judged.status(one.id), _seen(solver.model(), view, one)
                assert seen["covers"] is (status.state != "not-applicable"), one.id
                assert seen["open"] is status.is_open, one.id
                assert seen["met"] is (status.state == "met"), one.id
                assert seen["bars"] == set(status.bars), one.id
                assert seen["held"] == {action for action, bar in status.bars.items() if bar.held}, one.id
                late = any("late_elsewhere" in str(guide.evidence[key].needed_when) for key in one.requires)
                assert late or seen["missing"] == set(status.missing), one.id


def _seen(model: z3.ModelRef, view: View, one: Obligation) -> dict[str, Any]:
    def true(term: Term) -> bool:
        return term if isinstance(term, bool) else z3.is_true(model.eval(term, model_completion=True))

    return {
        "covers": true(view.covers(one)),
        "open": true(view.open(one)),
        "met": true(view.met(one)),
        "bars": {action for action in one.blocks if true(view.bars(one, action))},
        "held": {action for action in one.blocks if true(view.held(one, action))},
        "missing": {key for key in (*one.requires, *one.after) if true(view.missing(one, key))},
    }
