"""Fold what became known about a child into the facts the Guide judges, now or as known at any moment.

Pure: no database, no clock, no network. Entries are never changed; the newest statement about a fact counts, and
the older ones stay in the story. Guide README: evaluation steps 1 to 7. Decision: 0005.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from amparo.forms.record import EARLIEST_YEAR

Facts = dict[str, Any]

# Facts that open a case before anybody has answered anything: the child is in front of us, the rest is unknown.
CHILD_STATUSES = {"child": "child", "adult-established": "adult", "came-of-age": "adult"}

# Nothing is dated further back than this: a child's whole way here fits into it, and a year mistyped does not.
FURTHEST_BACK = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Known:
    """One entry as the fold reads it; `value` of evidence is {done, by_role}, of an action {by_role, override}."""

    kind: str
    name: str
    value: Any
    at: datetime
    recorded_at: datetime


def facts_of(entries: Iterable[Known], *, on: date, country: str) -> Facts:
    """Return the facts document of a case: the newest value of each fact, all evidence, all actions in order."""
    known = sorted(entries, key=lambda entry: (entry.recorded_at, entry.at))
    facts: Facts = {entry.name: entry.value for entry in known if entry.kind == "fact"}
    facts |= {"on": on.isoformat(), "country": country}
    facts["evidence"] = _evidence_of(entry for entry in known if entry.kind == "evidence")
    actions = sorted((entry for entry in known if entry.kind == "action"), key=lambda entry: entry.at)
    facts["events"] = [_event(entry) for entry in actions]
    return facts


def known_by(entries: Iterable[Known], moment: datetime) -> list[Known]:
    """Return what stood at a moment, as it had been written down when the act of that moment was written down.

    So honest typing after the fact, in order, counts; a date put back once an act is on record clears no breach.
    """
    known = list(entries)
    acts = [entry.recorded_at for entry in known if entry.kind == "action" and entry.at == moment]
    written = min(acts, default=moment)
    return [entry for entry in known if entry.at <= moment and entry.recorded_at <= written]


def withdrawn_at(entry: Known) -> datetime | None:
    """Return from when on a signature counts again, for an entry that a fact has withdrawn; else None.

    To the minute: that is how finely people write down when something was.
    """
    because = isinstance(entry.value, dict) and entry.value.get("because")
    return entry.at.replace(second=0, microsecond=0) if because else None


def earliest(at: datetime) -> datetime:
    """Return the earliest moment that something written down now may have."""
    return at - FURTHEST_BACK


def has_come(value: object, *, at: datetime) -> bool:
    """Tell whether the answer to a fact is a moment with its offset, in a year of this time, that has come by `at`."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.year >= EARLIEST_YEAR and moment <= at


def child_status(facts: Mapping[str, Any]) -> str:
    """Return what the gate says of the age: child, presumed-child while there is any doubt, or adult."""
    return CHILD_STATUSES.get(str(facts.get("age_status", "unknown")), "presumed-child")


def _evidence_of(entries: Iterable[Known]) -> dict[str, dict[str, Any]]:
    """Fold evidence in the order in which it was learned; a signature dated before the news brings nothing back."""
    found: dict[str, dict[str, Any]] = {}
    limits: dict[str, datetime] = {}
    for entry in entries:
        limit = withdrawn_at(entry)
        if limit is not None:
            limits[entry.name] = max(limit, limits.get(entry.name, limit))
        elif entry.name in limits and _evidence(entry)["done"] and entry.at < limits[entry.name]:
            continue
        found[entry.name] = _evidence(entry)
    return found


def _evidence(entry: Known) -> dict[str, Any]:
    value = entry.value or {}
    return {
        "done": bool(value.get("done")),
        "at": entry.at.isoformat(),
        "by_role": value.get("by_role", "system"),
    }


def _event(entry: Known) -> dict[str, Any]:
    value = entry.value or {}
    event = {"action": entry.name, "at": entry.at.isoformat(), "override": value.get("override") or "none"}
    return event | {"by_role": value.get("by_role") or "unknown"}
