"""Judge a file of an overlay or of scenarios in a process of its own: `python -I -m amparo.monitor.judge FILE`.

Prints one JSON object and ends. Knows no database and no account; its time and memory are bounded, because the file
comes from outside. The checker is the one of `amparo guide check`. Decision: 0014.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from amparo.guide.document import region
from amparo.guide.errors import Faulty, GuideFaulty, Problem
from amparo.guide.loading import load_overlay
from amparo.guide.model import Guide
from amparo.guide.placing import lines_of
from amparo.guide.reading import read_file
from amparo.guide.scenarios import Difference, Scenario, guide_of, judge_scenario, read_scenarios

CPU_SECONDS = 15
MOST_MEMORY = 1_500_000_000  # bytes
# More than this nobody reads in one go.
MOST_TOLD = 200

Plain = dict[str, Any]


def main() -> int:
    """Judge one file; 0 when an answer was printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.stdout.write(json.dumps(judged(Path(sys.argv[1]))))
    return 0


def judged(path: Path) -> Plain:
    """Return what the check says of a file, as plain values that `trying.verdict_of` reads."""
    kind = ""
    try:
        with lines_of(path):
            raw = read_file(path)
            kind = _kind(raw, path.name)
            return _overlay(path, raw) if kind == "overlay" else _scenarios(path, raw)
    except Faulty as fault:
        told = [_problem(each) for each in fault.problems[:MOST_TOLD]]
        return {"kind": kind, "accepted": False, "problems": told, "more": len(fault.problems) - len(told)}


def _kind(raw: object, name: str) -> str:
    for kind, key in (("overlay", "overlay"), ("scenario", "scenarios")):
        if isinstance(raw, dict) and key in raw:
            return kind
    said = "is neither an overlay (with a key overlay) nor scenarios (with a key scenarios)"
    raise GuideFaulty([Problem(name, said)])


def _overlay(path: Path, raw: Plain) -> Plain:
    guide = load_overlay(path)
    named = [each["id"] for each in raw.get("obligations", ())]
    added = [key for key in named if key not in region().obligations]
    return {
        "kind": "overlay",
        "accepted": True,
        "country": guide.country,
        "version": guide.overlay,
        "changed": [key for key in named if key in region().obligations],
        "added": added,
        "titles": {key: _titles(guide, key) for key in added},
    }


def _titles(guide: Guide, obligation: str) -> dict[str, str]:
    """Return what an obligation is called, in the languages its writer gave."""
    found = {language: texts.get(("obligation", obligation)) for language, texts in guide.texts.items()}
    return {language: one.text for language, one in found.items() if one is not None}


def _scenarios(path: Path, raw: Plain) -> Plain:
    _refuse_other_files(path.name, raw)
    told = [_scenario(each) for each in read_scenarios(path)]
    return {"kind": "scenario", "accepted": all(each["holds"] for each in told), "scenarios": told}


def _refuse_other_files(name: str, raw: Plain) -> None:
    """Refuse a scenario that names another file: what lies on this machine is not the writer's to read."""
    listed = raw["scenarios"] if isinstance(raw["scenarios"], list) else []
    said = "names another file, which is not here: try the overlay by itself, or name a country instead"
    problems = [
        Problem(f"{name}: scenarios[{at}].overlay", said)
        for at, each in enumerate(listed)
        if isinstance(each, dict) and "overlay" in each
    ]
    if problems:
        raise GuideFaulty(problems)


def _scenario(scenario: Scenario) -> Plain:
    found = judge_scenario(guide_of(scenario), scenario)
    return {
        "place": scenario.place,
        "title": dict(scenario.title),
        "why": dict(scenario.why),
        "holds": not found,
        "differences": [_difference(each) for each in found[:MOST_TOLD]],
    }


def _difference(difference: Difference) -> Plain:
    return {"what": _problem(difference.what), "because": [_problem(each) for each in difference.because]}


def _problem(problem: Problem) -> list[Any]:
    return [problem.place, problem.said, dict(problem.values)]


if __name__ == "__main__":
    sys.exit(main())
