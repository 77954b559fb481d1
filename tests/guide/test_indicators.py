"""Count cases into indicators: numerators inside denominators, and nothing made up."""

from typing import Any

from amparo.guide import Counted, count_case
from tests.guide.cases import ana, examples, facts, the_guide


def counted(case: dict[str, Any]) -> dict[str, Counted]:
    return {each.obligation: each for each in count_case(the_guide(), case)}


def test_every_obligation_is_counted_once() -> None:
    assert list(counted(facts())) == list(the_guide().obligations)


def test_numerator_counts_only_inside_its_denominator() -> None:
    for example in examples().values():
        for each in counted(example["facts"]).values():
            assert not (each.numerator and each.denominator is False)


def test_detention_found_is_counted() -> None:
    locked = counted(examples()["03-ana-found-locked-up"]["facts"])["no-detention"]
    free = counted(ana())["no-detention"]

    assert (locked.denominator, locked.numerator) == (True, True)
    assert (free.denominator, free.numerator) == (True, False)


def test_what_has_no_condition_is_left_to_the_events() -> None:
    each = counted(ana())["confidentiality"]

    assert (each.denominator, each.numerator) == (None, None)


def test_time_means_nothing_until_a_limit_is_set() -> None:
    found = counted(ana())

    assert found["placement-review"].has_limit
    assert not found["appoint-guardian"].has_limit
