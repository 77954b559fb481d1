"""Prepare the obligations of a Guide for being judged many times, and remember what they say of what holds and lacks.

Pure. Where a case stands is one number: its bits are the conditions that hold, the entries that lack, what happened
and what nobody knows. An obligation depends on a few of them only, so a verdict found once is found again at the
price of a look-up. Decision: 15.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from amparo.guide.clocks import REMEMBERED
from amparo.guide.engine import Condition
from amparo.guide.evaluation import Bar, ObligationStatus, State
from amparo.guide.model import Guide, Obligation

# In place of a condition that is absent: `ALWAYS` holds at every moment, `NEVER` at none.
ALWAYS, NEVER = 1, 0
# Verdicts remembered of one obligation, one or two kilobytes each: a hundred megabytes for a whole Guide at the worst.
_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Bits:
    """Which bit stands for each condition (by its text), entry lacking, action that happened and fact unknown."""

    conditions: Mapping[str, int]
    entries: Mapping[str, int]
    actions: Mapping[str, int]
    facts: Mapping[str, int]
    untold: (
        int  # what stands while nothing is told: every condition holds, every entry is needed and not done
    )
    needed_when: tuple[tuple[int, int], ...]  # entry, condition
    needing: int  # all conditions on which an entry is needed


@dataclass(frozen=True, slots=True)
class Gate:
    """What one obligation asks before the actions that ask the same: entries, what holds them, when it blocks."""

    actions: tuple[tuple[str, int], ...]  # each action with its condition
    keys: tuple[str, ...]
    holds: int
    closes: bool  # before the case is closed, what fell due after an act is asked too


@dataclass(frozen=True, slots=True, eq=False)
class Ruling:
    """One obligation, ready to be judged; every number is a set of bits."""

    obligation: Obligation
    bits: Bits
    applies: int
    due: int
    reopened: int
    holds: int  # any of them lets a met obligation guard
    after_on: int
    timed: bool  # has a deadline, or a clock that starts when it is found due
    decides: int  # all that what it says depends on
    gates: tuple[Gate, ...]  # none for a soft obligation
    remembered: dict[int, "Verdict"] = field(default_factory=dict, repr=False)  # what was found, by its bits


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an obligation says of a case, apart from deadlines: `status` as if nobody had set one."""

    status: ObligationStatus
    asked: bool
    settled: bool  # nothing missing, nothing reopened
    final: bool  # no deadline and no clock can change the status
    fallen_due: tuple[str, ...]


@lru_cache(maxsize=64)
def bits_of(guide: Guide) -> Bits:
    """Return which bit stands for what in a Guide."""
    texts = dict.fromkeys(
        each.text for one in guide.obligations.values() for each in conditions_of(guide, one)
    )
    needs = {key: entry.needed_when for key, entry in guide.evidence.items()}
    texts |= dict.fromkeys(each.text for each in needs.values() if each is not None)
    following = (1 << at for at in count(1))  # bit 0 is ALWAYS
    conditions, entries, actions, facts = (
        {name: next(following) for name in names}
        for names in (texts, guide.evidence, guide.vocabulary.actions, guide.facts)
    )
    return Bits(
        conditions=conditions,
        entries=entries,
        actions=actions,
        facts=facts,
        untold=ALWAYS | _union(conditions.values()) | _union(entries.values()),
        needed_when=tuple(
            (entries[key], conditions[asked.text]) for key, asked in needs.items() if asked is not None
        ),
        needing=_union(conditions[asked.text] for asked in needs.values() if asked is not None),
    )


@lru_cache(maxsize=64)
def rulings_of(guide: Guide) -> Mapping[str, Ruling]:
    """Return the obligations of a Guide ready to be judged, by id and in its order."""
    bits = bits_of(guide)
    return {key: _ruling(each, bits) for key, each in guide.obligations.items()}


@lru_cache(maxsize=64)
def rulings_on(guide: Guide) -> Mapping[str, tuple[Ruling, ...]]:
    """Return for each action the obligations that may block it."""
    every = rulings_of(guide).values()
    return {a: tuple(r for r in every if a in r.obligation.blocks) for a in guide.vocabulary.actions}


def conditions_of(guide: Guide, obligation: Obligation) -> Iterable[Condition]:
    """Walk through the conditions that decide on one obligation and its evidence."""
    yield obligation.applies
    yield from filter(None, (obligation.due, obligation.reopen_while))
    yield from (*obligation.block_when.values(), *obligation.hold_while.values())
    entries = (guide.evidence[key] for key in (*obligation.requires, *obligation.after))
    yield from (entry.needed_when for entry in entries if entry.needed_when is not None)


def verdict(ruling: Ruling, standing: int) -> Verdict:
    """Say how an obligation stands where a case stands, as found before wherever what it decides by was the same."""
    asked = standing & ruling.decides
    found = ruling.remembered.get(asked)
    if found is None:
        if len(ruling.remembered) >= _REMEMBERED:
            ruling.remembered.clear()  # what is usual is soon there again
        found = ruling.remembered[asked] = _verdict(ruling, asked)
    return found


def _verdict(ruling: Ruling, standing: int) -> Verdict:
    """Say how an obligation stands. Guide evaluation, steps 4 to 6."""
    obligation = ruling.obligation
    applies = bool(standing & ruling.applies)
    fallen_due = obligation.after if applies and standing & ruling.after_on else ()
    asked = applies and (bool(fallen_due) or bool(standing & ruling.due))
    entries = (*obligation.requires, *fallen_due)
    missing = _among(entries, ruling.bits.entries, standing) if applies else ()
    settled = not missing and not standing & ruling.reopened
    status = ObligationStatus(
        id=obligation.id,
        state=_state(applies, asked, settled, held=bool(standing & ruling.holds)),
        due=None,
        missing=missing,
        bars=_bars(ruling, standing, fallen_due) if applies else {},
        severity=obligation.severity,
        duty_bearer=obligation.duty_bearer,
        sources=obligation.sources,
        ask=_among(obligation.reads, ruling.bits.facts, standing),
        first_due=None,
        on_time=True,
    )
    return Verdict(status, asked, settled, not asked or not ruling.timed, fallen_due)


def _state(applies: bool, asked: bool, settled: bool, *, held: bool) -> State:
    if not applies:
        return "not-applicable"
    if settled:
        return "guarding" if held else "met"
    return "open" if asked else "guarding"


def _bars(ruling: Ruling, standing: int, fallen_due: tuple[str, ...]) -> dict[str, Bar]:
    """Return the actions an obligation that applies blocks, and why, in the order of the Guide."""
    bits, found = ruling.bits.entries, {}
    absolute, reopened = ruling.obligation.absolute, bool(standing & ruling.reopened)
    for gate in ruling.gates:
        # What is owed after an act cannot come before it, but it comes before the case is closed.
        keys = (*gate.keys, *fallen_due) if gate.closes else gate.keys
        bar = Bar(_among(keys, bits, standing), bool(standing & gate.holds), reopened, absolute)
        if bar.missing or bar.held or reopened or absolute:
            found.update({action: bar for action, when in gate.actions if standing & when})
    return {action: found[action] for action in ruling.obligation.blocks if action in found}


def _among(names: tuple[str, ...], bits: Mapping[str, int], chosen: int) -> tuple[str, ...]:
    return tuple([name for name in names if bits[name] & chosen])


# ---- preparing ---------------------------------------------------------------------------------


def _ruling(obligation: Obligation, bits: Bits) -> Ruling:
    holds = _conditions(bits, obligation.hold_while.values())
    own = (obligation.applies, obligation.due, obligation.reopen_while)
    after_on = _union(bits.actions[action] for action in obligation.after_on)
    return Ruling(
        obligation=obligation,
        bits=bits,
        applies=_condition(bits, obligation.applies, ALWAYS),
        due=_condition(bits, obligation.due, ALWAYS),
        reopened=_condition(bits, obligation.reopen_while, NEVER),
        holds=holds,
        after_on=after_on,
        timed=obligation.deadline is not None or obligation.clock in REMEMBERED,
        decides=ALWAYS
        | holds
        | after_on
        | _conditions(bits, filter(None, own))
        | _conditions(bits, obligation.block_when.values())
        | _union(bits.entries[key] for key in (*obligation.requires, *obligation.after))
        | _union(bits.facts[name] for name in obligation.reads),
        gates=_gates(obligation, bits) if obligation.severity == "hard" else (),
    )


def _gates(obligation: Obligation, bits: Bits) -> tuple[Gate, ...]:
    alike: dict[tuple[tuple[str, ...], int, bool], list[tuple[str, int]]] = {}
    for action in obligation.blocks:
        keys = obligation.gate.get(action, obligation.requires)
        holds = filter(None, (obligation.hold_while.get(name) for name in ("*", action)))
        when = None if obligation.absolute else obligation.block_when.get(action)
        same = alike.setdefault((keys, _conditions(bits, holds), action == "close-case"), [])
        same.append((action, _condition(bits, when, ALWAYS)))
    return tuple(
        Gate(tuple(actions), keys, holds, closes) for (keys, holds, closes), actions in alike.items()
    )


def _condition(bits: Bits, asked: Condition | None, absent: int) -> int:
    return absent if asked is None else bits.conditions[asked.text]


def _conditions(bits: Bits, asked: Iterable[Condition]) -> int:
    return _union(bits.conditions[each.text] for each in asked)


def _union(bits: Iterable[int]) -> int:
    total = 0
    for bit in bits:
        total |= bit
    return total
