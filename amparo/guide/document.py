"""Gather the files of a Guide into one plain document: the shape before it means anything.

Reads a folder like `data/` (one file per stage) or one single file that holds everything. No evaluation.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from amparo.guide import shape
from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.reading import read_file

DATA = Path(__file__).parent / "data"
Raw = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A Guide as plain values, checked for shape; `places` says from which file an obligation came."""

    guide: Raw
    vocabulary: Raw
    obligations: dict[str, Raw]
    evidence: dict[str, Raw]
    sources: dict[str, Raw]
    schema: Raw
    places: dict[str, str] = field(default_factory=dict)
    country: str | None = None
    overlay: str | None = None
    authorities: dict[str, Raw] = field(default_factory=dict)
    coming_of_age_horizon: str | None = None


def read_document(path: Path = DATA) -> Document:
    """Read and check a Guide's files; GuideFaulty naming every place that is wrong."""
    if path.is_dir():
        parts: Raw = {}
        for name in ("guide", "vocabulary", "evidence", "sources"):
            parts |= _section(path / f"{name}.yaml", name)
        stages = parts["vocabulary"].get("stages", [])
        files = [path / "obligations" / f"{stage}.yaml" for stage in stages]
        return _document(parts, [(file.name, read_file(file)) for file in files if file.exists()], path)
    whole = read_file(path)
    if not isinstance(whole, dict) or not {"guide", "vocabulary", "evidence", "obligations"} <= whole.keys():
        raise GuideFaulty([Problem(path.name, "must hold guide, vocabulary, obligations and evidence")])
    whole.setdefault("sources", region().sources)
    return _document(whole, [(path.name, {"obligations": whole["obligations"]})], DATA)


@cache
def region() -> Document:
    """Return the regional Guide that comes with the product, read once per process."""
    return read_document(DATA)


def _section(path: Path, name: str) -> Raw:
    found = read_file(path)
    if not isinstance(found, dict) or set(found) != {name} or not isinstance(found[name], dict):
        raise GuideFaulty([Problem(path.name, f"must hold one mapping named {name}")])
    return found


def _document(parts: Raw, stages: list[tuple[str, Any]], path: Path) -> Document:
    problems = shape.GUIDE(parts["guide"], "guide") + shape.VOCABULARY(parts["vocabulary"], "vocabulary")
    problems += shape.map_of(shape.EVIDENCE, keys=shape.key)(parts["evidence"], "evidence")
    problems += shape.map_of(shape.SOURCE, keys=shape.key)(parts["sources"], "sources")
    obligations: dict[str, Raw] = {}
    places: dict[str, str] = {}
    for name, found in stages:
        problems += _collect(name, found, obligations, places)
    if problems:
        raise GuideFaulty(problems)
    schema = json.loads((path / "facts.schema.json").read_text(encoding="utf-8"))
    sections = {name: parts[name] for name in ("guide", "vocabulary", "evidence", "sources")}
    return Document(**sections, obligations=obligations, schema=schema, places=places)


def _collect(name: str, found: object, obligations: dict[str, Raw], places: dict[str, str]) -> list[Problem]:
    listed = found.get("obligations") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        return [Problem(name, "must hold a list named obligations")]
    problems = []
    for at, raw in enumerate(listed):
        wrong = shape.OBLIGATION(raw, f"{name}: obligations[{at}]")
        if not wrong and raw["id"] in obligations:
            wrong = [Problem(f"{name}: obligations[{at}].id", f"{raw['id']} is there already")]
        if not wrong:
            obligations[raw["id"]], places[raw["id"]] = raw, name
        problems += wrong
    return problems
