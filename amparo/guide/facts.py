"""Check the facts of a case against the facts schema and fill in what is missing.

A missing fact takes its default, so that no condition ever meets an absent field. Refusals name place and
reason, never the answer itself: facts are about a child. Guide README, step 1.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from amparo.guide.engine import Values
from amparo.guide.errors import FactsRefused, Problem
from amparo.guide.model import FactKind, Guide

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_YEARS = range(1900, 2200)  # the calendar sums below stay possible, and a mistyped century is noticed
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NEEDED = {"done", "at", "by_role"}
_ENTRY = {*_NEEDED, "note"}
_EVENT = {"action", "at", "override", "by_role"}
_NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Entry:
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
    events: tuple[Event, ...]  # oldest first


def read_case(guide: Guide, facts: Mapping[str, Any]) -> Case:
    """Return the facts checked and filled; FactsRefused names every place that does not fit."""
    problems = list(_problems(guide, facts))
    if problems:
        raise FactsRefused(problems)
    values = {name: _filled(kind, facts) for name, kind in guide.facts.items()}
    moments = {
        name: _moment(facts[name])
        for name, kind in guide.facts.items()
        if kind.type == "date-time" and name in facts
    }
    entries = {
        key: Entry(key, raw["done"], _moment(raw["at"]), raw["by_role"])
        for key, raw in facts.get("evidence", {}).items()
    }
    events = sorted(map(_event, facts.get("events", ())), key=lambda event: (event.at, event.action))
    return Case(date.fromisoformat(facts["on"]), values, moments, entries, tuple(events))


def unknown_facts(guide: Guide, case: Case) -> frozenset[str]:
    """Return the facts that nobody knows yet."""
    return frozenset(name for name, kind in guide.facts.items() if is_unknown(kind, case.values[name]))


def is_unknown(kind: FactKind, value: object) -> bool:
    """Test whether a value says that nobody knows."""
    return kind.unknown is not None and (tuple(value) if isinstance(value, list) else value) == kind.unknown


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


def _filled(kind: FactKind, facts: Mapping[str, Any]) -> str | int | list[str]:
    value = facts.get(kind.name, kind.default)
    if value is None:
        return ""  # a moment that is not known: text for conditions, absent for clocks
    return list(value) if kind.type == "texts" else value


def _event(raw: Mapping[str, str]) -> Event:
    return Event(
        raw["action"], _moment(raw["at"]), raw.get("override", "none"), raw.get("by_role", "unknown")
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ---- what does not fit -------------------------------------------------------------------------


def _problems(guide: Guide, facts: object) -> Iterator[Problem]:
    if not isinstance(facts, Mapping):
        yield Problem("facts", "must be a mapping of facts")
        return
    for name, kind in guide.facts.items():
        if name in facts:
            yield from _CHECKS[kind.type](kind, facts[name], f"facts.{name}")
        elif kind.required:
            yield Problem(f"facts.{name}", "is missing")
    for name in facts:
        if name not in guide.facts and name not in ("evidence", "events"):
            yield Problem(f"facts.{_safe(name)}", "is not a fact of the schema")
    yield from _evidence(guide, facts.get("evidence", {}))
    yield from _events(guide, facts.get("events", []))


def _evidence(guide: Guide, found: object) -> Iterator[Problem]:
    if not isinstance(found, Mapping):
        yield Problem("facts.evidence", "must be a mapping of evidence keys")
        return
    roles = frozenset(guide.vocabulary.roles)
    for key, raw in found.items():
        if _entry_fits(key, raw, roles):
            continue  # the usual case, told quickly; what follows names what is wrong
        place = f"facts.evidence.{_safe(key)}"
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            yield Problem(place, "must be a key of small letters, digits and hyphens")
        yield from _record(raw, place, _NEEDED, _ENTRY)
        if isinstance(raw, Mapping):
            yield from _entry(guide, raw, place)


def _entry_fits(key: object, raw: object, roles: frozenset[str]) -> bool:
    return (
        isinstance(key, str)
        and _KEY.fullmatch(key) is not None
        and type(raw) is dict
        and raw.keys() == _NEEDED
        and isinstance(raw["done"], bool)
        and isinstance(raw["by_role"], str)
        and raw["by_role"] in roles
        and _is_written_moment(raw["at"])
    )


def _entry(guide: Guide, raw: Mapping[str, Any], place: str) -> Iterator[Problem]:
    if not isinstance(raw.get("done", True), bool):
        yield Problem(f"{place}.done", "must be true or false")
    yield from _when(raw, place)
    yield from _choice(raw, place, "by_role", guide.vocabulary.roles)
    note = raw.get("note", "")
    if not isinstance(note, str) or len(note) > _NOTE_LENGTH:
        yield Problem(f"{place}.note", f"must be a text of at most {_NOTE_LENGTH} characters")


def _events(guide: Guide, found: object) -> Iterator[Problem]:
    if not isinstance(found, list | tuple):
        yield Problem("facts.events", "must be a list of events")
        return
    for at, raw in enumerate(found):
        place = f"facts.events[{at}]"
        yield from _record(raw, place, {"action", "at"}, _EVENT)
        if isinstance(raw, Mapping):
            yield from _when(raw, place)
            yield from _choice(raw, place, "action", guide.vocabulary.actions)
            yield from _choice(raw, place, "override", ("none", "emergency", "two-person"))
            yield from _choice(raw, place, "by_role", (*guide.vocabulary.roles, "other-authority", "unknown"))


def _record(raw: object, place: str, needed: set[str], known: set[str]) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield Problem(place, "must be a mapping")
        return
    if not needed <= raw.keys():
        yield Problem(place, "is missing " + ", ".join(sorted(needed - raw.keys())))
    for name in raw.keys() - known:
        yield Problem(f"{place}.{_safe(name)}", "is not a field here")


def _when(raw: Mapping[str, Any], place: str) -> Iterator[Problem]:
    if "at" in raw:
        yield from _is_moment(None, raw["at"], f"{place}.at")


def _choice(raw: Mapping[str, Any], place: str, name: str, choices: tuple[str, ...]) -> Iterator[Problem]:
    if name in raw and (not isinstance(raw[name], str) or raw[name] not in choices):
        yield Problem(f"{place}.{name}", "must be one of: " + ", ".join(choices))


def _is_text(kind: FactKind, value: object, place: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(place, "must be a text (put it in quotes)")
    elif kind.choices and value not in kind.choices:
        yield Problem(place, "must be one of: " + ", ".join(kind.choices))
    elif kind.pattern and not _matches(kind.pattern, value):
        yield Problem(place, f"must fit the pattern {kind.pattern}")


def _is_texts(kind: FactKind, value: object, place: str) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield Problem(place, "must be a list")
        return
    for at, item in enumerate(value):
        yield from _is_text(kind, item, f"{place}[{at}]")
        if item in value[:at]:
            yield Problem(f"{place}[{at}]", "is there twice")


def _is_int(kind: FactKind, value: object, place: str) -> Iterator[Problem]:
    low, high = kind.minimum, kind.maximum
    if isinstance(value, bool) or not isinstance(value, int):
        yield Problem(place, "must be a whole number")
    elif (low is not None and value < low) or (high is not None and value > high):
        yield Problem(place, f"must be between {low} and {high}")


def _is_date(_: FactKind | None, value: object, place: str) -> Iterator[Problem]:
    if not isinstance(value, str) or not _DATE.fullmatch(value) or not _on_calendar(value):
        yield Problem(place, "must be a day such as 2026-03-02, in quotes")


def _is_moment(_: FactKind | None, value: object, place: str) -> Iterator[Problem]:
    if not _is_written_moment(value):
        yield Problem(place, "must be a moment with its offset such as 2026-03-02T08:30:00-06:00, in quotes")


def _is_written_moment(value: object) -> bool:
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None and _on_calendar(value)


def _on_calendar(value: str) -> bool:
    try:
        return datetime.fromisoformat(value.upper()).year in _YEARS
    except ValueError:
        return False


def _matches(pattern: str, value: str) -> bool:
    # JSON Schema anchors a pattern by its own ^ and $; Python's $ would also allow a line end.
    return re.fullmatch(pattern.removeprefix("^").removesuffix("$"), value) is not None


def _safe(name: object) -> str:
    """Shorten a name from outside, so that a story typed in the wrong place is not repeated."""
    text = str(name)
    return text if re.fullmatch(r"[\w-]{1,60}", text) else f"({len(text)} characters)"


_CHECKS: dict[str, Callable[[FactKind, Any, str], Iterator[Problem]]] = {
    "text": _is_text,
    "texts": _is_texts,
    "int": _is_int,
    "date": _is_date,
    "date-time": _is_moment,
}
