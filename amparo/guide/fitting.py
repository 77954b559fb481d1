"""Find every place where the facts of a case do not fit the facts schema.

Place and reason only, never the answer itself: facts are about a child. Says the same as a JSON Schema library,
and is stricter where it has to be: real days, moments with their offset, years that can be meant.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from amparo.guide.errors import Problem
from amparo.guide.model import FactKind, Guide

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_YEARS = range(1900, 2200)  # the calendar sums below stay possible, and a mistyped century is noticed
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NEEDED = {"done", "at", "by_role"}
_ENTRY = {*_NEEDED, "note"}
_EVENT = {"action", "at", "override", "by_role"}
_NOTE_LENGTH = 500
_MOST_ANSWERS, _MOST_EVENTS = 500, 5000  # of one case; more would cost time and is no case


def misfits(guide: Guide, facts: object) -> Iterator[Problem]:
    """Walk through everything in which facts do not fit the facts schema of the Guide."""
    if not isinstance(facts, Mapping):
        yield Problem("facts", "must be a mapping of facts")
        return
    for name in _required(guide):
        if name not in facts:
            yield Problem(f"facts.{name}", "is missing")
    usual = _choices(guide)  # one of the answers to choose from: nearly every fact, told quickly
    rest = [n for n, told in facts.items() if type(told) is not str or told not in usual.get(n, ())]
    for name in rest:
        kind = guide.facts.get(name)
        if kind is not None:
            yield from _CHECKS[kind.type](kind, facts[name], f"facts.{name}")
        elif name not in ("evidence", "events"):
            yield Problem(f"facts.{_safe(name)}", "is not a fact of the schema")
    yield from _evidence(guide, facts.get("evidence", {}))
    yield from _events(guide, facts.get("events", []))


@lru_cache(maxsize=64)
def _required(guide: Guide) -> tuple[str, ...]:
    return tuple(name for name, kind in guide.facts.items() if kind.required)


@lru_cache(maxsize=64)
def _choices(guide: Guide) -> Mapping[str, frozenset[str]]:
    kinds = guide.facts.items()
    return {name: frozenset(kind.choices) for name, kind in kinds if kind.type == "text" and kind.choices}


@lru_cache(maxsize=64)
def _roles(guide: Guide) -> frozenset[str]:
    return frozenset(guide.vocabulary.roles)


def _evidence(guide: Guide, found: object) -> Iterator[Problem]:
    if not isinstance(found, Mapping):
        yield Problem("facts.evidence", "must be a mapping of evidence keys")
        return
    roles, known = _roles(guide), guide.evidence.keys()
    for key, raw in found.items():
        if key in known and _entry_fits(raw, roles):
            continue  # the usual case, told quickly; what follows names what is wrong
        place = f"facts.evidence.{_safe(key)}"
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            yield Problem(place, "must be a key of small letters, digits and hyphens")
        yield from _record(raw, place, _NEEDED, _ENTRY)
        if isinstance(raw, Mapping):
            yield from _entry(guide, raw, place)


def _entry_fits(raw: object, roles: frozenset[str]) -> bool:
    if type(raw) is not dict or len(raw) != len(_NEEDED):
        return False
    done, by_role, at = raw.get("done"), raw.get("by_role"), raw.get("at")
    whole = (done is True or done is False) and type(by_role) is str and type(at) is str
    return whole and by_role in roles and _is_written(at)


def _entry(guide: Guide, raw: Mapping[str, Any], place: str) -> Iterator[Problem]:
    if not isinstance(raw.get("done", True), bool):
        yield Problem(f"{place}.done", "must be true or false")
    yield from _when(raw, place)
    yield from _choice(raw, place, "by_role", guide.vocabulary.roles)
    note = raw.get("note", "")
    if not isinstance(note, str) or len(note) > _NOTE_LENGTH:
        yield Problem(f"{place}.note", "must be a text of at most {most} characters", most=_NOTE_LENGTH)


def _events(guide: Guide, found: object) -> Iterator[Problem]:
    if not isinstance(found, list | tuple):
        yield Problem("facts.events", "must be a list of events")
        return
    if len(found) > _MOST_EVENTS:
        yield Problem("facts.events", "must hold at most {most}", most=_MOST_EVENTS)
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
        yield Problem(place, "is missing {names}", names=", ".join(sorted(needed - raw.keys())))
    for name in raw.keys() - known:
        yield Problem(f"{place}.{_safe(name)}", "is not a field here")


def _when(raw: Mapping[str, Any], place: str) -> Iterator[Problem]:
    if "at" in raw:
        yield from _is_moment(None, raw["at"], f"{place}.at")


def _choice(raw: Mapping[str, Any], place: str, name: str, choices: tuple[str, ...]) -> Iterator[Problem]:
    if name in raw and (not isinstance(raw[name], str) or raw[name] not in choices):
        yield Problem(f"{place}.{name}", "must be one of: {choices}", choices=", ".join(choices))


def _is_text(kind: FactKind, value: object, place: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(place, "must be a text (put it in quotes)")
    elif kind.choices and value not in kind.choices:
        yield Problem(place, "must be one of: {choices}", choices=", ".join(kind.choices))
    elif kind.pattern and not _matches(kind.pattern, value):
        yield Problem(place, "must fit the pattern {pattern}", pattern=kind.pattern)


def _is_texts(kind: FactKind, value: object, place: str) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield Problem(place, "must be a list")
        return
    if len(value) > _MOST_ANSWERS:
        yield Problem(place, "must hold at most {most}", most=_MOST_ANSWERS)
        return
    for at, item in enumerate(value):
        yield from _is_text(kind, item, f"{place}[{at}]")
        if isinstance(item, str) and item in value[:at]:
            yield Problem(f"{place}[{at}]", "is there twice")


def _is_int(kind: FactKind, value: object, place: str) -> Iterator[Problem]:
    low, high = kind.minimum, kind.maximum
    if isinstance(value, bool) or not isinstance(value, int):
        yield Problem(place, "must be a whole number")
    elif (low is not None and value < low) or (high is not None and value > high):
        yield Problem(place, "must be between {low} and {high}", low=low, high=high)


def _is_date(_: FactKind | None, value: object, place: str) -> Iterator[Problem]:
    if not isinstance(value, str) or not _DATE.fullmatch(value) or not _on_calendar(value):
        yield Problem(place, "must be a day such as 2026-03-02, in quotes")


def _is_moment(_: FactKind | None, value: object, place: str) -> Iterator[Problem]:
    if not _is_written_moment(value):
        yield Problem(place, "must be a moment with its offset such as 2026-03-02T08:30:00-06:00, in quotes")


def _is_written_moment(value: object) -> bool:
    return isinstance(value, str) and _is_written(value)


@lru_cache(maxsize=4096)
def _is_written(value: str) -> bool:
    return _MOMENT.fullmatch(value) is not None and _on_calendar(value)


def _on_calendar(value: str) -> bool:
    try:
        return moment_of(value).year in _YEARS
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def moment_of(text: str) -> datetime:
    """Read a day or a moment as written in facts; ValueError where the calendar has none.

    Remembered, as what was done at one visit carries one moment, and each is asked for more than once.
    """
    return datetime.fromisoformat(text.upper())  # RFC 3339 lets people write t and z


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
