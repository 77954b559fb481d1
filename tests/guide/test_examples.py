"""Hold the evaluator to the eighteen invented cases: exactly those lists, nothing more."""

import pytest

from amparo.guide import evaluate
from tests.guide.cases import examples, states, the_guide


def test_there_are_eighteen_examples() -> None:
    assert len(examples()) == 18


@pytest.mark.parametrize("name", sorted(examples()))
def test_example_gives_exactly_the_expected_lists(name: str) -> None:
    example = examples()[name]
    expected = example["expect"]

    evaluation = evaluate(the_guide(), example["facts"])

    assert states(evaluation, "open", "late") == expected["open"]
    assert states(evaluation, "late") == expected["late"]
    assert list(evaluation.blocked) == expected["blocked"]
    assert sorted(f"{b.action} / {b.obligation}" for b in evaluation.breaches) == sorted(expected["breaches"])
    assert evaluation.errors == ()


@pytest.mark.parametrize("name", sorted(examples()))
def test_example_names_every_obligation_behind_a_block(name: str) -> None:
    example = examples()[name]

    evaluation = evaluate(the_guide(), example["facts"])

    behind = {action: list(evaluation.blocked.get(action, ())) for action in example["expect"]["blocked_by"]}
    assert behind == example["expect"]["blocked_by"]


@pytest.mark.parametrize("name", sorted(examples()))
def test_example_lists_evidence_that_does_not_count(name: str) -> None:
    example = examples()[name]

    evaluation = evaluate(the_guide(), example["facts"])

    assert list(evaluation.not_counted) == example.get("not_counted", [])


@pytest.mark.parametrize("country", ["MX", "HN"])
@pytest.mark.parametrize("name", sorted(examples()))
def test_country_overlay_keeps_every_block_of_the_region(name: str, country: str) -> None:
    from amparo.guide import load

    facts = examples()[name]["facts"]

    region, national = evaluate(the_guide(), facts), evaluate(load(country), facts)

    for action, behind in region.blocked.items():
        assert set(behind) <= set(national.blocked[action])
