"""Refuse a Guide that does not hold together, naming file, place and reason."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amparo.guide import GuideFaulty, load
from amparo.guide.document import DATA, Document, read_document, region
from amparo.guide.loading import build
from tests.guide.cases import written


def changed(key: str, **fields: object) -> Document:
    obligations = deepcopy(region().obligations)
    obligations[key] |= fields
    return replace(region(), obligations=obligations)


def refused(document: Document) -> str:
    with pytest.raises(GuideFaulty) as fault:
        build(document)
    return str(fault.value)


def test_guide_holds_sixty_obligations_and_their_evidence() -> None:
    guide = load()

    assert len(guide.obligations) == 60
    assert len(guide.evidence) == 255
    assert guide.version == "0.3.0-draft"


def test_guide_is_loaded_once_per_country() -> None:
    assert load("MX") is load("MX")
    assert load("MX") is not load("HN")


def test_country_without_overlay_gets_the_regional_guide() -> None:
    guide = load("PA")

    assert (guide.country, guide.overlay) == ("PA", None)
    assert guide.obligations == load().obligations


@pytest.mark.parametrize("country", ["../../x", "", "M/X", "MX\0"])
def test_country_is_never_a_path(country: str) -> None:
    assert load(country).overlay is None


def test_each_stage_file_holds_its_own_stage() -> None:
    for key, raw in region().obligations.items():
        assert region().places[key] == f"{raw['stage']}.yaml"


@pytest.mark.parametrize(
    ("fields", "place", "reason"),
    [
        ({"applies": "facts.no_such == 'x'"}, "appoint-guardian.applies", "no_such is no fact"),
        ({"applies": "facts.age_in_months == 'x'"}, "appoint-guardian.applies", "cannot be applied to"),
        ({"due": "facts.age_in_months"}, "appoint-guardian.due", "must give true or false"),
        ({"due": "result.state == 'met'"}, "appoint-guardian.due", "may not read result.state"),
        (
            {"hold_while": {"adopt": "true"}},
            "appoint-guardian.hold_while",
            "'adopt' is no known action of its blocks",
        ),
        ({"block_when": {"*": "true"}}, "appoint-guardian.block_when", "'*' is no known action"),
        ({"requires": ["no-such"]}, "appoint-guardian.requires", "'no-such' is no known evidence entry"),
        ({"gate": {"age-exam": ["needs-checked"]}}, "appoint-guardian.gate", "not among its requires"),
        (
            {"sources": [{"id": "nowhere", "ref": "1", "verified": True, "basis": "text"}]},
            "sources",
            "no known source",
        ),
        ({"duty_bearer": ["mayor"]}, "appoint-guardian.duty_bearer", "'mayor' is no known role"),
        ({"stage": "later"}, "appoint-guardian.stage", "no known stage"),
        ({"clock": "someday"}, "appoint-guardian.clock", "no known clock"),
        ({"facts": ["shoe_size"]}, "appoint-guardian.facts", "'shoe_size' is no known fact"),
        ({"blocks": ["feed"]}, "appoint-guardian.blocks", "'feed' is no known action"),
        ({"deadline": "soon"}, "appoint-guardian.deadline", "ISO 8601"),
        ({"severity": "soft"}, "appoint-guardian.severity", "only a hard obligation may block"),
        ({"after": ["follow-up-plan"]}, "appoint-guardian.after", "need each other"),
        ({"requires": ["delay-reasons-recorded"]}, "appoint-guardian.requires", "may not hold a block"),
    ],
)
def test_guide_that_does_not_hold_together_is_refused(
    fields: dict[str, Any], place: str, reason: str
) -> None:
    found = refused(changed("appoint-guardian", **fields))

    assert place in found
    assert reason in found


def test_every_fault_is_named_at_once() -> None:
    found = refused(changed("appoint-guardian", stage="later", clock="someday", applies="("))

    assert len(found.splitlines()) == 3


def test_guard_on_an_unknown_value_is_refused() -> None:
    vocabulary = deepcopy(region().vocabulary)
    vocabulary["fact_guards"][0]["becomes"] = "maybe"

    assert "'maybe' is no known value of age_status" in refused(replace(region(), vocabulary=vocabulary))


def copied(folder: Path) -> Path:
    for path in DATA.rglob("*"):
        if path.is_file() and path.suffix in (".yaml", ".json"):
            target = folder / path.relative_to(DATA)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "obligations/closure.yaml",
            "severity: hard",
            "severity: firm",
            "closure.yaml:16: obligations[0].severity: must be one of: hard, soft",
        ),
        (
            "obligations/closure.yaml",
            "  stage: closure\n",
            "",
            "closure.yaml:3: obligations[0].stage: is missing",
        ),
        (
            "obligations/closure.yaml",
            "  stage:",
            "  colour: red\n  stage:",
            "closure.yaml:6: obligations[0].colour: is not a field",
        ),
        (
            "obligations/closure.yaml",
            "  clock: since-due",
            "  clock: since-due\n  clock: since-due",
            "closure.yaml:15:3: duplicate key 'clock'",
        ),
        (
            "obligations/closure.yaml",
            "id: closure-criteria",
            "id: missing-child",
            "obligations[0].id: missing-child is there already",
        ),
        (
            "evidence.yaml",
            "proof: receipt",
            "proof: promise",
            "evidence.referred-to-protection.proof: must be one of",
        ),
        ("evidence.yaml", "evidence:", "things:", "evidence.yaml: must hold one mapping named evidence"),
        ("vocabulary.yaml", "  roles: [", "  roles: [court, ", "vocabulary.roles: holds the same item twice"),
        ("sources.yaml", "    weight: treaty", "    weight: heavy", "weight: must be one of: treaty"),
        ("guide.yaml", "  version: 0.3.0-draft\n", "", "guide.version: is missing"),
    ],
)
def test_misshapen_file_is_refused_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    path = copied(tmp_path) / file
    text = path.read_text(encoding="utf-8")
    written(path.parent, text.replace(old, new, 1), path.name)

    with pytest.raises(GuideFaulty) as fault:
        read_document(tmp_path)

    assert told in str(fault.value)


def test_single_file_holds_a_whole_guide(tmp_path: Path) -> None:
    parts = [
        (DATA / f"{name}.yaml").read_text(encoding="utf-8") for name in ("guide", "vocabulary", "evidence")
    ]
    stage = (DATA / "obligations" / "closure.yaml").read_text(encoding="utf-8")
    path = written(tmp_path, "\n".join([*parts, stage]), "whole.yaml")

    assert list(read_document(path).obligations) == ["closure-criteria"]
