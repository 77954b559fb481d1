"""Let no country shut the way by which a child in danger is brought to safety."""

from pathlib import Path

import pytest

from amparo.guide import load_overlay
from tests.guide.cases import written
from tests.guide.test_overlay import HEAD, refused

DUTY = """
obligations:
  - id: mx-duty
    title: {en: A duty, es: Un deber}
    tasks: [{en: Do it, es: Hágalo}]
    stage: services
    duty_bearer: [care-provider]
    applies_when: any child
    applies: "facts.age_status != 'adult-established'"
    facts: [age_status]
    requires: [lawyer-named]
    deadline: null
    clock: first-contact
    severity: hard
    sources: [{id: gc6, ref: para. 33, verified: false, basis: memory}]
    indicator: {name: x, unit: case, numerator: {text: x, cel: null}, denominator: {text: x, cel: null}}
"""


@pytest.mark.parametrize("action", ["separate-from-family", "place"])
@pytest.mark.parametrize(
    "fields",
    [
        "{absolute: true, override: emergency}",
        "{override: none}",
        "{override: two-person}",
        "{override: emergency, hold_while: {ACTION: 'true'}}",
        "{override: emergency, hold_while: {'*': 'true'}}",
    ],
)
def test_new_duty_may_not_shut_a_way_to_safety(tmp_path: Path, action: str, fields: str) -> None:
    lines = f"    blocks: [close-case, {action}]\n    " + fields[1:-1].replace(", ", "\n    ")

    found = refused(tmp_path, DUTY + lines.replace("ACTION", action))

    assert f"mx-duty.blocks: no emergency would lift this block on {action}" in found


@pytest.mark.parametrize("blocks", ["close-case, place, separate-from-family", "close-case"])
def test_new_duty_that_an_emergency_lifts_is_taken(tmp_path: Path, blocks: str) -> None:
    override = "emergency" if "place" in blocks else "none"
    guide = load_overlay(written(tmp_path, HEAD + DUTY + f"    blocks: [{blocks}]\n    override: {override}"))

    assert guide.obligations["mx-duty"].override == override


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("{id: determine-accompaniment, override: none}", "determine-accompaniment.override"),
        ("{id: verify-accompanying-adult, absolute: true}", "verify-accompanying-adult.absolute"),
        ("{id: hear-the-child, hold_while: {place: 'true'}}", "hear-the-child.hold_while"),
        ("{id: family-unity, absolute: true}", "family-unity.absolute"),
        (
            "{id: appoint-guardian, blocks: [age-exam, issue-bid, place]}",
            "appoint-guardian.blocks",
        ),
    ],
)
def test_duty_of_the_region_may_not_be_hardened_beyond_rescue(tmp_path: Path, body: str, place: str) -> None:
    found = refused(tmp_path, f"obligations: [{body}]")

    assert f"{place}: no emergency would lift" in found


def test_duty_that_the_joint_emergency_lifts_may_be_held_longer(tmp_path: Path) -> None:
    body = "obligations: [{id: family-unity, hold_while: {separate-from-family: 'true'}}]"

    assert load_overlay(written(tmp_path, HEAD + body)).obligations["family-unity"].hold_while
