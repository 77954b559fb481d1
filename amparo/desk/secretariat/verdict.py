"""Lay out what the check says of a file: each problem with its line, its words, and the line itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amparo.desk.context import in_language
from amparo.desk.secretariat.difference_words import Told, told
from amparo.desk.secretariat.words import country_words, language, problem_words
from amparo.guide import Problem
from amparo.guide.saying import languages
from amparo.monitor.trying import NAME, ScenarioVerdict, Verdict

_PLACE = re.compile(re.escape(NAME) + r"(?::(\d{1,9}))?(?::\d{1,9})?[:.]?\s*(.*)", re.DOTALL)
# A longer line is cut: what is wrong is named beside it.
_LONGEST_LINE = 160


@dataclass(frozen=True)
class ProblemLine:
    """One problem: `line` is its number in the file (0 unknown), `where` the path inside, `text` the line itself."""

    line: int
    where: str
    said: str
    text: str


@dataclass(frozen=True)
class ScenarioLine:
    """One scenario: `differences` are what the Guide says otherwise, each with its reasons.

    `names` are the things spoken of, in words and as a file names them.
    """

    line: int
    title: str
    why: str
    holds: bool
    differences: tuple[tuple[str, tuple[str, ...]], ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class VerdictLines:
    """A verdict as the page shows it; `foreign` where its reasons are in English, not in the reader's language.

    `changed` are ids of duties of the Guide; `added` are duties of the file alone: title (or none) and id.
    """

    kind: str
    accepted: bool
    country: str
    version: str
    problems: tuple[ProblemLine, ...]
    more: int
    changed: tuple[str, ...]
    added: tuple[tuple[str, str], ...]
    scenarios: tuple[ScenarioLine, ...]
    holding: int
    foreign: bool


def verdict_lines(verdict: Verdict, text: str) -> VerdictLines:
    """Put a verdict into words; `text` is the file that was judged."""
    lines = text.splitlines()
    scenarios = tuple(_scenario(one) for one in verdict.scenarios)
    added = tuple((_told(words), key) for key, words in verdict.added.items())
    return VerdictLines(
        verdict.kind, verdict.accepted, country_words(verdict.country), verdict.version,
        tuple(_problem(one, lines) for one in verdict.problems), verdict.more,
        verdict.changed, added, scenarios, sum(one.holds for one in scenarios),
        foreign=told_in_english(verdict),
    )  # fmt: skip


def told_in_english(verdict: Verdict) -> bool:
    """Tell whether there are reasons in it and the reader's language has no words for them yet."""
    reasons = verdict.problems or any(one.differences for one in verdict.scenarios)
    return bool(reasons) and language() not in languages()


def _scenario(one: ScenarioVerdict) -> ScenarioLine:
    said = [(told(each.what), [told(reason) for reason in each.because]) for each in one.differences]
    return ScenarioLine(
        _place(one.place)[0],
        _told(one.title),
        _told(one.why),
        one.holds,
        tuple((what.words, tuple(reason.words for reason in because)) for what, because in said),
        _names([each for what, because in said for each in (what, *because)]),
    )


def _names(sentences: Iterable[Told]) -> tuple[tuple[str, str], ...]:
    """Return each thing that the sentences name once, in the order they are read."""
    return tuple(dict.fromkeys(pair for each in sentences for pair in each.names))


def _problem(problem: Problem, lines: list[str]) -> ProblemLine:
    number, where = _place(problem.place)
    text = lines[number - 1][:_LONGEST_LINE] if 0 < number <= len(lines) else ""
    return ProblemLine(number, where, problem_words(problem), text)


def _place(place: str) -> tuple[int, str]:
    """Take a place apart into the number of the line and the path inside the file."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return 0, place
    return int(found[1] or 0), found[2]


def _told(words: Mapping[str, str]) -> str:
    return in_language(dict(words), language())
