"""Measure how many cases a second one core judges by the Guide, beside the same conditions in plain Python.

The conditions are turned into Python lambdas word by word, and both engines have to give the same evaluations
before anything is measured.
"""

import re
import time
from array import array
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import psutil

from amparo.guide import Guide, evaluate, load
from amparo.guide.document import DATA
from amparo.guide.engine import Answer, CelEngine, Held, Together, Values
from amparo.guide.facts import read_case
from amparo.guide.loading import variables_of
from amparo.guide.moment import conditions_for, stand
from amparo.guide.reading import read_file
from bench.fact_documents import fact_documents
from bench.rows import Row, compared

_EXISTS = re.compile(r"((?:facts|evidence|events)\.\w+|\[[^\]]*\])\.exists\((\w+), ")


class PythonEngine:
    """RuleEngine over Python lambdas, for comparison only: it trusts its conditions and never fails."""

    def __init__(self) -> None:
        self._lambdas: dict[str, Callable[[Any], bool]] = {}

    def compile(self, text: str) -> None:
        """Turn a condition into a lambda over its values."""
        # The text is a condition of our own data files, translated by the rules below.
        self._lambdas[text] = eval("lambda v: " + as_python(text))  # noqa: S307

    def ask(self, text: str, values: Values) -> Answer:
        """Answer one condition."""
        if text not in self._lambdas:
            self.compile(text)
        return self._lambdas[text](values)

    def together(self, bits: Mapping[str, int]) -> Together:
        """Prepare conditions to be answered in one go."""
        for text in bits.keys() - self._lambdas.keys():
            self.compile(text)
        asked = [(self._lambdas[text], bit) for text, bit in bits.items()]
        return lambda values: Held(sum([bit for holds, bit in asked if holds(values)]), {})


def as_python(text: str) -> str:
    """Write a condition of the Guide as a Python expression."""
    while found := _EXISTS.search(text):
        end = _closing(text, found.end())
        body = text[found.end() : end]
        text = f"{text[: found.start()]}any({body} for {found[2]} in {found[1]}){text[end + 1 :]}"
    text = re.sub(r"!(?!=)", " not ", text).replace("&&", " and ").replace("||", " or ")
    text = re.sub(r"\b(facts|evidence|events|result)\.(\w+)", r"v['\1.\2']", text)
    return text.replace("size(", "len(").replace("true", "True").replace("false", "False").strip()


def _closing(text: str, start: int) -> int:
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    raise ValueError(text)


def per_second(act: Callable[[dict[str, Any]], object], cases: list[dict[str, Any]], seconds: float) -> float:
    """Return how many cases a second are done, over whole rounds of the cases."""
    start, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        for case in cases:
            act(case)
        done += len(cases)
    return done / spent


def cel_engine(guide: Guide) -> CelEngine:
    """Return the official CEL runtime with the conditions of a Guide."""
    engine = CelEngine(variables_of(guide.facts))
    for said in conditions_for(guide, None):
        engine.compile(said)
    return engine


def conditions_only(guide: Guide) -> Callable[[dict[str, Any]], object]:
    """Return an act that only answers the conditions of the Guide, about values made before."""
    asked = conditions_for(guide, None)
    return guide.engine.together({said: 1 << at for at, said in enumerate(asked)})


def measure(quick: bool) -> list[Row]:
    """Return cases a second for the whole Guide and for its conditions alone, on one core."""
    seconds = 0.5 if quick else 5.0
    guide = load()
    plain = replace(guide, engine=PythonEngine())
    cases = [read_file(path)["facts"] for path in sorted((DATA / "examples").glob("*.yaml"))]
    if any(evaluate(guide, case) != evaluate(plain, case) for case in cases):
        raise SystemExit("the two engines disagree: nothing is measured")
    values: list[Any] = [stand(guide, c, at=c.on).values for c in (read_case(guide, case) for case in cases)]
    whole = per_second(lambda case: evaluate(guide, case), cases, seconds)
    whole_plain = per_second(lambda case: evaluate(plain, case), cases, seconds)
    alone = per_second(conditions_only(guide), values, seconds)
    alone_plain = per_second(conditions_only(plain), values, seconds)
    count = f"{len(guide.obligations)} obligations, {len(conditions_for(guide, None))} conditions"
    about = f"the same conditions as Python lambdas, same evaluator; {count}, {len(cases)} examples in turn"
    by_cel = per_second(conditions_only(replace(guide, engine=cel_engine(guide))), values, seconds)
    return [
        compared("cases judged by the whole Guide", whole, whole_plain, "a second", about),
        compared(
            "its conditions only", alone, alone_plain, "a second", "the same lambdas, nothing around them"
        ),
        compared(
            "its conditions only", alone, by_cel, "a second", "the official CEL runtime, all in one call"
        ),
        *many_cases(guide, 2_000 if quick else 100_000),
    ]


def many_cases(guide: Guide, count: int) -> list[Row]:
    """Judge many different cases one by one; return the time of all, of the slowest in twenty, and the memory.

    The time is that of the processor, which is what one core is asked for, whatever else the machine does meanwhile.
    """
    process, times, first, most = psutil.Process(), array("d"), 0, 0
    for at, facts in enumerate(fact_documents(guide, count)):
        start = time.process_time()
        evaluate(guide, facts)
        times.append(time.process_time() - start)
        if at % (count // 20) == count // 20 - 1:
            most = max(most, process.memory_info().rss)
            first = first or most
    slowest = sorted(times)[int(count * 0.95)]
    added = (most - first) / 2**20
    return [
        Row("one case, median", f"{1000 * sorted(times)[count // 2]:.2f} ms"),
        Row("one case, p95", f"{1000 * slowest:.2f} ms", about="target: 5 ms or less"),
        Row(
            f"{count:,} different cases, one core",
            f"{sum(times):.0f} s",
            about="target for 100,000: 60 s or less",
        ),
        Row(
            "memory they add after the first twentieth",
            f"{added:.0f} MB",
            about="verdicts remembered, bounded",
        ),
    ]
