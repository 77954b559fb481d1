"""Say what of the Guide the shipped scenarios try, and what there is to try.

Both as sets of short names, so that a test can tell what is missing. A scenario tries only what it names.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from amparo.guide import Bar, Evaluation, Guide, Obligation, ObligationStatus
from amparo.guide.scenario_files import Attempt
from amparo.guide.scenarios import Scenario, guide_of, judged, read_scenarios, shipped_files

STATES = ("not-applicable", "guarding", "open", "late", "met")
Names = Iterator[str]


@dataclass(frozen=True)
class Tried:
    """A shipped scenario beside what the Guide says of it."""

    scenario: Scenario
    guide: Guide
    evaluation: Evaluation

    def named(self) -> Iterator[tuple[Obligation, ObligationStatus]]:
        """Walk through the obligations whose state or blocks the scenario names."""
        expected = self.scenario.expected
        names = {*expected.states, *expected.blocks, *expected.missing}
        names |= {key for behind in expected.blocked.values() for key in behind or ()}
        for key in sorted(names):
            yield self.guide.obligations[key], self.evaluation.status(key)

    def held_to(self, key: str) -> Iterator[tuple[str, Bar]]:
        """Walk through the blocks of an obligation the scenario names one by one."""
        expected, bars = self.scenario.expected, self.evaluation.status(key).bars
        for action, bar in bars.items():
            if action in expected.blocks.get(key, ()) or key in (expected.blocked.get(action) or ()):
                yield action, bar

    def attempts(self) -> Iterator[tuple[Attempt, set[str]]]:
        """Walk through the overrides that are tried, each with the obligations it lifts."""
        for attempt in self.scenario.expected.overrides:
            behind = set(self.evaluation.blocked.get(attempt.action, ()))
            still = behind if attempt.still is None else set(attempt.still)
            yield attempt, set(attempt.lifts) if attempt.lifts is not None else behind - still


@cache
def tried() -> tuple[Tried, ...]:
    """Return every shipped scenario, judged."""
    scenarios = [each for path in shipped_files() for each in read_scenarios(path)]
    return tuple(Tried(each, guide_of(each), judged(guide_of(each), each)) for each in scenarios)


def covered(what: Callable[[Tried], Names]) -> set[str]:
    """Return all that the shipped scenarios try of one kind."""
    return {name for each in tried() for name in what(each)}


# ---- states and blocks -------------------------------------------------------------------------


def all_states(guide: Guide) -> Names:
    yield from (f"{key}: {state}" for key in guide.obligations for state in STATES)


def states(case: Tried) -> Names:
    yield from (f"{key}: {state}" for key, state in case.scenario.expected.states.items())


def all_blocks(guide: Guide) -> Names:
    for each in guide.obligations.values():
        yield from (f"{each.id} blocks {action}" for action in each.blocks)


def blocks(case: Tried) -> Names:
    for obligation, _ in case.named():
        yield from (f"{obligation.id} blocks {action}" for action, _ in case.held_to(obligation.id))


def all_limits(guide: Guide) -> Names:
    """Name each `block_when`: a case in which the obligation does not block, though entries are missing."""
    for each in guide.obligations.values():
        yield from (f"{each.id} lets {action} be" for action in each.block_when)


def limits(case: Tried) -> Names:
    for obligation, status in case.named():
        if obligation.id in case.scenario.expected.blocks and status.missing:
            yield from (f"{obligation.id} lets {a} be" for a in obligation.block_when if a not in status.bars)


def all_gates(guide: Guide) -> Names:
    for each in guide.obligations.values():
        yield from (f"{each.id} gate {action} {side}" for action in each.gate for side in ("open", "shut"))


def gates(case: Tried) -> Names:
    for obligation, status in case.named():
        for action, gate in obligation.gate.items():
            bar = status.bars.get(action)
            beyond = set(status.missing) & set(obligation.requires) - set(gate)
            if beyond and not (bar and bar.missing):
                yield f"{obligation.id} gate {action} open"
            if bar and bar.missing:
                yield f"{obligation.id} gate {action} shut"


def all_holds(guide: Guide) -> Names:
    for each in guide.obligations.values():
        yield from (f"{each.id} holds {action}" for action in each.hold_while)
        if each.reopen_while is not None:
            yield f"{each.id} reopens"


def holds(case: Tried) -> Names:
    """Name holds and reopenings that block by themselves: every entry is met."""
    for obligation, status in case.named():
        for action, bar in case.held_to(obligation.id):
            if bar.held and not bar.missing:
                yield f"{obligation.id} holds {action if action in obligation.hold_while else '*'}"
        if status.state == "open" and not status.missing:
            yield f"{obligation.id} reopens"


def all_absolute(guide: Guide) -> Names:
    yield from (f"{each.id} absolute" for each in guide.obligations.values() if each.absolute)


def absolute(case: Tried) -> Names:
    for obligation, status in case.named():
        if obligation.absolute and status.state == "met" and status.bars:
            yield f"{obligation.id} absolute"


# ---- overrides ---------------------------------------------------------------------------------


def all_lifts(guide: Guide) -> Names:
    for each in guide.obligations.values():
        if each.override != "none":
            actions = [action for action in each.blocks if action not in guide.vocabulary.never_lifted]
            yield from (f"{each.override} lifts {each.id} on {action}" for action in actions)


def lifts(case: Tried) -> Names:
    for attempt, lifted in case.attempts():
        yield from (f"{attempt.override} lifts {key} on {attempt.action}" for key in lifted)


def all_refused(guide: Guide) -> Names:
    """Name what no override lifts: each action never lifted, each obligation without override."""
    for action in guide.vocabulary.never_lifted:
        yield from (f"{override} refused on {action}" for override in ("emergency", "two-person"))
    for each in guide.obligations.values():
        if each.override == "none" and each.blocks:
            yield f"{each.id} not lifted"


def refused(case: Tried) -> Names:
    for attempt, lifted in case.attempts():
        behind = case.evaluation.blocked.get(attempt.action, ())
        yield from (f"{key} not lifted" for key in behind if key not in lifted)
        if behind and not lifted:
            yield f"{attempt.override} refused on {attempt.action}"


def all_joint(guide: Guide) -> Names:
    for joint in guide.vocabulary.joint_emergencies:
        yield from (
            f"joint emergency on {joint.action} {how}" for how in ("lifts all", "lifts holds", "others")
        )


def joint_emergency(case: Tried) -> Names:
    by_action = {joint.action: joint for joint in case.guide.vocabulary.joint_emergencies}
    for attempt, lifted in case.attempts():
        joint = by_action.get(attempt.action)
        if joint is None or attempt.override != "emergency":
            continue
        if attempt.by_role != joint.who and not lifted:
            yield f"joint emergency on {joint.action} others"
        if attempt.by_role == joint.who and lifted == set(joint.lifts):
            yield f"joint emergency on {joint.action} lifts all"
            if any(case.evaluation.status(key).bars[joint.action].held for key in lifted):
                yield f"joint emergency on {joint.action} lifts holds"


def all_owed(guide: Guide) -> Names:
    """Name each obligation that an emergency makes due at once, by its own override or the joint one."""
    joint = {key for each in guide.vocabulary.joint_emergencies for key in each.lifts}
    for each in guide.obligations.values():
        if each.override == "emergency" or each.id in joint:
            yield f"{each.id} owed after an emergency"


def owed(case: Tried) -> Names:
    used = {
        event["action"] for event in case.scenario.facts["events"] if event.get("override") == "emergency"
    }
    joint = {k for j in case.guide.vocabulary.joint_emergencies if j.action in used for k in j.lifts}
    for key, state in case.scenario.expected.states.items():
        own = (
            used & set(case.guide.obligations[key].blocks)
            and case.guide.obligations[key].override == "emergency"
        )
        if state == "open" and (own or key in joint):
            yield f"{key} owed after an emergency"


# ---- what falls due after, proofs, roles, questions ---------------------------------------------


def all_after(guide: Guide) -> Names:
    for each in guide.obligations.values():
        yield from (f"{each.id} after {action}" for action in each.after_on)
        if each.after and "close-case" in each.blocks:
            yield f"{each.id} keeps the case open after"


def after(case: Tried) -> Names:
    happened = {event["action"] for event in case.scenario.facts["events"]}
    for key, missing in case.scenario.expected.missing.items():
        obligation = case.guide.obligations[key]
        if obligation.after and set(missing) <= set(obligation.after) and missing:
            yield from (f"{key} after {action}" for action in obligation.after_on if action in happened)
            if "close-case" in case.evaluation.status(key).bars:
                yield f"{key} keeps the case open after"


def all_guards(guide: Guide) -> Names:
    for guard in guide.vocabulary.guards:
        yield from (f"{guard.fact} {guard.value} {how} proof" for how in ("without", "with"))


def guards(case: Tried) -> Names:
    expected = case.scenario.expected.guarded
    for guard in case.guide.vocabulary.guards if expected is not None else ():
        if case.scenario.facts.get(guard.fact) == guard.value:
            yield f"{guard.fact} {guard.value} {'without' if guard.fact in (expected or ()) else 'with'} proof"


def wrong_roles(case: Tried) -> Names:
    yield from (f"{key} by another role" for key in case.scenario.expected.not_counted or ())


def asked(case: Tried) -> Names:
    yield from (fact for facts in case.scenario.expected.ask.values() for fact in facts)


def breached(case: Tried) -> Names:
    yield from case.scenario.expected.breaches or ()
