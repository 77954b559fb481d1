"""Refuse facts that do not fit, naming place and reason but never the answer."""

from typing import Any

import pytest

from amparo.guide import FactsRefused, evaluate
from amparo.guide.facts import read_case
from tests.guide.cases import NOON, facts, the_guide

ENTRY = {"done": True, "at": NOON, "by_role": "court"}
EVENT = {"action": "place", "at": NOON}


@pytest.mark.parametrize(
    ("wrong", "place", "reason"),
    [
        ({"country": "mx"}, "facts.country", "pattern"),
        ({"country": "MX\n"}, "facts.country", "pattern"),
        ({"on": "2026-02-30"}, "facts.on", "must be a day"),
        ({"on": "0026-02-20"}, "facts.on", "must be a day"),
        ({"on": 20260302}, "facts.on", "must be a day"),
        ({"first_contact_at": "2026-03-02T08:30:00"}, "facts.first_contact_at", "with its offset"),
        ({"first_contact_at": "2026-03-02"}, "facts.first_contact_at", "with its offset"),
        ({"age_status": "grown-up"}, "facts.age_status", "must be one of: child, claimed-child"),
        ({"age_status": None}, "facts.age_status", "must be a text"),
        ({"at_border": False}, "facts.at_border", "must be a text (put it in quotes)"),
        ({"age_in_months": 361}, "facts.age_in_months", "between -1 and 360"),
        ({"age_in_months": True}, "facts.age_in_months", "whole number"),
        ({"age_in_months": "125"}, "facts.age_in_months", "whole number"),
        ({"needs_now": "food"}, "facts.needs_now", "must be a list"),
        ({"needs_now": ["food", "food"]}, "facts.needs_now[1]", "is there twice"),
        ({"needs_now": ["toys"]}, "facts.needs_now[0]", "must be one of: safety"),
        ({"surname": "Pérez"}, "facts.surname", "is not a fact of the schema"),
        ({"evidence": []}, "facts.evidence", "must be a mapping"),
        ({"evidence": {"A b": ENTRY}}, "facts.evidence.(3 characters)", "must be a key"),
        ({"evidence": {"age-settled": {"done": True}}}, "facts.evidence.age-settled", "missing at, by_role"),
        (
            {"evidence": {"age-settled": {**ENTRY, "done": "yes"}}},
            "facts.evidence.age-settled.done",
            "true or false",
        ),
        (
            {"evidence": {"age-settled": {**ENTRY, "by_role": "mayor"}}},
            "facts.evidence.age-settled.by_role",
            "one of",
        ),
        (
            {"evidence": {"age-settled": {**ENTRY, "by": "x"}}},
            "facts.evidence.age-settled.by",
            "is not a field",
        ),
        (
            {"evidence": {"age-settled": {**ENTRY, "note": "x" * 501}}},
            "facts.evidence.age-settled.note",
            "at most 500",
        ),
        ({"evidence": {"age-settled": True}}, "facts.evidence.age-settled", "must be a mapping"),
        ({"events": {}}, "facts.events", "must be a list"),
        ({"events": [{"action": "place"}]}, "facts.events[0]", "is missing at"),
        ({"events": [{**EVENT, "action": "feed"}]}, "facts.events[0].action", "must be one of: refuse-entry"),
        ({"events": [EVENT, {**EVENT, "override": "yes"}]}, "facts.events[1].override", "one of: none"),
        ({"events": [{**EVENT, "at": "now"}]}, "facts.events[0].at", "with its offset"),
        ({"events": ["place"]}, "facts.events[0]", "must be a mapping"),
    ],
)
def test_facts_are_refused_with_place_and_reason(wrong: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        evaluate(the_guide(), facts(**wrong))

    assert refused.value.problems[0].place == place
    assert reason in refused.value.problems[0].reason


def test_missing_day_and_country_are_named_together() -> None:
    with pytest.raises(FactsRefused, match=r"facts\.country: is missing\nfacts\.on: is missing"):
        evaluate(the_guide(), {})


@pytest.mark.parametrize("wrong", [None, [], "facts", 3])
def test_facts_that_are_no_mapping_are_refused(wrong: Any) -> None:  # noqa: ANN401  # not even a mapping
    with pytest.raises(FactsRefused, match="must be a mapping"):
        evaluate(the_guide(), wrong)


def test_refusal_never_repeats_an_answer() -> None:
    story = "Ana Pérez, calle 5"
    wrong = {"age_status": story, story: "x", "language": [story], "evidence": {story: {story: story}}}

    with pytest.raises(FactsRefused) as refused:
        evaluate(the_guide(), facts(**wrong))

    assert "Ana" not in str(refused.value)


def test_missing_facts_take_the_default_of_the_schema() -> None:
    values = read_case(the_guide(), facts()).values

    assert values["facts.age_status"] == "unknown"
    assert values["facts.missing"] == "no"
    assert values["facts.age_in_months"] == -1
    assert values["facts.origin_country"] == "ZZ"
    assert values["facts.needs_now"] == []
    assert values["facts.first_contact_at"] == ""


def test_every_fact_of_the_schema_is_filled() -> None:
    assert set(read_case(the_guide(), facts()).values) == {f"facts.{name}" for name in the_guide().facts}
