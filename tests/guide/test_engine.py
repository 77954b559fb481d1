"""Hold the rule engine to the conformance corpus, and to what the port promises about errors."""

from typing import Any

import pytest

from amparo.guide.compiling import CompiledEngine
from amparo.guide.document import DATA
from amparo.guide.engine import (
    CelEngine,
    ConditionFaulty,
    RuleEngine,
    Undecided,
    Values,
    VariableType,
    condition,
)
from amparo.guide.reading import read_file
from tests.guide.cases import facts, the_guide

CORPUS = read_file(DATA / "conformance.yaml")


def values(case: dict[str, Any]) -> Values:
    from amparo.guide.facts import read_case

    filled = read_case(the_guide(), facts(**case.get("facts", {}))).values
    done = {"evidence.done": case.get("evidence", []), "events.done": case.get("events", [])}
    return {**filled, **done}


def engine(kind: type[CompiledEngine] | None = None) -> RuleEngine:
    kinds = the_guide().facts.items()
    simple: dict[str, VariableType] = {"texts": "texts", "int": "int"}
    variables = {f"facts.{name}": simple.get(kind.type, "text") for name, kind in kinds}
    variables |= {"evidence.done": "texts", "events.done": "texts", "result.late_elsewhere": "int"}
    reference = CelEngine(variables)
    return reference if kind is None else kind(reference)


@pytest.mark.parametrize("kind", [None, CompiledEngine], ids=["cel", "compiled"])
@pytest.mark.parametrize("case", CORPUS["cases"], ids=lambda case: case["ask"][:50])
def test_engine_answers_the_corpus(case: dict[str, Any], kind: type[CompiledEngine] | None) -> None:
    asked = engine(kind)
    asked.compile(case["ask"])

    answer = asked.ask(case["ask"], values(case))

    assert ("error" if isinstance(answer, Undecided) else answer) == case["answer"]


@pytest.mark.parametrize("said", CORPUS["refused"])
def test_engine_refuses_to_compile(said: str) -> None:
    with pytest.raises(ConditionFaulty):
        engine().compile(said)


@pytest.mark.parametrize("kind", [None, CompiledEngine], ids=["cel", "compiled"])
def test_many_answers_agree_with_single_ones_even_where_one_fails(kind: type[CompiledEngine] | None) -> None:
    asked = engine(kind)
    texts = [case["ask"] for case in CORPUS["cases"]]
    for text in texts:
        asked.compile(text)
    known = values({"facts": {"age_status": "child"}})

    bits = {text: 1 << at for at, text in enumerate(dict.fromkeys(texts))}

    held = asked.together(bits)(known)

    alone = {text: asked.ask(text, known) for text in bits}
    assert {text for text, bit in bits.items() if held.bits & bit} == {
        text for text, answer in alone.items() if answer is not False
    }
    assert held.unanswered == {text: a.reason for text, a in alone.items() if isinstance(a, Undecided)}
    assert held.unanswered


def test_error_is_never_a_truth_value() -> None:
    asked = engine()
    asked.compile("facts.needs_now[3] == 'food'")

    answer = asked.ask("facts.needs_now[3] == 'food'", values({}))

    assert isinstance(answer, Undecided)
    assert "index" in answer.reason.lower()


def test_condition_knows_the_facts_it_reads_and_not_the_words_it_quotes() -> None:
    asked = condition(
        "facts.age_status == 'facts.nothing' && 'x' in evidence.done && facts.asylum != \"facts.no\""
    )

    assert asked.facts == {"age_status", "asylum"}
    assert asked.reads == {"facts.age_status", "facts.asylum", "evidence.done"}
