"""Prepare the obligations of a Guide for being judged many times: conditions by their text, gates with their keys.

Pure, made once per Guide. Nothing is decided here; what decides only looks up which texts hold and which keys lack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from amparo.guide.engine import Condition
from amparo.guide.model import Guide, Obligation

# Texts in place of a condition that is absent: `ALWAYS` holds at every moment, `NEVER` at none.
ALWAYS, NEVER = "(always)", "(never)"


@dataclass(frozen=True, slots=True)
class Gate:
    """What one obligation asks before one action: which entries, when it blocks at all, what holds it."""

    action: str
    when: str
    keys: tuple[str, ...]
    lookup: frozenset[str]
    holds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """One obligation, ready to be judged."""

    obligation: Obligation
    applies: str
    due: str
    reopened: str
    holds: frozenset[str]  # any of them lets a met obligation guard
    requires: frozenset[str]
    after_on: frozenset[str]
    reads: frozenset[str]
    gates: tuple[Gate, ...]  # none for a soft obligation


@lru_cache(maxsize=64)
def rulings_of(guide: Guide) -> Mapping[str, Ruling]:
    """Return the obligations of a Guide ready to be judged, by id and in its order."""
    return {key: _ruling(each) for key, each in guide.obligations.items()}


@lru_cache(maxsize=64)
def rulings_on(guide: Guide) -> Mapping[str, tuple[Ruling, ...]]:
    """Return for each action the obligations that may block it."""
    every = rulings_of(guide).values()
    return {a: tuple(r for r in every if a in r.obligation.blocks) for a in guide.vocabulary.actions}


def _ruling(obligation: Obligation) -> Ruling:
    blocks = obligation.blocks if obligation.severity == "hard" else ()
    return Ruling(
        obligation=obligation,
        applies=obligation.applies.text,
        due=_text(obligation.due, ALWAYS),
        reopened=_text(obligation.reopen_while, NEVER),
        holds=frozenset(each.text for each in obligation.hold_while.values()),
        requires=frozenset(obligation.requires),
        after_on=frozenset(obligation.after_on),
        reads=frozenset(obligation.reads),
        gates=tuple(_gate(obligation, action) for action in blocks),
    )


def _gate(obligation: Obligation, action: str) -> Gate:
    keys = obligation.gate.get(action, obligation.requires)
    holds = (obligation.hold_while.get(name) for name in ("*", action))
    return Gate(
        action=action,
        when=ALWAYS if obligation.absolute else _text(obligation.block_when.get(action), ALWAYS),
        keys=keys,
        lookup=frozenset(keys),
        holds=frozenset(each.text for each in holds if each is not None),
    )


def _text(asked: Condition | None, absent: str) -> str:
    return absent if asked is None else asked.text
