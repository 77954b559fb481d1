"""Prepare the obligations of a Guide for being judged many times, and remember what they say of what holds and lacks.

Pure. Which conditions hold, which entries lack and which facts are unknown are written as bits of a number: what an
obligation says depends only on its own bits, so a verdict found once is found again at the price of a look-up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from amparo.guide.clocks import REMEMBERED
from amparo.guide.engine import Condition
from amparo.guide.evaluation import Bar, ObligationStatus, State
from amparo.guide.model import Guide, Obligation

# In place of a condition that is absent: `ALWAYS` holds at every moment, `NEVER` at none.
ALWAYS, NEVER = 1, 0
# Verdicts remembered over all obligations: a few dozen kilobytes each thousand, so memory stays flat.
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Bits:
    """Which bit stands for each condition (by its text), evidence entry, action and fact of a Guide."""

    conditions: Mapping[str, int]
    entries: Mapping[str, int]
    actions: Mapping[str, int]
    facts: Mapping[str, int]
    every_condition: int
    always_needed: int
    needed_when: tuple[tuple[int, int], ...]  # entry, condition


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
    entries: int  # all it ever asks for
    after_on: int
    reads: int
    timed: bool  # has a deadline, or a clock that starts when it is found due
    conditions: int  # all it asks itself
    gates: tuple[Gate, ...]  # none for a soft obligation


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
    conditions = {said: 2 << at for at, said in enumerate(texts)}  # bit 0 is ALWAYS
    entries = _numbered(guide.evidence)
    return Bits(
        conditions=conditions,
        entries=entries,
        actions=_numbered(guide.vocabulary.actions),
        facts=_numbered(guide.facts),
        every_condition=ALWAYS | _union(conditions.values()),
        always_needed=_union(entries[key] for key, asked in needs.items() if asked is None),
        needed_when=tuple(
            (entries[key], conditions[asked.text]) for key, asked in needs.items() if asked is not None
        ),
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


@lru_cache(maxsize=_REMEMBERED)
def verdict(ruling: Ruling, holding: int, lacking: int, happened: int, unknown: int) -> Verdict:
    """Say how an obligation stands. Guide evaluation, steps 4 to 6.

    The four numbers are the conditions that hold, the entries needed and not done, the actions that happened and
    the facts nobody knows; only the bits of this obligation are to be set, so that equal cases meet.
    """
    obligation = ruling.obligation
    applies = bool(holding & ruling.applies)
    fallen_due = obligation.after if applies and happened else ()
    asked = applies and (bool(fallen_due) or bool(holding & ruling.due))
    entries = (*obligation.requires, *fallen_due)
    missing = _among(entries, ruling.bits.entries, lacking) if applies else ()
    settled = not missing and not holding & ruling.reopened
    status = ObligationStatus(
        id=obligation.id,
        state=_state(applies, asked, settled, held=bool(holding & ruling.holds)),
        due=None,
        missing=missing,
        bars=_bars(ruling, holding, lacking, fallen_due) if applies else {},
        severity=obligation.severity,
        duty_bearer=obligation.duty_bearer,
        sources=obligation.sources,
        ask=_among(obligation.reads, ruling.bits.facts, unknown),
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


def _bars(ruling: Ruling, holding: int, lacking: int, fallen_due: tuple[str, ...]) -> dict[str, Bar]:
    """Return the actions an obligation that applies blocks, and why, in the order of the Guide."""
    bits, found = ruling.bits.entries, {}
    absolute, reopened = ruling.obligation.absolute, bool(holding & ruling.reopened)
    for gate in ruling.gates:
        # What is owed after an act cannot come before it, but it comes before the case is closed.
        keys = (*gate.keys, *fallen_due) if gate.closes else gate.keys
        bar = Bar(_among(keys, bits, lacking), bool(holding & gate.holds), reopened, absolute)
        if bar.missing or bar.held or reopened or absolute:
            found.update({action: bar for action, when in gate.actions if holding & when})
    return {action: found[action] for action in ruling.obligation.blocks if action in found}


def _among(names: tuple[str, ...], bits: Mapping[str, int], chosen: int) -> tuple[str, ...]:
    return tuple([name for name in names if bits[name] & chosen]) if chosen else ()


# ---- preparing ---------------------------------------------------------------------------------


def _ruling(obligation: Obligation, bits: Bits) -> Ruling:
    holds = _conditions(bits, obligation.hold_while.values())
    own = (obligation.applies, obligation.due, obligation.reopen_while)
    return Ruling(
        obligation=obligation,
        bits=bits,
        applies=_condition(bits, obligation.applies, ALWAYS),
        due=_condition(bits, obligation.due, ALWAYS),
        reopened=_condition(bits, obligation.reopen_while, NEVER),
        holds=holds,
        entries=_union(bits.entries[key] for key in (*obligation.requires, *obligation.after)),
        after_on=_union(bits.actions[action] for action in obligation.after_on),
        reads=_union(bits.facts[name] for name in obligation.reads),
        timed=obligation.deadline is not None or obligation.clock in REMEMBERED,
        conditions=ALWAYS
        | holds
        | _conditions(bits, filter(None, own))
        | _conditions(bits, obligation.block_when.values()),
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


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: 1 << at for at, name in enumerate(names)}


def _union(bits: Iterable[int]) -> int:
    total = 0
    for bit in bits:
        total |= bit
    return total
