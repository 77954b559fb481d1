"""Read conditions into their parts, and refuse what the Guide does not write in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.guide import load
from amparo.guide.document import region
from amparo.guide.engine import CelEngine
from amparo.guide.expressions import (
    All,
    And,
    Compare,
    Exists,
    Expression,
    In,
    Item,
    Listed,
    Not,
    Number,
    Or,
    Size,
    Text,
    Truth,
    Variable,
    variables,
)
from amparo.guide.grammar import ConditionNotUnderstood, parse
from amparo.guide.loading import conditions_of, variables_of
from tests.guide.expression_truth import CHOICES, NUMBERS, TYPES, as_text, truth
from tests.guide.guide_documents import some_values

AGE = Variable("facts", "age_status")
KINDS = Variable("facts", "decision_kind")
ALL = [said for _, said in conditions_of(region())]


def test_every_condition_of_the_guide_is_understood() -> None:
    assert len(ALL) > 200
    assert all(parse(said) for said in ALL)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("true", Truth(True)),
        ("facts.age_status != 'child'", Compare("!=", AGE, Text("child"))),
        ('facts.age_status == "child"', Compare("==", AGE, Text("child"))),
        ("facts.age_in_months >= -1", Compare(">=", Variable("facts", "age_in_months"), Number(-1))),
        ("size(facts.needs_now) > 0", Compare(">", Size(Variable("facts", "needs_now")), Number(0))),
        ("!(facts.age_status in ['child'])", Not(In(AGE, Listed((Text("child"),))))),
        ("'x' in evidence.done", In(Text("x"), Variable("evidence", "done"))),
        ("!result.on_time", Not(Variable("result", "on_time"))),
        (
            "true || false && true",
            Or((Truth(True), And((Truth(False), Truth(True))))),
        ),
        ("(true || false) && true", And((Or((Truth(True), Truth(False))), Truth(True)))),
        (
            "facts.decision_kind.all(d, d == 'return')",
            All(Item("d"), KINDS, Compare("==", Item("d"), Text("return"))),
        ),
        (
            "['a', 'b'].exists(x, x in events.done)",
            Exists(Item("x"), Listed((Text("a"), Text("b"))), In(Item("x"), Variable("events", "done"))),
        ),
    ],
)
def test_condition_is_read_as_it_is_meant(said: str, meant: Expression) -> None:
    assert parse(said) == meant


@pytest.mark.parametrize(
    ("said", "at", "told"),
    [
        ("", 1, "ends too early"),
        ("facts.age_status ==", 20, "ends too early"),
        ("facts.age_status = 'child'", 18, "= is not known here"),
        ("facts.age_in_months + 1 > 3", 21, "+ is not known here"),
        ("true ? true : false", 6, "? is not known here"),
        ("facts.age_status.matches('a.*')", 18, "matches is not known here; write it with exists, all"),
        ("facts.decision_kind.exists_one(d, d == 'a')", 21, "exists_one is not known here"),
        ("facts.decision_kind.filter(d, true) == []", 21, "filter is not known here"),
        ("has(facts.age_status)", 1, "has is not known here; write it with facts"),
        ("age_status == 'child'", 1, "age_status is not known here"),
        ("facts . age_status == 'child'", 1, "facts is not known here"),
        ("!facts.age_status == 'child'", 2, "put what follows ! in brackets"),
        ("['a'] == ['a']", 1, "a list stands only after"),
        ("'a' in 'abc'", 8, "after `in` comes a list"),
        ("facts.age_status == ['a']", 21, "a list cannot be compared"),
        ("facts.age_status in [facts.country]", 22, "a written list holds texts or numbers only"),
        ("facts.decision_kind.exists('d', true)", 28, "comes a letter for the item"),
        ("facts.decision_kind.exists(in, true)", 28, "comes a letter for the item"),
        (
            "facts.decision_kind.exists(d, facts.needs_now.exists(d, d == 'a'))",
            54,
            "d is taken by the list outside",
        ),
        ("(true", 6, "here ) is missing"),
        ("true)", 5, ") is not known here"),
        ("true true", 6, "true is not known here"),
        ("facts.age_status == 'it\\'s'", 21, "is not known here"),
        ("facts.age_in_months == 0x10", 24, "0 is not known here"),
        ("facts.age_in_months == 1.5", 25, ". is not known here"),
        ("(" * 30 + "true" + ")" * 30, 25, "nested more than 24 deep"),
        ("!" * 30 + "true", 25, "nested more than 24 deep"),
        ("true || " * 300 + "true", 2000, "longer than 2000 characters"),
        ("true // why", 6, "/ is not known here"),
    ],
)
def test_what_the_guide_does_not_write_in_is_refused_with_its_place(said: str, at: int, told: str) -> None:
    with pytest.raises(ConditionNotUnderstood) as fault:
        parse(said)

    assert told in str(fault.value)
    assert fault.value.at == at


def test_variables_are_named() -> None:
    said = "facts.decision_kind.exists(d, d in ['a']) && !('x' in evidence.done) || size(facts.needs_now) > 0"

    assert variables(parse(said)) == {"facts.decision_kind", "evidence.done", "facts.needs_now"}


# ---- the reading says the same as the CEL engine ---------------------------------------------------

ENGINE = CelEngine(TYPES)


def values() -> st.SearchStrategy[dict[str, str | int | bool | list[str]]]:
    one: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from(CHOICES),
        "int": st.sampled_from(NUMBERS),
        "bool": st.booleans(),
    }
    many: st.SearchStrategy[Any] = st.lists(st.sampled_from(CHOICES), unique=True, max_size=3)
    return st.fixed_dictionaries({name: one.get(kind, many) for name, kind in TYPES.items()})


def _lists() -> st.SearchStrategy[Listed | Variable]:
    written = st.lists(st.sampled_from(CHOICES).map(Text), min_size=1, max_size=3)
    known = [Variable("facts", "many"), Variable("evidence", "done"), Variable("events", "done")]
    return written.map(lambda items: Listed(tuple(items))) | st.sampled_from(known)


def _plain(items: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    texts = [Variable("facts", "one"), Variable("facts", "two"), *map(Item, items), *map(Text, CHOICES[:2])]
    numbers = st.sampled_from([Variable("facts", "number"), *map(Number, NUMBERS)]) | _lists().map(Size)
    equal, ordered = st.sampled_from(["==", "!="]), st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return (
        st.booleans().map(Truth)
        | st.just(Variable("result", "on_time"))
        | st.builds(Compare, equal, st.sampled_from(texts), st.sampled_from(texts))
        | st.builds(Compare, ordered, numbers, numbers)
        | st.builds(In, st.sampled_from(texts), _lists())
    )


def expressions(items: tuple[str, ...] = (), deep: int = 3) -> st.SearchStrategy[Expression]:
    if deep == 0:
        return _plain(items)
    smaller = st.deferred(lambda: expressions(items, deep - 1))
    several = st.lists(smaller, min_size=2, max_size=3).map(tuple)
    item = f"i{len(items)}"
    about_items = st.deferred(lambda: expressions((*items, item), deep - 1))
    return (
        _plain(items)
        | smaller.map(Not)
        | several.map(And)
        | several.map(Or)
        | st.builds(Exists, st.just(Item(item)), _lists(), about_items)
        | st.builds(All, st.just(Item(item)), _lists(), about_items)
    )


@given(expressions(), st.lists(values(), min_size=1, max_size=3))
def test_reading_says_what_the_engine_says(
    meant: Expression, documents: list[dict[str, str | int | bool | list[str]]]
) -> None:
    said = as_text(meant)

    ENGINE.compile(said)

    for document in documents:
        assert truth(parse(said), document) is ENGINE.ask(said, document)


@given(expressions())
def test_what_is_written_is_read_back(meant: Expression) -> None:
    assert as_text(parse(as_text(meant))) == as_text(meant)


def test_conditions_of_the_guide_are_read_as_the_engine_reads_them() -> None:
    engine, different = CelEngine(variables_of(load().facts)), []
    for said in ALL:
        engine.compile(said)

    for document in some_values(200):
        for said in ALL:
            if truth(parse(said), document) is not engine.ask(said, document):
                different.append(said)

    assert different == []
