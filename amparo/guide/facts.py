"""Check the facts of a case against the facts schema and fill in what is missing.

A missing fact takes its default, so that no condition ever meets an absent field. Refusals name place and
reason, never the answer itself: facts are about a child. Guide evaluation, step 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from amparo.guide.engine import Values
from amparo.guide.errors import FactsRefused
from amparo.guide.fitting import misfits, moment_of
from amparo.guide.model import FactKind, Guide


# A tuple, as dozens are made for each case and a frozen dataclass costs four times as much to make.
class Entry(NamedTuple):
    """One evidence entry: what was done, or withdrawn, when and by which role."""

    key: str
    done: bool
    at: datetime
    by_role: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something done to or with the child."""

    action: str
    at: datetime
    override: str
    by_role: str


@dataclass(frozen=True, slots=True)
class Case:
    """The facts of one case, checked and filled: `values` for conditions, moments and records beside them."""

    on: date
    values: Values
    moments: Mapping[str, datetime]
    entries: Mapping[str, Entry]
    attested: tuple[Entry, ...]  # done, of the catalogue, and by a role that may attest them
    unattested: tuple[Entry, ...]  # done, of the catalogue, and by a role that may not
    events: tuple[Event, ...]  # oldest first


def read_case(guide: Guide, facts: Mapping[str, Any]) -> Case:
    """Return the facts checked and filled; FactsRefused names every place that does not fit."""
    problems = list(misfits(guide, facts))
    if problems:
        raise FactsRefused(problems)
    values = dict(_defaults(guide))
    for name, value in facts.items():
        if name in values:
            values[name] = list(value) if isinstance(value, tuple) else value
    entries = {
        key: Entry(key, raw["done"], moment_of(raw["at"]), raw["by_role"])
        for key, raw in facts.get("evidence", {}).items()
    }
    attested, unattested = _told_apart(guide, entries)
    events = sorted(map(_event, facts.get("events", ())), key=lambda event: (event.at, event.action))
    return Case(
        on=date.fromisoformat(facts["on"]),
        values=values,
        moments={name: moment_of(facts[name]) for name in _moments(guide) if name in facts},
        entries=entries,
        attested=attested,
        unattested=unattested,
        events=tuple(events),
    )


def _told_apart(guide: Guide, entries: Mapping[str, Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return what is done, in the order told: attested by a role that may, and by one that may not."""
    catalogue = guide.evidence
    done = [entry for key, entry in entries.items() if entry.done and key in catalogue]
    attested = [entry for entry in done if entry.by_role in catalogue[entry.key].attest]
    if len(attested) == len(done):  # nearly always
        return tuple(done), ()
    return tuple(attested), tuple([entry for entry in done if entry not in attested])


def unknown_facts(guide: Guide, case: Case) -> frozenset[str]:
    """Return the facts that nobody knows yet."""
    return frozenset([name for name, unknown in _unknown_answers(guide) if case.values[name] == unknown])


def is_unknown(kind: FactKind, value: object) -> bool:
    """Test whether a value says that nobody knows."""
    return kind.unknown is not None and value == _plain(kind.unknown)


@lru_cache(maxsize=64)
def _unknown_answers(guide: Guide) -> tuple[tuple[str, str | int | list[str]], ...]:
    kinds = guide.facts.items()
    return tuple((name, _plain(kind.unknown)) for name, kind in kinds if kind.unknown is not None)


def kinds_of(schema: Mapping[str, Any]) -> dict[str, FactKind]:
    """Read the facts from the schema, without evidence and events."""
    properties = {n: p for n, p in schema["properties"].items() if n not in ("evidence", "events")}
    return {name: _kind(name, said, name in schema["required"]) for name, said in properties.items()}


def _kind(name: str, said: Mapping[str, Any], required: bool) -> FactKind:
    of, choices = said.get("items", said), tuple(said.get("items", said).get("enum", ()))
    names = {"array": "texts", "integer": "int"}
    default = tuple(said["default"]) if isinstance(said.get("default"), list) else said.get("default")
    # Where no answer is called unknown, the schema says in words that the default means "not known".
    told = default if "not known" in said["description"] else None
    return FactKind(
        name=name,
        type=names.get(said["type"], said.get("format", "text")),
        choices=choices,
        pattern=of.get("pattern"),
        minimum=said.get("minimum"),
        maximum=said.get("maximum"),
        default=default,
        unknown="unknown" if "unknown" in choices else told,
        required=required,
    )


@lru_cache(maxsize=64)
def _moments(guide: Guide) -> tuple[str, ...]:
    return tuple(name for name, kind in guide.facts.items() if kind.type == "date-time")


@lru_cache(maxsize=64)
def _defaults(guide: Guide) -> Values:
    # A moment that is not known is "" for conditions and absent for clocks.
    return {name: "" if each.default is None else _plain(each.default) for name, each in guide.facts.items()}


def _plain(value: Any) -> str | int | list[str]:  # noqa: ANN401  # it was checked before
    return list(value) if isinstance(value, tuple) else value


def _event(raw: Mapping[str, str]) -> Event:
    return Event(
        raw["action"], moment_of(raw["at"]), raw.get("override", "none"), raw.get("by_role", "unknown")
    )
