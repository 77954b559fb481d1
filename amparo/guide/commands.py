"""Answer `amparo guide …` on the command line: check, explain, may, diff.

Parses, asks, prints; decides nothing. Exit codes: 0 well or allowed, 1 refused or weaker, 2 bad input.
"""

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from amparo.guide import scenario_commands
from amparo.guide.differences import differences
from amparo.guide.document import DATA, Document, read_document, region
from amparo.guide.errors import ActionUnknown, FactsRefused, Faulty, GuideFaulty, Problem
from amparo.guide.evaluate import evaluate
from amparo.guide.loading import build, load, load_overlay
from amparo.guide.model import Guide
from amparo.guide.reading import read_file, read_yaml
from amparo.guide.refusals import refusals
from amparo.guide.report import Report
from amparo.guide.wire import evaluation_as_plain, refusals_as_plain

WELL, REFUSED, BAD_INPUT = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked of the Guide."""
    asked = parser.add_subparsers(dest="asked", metavar="QUESTION", required=True)
    check = asked.add_parser("check", help="is the Guide, or a country's overlay, sound and no weaker?")
    check.add_argument("overlay", nargs="?", type=Path, metavar="OVERLAY.yaml")
    _about_facts(asked.add_parser("explain", help="how does one case stand?"))
    may = asked.add_parser("may", help="may this be done now? exit 0 yes, 1 no")
    may.add_argument("action", metavar="ACTION")
    _about_facts(may)
    diff = asked.add_parser("diff", help="how do two versions of the Guide differ?")
    diff.add_argument("old", type=Path, metavar="OLD")
    diff.add_argument("new", type=Path, metavar="NEW")
    cases = asked.add_parser("scenarios", help="do the cases lawyers wrote come out as they expect?")
    scenario_commands.add_arguments(cases)


def run(arguments: argparse.Namespace) -> int:
    """Answer one question; return the exit code."""
    answers: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "explain": _explain,
        "may": _may,
        "diff": _diff,
        "scenarios": scenario_commands.run,
    }
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a letter still shows the rest
    try:
        code = answers[arguments.asked](arguments)
        sys.stdout.flush()
        return code
    except (Faulty, ActionUnknown) as fault:
        print(fault, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WELL


def _about_facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--facts", required=True, metavar="F.json", help="facts of one case, JSON or YAML; - reads them in"
    )
    parser.add_argument(
        "--country", metavar="MX", help="whose overlay applies; otherwise the country of the facts"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--language", default="es", metavar="es")


def _check(arguments: argparse.Namespace) -> int:
    path: Path | None = arguments.overlay
    if path is not None and not path.is_file():
        raise GuideFaulty([Problem(str(path), "no such file")])
    try:
        guides = [load_overlay(path)] if path else [build(region()), *map(load_overlay, _own_overlays())]
    except Faulty as fault:
        print(fault, file=sys.stderr)
        return REFUSED
    for guide in guides:
        whose = f"{guide.country} {guide.overlay}" if guide.country else "region"
        print(f"{guide.id} {guide.version} ({whose}): {len(guide.obligations)} obligations, no fault found")
    return WELL


def _own_overlays() -> list[Path]:
    return sorted((DATA / "overlays").glob("*.yaml"))


def _explain(arguments: argparse.Namespace) -> int:
    guide, facts = _case(arguments)
    evaluation = evaluate(guide, facts)
    if arguments.format == "json":
        print(json.dumps(evaluation_as_plain(guide, evaluation), ensure_ascii=False, indent=2))
    else:
        print("\n".join(Report(guide, arguments.language).evaluation(evaluation)))
    return WELL


def _may(arguments: argparse.Namespace) -> int:
    guide, facts = _case(arguments)
    if arguments.action not in guide.vocabulary.actions:
        raise ActionUnknown(arguments.action, guide.vocabulary.actions)
    evaluation = evaluate(guide, facts)
    found = refusals(guide, evaluation, arguments.action)
    if arguments.format == "json":
        print(json.dumps(refusals_as_plain(arguments.action, found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(Report(guide, arguments.language).refusal(arguments.action, found)))
    return REFUSED if found else WELL


def _diff(arguments: argparse.Namespace) -> int:
    lines = differences(_version(arguments.old), _version(arguments.new))
    print("\n".join(lines) or "no difference")
    return WELL


def _version(path: Path) -> Document:
    if not path.exists():
        raise GuideFaulty([Problem(str(path), "no such file or folder")])
    document = read_document(path)
    build(document)  # a Guide that does not hold together is not compared
    return document


# ---- facts -------------------------------------------------------------------------------------


def _case(arguments: argparse.Namespace) -> tuple[Guide, dict[str, Any]]:
    facts = _facts(arguments.facts)
    country = arguments.country
    if country is None and isinstance(facts.get("country"), str):
        country = facts["country"]
    elif country is not None and not re.fullmatch("[A-Z]{2}", country):
        raise FactsRefused([Problem("--country", "must be an ISO 3166 alpha-2 code such as MX")])
    guide = load(country if country and re.fullmatch("[A-Z]{2}", country) else None)
    return guide, facts if "country" in facts or country is None else {**facts, "country": country}


def _facts(name: str) -> dict[str, Any]:
    found = _plain(name)
    if not isinstance(found, dict):
        raise FactsRefused(
            [Problem("facts" if name == "-" else Path(name).name, "must be a mapping of facts")]
        )
    return cast(dict[str, Any], found)


def _plain(name: str) -> object:
    if name != "-" and not Path(name).name.endswith(".json"):
        return read_file(Path(name))
    try:
        text = (
            sys.stdin.buffer.read().decode("utf-8") if name == "-" else Path(name).read_text(encoding="utf-8")
        )
    except UnicodeDecodeError as fault:
        raise FactsRefused([Problem(name, f"not UTF-8 text (byte {fault.start})")]) from fault
    except OSError as fault:
        raise FactsRefused([Problem(name, fault.strerror or "cannot be read")]) from fault
    place = "stdin" if name == "-" else Path(name).name
    return _json(text, place) if text.lstrip().startswith(("{", "[")) else read_yaml(text, name=place)


def _json(text: str, place: str) -> object:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise FactsRefused([Problem(place, "holds the same key twice in one mapping")])
        return dict(pairs)

    try:
        return cast(object, json.loads(text, object_pairs_hook=once))
    except json.JSONDecodeError as fault:
        raise FactsRefused([Problem(f"{place}:{fault.lineno}:{fault.colno}", fault.msg)]) from fault
    except ValueError as fault:  # a number with thousands of digits
        raise FactsRefused([Problem(place, "holds a number that is too long")]) from fault
    except RecursionError as fault:
        raise FactsRefused([Problem(place, "is nested too deeply")]) from fault
