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

    bits = {text: 1 << at for at, text in enumerate(said)}
    held = COMPILED.together(bits)(document)

    assert held == CEL.together(bits)(document)
    assert {text: bool(held.bits & bit) for text, bit in bits.items()} == CEL.ask_all(said, document)
    assert [COMPILED.ask(text, document) for text in said] == [CEL.ask(text, document) for text in said]


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

    answer = engine.together({said: 1 << at for at, said in enumerate(ALL)})
    held = answer({name: calm[kind] for name, kind in variables.items()})

    assert held.bits > 0
    assert held.unanswered == {}


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

    answer = engine.together(
        {
            "facts.age_in_months + 1 == 3": 0b001,
            "facts.age_in_months / 0 == 1": 0b010,
            "facts.age_in_months == 2": 0b100,
        }
    )

    assert answer({"facts.age_in_months": 2}).bits == 0b111, "what cannot be answered counts as true"
    assert answer({"facts.age_in_months": 1}).bits == 0b010
    assert answer({"facts.age_in_months": 1}).unanswered.keys() == {"facts.age_in_months / 0 == 1"}
    assert isinstance(engine.ask("facts.age_in_months / 0 == 1", {"facts.age_in_months": 2}), Undecided)


def test_a_value_that_is_not_known_here_is_an_error_and_no_answer() -> None:
    engine = CompiledEngine(CelEngine({"result.late_elsewhere": "int"}))
    engine.compile("result.late_elsewhere > 0")

    assert isinstance(engine.ask("result.late_elsewhere > 0", {}), Undecided)
    assert engine.together({"result.late_elsewhere > 0": 1})({}).unanswered.keys() == {
        "result.late_elsewhere > 0"
    }


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


def test_two_ways_to_write_one_condition_keep_their_own_bits() -> None:
    engine = CompiledEngine(CelEngine({"facts.age_in_months": "int"}))
    bits = {"facts.age_in_months == 2": 0b01, "(facts.age_in_months) == 2": 0b10}
    for said in bits:
        engine.compile(said)

    assert engine.together(bits)({"facts.age_in_months": 2}).bits == 0b11
    assert engine.together(bits)({"facts.age_in_months": 3}).bits == 0
