"""Hold each published document to its JSON Schema, and each schema to what the Guide's reader takes."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from amparo.guide import overlay, shape
from amparo.guide.document import region
from amparo.guide.publishing import published

BASE = "https://example.org/guide/"
FILES = published()
DOCUMENTS = [name for name in FILES if not name.startswith("schemas/")]
SCHEMAS: Registry[Any] = Registry().with_resources(
    (BASE + name, Resource.from_contents(json.loads(text)))
    for name, text in FILES.items()
    if name.startswith("schemas/")
)


def faults(name: str, document: dict[str, Any]) -> list[str]:
    kind = document.get("kind", "linked")
    validator = Draft202012Validator({"$ref": f"{BASE}schemas/{kind}.schema.json"}, registry=SCHEMAS)
    return [f"{name}: {fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(document)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_fits_its_schema(name: str) -> None:
    assert faults(name, json.loads(FILES[name])) == []


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("schemas/")])
def test_schema_is_a_schema_of_2020_12(name: str) -> None:
    schema = json.loads(FILES[name])

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def planted() -> Iterator[tuple[str, str, Any]]:
    guide = json.loads(FILES["guide.json"])

    def changed(**fields: object) -> dict[str, Any]:
        copy: dict[str, Any] = deepcopy(guide)
        copy["content"]["obligations"][0] |= fields
        return copy

    yield "an unknown field", "guide.json", changed(severe=True)
    yield "an unknown severity", "guide.json", changed(severity="medium")
    yield "a deadline that is none", "guide.json", changed(deadline="24 hours")
    yield "no source", "guide.json", changed(sources=[])
    yield "a source without a mark", "guide.json", changed(sources=[{"id": "crc", "ref": "art. 3"}])
    yield "no hash", "guide.json", {name: said for name, said in guide.items() if name != "content_hash"}
    yield "no licence", "guide.json", {**guide, "licence": None}
    yield "a language without its flag", "guide.json", {**guide, "languages": [{"code": "es"}]}
    mexico = json.loads(FILES["overlays/MX.json"])
    yield "an overlay of no country", "overlays/MX.json", {**mexico, "country": None}
    yield "an overlay of no region", "overlays/MX.json", {k: v for k, v in mexico.items() if k != "region"}
    scenarios = json.loads(FILES["scenarios.json"])
    scenarios["content"]["files"][0]["scenarios"]["scenarios"][0].pop("why")
    yield "a scenario without its why", "scenarios.json", scenarios
    linked = json.loads(FILES["guide.jsonld"])
    linked["@graph"][0].pop("@id")
    yield "a node without a name", "guide.jsonld", linked


@pytest.mark.parametrize(("what", "name", "document"), list(planted()), ids=[case[0] for case in planted()])
def test_schema_refuses(what: str, name: str, document: dict[str, Any]) -> None:
    assert faults(name, document), what


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("obligation", shape.OBLIGATION),
        ("evidence", shape.EVIDENCE),
        ("source", shape.SOURCE),
        ("citation", shape.CITATION),
        ("indicator", shape.INDICATOR),
        ("guard", shape.GUARD),
        ("joint_emergency", shape.JOINT),
    ],
)
def test_schema_knows_the_fields_the_reader_knows(name: str, record: shape.Record) -> None:
    said = json.loads(FILES["schemas/guide.schema.json"])["$defs"][name]

    assert set(said["properties"]) == {*record.needed, *record.optional}
    assert set(said["required"]) == set(record.needed)


def test_schema_of_an_overlay_is_as_wide_as_what_authors_may_write() -> None:
    head = json.loads(FILES["schemas/overlay.schema.json"])["properties"]["content"]["properties"]["overlay"]

    assert set(head["required"]) == set(overlay.OVERLAY.needed)
    assert "additionalProperties" not in head


def test_linked_guide_names_every_obligation_entry_source_action_and_fact() -> None:
    graph = json.loads(FILES["guide.jsonld"])["@graph"]
    whole = region()
    facts = whole.schema["properties"].keys() - {"evidence", "events"}

    named = {node["@id"] for node in graph}

    for kind, keys in {
        "obligation": whole.obligations.keys(),
        "evidence": whole.evidence.keys(),
        "source": whole.sources.keys(),
        "action": whole.vocabulary["actions"].keys(),
        "fact": facts,
    }.items():
        assert {f"urn:amparo:guide:{kind}:{key}" for key in keys} <= named
    assert len(named) == len(graph)


def test_linked_guide_points_at_nothing_that_is_not_there_save_a_country_s_own() -> None:
    document = json.loads(FILES["guide.jsonld"])
    links = {name for name, said in document["@context"].items() if isinstance(said, dict)} - {
        "label",
        "definition",
        "licence",
        "isVersionOf",
        "adds",
    }
    named = {node["@id"] for node in document["@graph"]}

    for node in document["@graph"]:
        for cited in [node, *node.get("cites", ())]:
            for name in links & cited.keys() - {"cites"}:
                targets = cited[name] if isinstance(cited[name], list) else [cited[name]]
                assert set(targets) <= named, (node["@id"], name)


def test_linked_guide_explains_every_word_it_uses() -> None:
    document = json.loads(FILES["guide.jsonld"])
    nodes = [*document["@graph"], *(cited for node in document["@graph"] for cited in node.get("cites", ()))]

    used = {name for node in nodes for name in node if not name.startswith("@")}

    assert used <= document["@context"].keys()


def test_linked_guide_carries_the_marks_of_every_citation() -> None:
    graph = {node["@id"]: node for node in json.loads(FILES["guide.jsonld"])["@graph"]}

    for key, raw in region().obligations.items():
        cited = graph[f"urn:amparo:guide:obligation:{key}"]["cites"]
        assert [(each["place"], each["verified"], each["basis"], each["fit"]) for each in cited] == [
            (each["ref"], each["verified"], each["basis"], each.get("fit", "direct"))
            for each in raw["sources"]
        ]
