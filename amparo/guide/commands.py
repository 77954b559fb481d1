"""Answer `amparo guide …` on the command line: check, explain, may, diff, scenarios.

Parses, asks, prints; decides nothing. Exit codes: 0 well or allowed, 1 refused, weaker or wrong, 2 bad input. What
is wrong is told on the error output, all of it at once, in the language asked for.
"""

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from amparo.guide import difference_commands, publish_commands, scenario_commands
from amparo.guide.document import DATA, read_document, region
from amparo.guide.errors import ActionUnknown, FactsRefused, Faulty, FileUnreadable, Problem
from amparo.guide.evaluate import evaluate
from amparo.guide.facts_files import facts_from
from amparo.guide.loading import build, load, load_overlay
from amparo.guide.model import Guide
from amparo.guide.reading import is_folder, read_file
from amparo.guide.refusals import refusals
from amparo.guide.report import Report
from amparo.guide.saying import languages, say, sentences, told_all
from amparo.guide.scenario_commands import holding
from amparo.guide.scenario_files import shipped_files
from amparo.guide.unproven import to_read
from amparo.guide.wire import evaluation_as_plain, refusals_as_plain

WELL, REFUSED, BAD_INPUT = 0, 1, 2
_DEFAULT = "es"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked of the Guide."""
    asked = parser.add_subparsers(dest="asked", metavar="QUESTION", required=True)
    for name, (summary, declare, _) in QUESTIONS.items():
        question = asked.add_parser(name, help=summary)
        declare(question)
        if question.get_default("language") is None:
            question.add_argument("--language", default=_DEFAULT, metavar=_DEFAULT)


def run(arguments: argparse.Namespace) -> int:
    """Answer one question; return the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a letter still shows the rest
    language = _language(arguments.language)
    if language != arguments.language:
        said = "is no language of these messages, Spanish is taken; known: {known}"
        _tell([Problem("--language", said, known=", ".join(languages()))], language)
    try:
        code = QUESTIONS[arguments.asked][2](arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except Faulty as fault:
        return _tell(fault.problems, language)
    except ActionUnknown as fault:
        return _tell([fault.problem], language)
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        _close_output()
        return REFUSED if arguments.asked == "may" else WELL  # a closed pipe never reads as a permission
    except OSError as fault:
        _close_output()
        return _tell([Problem("stdout", "cannot be written: {told}", told=fault.strerror)], language)


def _tell(problems: Iterable[Problem], language: str) -> int:
    if sys.stderr is not None:
        print(told_all(problems, language), file=sys.stderr)
    return BAD_INPUT


def _close_output() -> None:
    # What is still to be written would complain once more at the end. An output in memory has no number.
    with suppress(AttributeError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _language(asked: str) -> str:
    """Return the language messages are told in: Spanish where the one asked for is not there."""
    return asked if asked in languages() else _DEFAULT


# ---- check ---------------------------------------------------------------------------------------


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="an overlay, a file of scenarios, or a whole Guide"
    )


def _check(arguments: argparse.Namespace) -> int:
    path: Path | None = arguments.file
    language = arguments.language
    asked = [partial(_checked, path, language, alone=True)] if path else _everything(language)
    problems: list[Problem] = []
    for ask in asked:
        try:
            print(ask())
        except FileUnreadable as fault:
            if path is not None and len(fault.problems) == 1:
                raise  # the file that was asked about, not one the Guide consists of
            problems += fault.problems
        except Faulty as fault:
            problems += fault.problems
    if not problems:
        return WELL
    _tell(Faulty(problems).problems, _language(language))
    return REFUSED


def _everything(language: str) -> list[Callable[[], str]]:
    """Return what to ask of the Guide that comes with the product: itself, its overlays, its messages."""
    overlays = sorted((DATA / "overlays").glob("*.yaml"))
    return [
        lambda: _sound(build(region()), language),
        *(partial(_checked, path, language) for path in overlays),
        lambda: say("{count} scenarios, no fault found", language, count=holding(shipped_files())),
        lambda: _messages(language),
    ]


def _messages(language: str) -> str:
    found = [each for each in languages() if each == "en" or sentences(each)]
    return say("messages in {count} languages, no fault found", language, count=len(found))


def _checked(path: Path, language: str, *, alone: bool = False) -> str:
    if is_folder(path):
        return _sound(build(read_document(path)), language)
    raw = read_file(path)
    keys = raw.keys() if isinstance(raw, dict) else set()
    if "scenarios" in keys:
        return say("{count} scenarios, no fault found", language, count=holding([path]))
    if {"guide", "vocabulary"} <= keys:
        return _sound(build(read_document(path)), language)
    sound = _sound(load_overlay(path), language)
    found = [f"  {key}: {text}" for key, text in to_read(region(), raw, language)] if alone else []
    if found:
        sound += "\n" + say("Words that a person must read, because no check can:", language)
    return "\n".join([sound, *found])


def _sound(guide: Guide, language: str) -> str:
    whose = f"{guide.country} {guide.overlay}" if guide.country else say("region", language)
    said = "{guide} {version} ({whose}): {count} obligations, no fault found"
    return say(
        said, language, guide=guide.id, version=guide.version, whose=whose, count=len(guide.obligations)
    )


# ---- explain and may -----------------------------------------------------------------------------


def _about_facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--facts", required=True, metavar="F.json", help="facts of one case, JSON or YAML; - reads them in"
    )
    parser.add_argument(
        "--country", metavar="MX", help="whose overlay applies; otherwise the country of the facts"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _may_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", metavar="ACTION")
    _about_facts(parser)


def _explain(arguments: argparse.Namespace) -> int:
    with facts_from(arguments.facts) as found:
        guide, facts = _case(arguments, found)
        evaluation = evaluate(guide, facts)
    if arguments.format == "json":
        print(json.dumps(evaluation_as_plain(guide, evaluation), ensure_ascii=False, indent=2))
    else:
        print("\n".join(Report(guide, arguments.language).evaluation(evaluation)))
    return WELL


def _may(arguments: argparse.Namespace) -> int:
    with facts_from(arguments.facts) as found:
        guide, facts = _case(arguments, found)
        if arguments.action not in guide.vocabulary.actions:
            raise ActionUnknown(arguments.action, guide.vocabulary.actions)
        evaluation = evaluate(guide, facts)
    refused = refusals(guide, evaluation, arguments.action)
    if arguments.format == "json":
        print(json.dumps(refusals_as_plain(arguments.action, refused), ensure_ascii=False, indent=2))
    else:
        print("\n".join(Report(guide, arguments.language).refusal(arguments.action, refused)))
    return REFUSED if refused else WELL


def _case(arguments: argparse.Namespace, facts: dict[str, Any]) -> tuple[Guide, dict[str, Any]]:
    country = arguments.country
    if country is None and isinstance(facts.get("country"), str):
        country = facts["country"]
    elif country is not None and not re.fullmatch("[A-Z]{2}", country):
        raise FactsRefused([Problem("--country", "must be an ISO 3166 alpha-2 code such as MX")])
    guide = load(country if country and re.fullmatch("[A-Z]{2}", country) else None)
    return guide, facts if "country" in facts or country is None else {**facts, "country": country}


# name -> (summary, declare its arguments, answer it)
QUESTIONS: dict[
    str,
    tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]],
] = {
    "check": (
        "is the Guide, or a file of a country or a lawyer, sound and no weaker?",
        _check_arguments,
        _check,
    ),
    "explain": ("how does one case stand?", _about_facts, _explain),
    "may": ("may this be done now? exit 0 yes, 1 no", _may_arguments, _may),
    "diff": (
        "how do two versions of the Guide, or a country and the region, differ?",
        difference_commands.add_arguments,
        difference_commands.run,
    ),
    "scenarios": (
        "do the cases lawyers wrote come out as they expect?",
        scenario_commands.add_arguments,
        scenario_commands.run,
    ),
    "publish": (
        "write the Guide, its overlays and scenarios as JSON, for other systems",
        publish_commands.add_arguments,
        publish_commands.run,
    ),
}
