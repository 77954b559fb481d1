"""Say which evidence no longer holds when a fact changes, and since when a block has stayed unmet.

Pure: facts and moments in, keys out; nothing is withdrawn and nobody is told here. A hearing and the child's own
words rest on no fact: she is never asked to tell again because an answer changed. Vocabulary: stale_rule, stuck_rule.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from amparo.guide.durations import duration
from amparo.guide.engine import condition
from amparo.guide.errors import Problem
from amparo.guide.evaluation import Evaluation
from amparo.guide.facts import is_unknown
from amparo.guide.model import FactKind, Guide

Facts = Mapping[str, Any]


def withdrawn_by(
    guide: Guide, before: Facts, after: Facts, done: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the done entries that no longer hold, each with the facts that became new, in the Guide's order.

    Args:
        guide: says on which facts each entry rests.
        before: the facts known until now; a fact that is missing is its default.
        after: the facts known from now on.
        done: keys of the entries that are done; others are never named.
    """
    new = {name: _news(kind, before, after) for name, kind in guide.facts.items()}
    new = {name: answers for name, answers in new.items() if answers}
    if not new:
        return {}
    found = {key: tuple(_shaken(guide.evidence[key].rests_on, new)) for key in guide.evidence if key in done}
    return {key: because for key, because in found.items() if because}


def unmet_since(evaluation: Evaluation, before: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    """Return since when each hard obligation is open with a block that stands; what was met starts anew."""
    stands = [one.id for one in evaluation.obligations if one.is_open and one.severity == "hard" and one.bars]
    return {key: before.get(key, now) for key in stands}


def stuck(guide: Guide, since: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """Return the obligations whose block has stayed unmet for the limit of the Guide or longer.

    Args:
        guide: its `stuck_after` is the limit; an overlay may shorten it.
        since: what `unmet_since` returned.
        now: this moment.
    """
    return tuple(key for key, start in since.items() if guide.stuck_after.after(start) <= now)


# ---- what a fact brings that is new --------------------------------------------------------------


def _news(kind: FactKind, before: Facts, after: Facts) -> frozenset[str]:
    """Return the answers that are there now and were not before; that nobody knows is no news."""
    old, new = _answers(kind, before), _answers(kind, after)
    return new - old


def _answers(kind: FactKind, facts: Facts) -> frozenset[str]:
    value = facts.get(kind.name, kind.default)
    if value is None or is_unknown(kind, list(value) if isinstance(value, tuple) else value):
        return frozenset()
    return frozenset(map(str, value)) if isinstance(value, list | tuple) else frozenset([str(value)])


def _shaken(rests_on: tuple[str, ...], new: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Name the facts among the grounds of an entry that are new, each once."""
    named: set[str] = set()
    for ground in rests_on:
        fact, _, answer = ground.partition("/")
        if fact in new and fact not in named and (not answer or answer in new[fact]):
            named.add(fact)
            yield fact


# ---- checking the data ---------------------------------------------------------------------------


def faults(place: str, raw: Mapping[str, Any], kinds: Mapping[str, FactKind]) -> Iterator[Problem]:
    """Name what is wrong with the grounds and the contradiction of one entry."""
    for ground in raw.get("rests_on", ()):
        fact, slash, answer = ground.partition("/")
        if fact not in kinds:
            yield Problem(f"{place}.rests_on", "{fact!r} is no known fact", fact=fact)
        elif slash and answer not in kinds[fact].choices:
            yield Problem(f"{place}.rests_on", "{answer!r} is no answer to {fact}", answer=answer, fact=fact)
    said = raw.get("contradicts")
    if said and any(not name.startswith("facts.") for name in condition(said).reads):
        yield Problem(f"{place}.contradicts", "may read facts only")


def bad_limit(text: str) -> Iterator[Problem]:
    """Name what is wrong with the limit after which an unmet block is told to a supervisor."""
    try:
        duration(text)
    except ValueError as fault:
        yield Problem("vocabulary.stuck_after", str(fault))
