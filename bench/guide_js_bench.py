"""Measure how many cases a second the Guide's evaluator in JavaScript judges in node, beside the node's own in Python.

Both read the same published Guide and have to give the same answers on the measured cases before anything is measured.
"""

import gzip
import tempfile
from pathlib import Path

from amparo.guide import evaluate
from amparo.guide.loading import build
from amparo.guide.publishing import read_published
from bench.guide_bench import per_second
from bench.rows import Row, compared
from tests.guide.corpus import corpus
from tests.guide.javascript import Evaluator, an_evaluator
from tests.guide.test_javascript import compare


def measure(quick: bool) -> list[Row]:
    """Return cases a second in node and in Python on the same cases, one core each, and the size of the bundle."""
    with tempfile.TemporaryDirectory() as folder:
        return _measured(an_evaluator(Path(folder)), 0.5 if quick else 5.0)


def _measured(evaluator: Evaluator, seconds: float) -> list[Row]:
    asked = [each for each in corpus(2000)[-400:] if each.guide == "guide.json" and each.at is None]
    if compare(evaluator, asked).differences:
        raise SystemExit("the two engines disagree: nothing is measured")
    cases = [each.facts for each in asked]
    guide = build(read_published((evaluator.published / "guide.json").read_bytes(), name="guide.json"))
    python = per_second(lambda facts: evaluate(guide, facts), cases, seconds)
    asked_of_node = [evaluator.use("guide.json"), {"bench": seconds, "cases": cases}]
    node = float(evaluator.answers(asked_of_node)[1]["per_second"])
    bundle = evaluator.bundle.read_bytes()
    about = f"the node's evaluator in Python, the same {len(cases)} invented cases with up to 250 entries and 6 events"
    size = f"{len(bundle) / 1000:.0f} kB, {len(gzip.compress(bundle)) / 1000:.0f} kB compressed"
    return [
        compared("cases judged by the whole Guide in JavaScript (node)", node, python, "a second", about),
        Row("the evaluator with its CEL runtime, for a telephone", size),
    ]
