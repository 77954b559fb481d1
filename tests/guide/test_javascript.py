"""Hold the evaluator of the browser to the node's: the same corpus, the same answers, no difference at all."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from amparo.guide import FactsRefused, Guide, evaluate, refusals
from amparo.guide.engine import condition
from amparo.guide.loading import build
from amparo.guide.publishing import read_published
from amparo.guide.wire import evaluation_as_plain, moment, refusals_as_plain
from tests.guide import cases
from tests.guide.corpus import TRIAL, Asked, answers_of, corpus
from tests.guide.javascript import Evaluator, an_evaluator
from tests.guide.test_engine import CORPUS, engine, values

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    return an_evaluator(tmp_path_factory.mktemp("javascript"))


@cache
def built(path: Path) -> Guide:
    return build(read_published(path.read_bytes(), name=path.name))


@cache
def guide_of(path: Path, country: str) -> Guide:
    return replace(built(path), country=country)


@cache
def the_corpus() -> list[Asked]:
    return corpus()


def by_python(evaluator: Evaluator, asked: Asked) -> dict[str, Any]:
    """Judge as the node does, and say all that an evaluation holds."""
    guide = guide_of(evaluator.published / asked.guide, asked.country)
    remembered = {key: cases.moment(text.upper()) for key, text in asked.first_due.items()}
    at = cases.moment(asked.at.upper()) if asked.at else None
    found = evaluate(guide, asked.facts, at=at, first_due=remembered)
    return {
        **evaluation_as_plain(guide, found),
        "first_due": {key: moment(when) for key, when in found.first_due.items()},
        "not_counted": list(found.not_counted),
        "contradicted": list(found.contradicted),
        "guarded": list(found.guarded),
        "on_time": [status.on_time for status in found.obligations],
        "may": [
            refusals_as_plain(str(use["action"]), refusals(guide, found, **use))  # type: ignore[arg-type]
            for use in asked.may
        ],
    }


def questions(evaluator: Evaluator, asked: list[Asked]) -> Iterator[dict[str, Any]]:
    before = None
    for each in asked:
        if (each.guide, each.country) != before:
            before = each.guide, each.country
            yield evaluator.use(each.guide, each.country)
        yield {"facts": each.facts, "at": each.at, "first_due": each.first_due, "may": each.may}


def without_reasons(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out why a condition failed: each runtime says that in its own words."""
    errors = [error["condition"] for error in answer.get("errors", ())]
    return {**answer, "errors": errors}


@dataclass
class Compared:
    """How the engines answered: what differs, and enough of the answers to see that the corpus asks much."""

    differences: dict[str, list[str]] = field(default_factory=dict)
    states: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, asked: Asked, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        """Compare one case in every part."""
        plain = json.loads(json.dumps(without_reasons(ours)))
        if plain != without_reasons(theirs):
            self.differences[asked.key] = [
                part for part in plain if plain[part] != theirs.get(part, [])
            ] or list(theirs)
        self.states |= {one["state"] for one in ours["obligations"]}
        self.blocked |= ours["blocked"].keys()
        timed = any(one["due"] for one in ours["obligations"])
        self.counts.update(name for name in ("breaches", "contradicted", "guarded") if ours[name])
        self.counts.update(["asked", *(["timed"] if timed else [])])


def compare(evaluator: Evaluator, asked: list[Asked], *, batch: int = 250) -> Compared:
    """Let both engines judge the same cases, a batch at a time: an answer is large."""
    compared = Compared()
    for start in range(0, len(asked), batch):
        some = sorted(asked[start : start + batch], key=lambda each: (each.guide, each.country))
        answers = [found for found in evaluator.answers(questions(evaluator, some)) if "ready" not in found]
        for each, theirs in zip(some, answers, strict=True):
            compared.take(each, by_python(evaluator, each), theirs)
    return compared


@pytest.fixture(scope="module")
def compared(evaluator: Evaluator) -> Compared:
    return compare(evaluator, the_corpus())


def test_both_engines_answer_the_corpus_alike(compared: Compared) -> None:
    assert compared.counts["asked"] >= 3000
    assert compared.differences == {}


def test_corpus_meets_every_state_every_block_and_breaches(compared: Compared) -> None:
    assert compared.states == set(cases.the_guide().vocabulary.states)
    assert compared.blocked == set(cases.the_guide().vocabulary.actions)
    assert min(compared.counts[name] for name in ("breaches", "contradicted", "guarded")) > 100
    assert compared.counts["timed"] > 1000


def test_corpus_asks_everything_there_is() -> None:
    guide, asked = cases.the_guide(), the_corpus()

    facts = {(name, json.dumps(value)) for each in asked for name, value in each.facts.items()}
    entries = {key for each in asked for key in each.facts.get("evidence", {})}
    events = [event for each in asked for event in each.facts.get("events", ())]

    for name, kind in guide.facts.items():
        assert {(name, json.dumps(value)) for value in answers_of(kind)} <= facts
    assert entries > guide.evidence.keys()
    assert {(event["action"], event.get("override", "none")) for event in events} >= {
        (action, override)
        for action in guide.vocabulary.actions
        for override in ("none", "emergency", "two-person")
    }
    assert {each.guide for each in asked} >= {"guide.json", "overlays/MX.json", TRIAL}
    assert any(each.at for each in asked)
    assert len({each.key for each in asked}) == len(asked)


FAILING = "facts.needs_now[3] == 'food'"


def test_both_engines_take_the_protective_side_of_the_same_errors(
    evaluator: Evaluator, tmp_path: Path
) -> None:
    """No sound Guide holds a condition that can fail: one is put in here, past the check, on both sides."""
    text = (evaluator.published / "guide.json").read_text(encoding="utf-8")
    placed = {"family-unity": "applies", "appoint-guardian": "due", "hear-the-child": "reopen_while"}
    fails = condition(FAILING)
    raw, guide = json.loads(text), built(evaluator.published / "guide.json")
    for obligation in raw["content"]["obligations"]:
        if obligation["id"] in placed:
            obligation[placed[obligation["id"]]] = FAILING
    (tmp_path / "guide.json").write_text(json.dumps(raw), encoding="utf-8")
    guide.engine.compile(FAILING)
    known = guide.obligations
    failing = {
        "family-unity": replace(known["family-unity"], applies=fails),
        "appoint-guardian": replace(known["appoint-guardian"], due=fails),
        "hear-the-child": replace(known["hear-the-child"], reopen_while=fails),
    }
    broken = replace(guide, obligations={**known, **failing})
    facts = [each.facts for each in the_corpus()[-60:]]

    ours = [evaluation_as_plain(broken, evaluate(broken, each)) for each in facts]
    asked = ({"facts": each} for each in facts)
    theirs = evaluator.answers([{"guide": str(tmp_path / "guide.json")}, *asked])[1:]

    keys = ("blocked", "breaches", "errors")
    states = [[(one["id"], one["state"], one["missing"]) for one in each["obligations"]] for each in ours]
    assert all(without_reasons(each)["errors"] == [FAILING] for each in ours)
    assert [
        [(one["id"], one["state"], one["missing"]) for one in each["obligations"]] for each in theirs
    ] == states
    assert [{key: without_reasons(each)[key] for key in keys} for each in theirs] == [
        {key: without_reasons(each)[key] for key in keys} for each in ours
    ]


def test_corpus_is_the_same_in_every_run() -> None:
    assert corpus() == the_corpus()


def test_javascript_answers_the_conformance_cases(evaluator: Evaluator) -> None:
    asked = [{"ask": case["ask"], "values": values(case)} for case in CORPUS["cases"]]

    answers = evaluator.answers([evaluator.use("guide.json"), *asked])[1:]

    wrong = {
        case["ask"]: answer
        for case, answer in zip(CORPUS["cases"], answers, strict=True)
        if answer != {"answer": case["answer"]}
    }
    assert wrong == {}


def test_javascript_refuses_to_compile_what_the_node_refuses(evaluator: Evaluator) -> None:
    asked = [{"ask": said, "values": {}} for said in CORPUS["refused"]]

    answers = evaluator.answers([evaluator.use("guide.json"), *asked])[1:]

    assert answers == [{"refused": "ConditionFaulty"}] * len(asked)


@pytest.mark.parametrize("size", [98, 99, 100, 101])
def test_both_engines_end_a_loop_at_the_same_step(evaluator: Evaluator, size: int) -> None:
    outer, inner = (f"[{', '.join('1' for _ in range(count))}]" for count in (100, size))
    said = f"{outer}.all(x, {inner}.all(y, y == 1))"
    cel = engine()  # the CEL runtime itself: no sound Guide holds a loop within a loop
    cel.compile(said)

    ours = cel.ask(said, values({}))
    theirs = evaluator.answers([evaluator.use("guide.json"), {"ask": said, "values": {}}])[1]

    assert theirs == {"answer": ours if isinstance(ours, bool) else "error"}


WRONG_FACTS: list[dict[str, Any]] = [
    {"age_status": "old"},
    {"age_status": 3},
    {"age_in_months": "12"},
    {"age_in_months": 361},
    {"age_in_months": 1.5},
    {"on": "2026-02-30"},
    {"on": "02.03.2026"},
    {"country": "mx"},
    {"country": "MX\n"},
    {"needs_now": "food"},
    {"needs_now": ["food", "food"]},
    {"needs_now": ["joy"]},
    {"first_contact_at": "2026-03-02T08:30:00"},
    {"first_contact_at": "2026-03-02T24:00:00Z"},
    {"first_contact_at": "1026-03-02T08:30:00Z"},
    {"first_contact_at": "2026-03-02T08:30:00+24:00"},
    {"story": "long"},
    {"evidence": []},
    {"evidence": {"needs-screened": {"done": True}}},
    {"evidence": {"needs-screened": {"done": 1, "at": cases.NOON, "by_role": "system"}}},
    {"evidence": {"Needs": {"done": True, "at": cases.NOON, "by_role": "system"}}},
    {"events": {}},
    {"events": [{"action": "place", "at": cases.NOON}] * 5001},
    {"language": [f"l{'x' * (at % 6)}-{at}" for at in range(501)]},
    {"events": [{"action": "hug", "at": cases.NOON}]},
    {"events": [{"action": "detain", "at": "today"}]},
    {"events": [{"action": "detain", "at": cases.NOON, "override": "always"}]},
    {"events": [{"action": "detain", "at": cases.NOON, "by_role": "nobody"}]},
]


def test_both_engines_refuse_the_same_facts(evaluator: Evaluator) -> None:
    asked = [cases.facts(**wrong) for wrong in WRONG_FACTS]

    answers = evaluator.answers([evaluator.use("guide.json"), *({"facts": each} for each in asked)])[1:]

    assert answers == [{"refused": "FactsRefused"}] * len(asked)
    for each in asked:
        with pytest.raises(FactsRefused):
            evaluate(cases.the_guide(), each)


def test_javascript_gives_exactly_the_lists_of_every_example(evaluator: Evaluator) -> None:
    asked = [{"facts": example["facts"]} for example in cases.examples().values()]

    answers = evaluator.answers([evaluator.use("guide.json"), *asked])[1:]

    for example, answer in zip(cases.examples().values(), answers, strict=True):
        expected = example["expect"]
        open_or_late = [one["id"] for one in answer["obligations"] if one["state"] in ("open", "late")]
        assert open_or_late == expected["open"]
        assert [one["id"] for one in answer["obligations"] if one["state"] == "late"] == expected["late"]
        assert list(answer["blocked"]) == expected["blocked"]
        breaches = sorted(f"{one['action']} / {one['obligation']}" for one in answer["breaches"])
        assert breaches == sorted(expected["breaches"])
