"""Answer `amparo guide scenarios [FILE ...]`: do the cases lawyers wrote come out as they expect?

Parses, asks, prints; decides nothing. Exit codes: 0 all hold, 1 something differs, 2 bad input.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.saying import say
from amparo.guide.scenarios import (
    Difference,
    Scenario,
    guide_of,
    judge_scenario,
    read_scenarios,
    shipped_files,
)

WELL, DIFFERENT = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked of scenarios."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="otherwise those of the product")
    parser.add_argument("--list", action="store_true", help="print title and reason of each, judge nothing")
    parser.add_argument("--language", default="es", metavar="es")


def run(arguments: argparse.Namespace) -> int:
    """Judge or list the scenarios of the files; GuideFaulty when one cannot be read."""
    files = [_there(path) for path in arguments.files] or shipped_files()
    scenarios = [each for path in files for each in read_scenarios(path)]
    if arguments.list:
        print("\n".join(line for each in scenarios for line in _told(each, arguments.language)))
        return WELL
    different = 0
    for each in scenarios:
        if found := judge_scenario(guide_of(each), each):
            different += 1
            print("\n".join(_difference(each, found, arguments.language)))
    said = "{all} scenarios, {holding} hold, {different} differ"
    counts = {"all": len(scenarios), "holding": len(scenarios) - different, "different": different}
    print(say(said, arguments.language, **counts))
    return DIFFERENT if different else WELL


def holding(paths: Iterable[Path]) -> int:
    """Return how many scenarios of these files hold; GuideFaulty with every difference where one does not."""
    scenarios = [each for path in paths for each in read_scenarios(path)]
    differences = [found.what for each in scenarios for found in judge_scenario(guide_of(each), each)]
    if differences:
        raise GuideFaulty(differences)
    return len(scenarios)


def _there(path: Path) -> Path:
    if not path.is_file():
        raise GuideFaulty([Problem(str(path), "no such file")])
    return path


def _told(scenario: Scenario, language: str) -> Iterator[str]:
    yield f"{scenario.place}  {_in(scenario.title, language)}"
    yield f"    {_in(scenario.why, language)}"


def _difference(scenario: Scenario, found: list[Difference], language: str) -> Iterator[str]:
    yield f"{scenario.place}  {_in(scenario.title, language)}"
    for each in found:
        yield f"  - {_said(each.what, language)}"
        yield from (f"      {_said(reason, language)}" for reason in each.because)


def _said(problem: Problem, language: str) -> str:
    return say(problem.said, language, **dict(problem.values))


def _in(words: Mapping[str, str], language: str) -> str:

    return words.get(language) or words.get("es") or next(iter(words.values()))
