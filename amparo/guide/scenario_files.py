"""Read files of scenarios: cases a lawyer wrote down, with what the Guide has to say of each.

Nothing is judged here. A scenario lists only what matters: the rest comes from its starting point. Every name is
checked against the Guide it is about; what cannot be read is told with file, line, place and reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from amparo.guide.document import DATA
from amparo.guide.errors import FactsRefused, GuideFaulty, Problem
from amparo.guide.facts import read_case
from amparo.guide.loading import load, load_overlay
from amparo.guide.model import Guide
from amparo.guide.placing import lines_of
from amparo.guide.reading import read_file
from amparo.guide.scenario_shape import FILE, SCENARIO, STATES
from amparo.guide.scenario_words import NOON, Misread, Raw, Reader, known

SHIPPED = DATA / "scenarios"
STARTING_POINTS = "starting-points.yaml"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # only for lines; values come from read_file


@dataclass(frozen=True, slots=True)
class Attempt:
    """An override somebody tries on an action: what it lifts, and which obligations still refuse."""

    action: str
    override: str
    by_role: str
    lifts: tuple[str, ...] | None  # None: not said
    still: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the Guide has to say; whatever is not named is not compared."""

    states: Mapping[str, str]  # obligation -> state
    missing: Mapping[str, tuple[str, ...]]  # obligation -> entries still needed
    ask: Mapping[str, tuple[str, ...]]  # obligation -> unknown facts
    blocks: Mapping[str, tuple[str, ...]]  # obligation -> actions it blocks now
    blocked: Mapping[str, tuple[str, ...] | None]  # action -> all obligations behind it; None: whichever
    free: tuple[str, ...]
    breaches: Mapping[str, tuple[str, ...]] | None  # action -> obligations broken; None: not said
    not_counted: tuple[str, ...] | None
    guarded: tuple[str, ...] | None
    overrides: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case and what is expected of the Guide; `place` is its file and line."""

    place: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    country: str | None
    overlay: Path | None
    facts: Mapping[str, Any]
    at: datetime | None
    due_since: Mapping[str, datetime]
    expected: Expected


def read_scenarios(path: Path) -> list[Scenario]:
    """Return the scenarios of a file; GuideFaulty with every place that cannot be read."""
    with lines_of(path):
        return _read_all(path)


def _read_all(path: Path) -> list[Scenario]:
    raw = _read(path)
    points, scenarios, problems = _starting_points(path, raw), [], []
    for line, said in zip(_lines(path), raw["scenarios"], strict=True):
        try:
            scenarios.append(_scenario(path, f"{path.name}:{line}", said, points))
        except Misread as fault:
            problems.append(fault.problem)
        except GuideFaulty as fault:
            problems += fault.problems
    problems += _twice(scenarios)
    if problems:
        raise GuideFaulty(problems)
    return scenarios


def shipped_files() -> list[Path]:
    """Return the files of scenarios that come with the Guide."""
    return [path for path in sorted(SHIPPED.glob("*.yaml")) if "scenarios" in read_file(path)]


def guide_of(scenario: Scenario) -> Guide:
    """Return the Guide a scenario is about: the region, a country, or an overlay on trial."""
    return _guide(scenario.country, scenario.overlay)


@cache
def _guide(country: str | None, overlay: Path | None) -> Guide:
    return load_overlay(overlay) if overlay is not None else load(country)


# ---- files -------------------------------------------------------------------------------------


def _read(path: Path) -> Raw:
    raw = read_file(path)
    if problems := FILE(raw, path.name):
        raise GuideFaulty(problems)
    checked: Raw = raw
    return checked


def _lines(path: Path) -> list[int]:
    root: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    listed = next(value for key, value in root.value if key.value == "scenarios")
    return [each.start_mark.line + 1 for each in listed.value]


def _starting_points(path: Path, raw: Raw) -> dict[str, Raw]:
    """Gather the starting points a file may name: its own, those beside it, those of the product."""
    points: dict[str, Raw] = {}
    for beside in (SHIPPED / STARTING_POINTS, path.parent / STARTING_POINTS):
        if beside.exists():
            points |= read_points(beside)
    own: dict[str, Raw] = raw.get("starting_points", {})
    return points | own


@cache
def read_points(path: Path) -> dict[str, Raw]:
    """Return the starting points of a file that holds nothing else."""
    found = read_file(path)
    if not isinstance(found, dict) or set(found) != {"starting_points"}:
        raise GuideFaulty([Problem(path.name, "must hold one mapping named starting_points")])
    if problems := FILE({"scenarios": [], **found}, path.name):
        raise GuideFaulty(problems)
    points: dict[str, Raw] = found["starting_points"]
    return points


def _twice(scenarios: Iterable[Scenario]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for each in scenarios:
        title = each.title.get("en", each.title["es"])
        if title in seen:
            yield Problem(each.place, "the title is there already at {first}", first=seen[title])
        seen[title] = each.place


# ---- one scenario ------------------------------------------------------------------------------


def _scenario(path: Path, place: str, said: Raw, points: Mapping[str, Raw]) -> Scenario:
    if problems := SCENARIO(said, place):
        raise GuideFaulty(problems)
    overlay = _overlay(path, place, said)
    guide, whole = _guide(said.get("country"), overlay), _whole(said, points, place)
    facts = _facts(guide, whole, place)
    try:
        read_case(guide, facts)
    except FactsRefused as fault:
        raise GuideFaulty(_at(place, fault.problems)) from fault
    return Scenario(
        place=place,
        title=_words(said["title"]),
        why=_words(said["why"]),
        country=said.get("country"),
        overlay=overlay,
        facts=facts,
        at=datetime.fromisoformat(said["at"]) if "at" in said else None,
        due_since=_since(guide, said.get("due_since", {}), f"{place}.due_since"),
        expected=_expected(guide, said["expect"], f"{place}.expect", facts["on"]),
    )


def _at(place: str, problems: Iterable[Problem]) -> list[Problem]:
    return [Problem(f"{place}.{each.place}", each.said, **dict(each.values)) for each in problems]


def _overlay(path: Path, place: str, said: Raw) -> Path | None:
    if "overlay" not in said:
        return None
    found: Path = path.parent / said["overlay"]
    if not found.is_file():
        raise Misread(Problem(f"{place}.overlay", "no such file beside this one"))
    return found


def _whole(said: Raw, points: Mapping[str, Raw], place: str) -> list[Raw]:
    """Return the chain of starting points, the first one first, with the scenario itself at the end."""
    chain, names = [said], []
    while "starts_from" in chain[0]:
        name = known(chain[0]["starts_from"], points, "starting point", f"{place}.starts_from")
        if name in names:
            raise Misread(Problem(f"{place}.starts_from", "{name} starts from itself", name=name))
        names.append(name)
        chain.insert(0, points[name])
    return chain


def _facts(guide: Guide, chain: list[Raw], place: str) -> Raw:
    facts: Raw = {}
    for each in chain:
        facts |= each.get("facts", {})
    if "country" in chain[-1]:
        facts["country"] = chain[-1]["country"]
    for name in ("evidence", "events"):
        if name in facts:
            raise Misread(Problem(f"{place}.facts.{name}", "write it under done or events of the scenario"))
    reader = Reader(guide, str(facts.get("on")))
    evidence: Raw = {}
    for each in chain:
        for line in each.get("done", ()):
            evidence |= dict(reader.entries(line, f"{place}.done"))
        for key in each.get("not_done", ()):
            evidence.pop(known(key, evidence, "entry done so far", f"{place}.not_done"))
    events = [reader.event(line, f"{place}.events") for each in chain for line in each.get("events", ())]
    return {**facts, "evidence": evidence, "events": events}


def _since(guide: Guide, said: Raw, place: str) -> dict[str, datetime]:
    found = {}
    for key, day in said.items():
        known(key, guide.obligations, "obligation", place)
        try:
            found[key] = datetime.fromisoformat(day if "T" in day else day + NOON)
        except ValueError as fault:
            raise Misread(Problem(f"{place}.{key}", "must be a day such as 2026-03-02")) from fault
    return found


def _words(said: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"es": said} if isinstance(said, str) else said


# ---- what is expected --------------------------------------------------------------------------


def _expected(guide: Guide, said: Raw, place: str, day: str) -> Expected:
    obligations, actions = guide.obligations, guide.vocabulary.actions
    return Expected(
        states=_states(guide, said, place),
        missing=_lists(said.get("missing", {}), obligations, guide.evidence, f"{place}.missing"),
        ask=_lists(said.get("ask", {}), obligations, guide.facts, f"{place}.ask"),
        blocks=_lists(said.get("blocks", {}), obligations, actions, f"{place}.blocks"),
        blocked=_blocked(guide, said.get("blocked", []), f"{place}.blocked"),
        free=tuple(known(each, actions, "action", f"{place}.free") for each in said.get("free", ())),
        breaches=_lists(said["breaches"], actions, obligations, f"{place}.breaches")
        if "breaches" in said
        else None,
        not_counted=_maybe(said.get("not_counted"), guide.evidence, f"{place}.not_counted"),
        guarded=_maybe(said.get("guarded"), guide.facts, f"{place}.guarded"),
        overrides=tuple(
            _attempt(guide, each, f"{place}.overrides", day) for each in said.get("overrides", ())
        ),
    )


def _states(guide: Guide, said: Raw, place: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, state in STATES.items():
        for key in said.get(name, ()):
            known(key, guide.obligations, "obligation", f"{place}.{name}")
            if key in found:
                raise Misread(Problem(f"{place}.{name}", "{key} is expected in two states", key=key))
            found[key] = state
    return found


def _lists(said: Raw, keys: Iterable[str], words: Iterable[str], place: str) -> dict[str, tuple[str, ...]]:
    keys, words = tuple(keys), tuple(words)
    return {
        known(key, keys, "name here", place): tuple(
            known(e, words, "name here", f"{place}.{key}") for e in listed
        )
        for key, listed in said.items()
    }


def _blocked(guide: Guide, said: object, place: str) -> dict[str, tuple[str, ...] | None]:
    actions = guide.vocabulary.actions
    if isinstance(said, dict):
        return {**_lists(said, actions, guide.obligations, place)}
    listed = said if isinstance(said, list) else []
    return {known(each, actions, "action", place): None for each in listed}


def _maybe(said: list[str] | None, words: Iterable[str], place: str) -> tuple[str, ...] | None:
    if said is None:
        return None
    listed = tuple(words)
    return tuple(known(each, listed, "name here", place) for each in said)


def _attempt(guide: Guide, said: Raw, place: str, day: str) -> Attempt:
    override, role = Reader(guide, day).attempt(said["with"], f"{place}.with")
    if "lifts" not in said and "still" not in said:
        raise Misread(Problem(place, "say what it lifts, or which obligations still refuse"))
    return Attempt(
        action=known(said["action"], guide.vocabulary.actions, "action", f"{place}.action"),
        override=override,
        by_role=role,
        lifts=_maybe(said.get("lifts"), guide.obligations, f"{place}.lifts"),
        still=_maybe(said.get("still"), guide.obligations, f"{place}.still"),
    )
