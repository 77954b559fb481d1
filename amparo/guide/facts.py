"""Check the facts of a case against the facts schema and fill in what is missing.

A missing fact takes its default, so that no condition ever meets an absent field. Refusals name place and
reason, never the answer itself: facts are about a child. Guide evaluation, step 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from amparo.guide.engine import Values
from amparo.guide.errors import FactsRefused
from amparo.guide.fitting import misfits, moment_of
from amparo.guide.model import FactKind, Guide


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
    values: Values  # `facts.age_status` and so on, as conditions name them
    moments: Mapping[str, datetime]
    attested: Mapping[str, datetime]  # entries of the catalogue done by a role that may attest them, and when
    unattested: Mapping[str, datetime]  # those done by a role that may not
    events: tuple[Event, ...]  # oldest first


def read_case(guide: Guide, facts: Mapping[str, Any]) -> Case:
    """Return the facts checked and filled; FactsRefused names every place that does not fit."""
    problems = list(misfits(guide, facts))
    if problems:
        raise FactsRefused(problems)
    attested, unattested = _told_apart(guide, facts.get("evidence", {}))
    events = sorted(map(_event, facts.get("events", ())), key=lambda event: (event.at, event.action))
    return Case(
        on=date.fromisoformat(facts["on"]),
        values=_values(guide, facts),
        moments={name: moment_of(facts[name]) for name in _moments(guide) if name in facts},
        attested=attested,
        unattested=unattested,
        events=tuple(events),
    )


def _values(guide: Guide, facts: Mapping[str, Any]) -> dict[str, Any]:
    paths, names, defaults = _blank(guide)
    values = dict(zip(paths, map(facts.get, names, defaults), strict=True))
    for path in _lists(guide):
        if isinstance(values[path], tuple):
            values[path] = list(values[path])
    return values


def _told_apart(
    guide: Guide, evidence: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """Return when each entry was done: those attested by a role that may, and those by one that may not."""
    may = _may_attest(guide)
    done = {key: raw for key, raw in evidence.items() if raw["done"] and key in may}
    attested = {key: moment_of(raw["at"]) for key, raw in done.items() if raw["by_role"] in may[key]}
    if len(attested) == len(done):  # nearly always
        return attested, {}
    return attested, {key: moment_of(raw["at"]) for key, raw in done.items() if key not in attested}


@lru_cache(maxsize=64)
def _may_attest(guide: Guide) -> Mapping[str, frozenset[str]]:
    return {key: frozenset(entry.attest) for key, entry in guide.evidence.items()}


def is_unknown(kind: FactKind, value: object) -> bool:
    """Test whether a value says that nobody knows."""
    return kind.unknown is not None and value == _plain(kind.unknown)


@lru_cache(maxsize=64)
def unknown_answers(guide: Guide) -> tuple[tuple[str, str, str | int | list[str]], ...]:
    """Return each fact that may be unknown, as documents and as conditions name it, and the answer that says so."""
    kinds = guide.facts.items()
    return tuple((name, f"facts.{name}", _plain(it.unknown)) for name, it in kinds if it.unknown is not None)


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
def _blank(guide: Guide) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Any, ...]]:
    """Return the facts as conditions name them, as documents name them, and what each is while nobody told it."""
    # A moment that is not known is "" for conditions and absent for clocks.
    kinds = guide.facts.values()
    defaults = tuple("" if kind.default is None else _plain(kind.default) for kind in kinds)
    return tuple(f"facts.{name}" for name in guide.facts), tuple(guide.facts), defaults


@lru_cache(maxsize=64)
def _lists(guide: Guide) -> tuple[str, ...]:
    return tuple(f"facts.{name}" for name, kind in guide.facts.items() if kind.type == "texts")


def _plain(value: Any) -> str | int | list[str]:  # noqa: ANN401  # it was checked before
    return list(value) if isinstance(value, tuple) else value


def _event(raw: Mapping[str, str]) -> Event:
    return Event(
        raw["action"], moment_of(raw["at"]), raw.get("override", "none"), raw.get("by_role", "unknown")
    )
