"""Hold the code made from conditions to what the CEL runtime answers."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.guide import evaluate, load
from amparo.guide.compiling import CompiledEngine
from amparo.guide.engine import Answer, CelEngine, ConditionFaulty, Undecided, Values, VariableType
from amparo.guide.expressions import Expression
from amparo.guide.loading import variables_of
from amparo.guide.ruling import bits_of
from bench.fact_documents import fact_documents
from tests.guide.expression_truth import TYPES, as_text
from tests.guide.test_grammar import ALL, expressions, values

CEL = CelEngine(TYPES)
COMPILED = CompiledEngine(CelEngine(TYPES))


@settings(deadline=None)
@given(st.lists(expressions(), min_size=1, max_size=4), values())
def test_code_answers_what_cel_answers(
    meant: list[Expression], document: dict[str, str | int | bool | list[str]]
) -> None:
    said = list(dict.fromkeys(as_text(each) for each in meant))
    for text in said:
        CEL.compile(text)
        COMPILED.compile(text)

    answers = COMPILED.ask_all(said, document)

    assert answers == CEL.ask_all(said, document)
    assert all(type(answer) is bool for answer in answers.values())


class NeverAsked(CelEngine):
    """The CEL engine where every condition is expected to have become code."""

    def ask_all(self, texts: Sequence[str], values: Values) -> dict[str, Answer]:
        raise AssertionError("no code was made for one of these conditions")


def test_every_condition_of_the_guide_becomes_code() -> None:
    variables = variables_of(load().facts)
    engine = CompiledEngine(NeverAsked(variables))
    for said in ALL:
        engine.compile(said)
    calm: dict[VariableType, str | int | bool | list[str]] = {"text": "", "texts": [], "int": 0, "bool": True}

    answers = engine.ask_all(ALL, {name: calm[kind] for name, kind in variables.items()})

    assert answers.keys() == set(ALL)


def test_a_thousand_cases_are_judged_the_same_by_both_engines() -> None:
    guide = load("MX")
    reference = CelEngine(variables_of(guide.facts))
    for said in (*bits_of(guide).conditions, *(guard.unless.text for guard in guide.vocabulary.guards)):
        reference.compile(said)
    for entry in guide.evidence.values():
        if entry.contradicts is not None:
            reference.compile(entry.contradicts.text)
    by_cel = replace(guide, engine=reference)

    different = [
        at
        for at, facts in enumerate(fact_documents(guide, 1_000, seed=7))
        if evaluate(guide, facts) != evaluate(by_cel, facts)
    ]

    assert different == []


def test_what_lies_outside_the_grammar_is_answered_by_cel() -> None:
    engine = CompiledEngine(CelEngine({"facts.age_in_months": "int", "facts.needs_now": "texts"}))
    for said in ("facts.age_in_months + 1 == 3", "facts.age_in_months / 0 == 1", "facts.age_in_months == 2"):
        engine.compile(said)

    answers = engine.ask_all(
        ["facts.age_in_months + 1 == 3", "facts.age_in_months / 0 == 1", "facts.age_in_months == 2"],
        {"facts.age_in_months": 2},
    )

    assert answers["facts.age_in_months + 1 == 3"] is True
    assert isinstance(answers["facts.age_in_months / 0 == 1"], Undecided)
    assert answers["facts.age_in_months == 2"] is True


def test_a_value_that_is_not_known_here_is_an_error_and_no_answer() -> None:
    engine = CompiledEngine(CelEngine({"result.late_elsewhere": "int"}))
    engine.compile("result.late_elsewhere > 0")

    assert isinstance(engine.ask("result.late_elsewhere > 0", {}), Undecided)


@pytest.mark.parametrize(
    "said", ["facts.name == 'x'", "facts.age_status == 3", "facts.age_status", "open('f')"]
)
def test_cel_checks_names_and_types_before_any_code_is_made(said: str) -> None:
    with pytest.raises(ConditionFaulty):
        CompiledEngine(CelEngine({"facts.age_status": "text"})).compile(said)


def test_a_text_with_code_in_it_stays_a_text() -> None:
    engine = CompiledEngine(CelEngine({"facts.age_status": "text"}))
    said = "facts.age_status == '__import__(os).abort()'"
    engine.compile(said)

    assert engine.ask(said, {"facts.age_status": "__import__(os).abort()"}) is True
